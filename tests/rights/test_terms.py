"""Rights begin and end by themselves, and what is changed holds from the next request on."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.web import live
from tenants.members import still_permitted
from tenants.roles import Permission
from tenants.scope import execute
from tests.entrance.test_manage_providers import send
from tests.town import Town
from tests.web.test_live import listening


async def change(town: Town, role: str, assignment: str, *values: Any) -> None:
    person_id = await town.add_member(role)
    async with town.scope():
        await execute(
            f"UPDATE membership SET {assignment} WHERE person_id = $1", person_id, *values
        )


async def test_a_term_of_office_ends_by_itself(tallbacka: Town) -> None:
    person_id = await tallbacka.add_member("steering_member")
    assert (await tallbacka.get("/styrgrupp", role="steering_member")).status_code == 200
    soon = datetime.now(UTC) + timedelta(seconds=1)
    await change(tallbacka, "steering_member", "valid_to = $2", soon)
    assert (await tallbacka.get("/styrgrupp", role="steering_member")).status_code == 200
    while datetime.now(UTC) <= soon:
        await asyncio.sleep(0.05)
    # Nothing ran in between: it is the time itself that ends it, for pages and for jobs.
    assert (await tallbacka.get("/styrgrupp", role="steering_member")).status_code == 404
    async with tallbacka.scope():
        assert not await still_permitted(person_id, Permission.DASHBOARD_READ)


async def test_a_term_that_has_not_begun_gives_nothing(tallbacka: Town) -> None:
    begins = datetime.now(UTC) + timedelta(days=1)
    await tallbacka.client("steering_member")
    await change(tallbacka, "steering_member", "valid_from = $2", begins)
    assert (await tallbacka.get("/styrgrupp", role="steering_member")).status_code == 404


async def test_another_role_holds_from_the_next_request(tallbacka: Town) -> None:
    """Attacks 41, 42."""
    assert (await tallbacka.get("/rapporter", role="safety_coordinator")).status_code == 200
    await change(tallbacka, "safety_coordinator", "role = 'steering_member'")
    client = await tallbacka.client("safety_coordinator")
    assert (await client.get(f"/{tallbacka.slug}/rapporter")).status_code == 403
    assert (await client.get(f"/{tallbacka.slug}/styrgrupp")).status_code == 200
    answer = await tallbacka.post("/aterkoppling/publicera", role="safety_coordinator")
    assert answer.status_code == 403


async def test_an_organisation_that_has_left_takes_its_people_along(tallbacka: Town) -> None:
    person_id = await tallbacka.add_member("reporter")
    assert (await tallbacka.get("/rapportera", role="reporter")).status_code == 200
    async with tallbacka.scope():
        await execute(
            "UPDATE organisation SET left_on = current_date WHERE id = $1",
            tallbacka.organisations["Bostadsbolaget"],
        )
    assert (await tallbacka.get("/rapportera", role="reporter")).status_code == 404
    async with tallbacka.scope():
        assert not await still_permitted(person_id, Permission.REPORT_HAND_IN)


async def test_a_provider_that_is_limited_closes_open_pages(
    tallbacka: Town, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack 15: by the administrator's own act, and with no hint after it."""
    # Far away, so that it is the act that closes the page and not the clock.
    monkeypatch.setattr(live, "CHECK_SECONDS", 300.0)
    admin = await tallbacka.surer_client("tenant_admin")
    elsewhere = tallbacka.organisations["Polisen"]
    await change(tallbacka, "safety_coordinator", "organisation_id = $2", elsewhere)
    async with listening(tallbacka, app) as page:
        rules = {"version": "1", "ceiling": "running"}
        kept = {"organisation": str(tallbacka.organisations["Kommunen"])}
        answer = await send(admin, f"/{tallbacka.slug}/inloggning/local", rules | kept)
        assert answer.status_code == 303, answer.text
        async with asyncio.timeout(5):
            while not page.ended:
                await asyncio.sleep(0.05)
        async with tallbacka.scope():
            await live.announce("picture")
        await asyncio.sleep(0.2)
        assert page.heard == ["hello"]
