"""Attacks 54, 57, 66, 73: log in with a passkey, and every answer that proves nothing."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tenants.identity import passkeys
from tenants.scope import execute, fetch, fetch_row, fetch_value, platform_scope
from tests.people.authenticator import PRESENT, VERIFIED, Device, b64
from tests.people.cast import BASE, ask, invited, join, log_in, send
from tests.town import Town


async def member_with_passkey(town: Town) -> tuple[httpx.AsyncClient, Device]:
    """A reporter who was invited and has a passkey, logged in."""
    link = await invited(town, f"{uuid4().hex[:8]}@exempel.test")
    client, device = town.near.browser(), Device(BASE)
    assert (await join(client, link, device)).status_code == 303
    return client, device


async def test_log_in_with_it_afterwards_from_another_browser(tallbacka: Town) -> None:
    _, device = await member_with_passkey(tallbacka)
    browser = tallbacka.near.browser()
    shown = await browser.get(f"/logga-in?next=/{tallbacka.slug}/rapportera")
    assert shown.status_code == 200 and "Logga in med passernyckel" in shown.text
    answer = await log_in(browser, device, f"/{tallbacka.slug}/rapportera")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/{tallbacka.slug}/rapportera"
    assert (await browser.get(f"/{tallbacka.slug}/rapportera")).status_code == 200
    who = (await browser.get("/me")).json()["user"]
    async with platform_scope():
        row = await fetch_row(
            """SELECT issuer, session.subject, assurance FROM session
               WHERE person_id = $1 ORDER BY created_at DESC LIMIT 1""",
            who,
        )
        known = await fetch_value(
            "SELECT person_id FROM identity WHERE issuer = $1 AND subject = $2",
            passkeys.ISSUER,
            row["subject"],
        )
    assert row["issuer"] == passkeys.ISSUER and row["assurance"] == passkeys.ASSURANCE
    assert str(known) == who, "a passkey's person has an issuer and a subject like everybody"
    left = await send(browser, "/auth/logout")
    assert left.status_code == 200
    assert (await browser.get(f"/{tallbacka.slug}/rapportera")).status_code == 303


async def test_where_nobody_has_one_nothing_is_in_the_way(tallbacka: Town) -> None:
    straight = await tallbacka.anonymous.get(f"/logga-in?next=/{tallbacka.slug}")
    assert straight.status_code == 303
    assert straight.headers["location"].startswith("/auth/login/local")
    for path in ("/auth/login/passernyckel", "/auth/callback/passernyckel?state=x&code=y"):
        assert (await tallbacka.anonymous.get(path)).status_code in (400, 404)


async def test_it_opens_only_where_its_person_is_a_member(tallbacka: Town, sjohaga: Town) -> None:
    client, _ = await member_with_passkey(tallbacka)
    await member_with_passkey(sjohaga)
    assert (await client.get(f"/{sjohaga.slug}/rapportera")).status_code == 404


async def test_a_new_session_takes_the_earlier_ones_place(tallbacka: Town) -> None:
    client, device = await member_with_passkey(tallbacka)
    before = client.cookies["__Host-sid"]
    assert (await log_in(client, device)).status_code == 303
    assert client.cookies["__Host-sid"] != before
    old = tallbacka.near.browser()
    old.cookies.set("__Host-sid", before)
    assert (await old.get("/me")).status_code == 401


def bent(change: Callable[[dict[str, Any]], None]) -> Callable[[str], str]:
    def bend(answer: str) -> str:
        read = json.loads(answer)
        change(read)
        return json.dumps(read)

    return bend


LIES: dict[str, Any] = {
    "signature of another key": lambda device, options: Device(
        BASE, credential_id=device.credential_id, handle=device.handle, count=9
    ).show(options),
    "another origin": lambda device, options: device.show(options, origin="https://elak.test"),
    "our origin over http": lambda device, options: device.show(
        options, origin="http://kraftsamling.test"
    ),
    "a longer host": lambda device, options: device.show(
        options, origin="https://kraftsamling.test.elak.test"
    ),
    "another relying party": lambda device, options: Device(
        BASE, rp_id="elak.test", credential_id=device.credential_id, key=device.key, count=9
    ).show(options),
    "made, not shown": lambda device, options: device.show(options, type="webauthn.create"),
    "another challenge": lambda device, options: device.show(options, challenge=b64(b"x" * 32)),
    "no challenge": lambda device, options: device.show(options, challenge=""),
    "no check of the owner": lambda device, options: Device(
        BASE, flags=PRESENT, credential_id=device.credential_id, key=device.key, count=9
    ).show(options),
    "nobody present": lambda device, options: Device(
        BASE, flags=VERIFIED, credential_id=device.credential_id, key=device.key, count=9
    ).show(options),
    "somebody else's handle": lambda device, options: Device(
        BASE, handle=b"annan", credential_id=device.credential_id, key=device.key, count=9
    ).show(options),
    "an unknown passkey": lambda device, options: Device(BASE).show(options),
    "a copied device that counts less": lambda device, options: Device(
        BASE, credential_id=device.credential_id, key=device.key, count=-1
    ).show(options),
    "altered bytes": lambda device, options: device.show(options).replace("A", "B"),
    "empty": lambda device, options: "",
    "no credential": lambda device, options: "[]",
    "null": lambda device, options: "null",
    "deep": lambda device, options: "[" * 9000,
    "huge": lambda device, options: "x" * 20_000,
    "numbers": lambda device, options: '{"id": 1, "response": {"clientDataJSON": 2}}',
    "no response": lambda device, options: '{"id": "x", "response": null}',
    "strange letters": lambda device, options: '{"id": "å", "response": {"clientDataJSON": "é"}}',
}


@pytest.mark.parametrize("lie", LIES)
async def test_what_proves_nothing_lets_nobody_in(tallbacka: Town, lie: str) -> None:
    _, device = await member_with_passkey(tallbacka)
    await log_in(tallbacka.near.browser(), device)  # So that the device has counted.
    browser = tallbacka.near.browser()
    options = await ask(browser, "/auth/nyckel/fraga")
    answer = await send(browser, "/auth/nyckel", credential=LIES[lie](device, options))
    assert answer.status_code == 400, answer.text[:300]
    assert "Inloggningen gick inte igenom" in answer.text
    assert "__Host-sid" not in browser.cookies
    assert (await browser.get("/me")).status_code == 401


async def test_an_answer_holds_once_and_for_the_browser_that_was_asked(tallbacka: Town) -> None:
    _, device = await member_with_passkey(tallbacka)
    browser, other = tallbacka.near.browser(), tallbacka.near.browser()
    options = await ask(browser, "/auth/nyckel/fraga")
    await ask(other, "/auth/nyckel/fraga")
    answer = device.show(options)
    assert (await send(other, "/auth/nyckel", credential=answer)).status_code == 400
    assert (await send(browser, "/auth/nyckel", credential=answer)).status_code == 303
    assert (await send(browser, "/auth/nyckel", credential=answer)).status_code == 400


async def test_what_was_asked_long_ago_is_forgotten(tallbacka: Town) -> None:
    _, device = await member_with_passkey(tallbacka)
    browser = tallbacka.near.browser()
    options = await ask(browser, "/auth/nyckel/fraga")
    # Nothing but the clock is moved: what was asked is six minutes old.
    async with platform_scope():
        rows = await fetch("DELETE FROM passkey_challenge RETURNING *")
        for row in rows:
            await execute(
                """INSERT INTO passkey_challenge
                   VALUES ($1, $2, $3, $4, now() - interval '6 minutes')""",
                row["challenge_hash"],
                row["browser_hash"],
                row["purpose"],
                row["subject"],
            )
    answer = await send(browser, "/auth/nyckel", credential=device.show(options))
    assert answer.status_code == 400


async def test_an_answer_to_log_in_makes_no_passkey_and_the_other_way(tallbacka: Town) -> None:
    link = await invited(tallbacka)
    browser, device = tallbacka.near.browser(), Device(BASE)
    known = await ask(browser, "/auth/nyckel/fraga")
    made = device.make({**known, "rp": {"id": known["rpId"]}, "user": {"id": b64(b"jag")}})
    answer = await send(browser, f"{link}/nyckel", name="Vera", credential=made)
    assert answer.status_code == 422
    new = await ask(browser, f"{link}/fraga", name="Vera")
    shown = device.show({**new, "rpId": new["rp"]["id"]})
    assert (await send(browser, "/auth/nyckel", credential=shown)).status_code == 400
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM membership WHERE role = 'reporter'") == 0


@pytest.mark.parametrize(
    "lie", ["another origin", "not verified", "another challenge", "garbage", "no name"]
)
async def test_a_passkey_that_cannot_be_made_leaves_the_invitation(
    tallbacka: Town, lie: str
) -> None:
    link = await invited(tallbacka)
    browser = tallbacka.near.browser()
    options = await ask(browser, f"{link}/fraga", name="Vera Exempel")
    device = Device(BASE, flags=PRESENT) if lie == "not verified" else Device(BASE)
    more = {
        "another origin": {"origin": "https://elak.test"},
        "another challenge": {"challenge": b64(b"x" * 32)},
    }.get(lie, {})
    made = "{" if lie == "garbage" else device.make(options, **more)
    name = "" if lie == "no name" else "Vera Exempel"
    answer = await send(browser, f"{link}/nyckel", name=name, credential=made)
    assert answer.status_code == 422
    assert ("Skriv ditt namn" if lie == "no name" else "Nyckeln kunde inte skapas") in answer.text
    assert (await join(browser, link, Device(BASE))).status_code == 303


async def test_several_are_added_and_all_but_the_last_removed(tallbacka: Town) -> None:
    client, first = await member_with_passkey(tallbacka)
    second = Device(BASE)
    options = await ask(client, "/mina-nycklar/fraga")
    assert b64(first.credential_id) in [one["id"] for one in options["excludeCredentials"]]
    added = await send(
        client, "/mina-nycklar", label="Jobbdatorn <b>", credential=second.make(options)
    )
    assert added.status_code == 200 and "Jobbdatorn &lt;b&gt;" in added.text
    other = tallbacka.near.browser()
    assert (await log_in(other, second)).status_code == 303
    me = (await client.get("/me")).json()
    assert (await other.get("/me")).json() == me
    async with platform_scope():
        ids = [
            row["id"]
            for row in await fetch(
                "SELECT id FROM passkey WHERE person_id = $1 ORDER BY added_at, id", me["user"]
            )
        ]
    assert (await send(client, f"/mina-nycklar/{ids[0]}/ta-bort")).status_code == 200
    assert (await log_in(tallbacka.near.browser(), first)).status_code == 400
    last = await send(client, f"/mina-nycklar/{ids[1]}/ta-bort")
    assert last.status_code == 422 and "sista nyckeln" in last.text
    assert (await log_in(tallbacka.near.browser(), second)).status_code == 303
    async with tallbacka.scope():
        verbs = [
            row["verb"]
            for row in await fetch(
                "SELECT verb FROM audit_event WHERE object_kind = 'passkey' ORDER BY at"
            )
        ]
    assert verbs == ["passkey.add", "passkey.remove"]


async def test_nobody_touches_anothers_passkeys(tallbacka: Town) -> None:
    client, device = await member_with_passkey(tallbacka)
    other, _ = await member_with_passkey(tallbacka)
    theirs = (await other.get("/me")).json()["user"]
    async with platform_scope():
        their_key = await fetch_value("SELECT id FROM passkey WHERE person_id = $1", theirs)
    assert (await send(client, f"/mina-nycklar/{their_key}/ta-bort")).status_code == 404
    # Asked for by one, answered in the other's session: the browser's cookie differs.
    options = await ask(other, "/mina-nycklar/fraga")
    made = Device(BASE).make(options)
    assert (await send(client, "/mina-nycklar", credential=made)).status_code == 422
    # The same credential twice.
    assert (await send(other, "/mina-nycklar", credential=made)).status_code == 200
    again = Device(BASE, credential_id=device.credential_id)
    options = await ask(other, "/mina-nycklar/fraga")
    assert (await send(other, "/mina-nycklar", credential=again.make(options))).status_code == 422


async def test_who_logs_in_through_the_organisation_makes_none(tallbacka: Town) -> None:
    client = await tallbacka.client("reporter")
    page = await client.get("/mina-nycklar")
    assert page.status_code == 200 and "behöver ingen passernyckel" in page.text
    assert (await send(client, "/mina-nycklar/fraga")).status_code == 403
    assert (await send(client, "/mina-nycklar", credential="{}")).status_code == 422


async def test_an_old_session_shows_its_passkey_again_first(tallbacka: Town) -> None:
    client, device = await member_with_passkey(tallbacka)
    who = (await client.get("/me")).json()["user"]
    async with platform_scope():
        await execute(
            """UPDATE session SET authenticated_at = now() - interval '11 minutes'
               WHERE person_id = $1""",
            who,
        )
    assert (await send(client, "/mina-nycklar/fraga")).status_code == 403
    assert "Logga in igen" in (await client.get("/mina-nycklar")).text
    assert (await log_in(client, device)).status_code == 303
    assert (await send(client, "/mina-nycklar/fraga")).status_code == 200


async def test_a_municipality_that_stops_taking_them_shuts_them_out(tallbacka: Town) -> None:
    client, _ = await member_with_passkey(tallbacka)
    async with tallbacka.scope():
        await execute("DELETE FROM accepted_provider WHERE provider_id = $1", passkeys.PROVIDER_ID)
    assert (await client.get(f"/{tallbacka.slug}/rapportera")).status_code == 404


async def test_trying_is_counted_by_address(tallbacka: Town) -> None:
    browser = tallbacka.near.browser()
    answers = [await send(browser, "/auth/nyckel", credential="{}") for _ in range(61)]
    assert [one.status_code for one in answers] == [400] * 60 + [429]
    other = tallbacka.near.browser()
    assert (await send(other, "/auth/nyckel/fraga")).status_code == 200


async def test_a_request_from_elsewhere_or_without_the_token_is_refused(tallbacka: Town) -> None:
    browser = tallbacka.near.browser()
    await browser.get("/")
    for path in ("/auth/nyckel/fraga", "/auth/nyckel"):
        assert (await browser.post(path)).status_code == 403
        token = browser.cookies["__Host-csrf"]
        headers = {"x-csrftoken": token, "origin": "https://elak.test"}
        assert (await browser.post(path, headers=headers)).status_code == 403
