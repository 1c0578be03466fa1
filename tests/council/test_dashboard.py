"""The steering group's dashboard: the five, their movement, and honest empty places."""

import asyncio
import json
import re
from datetime import date
from uuid import uuid4

from tenants.scope import execute, fetch_value
from tests.council.meetings.meetings import a_meeting
from tests.council.steering import CHAIR, DECISION, SCHOOL, VICE, path, proposal_in, vote
from tests.council.year import COMPARISON
from tests.cycle.cases import waiting_proposal
from tests.cycle.picture.history import compiled, count, live_through


async def test_the_five_with_movement_coverage_and_what_waits(found):
    town = await found("Tallbacka", areas=4)
    await live_through(town)
    await count(
        town,
        [
            (back, "Ruta 4", "robbery", organisation, 3)
            for back in range(3)
            for organisation in ("Polisen", "Bostadsbolaget", "Köpmännen")
        ],
    )
    await compiled(town)
    answer = await town.get("/styrgrupp", role="steering_member")
    assert answer.status_code == 200
    page = answer.text
    assert "De fem viktigaste" in page and page.count('class="movement"') == 5
    assert re.search(r"Rån, utpressning</a></h3><p>Ruta 4: [\d,]+ fler än vanligt i veckan", page)
    assert re.search(r"Ny<small>på listan", page)
    assert "4 av 4 aktörer har rapporterat" in page
    assert "Inget väntar på beslut." in page
    assert 'class="wall"' in page
    assert 'hx-trigger="picture from:#live throttle:1s, council from:#live' in page


async def test_the_board_alone_is_a_fragment(found):
    town = await found("Tallbacka")
    board = await town.get(
        "/styrgrupp/_tavla", role="project_owner", headers={"hx-request": "true"}
    )
    assert board.status_code == 200 and board.text.lstrip().startswith('<div id="board"')


async def test_reporters_may_not_and_neighbours_see_nothing(found):
    town, neighbour = await found("Tallbacka"), await found("Sjöhaga")
    await live_through(town, weeks=12)
    await compiled(town)
    assert (await town.get("/styrgrupp", role="reporter")).status_code == 403
    theirs = (await neighbour.get("/styrgrupp", role="steering_member")).text
    assert "Krossade rutor" not in theirs
    assert "Bilden börjar med den första rapporten." in theirs


async def test_an_empty_dashboard_says_what_will_stand_there(found):
    town = await found("Tallbacka")
    await compiled(town)
    page = (await town.get("/styrgrupp", role="steering_co_opted")).text
    assert "Här visas de fem viktigaste lägena" in page


async def test_what_waits_is_numbered_with_its_cost_and_leaves_with_the_decision(found):
    town = await found("Tallbacka")
    proposal = await proposal_in(town)
    page = (await town.get("/styrgrupp", role="steering_co_opted")).text
    assert re.search(
        rf'>1</span><div><h3><a href="/{town.slug}/styrgrupp/forslag/{proposal}">Byta belysning',
        page,
    )
    assert "140\xa0000 kr och 60 timmar" in page and "om ni säger ja till 1" in page
    await vote(town, proposal, CHAIR="for", VICE="for", SCHOOL="for")
    await town.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    page = (await town.get("/styrgrupp", role="steering_co_opted")).text
    assert "Inget väntar på beslut." in page and "Senaste beslutet:" in page
    assert re.search(r"§ 1/\d{4} Byta belysning</a>, bifall", page)


async def test_the_five_lead_to_their_problem_with_its_decided_priority(found):
    town = await found("Tallbacka")
    proposal = await proposal_in(town, kind="priority")
    page = (await town.get("/styrgrupp", role=CHAIR)).text
    assert re.search(rf'<a href="/{town.slug}/problem/\d{{4}}-1">', page)
    assert "Prioritering: arbetas med först" in page and "Arbetas med först" not in page
    await vote(town, proposal, CHAIR="for", VICE="for", SCHOOL="for")
    await town.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    page = (await town.get("/styrgrupp", role=CHAIR)).text
    assert re.search(r"Ruta \d: Arbetas med först", page)


async def test_what_was_decided_and_not_done_and_what_followed(found):
    town = await found("Tallbacka")
    proposal = await proposal_in(town, starts_on="2026-01-01", ends_on="2026-03-01")
    await vote(town, proposal, CHAIR="for", VICE="for", SCHOOL="for")
    await town.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    page = (await town.get("/styrgrupp", role="project_owner")).text
    assert "1 försenad" in page
    assert "Bostadsbolaget, skulle ha varit klar 1 mars 2026" in page
    async with town.scope():
        await execute(
            """INSERT INTO follow_up (tenant_id, id, measure_id, outcome, done_on, text, used_kr,
                                      used_hours, comparison, followed_up_by)
               SELECT tenant_id, $1, id, 'done', $2, 'Klart', 90000, 50, $3, planned_by
               FROM measure""",
            uuid4(),
            date(2026, 2, 20),
            json.dumps(COMPARISON),
        )
    page = (await town.get("/styrgrupp", role="project_owner")).text
    assert "Inget beslutat är försenat." in page and "Genomförd 20 februari 2026." in page
    assert "34 rapporter på 12 veckor före, 21 efter. 4 och 4 aktörer hördes av." in page


