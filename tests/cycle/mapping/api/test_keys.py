"""Keys: shown once, kept as a hash, of one organisation in one municipality, with an end."""

import zlib

import pytest

from tenants.identity.api_keys import hash_of, new_secret
from tenants.scope import Scope, entered, execute, fetch, fetch_value
from tests.cycle.mapping.api.keys import Caller, a_key, make, shown
from tests.cycle.mapping.api.test_receive import one
from tests.town import Town


async def test_a_key_is_shown_once_and_kept_as_its_hash(tallbacka: Town) -> None:
    answer = await make(tallbacka)
    secret = shown(answer.text)
    assert answer.headers["cache-control"] == "no-store"
    again = await tallbacka.get("/nycklar", role="safety_coordinator")
    assert secret not in again.text and "Felanmälan" in again.text
    async with tallbacka.scope():
        (row,) = await fetch("SELECT * FROM api_key")
        lines = await fetch("SELECT verb, detail::text FROM audit_event")
    assert secret.encode() not in bytes(row["hash"]) and row["hash"] == hash_of(secret)
    assert "api_key.make" in {line["verb"] for line in lines}
    assert all(secret not in line["detail"] for line in lines)


async def test_a_revoked_or_expired_key_opens_nothing_at_the_next_request(
    tallbacka: Town,
) -> None:
    caller = await a_key(tallbacka, "Bostadsbolaget")
    assert (await caller.get("/areas")).status_code == 200
    async with tallbacka.scope():
        key_id = await fetch_value("SELECT id FROM api_key")
    for _press in range(2):
        done = await tallbacka.post(f"/nycklar/{key_id}/dra-in", role="safety_coordinator")
        assert done.status_code == 303
    refused = await caller.get("/areas")
    assert refused.status_code == 401 and refused.json()["code"] == "unauthorised"
    assert refused.headers["www-authenticate"].startswith("Bearer")
    other = await a_key(tallbacka, "Polisen")
    async with tallbacka.scope():
        await execute(
            """UPDATE api_key SET made_at = now() - interval '2 years',
                      expires_at = now() - interval '1 second'"""
        )
    assert (await other.get("/areas")).status_code == 401


async def test_of_an_organisation_that_left_or_a_municipality_that_is_shut(
    tallbacka: Town,
) -> None:
    caller = await a_key(tallbacka, "Köpmännen")
    async with tallbacka.scope():
        await execute("UPDATE organisation SET left_on = ks.today() WHERE name = 'Köpmännen'")
    assert (await caller.get("/areas")).status_code == 401


@pytest.mark.parametrize(
    "secret",
    ["", "x", "kraft_", "kraft_x_00000000", "a" * 10_000, "kraft_åäö_00000000", "null"],
)
async def test_what_is_no_key_opens_nothing(tallbacka: Town, secret: str) -> None:
    caller = Caller(tallbacka.anonymous, tallbacka.slug, secret)
    for path in ("/areas", "/categories", "/reports"):
        answer = await caller.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await caller.send(one())).status_code == 401


async def test_a_key_is_of_one_municipality(tallbacka: Town, sjohaga: Town) -> None:
    ours, theirs = await a_key(tallbacka, "Polisen"), await a_key(sjohaga, "Polisen")
    crossed = Caller(tallbacka.anonymous, sjohaga.slug, ours.secret)
    assert (await crossed.get("/areas")).status_code == 401
    assert (await crossed.send(one())).status_code == 401
    assert (await theirs.get("/areas")).status_code == 200
    nowhere = Caller(tallbacka.anonymous, "finns-inte", ours.secret)
    assert (await nowhere.get("/areas")).status_code == 401
    async with sjohaga.scope():
        assert await fetch_value("SELECT count(*) FROM report") == 0


async def test_the_database_asks_for_the_key_itself(tallbacka: Town, sjohaga: Town) -> None:
    """The second layer: with no word of the application a foreign key sees no row."""
    ours = await a_key(tallbacka, "Polisen")
    hashed = hash_of(ours.secret)
    async with entered(Scope(tallbacka.id, key=hashed)):
        assert await fetch_value("SELECT count(*) FROM area") > 0
    async with entered(Scope(sjohaga.id, key=hashed)):
        assert await fetch_value("SELECT count(*) FROM area") == 0
    async with entered(Scope(tallbacka.id, key=bytes(32))):
        assert await fetch_value("SELECT count(*) FROM area") == 0


