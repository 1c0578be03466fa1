"""Attacks 50, 55, 67: a person's own sessions, and two log-ins that become one person."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tenants.roles import Role
from tenants.scope import execute, fetch_value, platform_scope, tenant_scope
from tests.entrance.conftest import Hostile, House
from tests.entrance.test_manage_providers import send


async def who(browser: httpx.AsyncClient) -> str | None:
    answer = await browser.get("/me")
    return str(answer.json()["user"]) if answer.status_code == 200 else None


async def test_own_sessions_are_listed_and_ended(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as here, house.browser() as there, house.browser() as third:
        for browser in (here, there, third):
            await house.log_in(browser, person)
        page = (await here.get("/konto")).text
        assert page.count("Lokal inloggning") >= 3 and page.count("den här webbläsaren") == 1
        ids = re.findall(r'name="session" value="([0-9a-f-]{36})"', page)
        assert len(ids) == 2
        assert (await send(here, "/konto/logga-ut", {"session": ids[0]})).status_code == 303
        assert sum([await who(one) is not None for one in (there, third)]) == 1
        assert (await send(here, "/konto/logga-ut", {"session": "others"})).status_code == 303
        assert [await who(one) for one in (there, third)] == [None, None]
        assert await who(here)


async def test_somebody_elses_session_is_unknown(house: House) -> None:
    town = await house.found()
    async with house.browser() as victim, house.browser() as attacker:
        await house.log_in(victim, await house.member(town))
        await house.log_in(attacker, await house.member(town))
        whose = await who(victim)
        async with platform_scope():
            wanted = await fetch_value("SELECT id FROM session WHERE person_id = $1", whose)
        answer = await send(attacker, "/konto/logga-ut", {"session": str(wanted)})
        assert answer.status_code == 404
        assert await who(victim)
        for bad in ("", "x", "\0"):
            assert (await send(attacker, "/konto/logga-ut", {"session": bad})).status_code == 400


async def linking(hostile: Hostile, browser: httpx.AsyncClient, **bent: Any) -> httpx.Response:
    """Ask to link the hostile provider's identity and come back from there."""
    asked = await send(browser, "/konto/koppla", {"provider": hostile.name})
    assert asked.status_code == 200, asked.text
    onward = re.search(r'content="0;url=([^"]+)"', asked.text)
    assert onward is not None
    address = onward[1].replace("&amp;", "&")
    assert "prompt=login" in address and "max_age=600" in address
    return await hostile.answer(browser, hostile.provider.authorize(address) | bent)


def proved_now(hostile: Hostile, seconds_ago: int = 0) -> None:
    hostile.provider.change_claims = lambda claims: claims.update(
        auth_time=claims["iat"] - seconds_ago
    )


async def test_two_log_ins_become_one_person(hostile: Hostile) -> None:
    house = hostile.house
    town = await house.found(providers=(house.near.provider_id, hostile.id))
    person = await house.member(town)
    proved_now(hostile)
    async with house.browser() as browser:
        await house.log_in(browser, person)
        before = await who(browser)
        answer = await linking(hostile, browser)
        assert answer.headers["location"] == "/konto"
        assert await who(browser) == before
        assert "Fientlig" in (await browser.get("/konto")).text
    async with house.browser() as fresh:
        await hostile.attempt(fresh)
        assert await who(fresh) == before
        assert (await fresh.get(f"/{town.slug}/rapportera")).status_code == 200
    async with tenant_scope(town.id):
        lines = "SELECT count(*) FROM audit_event WHERE verb = 'identity.linked'"
        assert await fetch_value(lines) == 1


async def test_an_identity_of_somebody_else_is_not_taken(hostile: Hostile) -> None:
    house = hostile.house
    town = await house.found(providers=(house.near.provider_id, hostile.id))
    proved_now(hostile)
    async with house.browser() as owner:
        await hostile.attempt(owner)
        owned = await who(owner)
    async with house.browser() as browser:
        await house.log_in(browser, await house.member(town))
        before = await who(browser)
        answer = await linking(hostile, browser)
        assert answer.status_code == 409
        assert "hör till någon annan" in answer.text
        assert await who(browser) == before
    async with house.browser() as owner:
        await hostile.attempt(owner)
        assert await who(owner) == owned