async def test_the_next_meeting_is_said(found):
    town = await found("Tallbacka")
    person = await town.add_member("safety_coordinator")
    async with town.scope():
        await execute(
            """INSERT INTO meeting (tenant_id, id, held_at, place, called_by)
               VALUES (ks.current_tenant(), $1, now() + interval '3 days', 'Rådhuset', $2)""",
            uuid4(),
            person,
        )
    assert "Rådhuset" in (await town.get("/styrgrupp", role=CHAIR)).text


async def test_many_who_ask_at_once_get_their_own_board_and_the_newest(found):
    """One reading serves all who ask at once, and never another municipality's."""
    towns = [await found("Tallbacka"), await found("Sjöhaga")]
    proposals = [await proposal_in(town) for town in towns]
    boards = await asyncio.gather(
        *(town.get("/styrgrupp/_tavla", role=CHAIR) for town in towns for _ in range(12))
    )
    for place in range(len(towns)):
        for board in boards[12 * place : 12 * place + 12]:
            assert board.status_code == 200 and str(proposals[place]) in board.text
            assert str(proposals[1 - place]) not in board.text
    # A reading that is under way when something changes is not what a later asker gets.
    town = towns[0]
    early = asyncio.create_task(town.get("/styrgrupp/_tavla", role=CHAIR))
    added = await waiting_proposal(town, await _problem(town))
    assert str(added) in (await town.get("/styrgrupp/_tavla", role=CHAIR)).text
    assert (await early).status_code == 200


async def _problem(town) -> str:
    async with town.scope():
        return await fetch_value("SELECT '/problem/' || year || '-' || number FROM problem")


async def test_who_lost_the_right_is_refused_in_the_same_moment(found):
    town = await found("Tallbacka")
    await town.client(SCHOOL)
    person = await town.add_member(SCHOOL)
    async with town.scope():
        await execute("UPDATE membership SET role = 'reporter' WHERE person_id = $1", person)
    others = [town.get("/styrgrupp/_tavla", role=VICE) for _ in range(6)]
    *seen, refused = await asyncio.gather(*others, town.get("/styrgrupp/_tavla", role=SCHOOL))
    assert refused.status_code == 403 and {one.status_code for one in seen} == {200}


async def test_what_has_come_since_the_last_meeting_is_counted(found):
    town = await found("Tallbacka", areas=4)
    await live_through(town)
    await count(
        town, [(0, "Ruta 3", "violence", "Polisen", 8), (1, "Ruta 3", "violence", "Polisen", 8)]
    )
    before = await town.get("/styrgrupp", role="steering_member")
    assert "Sedan mötet" not in before.text  # none has been held
    await a_meeting(town)
    await compiled(town)
    page = (await town.get("/styrgrupp", role="steering_member")).text
    assert re.search(r"Sedan mötet \d+ \w+: [1-9]\d* nya? signal", page)
    assert "0 beslut och 0 uppföljningar" in page


async def test_the_five_are_compared_with_what_the_last_meeting_saw(found):
    town = await found("Tallbacka", areas=4)
    await live_through(town)
    await compiled(town)
    page = (await town.get("/styrgrupp", role="steering_member")).text
    assert "jämfört med för fyra veckor sedan" in page
    assert (await town.post("/lagesbild/utgava", role="safety_coordinator")).status_code == 303
    async with town.scope():
        wide = json.loads(await fetch_value("SELECT content->'wide' FROM edition"))
    first = wide["priorities"][0]
    was = wide["categories"][first["category"]]["label"], wide["areas"][first["area"]]["name"]
    await a_meeting(town)
    async with town.scope():
        await execute("UPDATE meeting SET held_at = now()")
    others = [area for area in town.areas if area != was[1]]
    for organisation in ("Polisen", "Bostadsbolaget", "Köpmännen"):
        await count(
            town,
            [
                (back, area, category, organisation, 9)
                for back in range(3)
                for area in others
                for category in ("robbery", "violence")
            ],
        )
    await compiled(town)
    page = (await town.get("/styrgrupp", role="steering_member")).text
    assert re.search(r"jämfört med mötet \d+ \w+", page)
    assert re.search(r"Ny<small>på listan", page)
    left = page.partition("Har lämnat de fem:")[2].partition("</p>")[0]
    assert f"{was[0]} ({was[1]})" in left
