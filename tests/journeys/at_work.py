"""A town in the middle of its work: a group with tasks, a measure followed up, a meeting held."""

from dataclasses import dataclass
from datetime import date, timedelta

from tenants.scope import execute
from tests.council.meetings.meetings import a_meeting, attend, call
from tests.cycle.cases import cause_in, waiting_proposal
from tests.cycle.followup.approved import approved, send
from tests.cycle.measures.groups import a_task, assembled, invitation, new_task
from tests.town import Town


@dataclass(frozen=True)
class Work:
    """Paths below the municipality's."""

    problem: str
    task: str
    follow_up: str
    meeting: str


async def at_work(town: Town) -> Work:
    problem = await assembled(town)
    await cause_in(town, problem)
    await town.post(f"{problem}/grupp/svar", role="reporter", organisation="Polisen", svar="ja")
    form = invitation(town, ("Kommunen", await town.add_member("safety_coordinator")))
    await town.post(f"{problem}/grupp", role="preparatory_member", **form)
    done = await a_task(town, problem, title="Räkna lamporna som inte lyser")
    await town.post(
        f"{done}/klar", role="preparatory_member", comment="Elva av trettio är trasiga."
    )
    late = await a_task(town, problem, title="Klippa buskarna vid gången")
    async with town.scope():
        await execute(
            """UPDATE task SET due_on = $1 WHERE title LIKE 'Klippa%'""",
            date.today() - timedelta(days=4),
        )
    await new_task(town, problem, title="Fråga butikerna om kvällarna")
    followed = await approved(town, problem, title="Byta belysning vid norra ingången")
    await send(town, problem, followed)
    coming = await approved(town, problem, title="Vuxna på plats fredagar", weeks_ago=2, ends_in=40)
    await approved(town, problem, title="Klippa sikt mot parken", ends_in=-3)
    await waiting_proposal(town, problem, title="Kamera vid cykelställen")
    await call(town)
    meeting = await a_meeting(town)
    await attend(town, meeting)
    await town.post(f"{meeting}/punkt", role="preparatory_member", title="Nattvandring i december")
    await town.post(
        f"{meeting}/beslut",
        role="preparatory_member",
        about="Klippa buskarna vid gången",
        text="Samordnaren talar med entreprenören före fredag.",
    )
    return Work(problem, late, f"{problem}/uppfoljning/{coming}", meeting)
