"""Other areas: seen first, then exchanged with every report placed anew and no count lost."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from service.cycle.mapping.areas.exchange import exchange
from service.cycle.mapping.week import now
from service.cycle.picture.draw_map import draw_map
from service.cycle.picture.editions.verify import Proof, verify_all
from tenants.scope import execute, fetch, fetch_row, fetch_value
from tests.cycle.mapping.api.keys import a_key
from tests.cycle.mapping.areas.files import PARTED, as_file, proposed, square, upload
from tests.cycle.mapping.batches.files import COORDINATOR, a_row, as_csv, sent
from tests.cycle.picture.history import compiled
from tests.reference import reference
from tests.town import Town

CITIES = {
    "malmo": ("1280", 136, (55.55, 55.64), (12.93, 13.10)),
    "stockholm": ("0180", 419, (59.24, 59.41), (17.80, 18.15)),
}


async def exchanged(town: Town, content: bytes, **form: str) -> str:
    path = await proposed(town, content, **form)
    await town.post(f"{path}/byt", role=COORDINATOR)
    await town.work()
    return path


async def report(town: Town, area: str | None = None, **changed: Any) -> httpx.Response:
    place = {"place": "usual", "area": str(town.areas[area])} if area else {"place": "map"}
    return await town.post(
        "/rapportera",
        role="reporter",
        **({"report_id": uuid4(), "category": "graffiti", "when": "now"} | place | changed),
    )


async def sums(town: Town) -> dict[str, Any]:
    """Every count but for its area, and what the hours sum to."""
    async with town.scope():
        weekly = await fetch(
            """SELECT week, category_id, organisation_id, source, arrival_week,
                      round(sum(count)::numeric, 6) AS count FROM weekly_count
               GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"""
        )
        hourly = await fetch(
            """SELECT week, category_id, hour_of_week, round(sum(count)::numeric, 6) AS count
               FROM hourly_count GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
        )
    return {"weekly": [tuple(row) for row in weekly], "hourly": [tuple(row) for row in hourly]}


async def by_area(town: Town) -> dict[str, float]:
    async with town.scope():
        rows = await fetch(
            """SELECT name, sum(count) AS count FROM weekly_count
               JOIN area ON area.id = area_id GROUP BY name"""
        )
    return {row["name"]: round(row["count"], 6) for row in rows}


async def test_points_decide_and_what_has_none_follows_the_most(
    tallbacka: Town, stands_in: Any
) -> None:
    stands_in("2182")
    await report(tallbacka, latitude=61.3, longitude=17.0481)  # Ruta 1, its western half
    await report(tallbacka, latitude=61.3, longitude=17.0521)  # Ruta 1, its eastern half
    await report(tallbacka, "Ruta 2")
    before = await sums(tallbacka)
    path = await proposed(tallbacka, as_file(PARTED))
    page = (await tallbacka.get(path, role=COORDINATOR)).text
    assert "Byt områden" in page and "Väster" in page
    assert await by_area(tallbacka) == {"Ruta 1": 2, "Ruta 2": 1}  # Nothing has happened yet.
    await tallbacka.post(f"{path}/byt", role=COORDINATOR)
    await tallbacka.work()
    assert await by_area(tallbacka) == {"Väster": 1, "Öster": 2}
    assert await sums(tallbacka) == before
    done = (await tallbacka.get(path, role=COORDINATOR)).text
    assert "2 rapporter placerades efter sin punkt och 1 efter" in done
    async with tallbacka.scope():
        points = await fetch("SELECT latitude, longitude FROM report WHERE latitude IS NOT NULL")
    assert {row["longitude"] for row in points} == {17.0481, 17.0521}
    picture = (await tallbacka.get("/lagesbild", role=COORDINATOR)).text
    assert "2 områden byttes mot andra" in picture and "Öster" in picture


async def test_what_is_done_twice_is_done_once_and_what_dies_is_as_before(
    tallbacka: Town, stands_in: Any
) -> None:
    stands_in("2182")
    await report(tallbacka, "Ruta 1")
    before = await sums(tallbacka)
    path = await proposed(tallbacka, as_file(PARTED))
    await tallbacka.post(f"{path}/byt", role=COORDINATOR)
    proposal = UUID(path.rpartition("/")[2])

    class Killed(Exception): ...

    with pytest.raises(Killed):
        async with tallbacka.scope():
            await exchange(proposal)
            raise Killed
    assert await by_area(tallbacka) == {"Ruta 1": 1}
    for _turn in range(2):
        async with tallbacka.scope():
            await exchange(proposal)
    await tallbacka.post(f"{path}/byt", role=COORDINATOR)
    await tallbacka.work()
    assert await sums(tallbacka) == before
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM area WHERE retired_on IS NULL") == 3