async def test_an_old_proof_of_this_side_is_asked_for_anew(hostile: Hostile) -> None:
    house = hostile.house
    async with house.browser() as browser:
        await house.log_in(browser, await house.member(await house.found()))
        whose = await who(browser)
        async with platform_scope():
            await execute(
                "UPDATE session SET authenticated_at = now() - $2::interval WHERE person_id = $1",
                whose,
                timedelta(minutes=11),
            )
        answer = await send(browser, "/konto/koppla", {"provider": hostile.name})
        assert answer.status_code == 401
        assert "Bekräfta att det är du" in answer.text and "inom=600" in answer.text


async def test_an_old_proof_of_the_other_side_is_refused(hostile: Hostile) -> None:
    house = hostile.house
    async with house.browser() as browser:
        await house.log_in(browser, await house.member(await house.found()))
        before = await who(browser)
        for ago in (3600, None):
            if ago is None:
                hostile.provider.change_claims = lambda claims: None
            else:
                proved_now(hostile, ago)
            assert (await linking(hostile, browser)).status_code == 400
            assert await who(browser) == before


async def test_a_link_that_another_asked_for_is_refused(hostile: Hostile) -> None:
    """The attacker's link, finished in a browser where the victim has logged in meanwhile."""
    house = hostile.house
    town = await house.found()
    proved_now(hostile)
    async with house.browser() as browser:
        await house.log_in(browser, await house.member(town))
        asked = await send(browser, "/konto/koppla", {"provider": hostile.name})
        onward = re.search(r'content="0;url=([^"]+)"', asked.text)
        assert onward is not None
        await house.log_in(browser, await house.member(town))
        victim = await who(browser)
        answer = hostile.provider.authorize(onward[1].replace("&amp;", "&"))
        assert (await hostile.answer(browser, answer)).status_code == 400
        assert await who(browser) == victim


async def test_linking_needs_the_token_and_a_log_in(hostile: Hostile) -> None:
    house = hostile.house
    async with house.browser() as browser:
        assert (await browser.post("/konto/koppla")).status_code == 403
        await house.log_in(browser, await house.member(await house.found()))
        answer = await browser.post("/konto/koppla", data={"provider": hostile.name})
        assert answer.status_code == 403
        assert (await send(browser, "/konto/koppla", {"provider": "finns-inte"})).status_code == 404


HINDRANCES = {
    "provider": ("UPDATE accepted_provider SET enabled_at = NULL", "släpper inte in"),
    "ceiling": ("UPDATE accepted_provider SET ceiling = 'own_organisation'", "får inte tala för"),
    "organisation": (
        "UPDATE accepted_provider SET every_organisation = false",
        "får inte tala för",
    ),
    "left": ("UPDATE organisation SET left_on = current_date", "inte längre med"),
}


@pytest.mark.parametrize("name", HINDRANCES)
async def test_who_cannot_come_in_is_told_why(house: House, name: str) -> None:
    """Also the person of an organisation that no longer takes part."""
    closed, open_ = await house.found(), await house.found()
    person = await house.member(closed, open_, role=Role.SAFETY_COORDINATOR)
    statement, words = HINDRANCES[name]
    async with tenant_scope(closed.id):
        await execute(statement)
    async with house.browser() as browser:
        await house.log_in(browser, person)
        page = (await browser.get("/")).text
        assert words in page
        assert f'href="/{closed.slug}"' not in page and f'href="/{open_.slug}"' in page
        assert (await browser.get(f"/{closed.slug}/lagesbild")).status_code == 404
        assert (await browser.get(f"/{open_.slug}/lagesbild")).status_code == 200
