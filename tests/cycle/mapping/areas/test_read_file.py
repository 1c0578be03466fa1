"""A file of areas is read whole or refused with the reason beside its field, whatever is in it."""

import asyncio
import random
import time
from typing import Any

import pytest

from tests.cycle.mapping.areas.files import as_file, square, upload
from tests.cycle.mapping.batches.files import COORDINATOR, a_row, as_csv, sent
from tests.town import Town


@pytest.fixture(autouse=True)
def in_soderhamn(stands_in: Any) -> None:
    stands_in("2182")


def ring(name: str, corners: list[list[float]]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": [[*corners, corners[0]]]},
    }


def scribble(corners: int) -> dict[str, Any]:
    """One ring whose corners come in no order, so that most of its edges cross each other."""
    chance = random.Random(1)
    return ring(
        "Klotter",
        [[17 + chance.random() / 10, 61.25 + chance.random() / 10] for _ in range(corners)],
    )


def comb(name: str, teeth: int, *, lying: bool) -> dict[str, Any]:
    corners: list[list[float]] = []
    for tooth in range(teeth):
        at = tooth / teeth / 10
        for along, across in (
            (0.0, at),
            (0.1, at),
            (0.1, at + 0.03 / teeth),
            (0.0, at + 0.03 / teeth),
        ):
            corners.append([along, across] if lying else [across, along])
    back = [-0.001, 0.1] if lying else [0.1, -0.001]
    start = [-0.001, 0.0] if lying else [0.0, -0.001]
    return ring(name, [[17 + x, 61.25 + y] for x, y in [*corners, back, start]])


CROSSING = {
    "scribble": [scribble(600)],
    "combs": [comb("Stående", 2000, lying=False), comb("Liggande", 2000, lying=True)],
}


@pytest.mark.parametrize("features", CROSSING.values(), ids=CROSSING.keys())
async def test_borders_that_cross_without_end_end_their_own_process(
    tallbacka: Town, features: list[dict[str, Any]]
) -> None:
    content = as_file(features)
    assert len(content) < 500_000

    async def other_pages() -> float:
        slowest = 0.0
        while not sending.done():
            began = time.perf_counter()
            assert (await tallbacka.get("/rapportera", role="reporter")).status_code == 200
            slowest = max(slowest, time.perf_counter() - began)
            await asyncio.sleep(0.2)
        return slowest

    await tallbacka.client("reporter")
    sending = asyncio.create_task(upload(tallbacka, content))
    slowest = await other_pages()
    answer = sending.result()
    assert answer.status_code == 422
    said = ("Gränserna korsar varandra för ofta", "ligger delvis på varandra")
    assert any(one in answer.text for one in said)
    assert slowest < 5


@pytest.mark.parametrize(
    "corner", ["NaN", "Infinity", "1" + "0" * 400, "-1e999", '"öster"', "null"]
)
async def test_a_corner_that_is_no_number_is_said(tallbacka: Town, corner: str) -> None:
    content = as_file([square("Väster", 17.0, 17.1)]).replace(b"17.1", corner.encode(), 1)
    answer = await upload(tallbacka, content)
    assert answer.status_code == 422
    assert any(
        one in answer.text
        for one in ("är ingen GeoJSON", "går inte att rita", "ligger inte i Sverige")
    )


async def test_an_area_may_be_called_as_the_rest_is_keyed(tallbacka: Town) -> None:
    answer = await upload(tallbacka, as_file([square("Övriga", 17.0, 17.1)]))
    assert answer.status_code == 303, answer.text
    page = (await tallbacka.get("/kom-igang/omraden", role=COORDINATOR)).text
    assert "<li>Övriga</li>" in page and "<li>Övriga kommunen</li>" in page


@pytest.mark.parametrize("name", ["CENTRUM", "Övriga Kommunen"])
async def test_two_names_that_a_search_takes_for_one_are_refused(
    tallbacka: Town, name: str
) -> None:
    parts = [square("Centrum", 17.0, 17.05), square(name, 17.05, 17.1)]
    answer = await upload(tallbacka, as_file(parts))
    assert answer.status_code == 422 and "Varje område behöver ett eget namn" in answer.text


async def test_a_checked_file_of_reports_is_use_of_the_areas(tallbacka: Town) -> None:
    batch = await sent(tallbacka, as_csv([a_row()]))
    await batch.confirm_columns()
    answer = await upload(tallbacka, as_file([square("Väster", 17.0, 17.2)]))
    path = answer.headers["location"].removeprefix(f"/{tallbacka.slug}")
    assert path != "/kom-igang/omraden"
    await tallbacka.post(f"{path}/byt", role=COORDINATOR)
    await tallbacka.work()
    await batch.confirm()
    assert "Inläst" in await batch.page()