async def test_who_reports_meanwhile_is_counted_once_in_the_new_areas(
    tallbacka: Town, stands_in: Any
) -> None:
    stands_in("2182")
    await report(tallbacka, "Ruta 1")
    path = await proposed(tallbacka, as_file(PARTED))
    await tallbacka.post(f"{path}/byt", role=COORDINATOR)
    await tallbacka.get("/rapportera", role="reporter")
    ways = [{"area": "Ruta 1"}, {"latitude": 61.3, "longitude": 17.0481}]
    ways.append({"place": "search", "area_name": "Ruta 2"})

    async def hand_in() -> list[int]:
        answers = await asyncio.gather(*(report(tallbacka, **way) for way in ways * 5))  # type: ignore[arg-type]
        return [answer.status_code for answer in answers]

    async with asyncio.TaskGroup() as group:
        sending = group.create_task(hand_in())
        group.create_task(tallbacka.work())
    assert {status in (200, 303) for status in sending.result()} == {True}
    async with tallbacka.scope():
        stray = await fetch_value(
            """SELECT count(*) FROM report JOIN area ON area.id = area_id
               WHERE retired_on IS NOT NULL"""
        )
    counted = await by_area(tallbacka)
    assert stray == 0 and not {"Ruta 1", "Ruta 2"} & set(counted)
    assert sum(counted.values()) == 1 + 15


async def test_a_phone_that_knows_the_old_areas_is_understood(
    tallbacka: Town, stands_in: Any
) -> None:
    stands_in("2182")
    await report(tallbacka, "Ruta 2")
    await exchanged(tallbacka, as_file(PARTED))
    # Twice exchanged, an old area still leads to where it is now.
    whole = [square("Allt", 17.0, 17.2)]
    await exchanged(tallbacka, as_file(whole))
    queued = await report(
        tallbacka, "Ruta 1", filled_at=(now() - timedelta(hours=2)).isoformat(), when="today"
    )
    assert queued.status_code in (200, 303), queued.text
    named = await report(tallbacka, place="search", area_name="ruta 2")
    assert named.status_code in (200, 303), named.text
    never = await report(tallbacka, place="search", area_name="Ruta 99")
    assert never.status_code == 422 and "Ingen plats heter så." in never.text
    assert await by_area(tallbacka) == {"Allt": 3}


async def test_a_name_that_went_to_several_areas_is_asked_about(
    tallbacka: Town, stands_in: Any
) -> None:
    stands_in("2182")
    await report(tallbacka, "Ruta 1")
    for parts in (
        [square("Torget", 17.0, 17.05), square("Bort", 17.05, 17.2)],
        [square("Ängen", 17.0, 17.05), square("Torget", 17.05, 17.2)],
        [square("Väster", 17.0, 17.05), square("Öster", 17.05, 17.2)],
    ):
        await exchanged(tallbacka, as_file(parts))
    torn = await report(tallbacka, place="search", area_name="Torget")
    assert torn.status_code == 422 and "Ingen plats heter så." in torn.text


async def test_a_system_goes_on_with_the_keys_that_it_knows(
    tallbacka: Town, stands_in: Any
) -> None:
    stands_in("2182")
    await report(tallbacka, "Ruta 1")
    caller = await a_key(tallbacka, "Bostadsbolaget")
    known = [area["key"] for area in (await caller.get("/areas")).json()["areas"]]
    yesterday = (now() - timedelta(days=1)).isoformat()
    reports = [{"category": "graffiti", "area": key, "occurred_from": yesterday} for key in known]
    path = await proposed(tallbacka, as_file(PARTED))
    await tallbacka.post(f"{path}/byt", role=COORDINATOR)
    # Several at once, in either order, while the areas are exchanged: nobody waits for ever.
    async with asyncio.TaskGroup() as group:
        sending = [
            group.create_task(caller.send(*(reports[::turn]))) for turn in (1, -1, 1, -1, 1, -1)
        ]
        group.create_task(tallbacka.work())
    assert {task.result().status_code for task in sending} == {201}
    after = await caller.send(*reports)
    assert after.status_code == 201, after.text
    assert sum((await by_area(tallbacka)).values()) == 1 + 7 * len(known)
    assert not set(known) & {area["key"] for area in (await caller.get("/areas")).json()["areas"]}