async def test_a_key_opens_no_page_and_a_session_no_interface(tallbacka: Town) -> None:
    caller = await a_key(tallbacka, "Polisen")
    for path in ("/lagesbild", "/rapporter", "/inkorg", "/nycklar"):
        page = await tallbacka.anonymous.get(
            f"/{tallbacka.slug}{path}", headers={"authorization": f"Bearer {caller.secret}"}
        )
        assert page.status_code == 303 and "/logga-in" in page.headers["location"]
    session = await tallbacka.client("safety_coordinator")
    assert (await session.get(f"/{tallbacka.slug}/api/v1/areas")).status_code == 401
    in_address = await tallbacka.anonymous.get(
        f"/{tallbacka.slug}/api/v1/areas?key={caller.secret}&access_token={caller.secret}"
    )
    assert in_address.status_code == 401


async def test_a_contact_makes_keys_of_the_own_organisation_alone(tallbacka: Town) -> None:
    await tallbacka.add_member("org_contact", "Köpmännen")
    own = {"for_organisation": str(tallbacka.organisations["Köpmännen"])}
    mine = await tallbacka.post(
        "/nycklar", role="org_contact", organisation="Köpmännen", name="Kassan", lasts="90", **own
    )
    assert mine.status_code == 200 and shown(mine.text)
    foreign = await make(tallbacka, role="org_contact", organisation="Köpmännen")
    assert foreign.status_code == 404
    caller = await a_key(tallbacka, "Polisen")
    listed = (await tallbacka.get("/nycklar", role="org_contact", organisation="Köpmännen")).text
    assert "Kassan" in listed and caller.secret[:10] not in listed
    async with tallbacka.scope():
        police = await fetch_value(
            "SELECT id FROM api_key WHERE organisation_id = $1", tallbacka.organisations["Polisen"]
        )
    refused = await tallbacka.post(
        f"/nycklar/{police}/dra-in", role="org_contact", organisation="Köpmännen"
    )
    assert refused.status_code == 404 and (await caller.get("/areas")).status_code == 200


async def test_who_may_not(tallbacka: Town, sjohaga: Town) -> None:
    for role in ("reporter", "municipal_police", "steering_member", "auditor"):
        assert (await make(tallbacka, role=role)).status_code == 403
        assert (await tallbacka.get("/nycklar", role=role)).status_code == 403
    await a_key(tallbacka, "Polisen")
    async with tallbacka.scope():
        key_id = await fetch_value("SELECT id FROM api_key")
    there = await sjohaga.post(f"/nycklar/{key_id}/dra-in", role="safety_coordinator")
    assert there.status_code == 404


async def test_an_unfinished_form_keeps_what_was_typed(tallbacka: Town) -> None:
    answer = await make(tallbacka, name="", lasts="9999")
    assert answer.status_code == 422
    assert "Skriv vad systemet heter." in answer.text and "hur länge" in answer.text
    named = await make(tallbacka, name="Larmet", lasts="")
    assert named.status_code == 422 and 'value="Larmet"' in named.text


async def test_an_organisation_has_twenty_keys_at_most(tallbacka: Town) -> None:
    for number in range(20):
        assert (await make(tallbacka, name=f"System {number}")).status_code == 200
    full = await make(tallbacka)
    assert full.status_code == 422 and "redan 20 nycklar" in full.text


def test_a_key_carries_its_own_checksum() -> None:
    secret = new_secret()
    assert hash_of(secret) is not None
    body, _, check = secret.rpartition("_")
    assert f"{zlib.crc32(body.encode()):08x}" == check
    for changed in (secret[:-1] + ("0" if secret[-1] != "0" else "1"), secret.upper(), body):
        assert hash_of(changed) is None


async def test_a_contact_hears_of_a_key_that_another_made(tallbacka: Town) -> None:
    contact = await tallbacka.add_member("org_contact", "Bostadsbolaget")
    secret = shown((await make(tallbacka)).text)
    async with tallbacka.scope():
        (letter,) = await fetch("SELECT person_id, text FROM letter WHERE kind = 'api_key.made'")
    assert letter["person_id"] == contact
    assert "Felanmälan" in letter["text"] and secret not in letter["text"]
