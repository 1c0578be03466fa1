"""Attacks 66, 67, 70, 71, 100: a session is made by us alone, renewed at log-in, limited in time,
and dead at once when it ends.
"""

from hashlib import sha256

import httpx

from service.worker import sweep
from tenants.scope import execute, fetch_value, operator_scope, platform_scope
from tests.entrance.conftest import Hostile, House, count
from tests.town import Town


def hash_of(token: str) -> bytes:
    return sha256(token.encode()).digest()


async def moved(browser: httpx.AsyncClient, column: str, back: str) -> None:
    """Set the browser's session `back` (an interval) in time."""
    async with platform_scope():
        await execute(
            f"UPDATE session SET {column} = {column} - interval '{back}' WHERE token_hash = $1",
            hash_of(browser.cookies["__Host-sid"]),
        )


async def test_a_planted_session_never_becomes_valid(house: House) -> None:
    person = await house.member(await house.found())
    planted = "planterad" * 5
    async with house.browser() as browser, house.browser() as thief:
        headers = {"cookie": f"__Host-sid={planted}"}
        assert (await thief.get("/me", headers=headers)).status_code == 401
        browser.cookies.set("__Host-sid", planted, domain="kraftsamling.test", path="/")
        await house.log_in(browser, person)
        assert (await browser.get("/me")).status_code == 200
        assert planted not in [cookie.value for cookie in browser.cookies.jar]
        assert (await thief.get("/me", headers=headers)).status_code == 401
        assert await count("session WHERE token_hash = $1", hash_of(planted)) == 0


async def test_log_in_renews_the_id_and_ends_the_old_session(house: House) -> None:
    town = await house.found()
    one, other = await house.member(town), await house.member(town)
    async with house.browser() as browser, house.browser() as thief:
        await house.log_in(browser, one)
        first = browser.cookies["__Host-sid"]
        await house.log_in(browser, other)
        assert browser.cookies["__Host-sid"] != first
        answer = await thief.get("/me", headers={"cookie": f"__Host-sid={first}"})
        assert answer.status_code == 401


async def test_half_an_hour_idle_ends_it(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as browser:
        await house.log_in(browser, person)
        await moved(browser, "seen_at", "29 minutes")
        assert (await browser.get("/me")).status_code == 200
        # Being seen renewed it.
        await moved(browser, "seen_at", "29 minutes")
        assert (await browser.get("/me")).status_code == 200
        await moved(browser, "seen_at", "31 minutes")
        assert (await browser.get("/me")).status_code == 401


async def test_ten_hours_end_it_however_busy(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as browser:
        await house.log_in(browser, person)
        await moved(browser, "created_at", "9 hours 59 minutes")
        assert (await browser.get("/me")).status_code == 200
        await moved(browser, "created_at", "2 minutes")
        assert (await browser.get("/me")).status_code == 401


async def test_last_seen_is_written_once_a_minute(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as browser:
        await house.log_in(browser, person)
        token = hash_of(browser.cookies["__Host-sid"])
        await moved(browser, "seen_at", "30 seconds")
        await browser.get("/me")
        old = "session WHERE token_hash = $1 AND seen_at < now() - interval '20 seconds'"
        assert await count(old, token) == 1
        await moved(browser, "seen_at", "60 seconds")
        await browser.get("/me")
        assert await count(old, token) == 0


async def test_a_session_of_a_provider_that_a_municipality_does_not_accept_is_nobody_there(
    house: House, hostile: Hostile
) -> None:
    """Logged in elsewhere with another municipality's provider: 404, as if there were nothing."""
    town, theirs = await house.found(), await house.found(providers=(hostile.id,))
    async with house.browser() as browser:
        assert (await hostile.attempt(browser)).status_code == 303
        for slug in (town.slug, theirs.slug, "finns-inte"):
            answer = await browser.get(f"/{slug}/rapportera")
            assert answer.status_code == 404
        assert "Du har ingen behörighet ännu" in (await browser.get("/")).text


async def test_an_operator_can_end_sessions(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as browser:
        await house.log_in(browser, person)
        async with operator_scope():
            await execute(
                "DELETE FROM session WHERE token_hash = $1",
                hash_of(browser.cookies["__Host-sid"]),
            )
        assert (await browser.get("/me")).status_code == 401


async def test_withdrawing_a_provider_ends_its_sessions(hostile: Hostile) -> None:
    async with hostile.house.browser() as browser:
        await hostile.attempt(browser)
        async with operator_scope():
            await execute("UPDATE provider SET withdrawn_at = now() WHERE id = $1", hostile.id)
        assert (await browser.get("/me")).status_code == 401
        assert (await browser.get(f"/auth/login/{hostile.name}")).status_code == 404


async def test_expired_sessions_are_forgotten_and_live_ones_kept(tallbacka: Town) -> None:
    person_id = await tallbacka.add_member("reporter")
    await tallbacka.client("reporter")
    await tallbacka.client("safety_coordinator")
    async with platform_scope():
        await execute(
            "UPDATE session SET seen_at = now() - interval '31 minutes' WHERE person_id = $1",
            person_id,
        )
    await sweep()
    async with platform_scope():
        left = await fetch_value("SELECT count(*) FROM session WHERE person_id = $1", person_id)
    assert left == 0
    assert (await tallbacka.get("/lagesbild", role="safety_coordinator")).status_code == 200


async def test_a_form_sent_after_the_end_is_told_that_nothing_was_sent(tallbacka: Town) -> None:
    client = await tallbacka.client("reporter")
    await client.get(f"/{tallbacka.slug}/rapportera")
    person_id = await tallbacka.add_member("reporter")
    async with platform_scope():
        await execute("DELETE FROM session WHERE person_id = $1", person_id)
    answer = await tallbacka.post("/rapportera", role="reporter", category="graffiti")
    assert answer.status_code == 401
    assert "Inget är skickat." in answer.text and "/logga-in" in answer.text