async def test_problems_and_what_was_put_right_go_along(tallbacka: Town, stands_in: Any) -> None:
    stands_in("2182")
    wrong = uuid4()
    await report(tallbacka, report_id=wrong, latitude=61.3, longitude=17.0481)
    corrected = await tallbacka.post(
        f"/inkorg/{wrong}/ratta",
        role=COORDINATOR,
        category="graffiti",
        area=tallbacka.areas["Ruta 2"],
    )
    assert corrected.status_code in (200, 303), corrected.text
    async with tallbacka.scope():
        await execute(
            """INSERT INTO problem (tenant_id, id, year, number, title, area_id, category_id,
                                    evidence, opened_by)
               VALUES (ks.current_tenant(), $1, 2026, 1, 'Klotter', $2, $3, '{}', $4)""",
            uuid4(),
            tallbacka.areas["Ruta 2"],
            tallbacka.categories["graffiti"],
            tallbacka.people[COORDINATOR, "Kommunen"],
        )
    await exchanged(tallbacka, as_file(PARTED))
    # The point lies in the west; somebody said that it was in the east.
    assert await by_area(tallbacka) == {"Öster": 1}
    async with tallbacka.scope():
        name = await fetch_value("SELECT name FROM problem JOIN area ON area.id = area_id")
    assert name == "Öster"


async def test_an_area_that_stays_the_same_keeps_what_it_has(
    tallbacka: Town, stands_in: Any
) -> None:
    stands_in("2182")
    await report(tallbacka, "Ruta 1")
    await exchanged(tallbacka, as_file(PARTED))
    async with tallbacka.scope():
        first = await fetch_value("SELECT id FROM area WHERE name = 'Väster'")
    await exchanged(
        tallbacka, as_file([PARTED[0], square("Mitten", 17.05, 17.1), square("Bort", 17.1, 17.2)])
    )
    async with tallbacka.scope():
        row = await fetch_row("SELECT id, retired_on FROM area WHERE name = 'Väster'")
    assert row is not None and row["id"] == first and row["retired_on"] is None


async def test_an_edition_is_as_it_was(tallbacka: Town, stands_in: Any) -> None:
    stands_in("2182")
    await report(tallbacka, "Ruta 1")
    await compiled(tallbacka)
    assert (await tallbacka.post("/lagesbild/utgava", role=COORDINATOR)).status_code == 303
    async with tallbacka.scope():
        edition = await fetch_row("SELECT id, content, compiled_at FROM edition")
    assert edition is not None
    wide = json.loads(edition["content"])["wide"]
    async with tallbacka.scope():
        before = await draw_map("2182", wide, edition["compiled_at"])
    path = await proposed(tallbacka, as_file(PARTED))
    await tallbacka.post(f"{path}/byt", role=COORDINATOR)
    async with tallbacka.scope():
        await exchange(UUID(path.rpartition("/")[2]))
    async with tallbacka.scope():
        assert [verdict.proof for verdict in await verify_all()] == [Proof.PROVED]
        assert await draw_map("2182", wide, edition["compiled_at"]) == before
    page = await tallbacka.get(f"/lagesbild/utgavor/{edition['id']}", role=COORDINATOR)
    assert "Ruta 1" in page.text and "Öster" not in page.text


