"""One reading serves all who ask at the same moment: never an older one, never another town's."""

import asyncio

import pytest

from service.web.together import Together
from tenants.scope import OutsideScope, current_tenant, fetch_value
from tests.town import Town


async def test_who_asks_meanwhile_waits_for_the_next_reading(tallbacka: Town) -> None:
    together: Together[int] = Together()
    begun = 0
    going, go_on = asyncio.Event(), asyncio.Event()

    async def count() -> int:
        nonlocal begun
        begun += 1
        mine = begun
        going.set()
        await go_on.wait()
        return mine

    first = asyncio.create_task(together.read(tallbacka.id, "sv", count))
    await going.wait()
    # The first is under way, so that none of these may have its answer.
    later = [asyncio.create_task(together.read(tallbacka.id, "sv", count)) for _ in range(20)]
    await asyncio.sleep(0.05)
    go_on.set()
    assert await first == 1
    assert await asyncio.gather(*later) == [2] * 20


async def test_each_municipality_is_read_in_its_own_scope(tallbacka: Town, sjohaga: Town) -> None:
    together: Together[tuple[str, str]] = Together()

    async def whose() -> tuple[str, str]:
        told = await fetch_value("SELECT ks.current_tenant()::text")
        return told, str(current_tenant())

    towns = [tallbacka, sjohaga] * 15
    found = await asyncio.gather(*(together.read(town.id, "sv", whose) for town in towns))
    assert found == [(str(town.id), str(town.id)) for town in towns]


async def test_a_reading_that_fails_is_told_to_its_own_askers_alone(tallbacka: Town) -> None:
    together: Together[int] = Together()

    async def fail() -> int:
        raise RuntimeError("gick inte")

    async def work() -> int:
        return int(await fetch_value("SELECT 1"))

    for answer in await asyncio.gather(
        *(together.read(tallbacka.id, "sv", fail) for _ in range(3)), return_exceptions=True
    ):
        assert isinstance(answer, RuntimeError)
    assert await together.read(tallbacka.id, "sv", work) == 1


async def test_who_goes_away_takes_nobody_along(tallbacka: Town) -> None:
    together: Together[int] = Together()

    async def slowly() -> int:
        await asyncio.sleep(0.05)
        return 1

    leaves = asyncio.create_task(together.read(tallbacka.id, "sv", slowly))
    stays = asyncio.create_task(together.read(tallbacka.id, "sv", slowly))
    await asyncio.sleep(0)
    leaves.cancel()
    assert await stays == 1


async def test_who_asks_with_a_scope_open_is_refused(tallbacka: Town) -> None:
    """Its transaction would wait for another connection while it holds one itself."""
    together: Together[int] = Together()

    async def work() -> int:
        return 1

    with pytest.raises(OutsideScope):
        async with tallbacka.scope():
            await together.read(tallbacka.id, "sv", work)
