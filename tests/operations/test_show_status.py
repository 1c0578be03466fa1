"""The page that tells members whether the service does what it should for them."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from tenants.processes import beat, leave
from tenants.scope import execute
from tests.cycle.picture.history import compiled, live_through
from tests.town import Town


@pytest.fixture
async def alive() -> AsyncIterator[None]:
    """A worker and a scheduler that were alive a moment ago."""
    processes = {"worker": uuid4(), "scheduler": uuid4()}
    for kind, process in processes.items():
        assert await beat(kind, process)
    yield
    for process in processes.values():
        await leave(process)


async def test_all_is_well(tallbacka: Town, alive: None) -> None:
    await live_through(tallbacka, weeks=4)
    await compiled(tallbacka)
    page = await tallbacka.get("/driftlage", role="reporter")
    assert page.status_code == 200
    assert "Allt fungerar." in page.text and "Beräknad" in page.text


async def test_what_stands_still_is_said_and_what_it_means(tallbacka: Town) -> None:
    page = (await tallbacka.get("/driftlage", role="steering_member")).text
    assert "Något står still. Inget som har skickats in är borta." in page
    assert "räknas när den är i gång" in page


async def test_a_late_picture_is_said_to_its_own_municipality_only(
    tallbacka: Town, sjohaga: Town, alive: None
) -> None:
    async with tallbacka.scope():
        await execute(
            """INSERT INTO job (tenant_id, id, verb, asked_at)
               VALUES (ks.current_tenant(), $1, 'picture.compile', now() - interval '1 hour')""",
            uuid4(),
        )
    late = (await tallbacka.get("/driftlage", role="safety_coordinator")).text
    assert "väntar på att räknas in" in late
    assert "Allt fungerar." in (await sjohaga.get("/driftlage", role="reporter")).text


async def test_who_is_no_member_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    assert (await tallbacka.anonymous.get(f"/{tallbacka.slug}/driftlage")).status_code == 303
    stranger = await sjohaga.client("safety_coordinator")
    assert (await stranger.get(f"/{tallbacka.slug}/driftlage")).status_code == 404
