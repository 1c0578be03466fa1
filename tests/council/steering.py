"""A steering group in its seats, and a proposal before it."""

from uuid import UUID

from tests.cycle.cases import opened_problem, waiting_proposal
from tests.town import Town

CHAIR = "steering_member"
VICE = "steering_member:board_first_vice"
SCHOOL = "steering_member:education_chair"
CULTURE = "steering_member:culture_chair"
HOUSING = "steering_member:housing_company"
POLICE_CHIEF = "steering_co_opted"
GROUP = (CHAIR, VICE, SCHOOL, CULTURE)


async def seated(town: Town, *who: str) -> None:
    for one in who or GROUP:
        await town.add_member(one)
    await town.add_member(POLICE_CHIEF)


async def proposal_in(town: Town, *, kind: str = "measure", **measure: object) -> UUID:
    """A proposal before a seated group of four."""
    await seated(town)
    return await waiting_proposal(town, await opened_problem(town), kind=kind, **measure)


def path(proposal: UUID, act: str = "") -> str:
    return f"/styrgrupp/forslag/{proposal}{act and '/' + act}"


async def vote(town: Town, proposal: UUID, **choices: str) -> None:
    """`vote(town, proposal, CHAIR="for", SCHOOL="against")`."""
    for name, choice in choices.items():
        answer = await town.post(path(proposal, "rost"), role=globals()[name], choice=choice)
        assert answer.status_code == 303, answer.text


DECISION = {"way": "by_votes", "motive": "Behövs före vintern.", "cost_kr": "140 000", "hours": 60}
