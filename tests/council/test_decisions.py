"""Every decision with what it led to, the late first; and who holds which seat."""

import re
from datetime import date
from uuid import uuid4

from tenants.scope import execute, fetch_value
from tests.council.steering import CHAIR, DECISION, SCHOOL, path, proposal_in, seated, vote
from tests.cycle.cases import waiting_proposal
from tests.town import Town


async def decided(town: Town, **measure: str) -> None:
    """One measure decided as § 1 whose end has passed, and another as § 2 that goes on."""
    first = await proposal_in(town, **measure)
    async with town.scope():
        found = await _problem()
    second = await waiting_proposal(town, found, title="Fältpass")
    for proposal in (first, second):
        await vote(town, proposal, CHAIR="for", VICE="for", SCHOOL="abstain")
        await town.post(path(proposal, "beslut"), role=CHAIR, **DECISION)


async def _problem() -> str:
    return await fetch_value("SELECT '/problem/' || year || '-' || number FROM problem")


async def test_the_late_come_first_and_go_when_they_are_done(tallbacka: Town) -> None:
    await decided(tallbacka, starts_on="2026-01-01", ends_on="2026-03-01")
    page = (await tallbacka.get("/styrgrupp/beslut", role="project_owner")).text
    assert page.index("Byta belysning") < page.index("Fältpass")
    assert "1 insats är försenad" in page
    assert "Skulle ha varit klar 1 mars 2026. Inte följd upp." in page
    assert "Pågår till 31 mars 2027." in page
    assert "2 för, 0 emot, 1 avstod" in page and re.search(r"§ 2/\d{4}", page)
    async with tallbacka.scope():
        await execute(
            """INSERT INTO follow_up (tenant_id, id, measure_id, outcome, done_on, text, used_kr,
                                      used_hours, comparison, followed_up_by)
               SELECT tenant_id, $1, id, 'done', $2, 'Klart', 90000, 50, '{}', planned_by
               FROM measure WHERE title = 'Byta belysning'""",
            uuid4(),
            date(2026, 2, 20),
        )
    page = (await tallbacka.get("/styrgrupp/beslut", role="project_owner")).text
    assert "Beslutat men inte gjort" not in page
    assert "Genomförd 20 februari 2026, 90\xa0000 kr använda." in page


async def test_the_list_alone_is_a_fragment_and_who_may_not(tallbacka: Town) -> None:
    answer = await tallbacka.get("/styrgrupp/beslut", role=CHAIR, headers={"hx-request": "true"})
    assert answer.text.lstrip().startswith('<div id="decisions"')
    assert "Inga beslut än" in answer.text
    for place in ("/styrgrupp/beslut", "/styrgrupp/platser", "/styrgrupp/resurser"):
        assert (await tallbacka.get(place, role="reporter")).status_code == 403


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    await decided(tallbacka)
    page = (await sjohaga.get("/styrgrupp/beslut", role="project_owner")).text
    assert "Byta belysning" not in page and "Inga beslut än" in page


async def test_seats_are_shown_with_who_holds_them_and_vacant_ones_are_said(
    tallbacka: Town,
) -> None:
    await seated(tallbacka)
    async with tallbacka.scope():
        await execute(
            "UPDATE membership SET valid_to = '2099-12-31T12:00Z' WHERE person_id = $1",
            await tallbacka.add_member(SCHOOL),
        )
    page = (await tallbacka.get("/styrgrupp/platser", role="steering_co_opted")).text
    assert "4 platser med rösträtt är besatta" in page
    assert "3 platser är vakanta." in page and "Ingen har platsen just nu." in page
    assert "Prov education chair" in page and ", till 31 december 2099" in page
    assert page.count("Läser och kommenterar") == 1