@pytest.mark.parametrize("city", CITIES)
async def test_the_areas_of_a_real_city(tallbacka: Town, stands_in: Any, city: str) -> None:
    code, number, (south, north), (west, east) = CITIES[city]
    stands_in(code)
    # As the city was before: the localities and hexagons that it was founded with.
    assert (await upload(tallbacka, b"", suggested="yes")).status_code == 303
    rows = [
        a_row(n, Lat=str(round(south + (north - south) * (n % 37) / 37, 4)),
              Long=str(round(west + (east - west) * (n % 41) / 41, 4)))
        for n in range(1500)
    ]  # fmt: skip
    await (await sent(tallbacka, as_csv(rows))).take_in(**{"area-4-0": "-"})
    before = await sums(tallbacka)
    assert before["weekly"]
    path = await proposed(tallbacka, reference(f"data/areas-{city}.geojson").read_bytes())
    page = (await tallbacka.get(path, role=COORDINATOR)).text
    assert "Byt områden" in page
    await tallbacka.post(f"{path}/byt", role=COORDINATOR)
    await tallbacka.work()
    assert await sums(tallbacka) == before
    async with tallbacka.scope():
        present = await fetch_value(
            "SELECT count(*) FROM area WHERE retired_on IS NULL AND kind <> 'rest'"
        )
        filled = await fetch_value(
            """SELECT count(DISTINCT area_id) FROM report JOIN area ON area.id = area_id
               WHERE kind = 'district'"""
        )
    assert present == number and filled > number / 4
    assert (await tallbacka.get("/lagesbild", role=COORDINATOR)).status_code == 200


async def test_hexagons_are_drawn_over_the_localities(tallbacka: Town, stands_in: Any) -> None:
    stands_in("2182")
    await report(tallbacka, "Ruta 1")
    path = await exchanged(tallbacka, b"", hexagons="yes", size="8")
    assert "Områdena byttes" in (await tallbacka.get(path, role=COORDINATOR)).text
    async with tallbacka.scope():
        kinds = await fetch(
            "SELECT kind, count(*) AS number FROM area WHERE retired_on IS NULL GROUP BY 1"
        )
    assert {row["kind"]: row["number"] > 0 for row in kinds} == {"hexagon": True, "rest": True}
    stands_in("0180")
    many = await upload(tallbacka, b"", hexagons="yes", size="9")
    assert many.status_code == 422 and "Välj större hexagoner" in many.text


async def test_who_triages_meanwhile_is_told_and_waits_for_nobody(
    tallbacka: Town, stands_in: Any
) -> None:
    stands_in("2182")
    report_id = uuid4()
    await report(tallbacka, "Ruta 1", report_id=report_id)
    path = await proposed(tallbacka, as_file(PARTED))
    await tallbacka.post(f"{path}/byt", role=COORDINATOR)
    exchanged_all, answered = asyncio.Event(), asyncio.Event()

    async def be_slow() -> None:
        async with tallbacka.scope():
            await exchange(UUID(path.rpartition("/")[2]))
            exchanged_all.set()
            await answered.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(be_slow())
        await exchanged_all.wait()
        answer = await tallbacka.post(f"/inkorg/{report_id}/godkann", role=COORDINATOR)
        answered.set()
    assert answer.status_code == 422 and "Områdena byts just nu" in answer.text
    after = await tallbacka.post(f"/inkorg/{report_id}/godkann", role=COORDINATOR)
    assert after.status_code in (200, 303)


async def test_a_dropped_proposal_changes_nothing_and_is_nobody_elses(
    tallbacka: Town, sjohaga: Town, stands_in: Any
) -> None:
    stands_in("2182")
    await report(tallbacka, "Ruta 1")  # A place without a point: there is none to look up.
    path = await proposed(tallbacka, as_file(PARTED))
    assert "Byt områden" in (await tallbacka.get(path, role=COORDINATOR)).text
    assert (await sjohaga.get(path, role=COORDINATOR)).status_code == 404
    assert (await sjohaga.post(f"{path}/byt", role=COORDINATOR)).status_code == 404
    assert (await tallbacka.get(path, role="reporter")).status_code == 403
    await tallbacka.post(f"{path}/slang", role=COORDINATOR)
    await tallbacka.post(f"{path}/byt", role=COORDINATOR)
    await tallbacka.work()
    assert await by_area(tallbacka) == {"Ruta 1": 1}


async def test_a_file_that_was_checked_before_goes_into_the_new_areas(
    tallbacka: Town, stands_in: Any
) -> None:
    stands_in("2182")
    batch = await sent(
        tallbacka, as_csv([a_row(1), a_row(2, Lat="61.3", Long="17.0481"), a_row(3)])
    )
    await batch.confirm_columns()
    await report(tallbacka, "Ruta 2")
    await exchanged(tallbacka, as_file(PARTED))
    await batch.confirm()
    counted = await by_area(tallbacka)
    assert sum(counted.values()) == 4 and set(counted) == {"Väster", "Öster"}
    assert "Fanns redan" not in await batch.page()
