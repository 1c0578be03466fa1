"""A measure that the steering group has approved, with a past and a present around its start."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from tenants.scope import execute, fetch_value
from tests.cycle.cases import waiting_proposal
from tests.cycle.picture.history import monday
from tests.town import Town

TODAY = date.today()


async def approved(
    town: Town, path: str, *, weeks_ago: int = 6, ends_in: int = -1, **changed: Any
) -> UUID:
    """The id of a measure that began `weeks_ago` weeks ago and ends `ends_in` days from today."""
    starts = monday(weeks_ago)
    proposal = await waiting_proposal(
        town,
        path,
        starts_on=starts,
        ends_on=max(TODAY + timedelta(days=ends_in), starts),
        **changed,
    )
    person = await town.add_member("steering_member")
    async with town.scope():
        await execute(
            """INSERT INTO decision (tenant_id, proposal_id, year, paragraph, outcome, motive,
                                     cost_kr, hours, votes_for, votes_against, abstained,
                                     decided_by)
               VALUES (ks.current_tenant(), $1, 2026, (SELECT count(*) + 1 FROM decision),
                       'approved', 'Underlaget bär.', 140000, 60, 6, 0, 1, $2)""",
            proposal,
            person,
        )
        measure: UUID = await fetch_value("SELECT measure_id FROM proposal WHERE id = $1", proposal)
    return measure


async def send(town: Town, path: str, measure: UUID, **changed: Any) -> Any:
    """Follow the measure up as the preparatory group does; gives the answer."""
    form = {
        "form_id": str(uuid4()),
        "outcome": "done",
        "done_on": TODAY.isoformat(),
        "text": "Sju armaturer är bytta.",
        "used_kr": "128 000",
        "used_hours": "52",
    }
    who = {"role": changed.pop("role", "preparatory_member")}
    if "organisation" in changed:
        who["organisation"] = changed.pop("organisation")
    return await town.post(f"{path}/uppfoljning/{measure}", **who, **(form | changed))
