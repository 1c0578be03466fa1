"""Attacks 52, 73: a refused log-in leaves a line where a municipality is concerned, and no more."""

import pytest

from tenants.founding import accept_provider, add_membership, add_person
from tenants.identity import refused
from tenants.identity.passkeys import PROVIDER_ID
from tenants.identity.providers import add_provider
from tenants.roles import Role
from tenants.scope import fetch, fetch_row, operator_scope, tenant_scope
from tests.entrance.conftest import Hostile, House, Town
from tests.people.cast import send

LINES = """SELECT object_id, person_id, detail FROM audit_event WHERE verb = 'log_in.refused'"""


async def lines(town: Town) -> list[dict[str, object]]:
    async with tenant_scope(town.id):
        return [dict(row) for row in await fetch(LINES)]


async def own_of(town: Town, provider_id: object) -> None:
    async with operator_scope():
        await fetch_row(
            "UPDATE provider SET proposed_for = $2 WHERE id = $1 RETURNING 1", provider_id, town.id
        )


async def test_where_it_was_to_lead_is_where_the_line_is(hostile: Hostile) -> None:
    town = await hostile.house.found(providers=(hostile.id,))
    other = await hostile.house.found(providers=(hostile.id,))
    async with hostile.house.browser() as browser:
        answer = await hostile.attempt(browser, f"/{town.slug}/rapportera", iss="https://x.test")
    assert answer.status_code == 400
    (line,) = await lines(town)
    assert line["person_id"] is None and line["object_id"] == str(hostile.id)
    assert await lines(other) == []


async def test_a_municipalitys_own_provider_is_its_own_business(hostile: Hostile) -> None:
    town = await hostile.house.found(providers=(hostile.id,))
    await own_of(town, hostile.id)
    async with hostile.house.browser() as browser:
        assert (await hostile.attempt(browser, iss="https://x.test")).status_code == 400
        # Also an answer that nobody asked for.
        assert (await hostile.answer(browser, {"state": "x", "code": "y"})).status_code == 400
    assert len(await lines(town)) == 2


async def test_a_shared_provider_tells_nobody_about_the_others_people(hostile: Hostile) -> None:
    towns = [await hostile.house.found(providers=(hostile.id,)) for _ in range(2)]
    async with hostile.house.browser() as browser:
        assert (await hostile.attempt(browser, iss="https://x.test")).status_code == 400
    assert [await lines(town) for town in towns] == [[], []]


async def test_a_provider_that_a_second_takes_is_nobodys_own(house: House) -> None:
    one, two = await house.found(), await house.found()
    wanted = {
        "name": f"delad-{one.slug}",
        "issuer": f"https://{one.slug}.example.net",
        "client_id": "k",
        "client_secret": "hemligt",
        "secret_key": house.settings.secret_key,
        "production": True,
    }
    owners = []
    for town in (one, one, two):
        provider_id = await add_provider(tenant_slug=town.slug, **wanted)
        async with operator_scope():
            row = await fetch_row("SELECT proposed_for FROM provider WHERE id = $1", provider_id)
        owners.append(row["proposed_for"])
    assert owners == [one.id, one.id, None]


async def test_too_weak_is_told_where_the_proved_person_is_a_member(hostile: Hostile) -> None:
    home = await hostile.house.found(providers=(hostile.id,))
    other = await hostile.house.found(providers=(hostile.id,))
    async with tenant_scope(home.id):
        person_id = await add_person(
            issuer=hostile.provider.issuer, subject=hostile.provider.subject, name="Kim"
        )
        await add_membership(
            person_id=person_id, organisation_id=home.organisation, role=Role.REPORTER
        )
    async with operator_scope():
        await fetch_row(
            "UPDATE provider SET least_assurance = 3 WHERE id = $1 RETURNING 1", hostile.id
        )
    async with hostile.house.browser() as browser:
        assert (await hostile.attempt(browser)).status_code == 400
    (line,) = await lines(home)
    assert '"too_weak"' in str(line["detail"]) and line["person_id"] is None
    assert await lines(other) == []


async def test_a_passkey_that_proves_nothing_leaves_one_too(house: House) -> None:
    town = await house.found()
    async with tenant_scope(town.id):
        await accept_provider(PROVIDER_ID)
    async with house.browser() as browser:
        form = {"credential": "{}", "next": f"/{town.slug}"}
        assert (await send(browser, "/auth/nyckel", **form)).status_code == 400
    (line,) = await lines(town)
    assert line["object_id"] == str(PROVIDER_ID)


async def test_flooding_fills_no_log(hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused, "OF_ONE", (3, 1))
    monkeypatch.setattr(refused, "OF_ALL", (5, 1))
    town = await hostile.house.found(providers=(hostile.id,))
    calm = await hostile.house.found(providers=(hostile.id,))
    for most in (3, 5, 5):
        async with hostile.house.browser() as browser:
            for _ in range(6):
                answer = await hostile.attempt(browser, f"/{town.slug}", iss="https://x.test")
                assert answer.status_code == 400
        assert len(await lines(town)) == most
    async with hostile.house.browser() as browser:
        await hostile.attempt(browser, f"/{calm.slug}", iss="https://x.test")
    assert len(await lines(calm)) == 1, "another municipality's log goes on"
