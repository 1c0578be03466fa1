"""The agenda fills itself from what has happened since the last approved minutes."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from tenants.scope import execute, fetch_value
from tests.council.meetings.meetings import a_meeting, approved
from tests.cycle.cases import opened_problem, problem_id, waiting_proposal
from tests.cycle.followup.approved import approved as approved_measure
from tests.cycle.measures.groups import a_task, assembled
from tests.cycle.picture.history import compiled, count
from tests.town import Town

TASKS = "Försenade uppgifter och uppgifter utan ansvarig"
YESTERDAY = date.today() - timedelta(days=1)


async def part(town: Town, path: str, heading: str) -> str:
    """The text of one point of the agenda."""
    page = (await town.get(f"{path}/_dagordning", role="preparatory_member")).text
    return page.split(f"<h3>{heading}</h3>")[1].split("<h3>")[0]


async def test_it_holds_what_waits(tallbacka: Town) -> None:
    problem = await assembled(tallbacka)
    await approved_measure(tallbacka, problem, title="Byta belysning")
    await waiting_proposal(tallbacka, problem, title="Klippa buskar")
    await a_task(tallbacka, problem, title="Räkna lampor")
    async with tallbacka.scope():
        await execute("UPDATE task SET due_on = $1", YESTERDAY)
        await execute(
            """INSERT INTO inquiry (tenant_id, id, problem_id, question, organisation_id, due_on,
                                    asked_by)
               VALUES (ks.current_tenant(), $1, $2, 'När släcks lamporna?', $3, $4, $1)""",
            uuid4(),
            await _problem(problem),
            tallbacka.organisations["Bostadsbolaget"],
            YESTERDAY,
        )
    path = await a_meeting(tallbacka)
    assert "Byta belysning" in await part(tallbacka, path, "Uppföljningar som ska göras")
    assert "Räkna lampor" in await part(tallbacka, path, TASKS)
    proposals = await part(tallbacka, path, "Förslag till styrgruppen")
    assert "Klippa buskar" in proposals and "väntar på beslut" in proposals
    assert "bifallet, § 1/2026" in proposals
    inquiries = await part(tallbacka, path, "Frågor som ska vara besvarade")
    assert "När släcks lamporna?" in inquiries and "Bostadsbolaget" in inquiries


async def _problem(path: str) -> UUID:
    year, number = path.rpartition("/")[2].split("-")
    found: UUID = await fetch_value(
        "SELECT id FROM problem WHERE year = $1 AND number = $2", int(year), int(number)
    )
    return found


async def test_the_next_one_looks_back_to_the_last_approved_minutes(tallbacka: Town) -> None:
    problem = await opened_problem(tallbacka)
    await approved_measure(tallbacka, problem, title="Byta belysning")
    first = await a_meeting(tallbacka)
    assert (await approved(tallbacka, first)).status_code == 303
    second = await a_meeting(tallbacka)
    # What was decided before them has been talked about.
    assert "bifallet" not in await part(tallbacka, second, "Förslag till styrgruppen")
    assert "Rån" not in await part(tallbacka, second, "Nytt och stigande i lägesbilden")
    await count(
        tallbacka,
        [
            (back, "Ruta 2", "robbery", organisation, 9)
            for back in range(3)
            for organisation in ("Polisen", "Bostadsbolaget", "Köpmännen")
        ],
    )
    await compiled(tallbacka)
    risen = await part(tallbacka, second, "Nytt och stigande i lägesbilden")
    assert "Rån" in risen and "Ny, på listan" in risen
    assert await problem_id(tallbacka, problem)


async def test_a_task_whose_owner_left_is_on_it(tallbacka: Town) -> None:
    problem = await assembled(tallbacka)
    await a_task(tallbacka, problem, title="Räkna lampor")
    path = await a_meeting(tallbacka)
    assert "Räkna lampor" not in await part(tallbacka, path, TASKS)
    async with tallbacka.scope():
        await execute("UPDATE organisation SET left_on = $1 WHERE name = 'Polisen'", YESTERDAY)
    assert "måste lämnas över" in await part(tallbacka, path, TASKS)


async def test_an_empty_one_says_so(tallbacka: Town) -> None:
    path = await a_meeting(tallbacka)
    for heading, words in (
        ("Nytt och stigande i lägesbilden", "Inget nytt i listan."),
        (TASKS, "Ingen uppgift är försenad, och alla har en ansvarig."),
        ("Anmälda punkter", "Ingen har anmält något."),
    ):
        assert words in await part(tallbacka, path, heading)
    page = (await tallbacka.get(path, role="project_owner")).text
    assert "meeting from:#live throttle:1s" in page
