"""A municipality's own map: sent, read, drawn for its members only, removed and brought back."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tenants.scope import fetch, fetch_value
from tests.cycle.mapping.ground.maps import (
    COORDINATOR,
    HERE,
    MAP,
    UNDERLAG,
    as_soderhamn,
    look,
    send,
    sent,
    told,
)
from tests.sources.maps.files import archive, geopackage, town
from tests.town import Town

SQUARE = "14/8968/4636"


@pytest.fixture
async def placed(found: Any) -> AsyncIterator[Town]:
    place = await found("Tallbacka")
    async with as_soderhamn(place):
        yield place


async def tile(place: Town, own: dict[str, Any], square: str = SQUARE, **options: Any) -> Any:
    address = own["tiles"].removeprefix(f"/{place.slug}")
    return await place.get(f"{address}/{square}", role="reporter", **options)


@pytest.mark.parametrize("content", [MAP, archive(HERE)], ids=["gpkg", "pmtiles"])
async def test_a_map_that_is_sent_lies_under_the_points(placed: Town, content: bytes) -> None:
    assert await told(placed) == {}
    answer = await send(placed, content)
    assert answer.status_code == 303
    assert "kommunkarta.gpkg läses" in await look(placed)
    assert await told(placed) == {}
    await placed.work()
    page = await look(placed)
    assert "Byggnader" in page and "© Tallbacka stadsbyggnad" in page and 'class="own-map"' in page
    own = await told(placed)
    assert own["attribution"] == "© Tallbacka stadsbyggnad" and own["levels"] == [10, 12, 14]
    drawn = await tile(placed, own)
    assert list(drawn.json()) == ["water", "building", "road", "main"]
    async with placed.scope():
        assert await fetch_value("SELECT count(*) FROM ground_file") == 0
        verbs = await fetch("SELECT verb FROM audit_event WHERE object_kind = 'ground_map'")
    assert [row["verb"] for row in verbs] == ["ground.send"]


async def test_a_tile_is_kept_by_the_browser_of_a_member_alone(placed: Town) -> None:
    await sent(placed)
    own = await told(placed)
    first = await tile(placed, own)
    assert first.headers["cache-control"] == "private, max-age=604800, immutable"
    assert first.headers["content-encoding"] == "gzip"
    plain = await tile(placed, own, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.json() == first.json()
    again = await tile(placed, own, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
    empty = await tile(placed, own, "14/1/1")
    assert empty.status_code == 200 and empty.json() == {}
    for wrong in ("13/1/1", "14/16384/0", "14/99999999999999999999/1"):
        assert (await tile(placed, own, wrong)).status_code == 404


async def test_the_neighbour_and_the_passer_by_see_nothing(placed: Town, found: Any) -> None:
    await sent(placed)
    own = await told(placed)
    neighbour = await found("Sjöhaga")
    address = f"{own['tiles']}/{SQUARE}"
    at_home = address.replace(placed.slug, neighbour.slug, 1)
    assert (await (await neighbour.client("reporter")).get(at_home)).status_code == 404
    assert (await (await neighbour.client("reporter")).get(address)).status_code in (403, 404)
    assert (await placed.anonymous.get(address)).status_code in (303, 401)
    assert await told(neighbour) == {}
    shown = own["tiles"].rpartition("/")[2]
    for act in ("ta-bort", "ta-tillbaka"):
        await neighbour.post(f"{UNDERLAG}/{shown}/{act}", role=COORDINATOR)
    assert await told(placed) == own


async def test_who_does_not_set_up_neither_sees_nor_sends(placed: Town) -> None:
    for role in ("reporter", "municipal_police", "auditor"):
        assert (await placed.get(UNDERLAG, role=role)).status_code == 403
        assert (await send(placed, role=role)).status_code == 403
    assert (await placed.get("/karta/underlag.json", role="auditor")).status_code == 403


async def test_a_map_is_removed_and_brought_back(placed: Town) -> None:
    await sent(placed)
    own = await told(placed)
    act = f"{UNDERLAG}/{own['tiles'].rpartition('/')[2]}"
    for _twice in range(2):
        assert (await placed.post(f"{act}/ta-bort", role=COORDINATOR)).status_code == 303
    assert await told(placed) == {} and (await tile(placed, own)).status_code == 404
    assert "Kartan är borttagen." in await look(placed)
    for _twice in range(2):
        assert (await placed.post(f"{act}/ta-tillbaka", role=COORDINATOR)).status_code == 303
    assert await told(placed) == own and (await tile(placed, own)).status_code == 200
    log = (await placed.get("/granskning", role="auditor")).text
    assert "tog bort den egna kartan" in log and "tog tillbaka en egen karta" in log


async def test_another_map_takes_its_place_and_the_one_before_can_come_back(placed: Town) -> None:
    seen = []
    for name in ("ett.gpkg", "två.gpkg", "tre.gpkg"):
        await sent(placed, name=name)
        seen.append((await told(placed))["tiles"].rpartition("/")[2])
    assert len(set(seen)) == 3
    page = await look(placed)
    assert "tre.gpkg" in page and "två.gpkg" in page and "ett.gpkg" not in page
    back = await placed.post(f"{UNDERLAG}/{seen[1]}/ta-tillbaka", role=COORDINATOR)
    assert back.status_code == 303
    assert (await told(placed))["tiles"].endswith(seen[1])
    gone = await placed.post(f"{UNDERLAG}/{seen[0]}/ta-tillbaka", role=COORDINATOR)
    assert gone.status_code == 404
    async with placed.scope():
        left = await fetch("SELECT DISTINCT map_id FROM ground_tile")
    assert {str(row["map_id"]) for row in left} == set(seen[1:])


async def test_one_that_is_refused_leaves_the_one_that_lies_there(placed: Town) -> None:
    await sent(placed)
    own = await told(placed)
    await sent(placed, geopackage(town(13.0, 55.6)), name="skåne.gpkg")
    page = await look(placed)
    assert "skåne.gpkg gick inte att använda." in page and "Inget i filen ligger i kommunen" in page
    assert await told(placed) == own
    await sent(placed, geopackage(HERE, 2154), name="fel.gpkg")
    assert "okänt (vagar, EPSG:2154)" in await look(placed)


async def test_the_same_form_twice_is_one_map_and_the_latest_that_waits_is_meant(
    placed: Town,
) -> None:
    for _twice in range(2):
        await send(placed, form_id="0d4a1d7a-5a34-4d41-8f3b-5d8f3b0d2a11")
    await send(placed, name="senare.gpkg")
    await placed.work()
    assert "senare.gpkg" in await look(placed)
    async with placed.scope():
        assert await fetch_value("SELECT count(*) FROM ground_map") == 2
        assert await fetch_value("SELECT count(DISTINCT map_id) FROM ground_tile") == 1


@pytest.mark.parametrize(
    ("content", "attribution", "said"),
    [
        (b"", "© Vi", "Välj en fil."),
        (MAP, "  ", "Skriv vem kartan kommer från."),
        (MAP, "x" * 121, "Skriv högst 120 tecken."),
        (b"SQLite format 3\0" + bytes(25 * 1024 * 1024), "© Vi", "högst 25 MB"),
    ],
)
async def test_what_is_missing_is_said_at_the_field(
    placed: Town, content: bytes, attribution: str, said: str
) -> None:
    answer = await send(placed, content, attribution=attribution)
    assert answer.status_code == 422 and said in answer.text
    assert f'value="{attribution.strip()}"' in answer.text
    async with placed.scope():
        assert await fetch_value("SELECT count(*) FROM ground_map") == 0


async def test_where_there_is_no_ground_the_page_says_so(found: Any) -> None:
    place = await found("Tallbacka")
    await sent(place)
    assert "Det finns ingen karta över kommunen" in await look(place)
