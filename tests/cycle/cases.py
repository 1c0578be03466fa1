"""Municipalities in the middle of the wheel: a problem is open, a proposal waits."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from service.cycle.picture.show import read_picture
from tenants.roles import PictureView
from tenants.scope import execute, fetch_value
from tests.cycle.picture.history import compiled, live_through
from tests.town import Town

MEASURE = {
    "title": "Byta belysning",
    "kind": "situational",
    "description": "Armaturerna vid norra ingången byts.",
    "expected_effect": "Färre samlingar efter mörkrets inbrott.",
    "horizon": "short",
    "indicator": "Rapporter i veckan från platsen",
    "starts_on": "2027-01-11",
    "ends_on": "2027-03-31",
    "cost_kr": "140000",
    "hours": "60",
}


async def first_line(town: Town) -> dict[str, str]:
    """What a page would send for the first place of the list."""
    await live_through(town, weeks=20)
    await compiled(town)
    async with town.scope():
        shown = await read_picture(PictureView.ALL)
    assert shown is not None and shown.wide is not None
    row = shown.wide["priorities"][0]
    return {
        "area": shown.wide["areas"][row["area"]]["key"],
        "category": shown.wide["categories"][row["category"]]["key"],
    }


async def opened_problem(town: Town) -> str:
    """The path of a problem that the preparatory group has opened: ``/problem/2026-1``."""
    line = await first_line(town)
    answer = await town.post("/problem", role="preparatory_member", **line)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(f"/{town.slug}")


async def problem_id(town: Town, path: str) -> UUID:
    year, number = path.rpartition("/")[2].split("-")
    async with town.scope():
        found: UUID = await fetch_value(
            "SELECT id FROM problem WHERE year = $1 AND number = $2", int(year), int(number)
        )
    return found


async def cause_in(town: Town, path: str, letter: str = "A", support: str = "weak") -> UUID:
    """A named and assessed cause of the problem."""
    problem, cause = await problem_id(town, path), uuid4()
    person = await town.add_member("preparatory_member")
    async with town.scope():
        await execute(
            """INSERT INTO cause (tenant_id, id, problem_id, letter, side, title, named_by)
               VALUES (ks.current_tenant(), $1, $2, $3, 'place', 'Ingången är mörk', $4)""",
            cause,
            problem,
            letter,
            person,
        )
        await execute(
            """INSERT INTO cause_assessment (tenant_id, id, cause_id, support, motive, assessed_by)
               VALUES (ks.current_tenant(), $1, $2, $3, 'Prövad', $4)""",
            uuid4(),
            cause,
            support,
            person,
        )
    return cause


async def waiting_proposal(town: Town, path: str, *, kind: str = "measure", **changed: Any) -> UUID:
    """A proposal that waits for the steering group: of a measure on a cause, or of a priority.

    `changed` overrides columns of the measure.
    """
    problem, proposal = await problem_id(town, path), uuid4()
    person = await town.add_member("preparatory_member")
    measure = None
    if kind == "measure":
        async with town.scope():
            cause = await fetch_value("SELECT id FROM cause WHERE problem_id = $1", problem)
        measure = await _measure(
            town, problem, cause or await cause_in(town, path), person, MEASURE | changed
        )
    async with town.scope():
        await execute(
            """INSERT INTO proposal (tenant_id, id, problem_id, measure_id, kind, priority,
                                     proposed_by)
               VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6)""",
            proposal,
            problem,
            measure,
            kind,
            None if measure else "first",
            person,
        )
    return proposal


async def _measure(
    town: Town, problem: UUID, cause: UUID, person: UUID, values: dict[str, Any]
) -> UUID:
    measure = uuid4()
    async with town.scope():
        await execute(
            """INSERT INTO measure (tenant_id, id, problem_id, cause_id, title, kind, description,
                                    expected_effect, horizon, indicator, starts_on, ends_on,
                                    organisation_id, cost_kr, hours, planned_by)
               VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
                       $14, $15)""",
            measure,
            problem,
            cause,
            *(
                values[name]
                for name in (
                    "title",
                    "kind",
                    "description",
                    "expected_effect",
                    "horizon",
                    "indicator",
                )
            ),
            date.fromisoformat(str(values["starts_on"])),
            date.fromisoformat(str(values["ends_on"])),
            values.get("organisation_id", town.organisations["Bostadsbolaget"]),
            int(values["cost_kr"]),
            int(values["hours"]),
            person,
        )
    return measure


async def problem_in_work(town: Town) -> str:
    """The path of a problem with everything that a page can show of it; a working group sees it."""
    path = await opened_problem(town)

    async def write(act: str, **values: object) -> None:
        form = {"form_id": str(uuid4())} | values
        answer = await town.post(f"{path}/{act}", role="safety_coordinator", **form)
        assert answer.status_code == 303, (act, answer.text)

    await write("notera", kind="known", text="Kiosken stänger 18.30.", source="Rond 12 november")
    await write("notera", kind="assumed", text="Fler rör sig här när fritidsgården är stängd.")
    for side, title, description, support in CAUSES:
        await write("orsak", side=side, title=title, description=description, support=support)
    await write("orsak/E", support="rejected", motive="Inget stöd i rapporterna.")
    await write(
        "fraga",
        question="När går sista kvällsbussen på fredagar?",
        asked=town.organisations["Bostadsbolaget"],
        due_on="2099-12-01",
    )
    problem = await problem_id(town, path)
    async with town.scope():
        cause = await fetch_value(
            "SELECT id FROM cause WHERE problem_id = $1 AND letter = 'A'", problem
        )
    await write(
        "insats",
        **MEASURE,
        cause=cause,
        responsible=town.organisations["Bostadsbolaget"],
        partner=town.organisations["Polisen"],
        text="Vi ber om beslut före jul.",
    )
    await write("prioritet", priority="first", text="Signal två veckor i rad.")
    person = await town.add_member("working_group_lead")
    async with town.scope():
        await execute(
            """INSERT INTO problem_reader (tenant_id, problem_id, person_id)
               VALUES (ks.current_tenant(), $1, $2)""",
            problem,
            person,
        )
    return path


CAUSES = (
    ("place", "Norra ingången är undanskymd", "Ingen insyn från gatan.", "several_sources"),
    ("place", "Ingen vuxen på plats efter 19", "Väktaren går först 23.", "several_sources"),
    ("offender", "Ungdomar har inget att gå till", "", "several_sources"),
    ("target", "Långa väntetider på kvällsbussen", "Två aktörer nämner det.", "weak"),
    ("offender", "Grupper från andra orter", "", "weak"),
)
