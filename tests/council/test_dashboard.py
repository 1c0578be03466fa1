"""The steering group's dashboard: the five, their movement, and honest empty places."""

import re

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
    assert re.search(r"Rån, utpressning</h3><p>Ruta 4: [\d,]+ fler än vanligt i veckan", page)
    assert re.search(r"Ny<small>på listan", page)
    assert "4 av 4 aktörer har rapporterat" in page
    assert "Inget väntar på beslut." in page
    assert 'class="wall"' in page
    assert 'hx-trigger="picture from:#live throttle:1s"' in page


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
