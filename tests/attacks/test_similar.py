"""Attack 26: what is suggested as the same event comes from one's own municipality alone.

Nothing can be searched for; the inbox's "is it the same event?" is what looks across reports.
"""

from typing import Any
from uuid import uuid4

from tests.cycle.mapping.test_hand_in import report
from tests.town import Town

SECRET = "Hemlig händelse hos grannen"
COORDINATOR = "safety_coordinator"


async def two(found: Any) -> tuple[Town, Town]:
    areas = ["Torget", "Parken"]
    return await found(name="Tallbacka", areas=areas), await found(name="Sjöhaga", areas=areas)


async def hand_in(town: Town, organisation: str, **said: Any) -> str:
    sent = report(town, **said)
    answer = await town.post("/rapportera", role="reporter", organisation=organisation, **sent)
    assert answer.status_code == 200, answer.text
    return str(sent["report_id"])


async def test_the_neighbours_reports_are_never_suggested(found: Any) -> None:
    town, neighbour = await two(found)
    # The same place, time and category on both sides; at home there is one to suggest.
    theirs = await hand_in(neighbour, "Bostadsbolaget", text=SECRET)
    await hand_in(town, "Bostadsbolaget", text="Egen händelse")
    mine = await hand_in(town, "Polisen")
    page = await town.get(f"/inkorg?rapport={mine}", role=COORDINATOR)
    assert "Är det samma händelse?" in page.text and "Egen händelse" in page.text
    assert SECRET not in page.text and theirs not in page.text


async def test_a_report_cannot_be_merged_across_the_wall(found: Any) -> None:
    town, neighbour = await two(found)
    theirs = await hand_in(neighbour, "Bostadsbolaget", text=SECRET)
    mine = await hand_in(town, "Polisen")
    answers = [
        await town.post(f"/inkorg/{one}/sla-ihop", role=COORDINATOR, into=into)
        for one, into in ((mine, theirs), (theirs, mine), (mine, str(uuid4())))
    ]
    assert all(answer.status_code in (404, 409, 422) for answer in answers)
    # As an id that nobody ever made.
    assert answers[0].status_code == answers[2].status_code
    assert all(SECRET not in answer.text for answer in answers)
    opened = await town.get(f"/inkorg?rapport={theirs}", role=COORDINATOR)
    assert SECRET not in opened.text
    assert SECRET in (await neighbour.get("/inkorg", role=COORDINATOR)).text
