"""Attacks 73, 80, 83, 85: what must be true of every door, taken from the route table."""

from typing import Any

import pytest
from litestar import Litestar

from service.web.may import PUBLIC, SYSTEM
from service.web.security_headers import HEADERS
from tenants.roles import ROLES, Permission, Role
from tenants.scope import fetch, fetch_value, platform_scope
from tests.attacks.test_matrix import Door, doors, furnish, send
from tests.town import Town

SAFE = {"GET", "HEAD"}
# What a reading may write: that somebody was there, and that something sensitive was read. The last
# two are how often one asks, and work that others asked for.
MAY_GROW = {"session", "audit_event", "audit_seal", "rate_bucket", "job", "login_attempt"}
# Server to server, and what browsers report by themselves: neither has a page to take a token from.
NO_TOKEN = {"/auth/backchannel", "/csp-report"}
# A route that takes a file says so itself; here is more than each takes.
TAKES_FILES = {
    "/{municipality}/kom-igang/omraden": 9_000_000,
    "/{municipality}/kom-igang/underlag": 27_000_000,
    "/{municipality}/kallor/filer": 27_000_000,
}


def unsafe(app: Litestar) -> list[Door]:
    found = [door for door in doors(app) if door.method not in SAFE]
    assert len(found) >= 30
    return found


async def test_whatever_changes_something_wants_the_pages_own_token(
    tallbacka: Town, app: Litestar
) -> None:
    clients = {role: await tallbacka.client(role) for role in ("safety_coordinator", "reporter")}
    for client in clients.values():
        await client.get("/")
    tried = 0
    for door in unsafe(app):
        if door.path in NO_TOKEN:
            continue
        path = door.path.replace("{municipality}", tallbacka.slug)
        if door.permission == SYSTEM["permission"]:
            # A system brings a key; no session and no page's token opens anything here.
            for client in clients.values():
                answer = await client.request(door.method, path)
                assert answer.status_code == 401, f"{door}: {answer.status_code}"
            continue
        for client in clients.values():
            token = client.cookies["__Host-csrf"]
            for headers in (
                {},
                {"hx-request": "true"},
                {"x-csrftoken": "0" * len(token)},
                {"x-csrftoken": token, "origin": "https://elak.test"},
                {"x-csrftoken": token, "sec-fetch-site": "cross-site"},
                {"x-csrftoken": token, "sec-fetch-site": "same-site"},
            ):
                answer = await client.request(
                    door.method, f"{path}?_csrf_token={token}", headers=headers
                )
                assert answer.status_code == 403, f"{door} {headers}: {answer.status_code}"
                tried += 1
    assert tried >= 300


async def test_no_door_takes_more_than_it_says(tallbacka: Town, app: Litestar) -> None:
    client = await tallbacka.client("safety_coordinator")
    await client.get("/")
    headers = {
        "x-csrftoken": client.cookies["__Host-csrf"],
        "content-type": "application/x-www-form-urlencoded",
    }
    for door in unsafe(app):
        path = door.path.replace("{municipality}", tallbacka.slug)
        size = TAKES_FILES.get(door.path, 100_000)
        answer = await client.request(
            door.method, path, content=b"x=" + b"a" * size, headers=headers
        )
        # Who may not is told so before or after the size; nobody's body is kept or parsed.
        shut = (401,) if door.permission == SYSTEM["permission"] else (403, 404)
        assert answer.status_code in (413, *shut), f"{door}: {answer.status_code}"
        allowed = door.permission == PUBLIC["permission"] or (
            isinstance(door.permission, Permission)
            and door.permission in ROLES[Role.SAFETY_COORDINATOR]
        )
        if allowed:
            assert answer.status_code == 413, door
        assert not [name for name in HEADERS if name not in answer.headers], door


async def contents(town: Town) -> dict[str, Any]:
    """What every table holds, as one number each: the town's rows, and the platform's."""
    async with platform_scope():
        rows = await fetch(
            """SELECT c.relname AS name, EXISTS (
                   SELECT 1 FROM pg_attribute WHERE attrelid = c.oid AND attname = 'tenant_id'
                   AND NOT attisdropped) AS walled
               FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
               WHERE nspname = 'ks' AND relkind IN ('r', 'p')
                 AND has_table_privilege(c.oid, 'SELECT')"""
        )
    held = {}
    for walled in (True, False):
        async with town.scope() if walled else platform_scope():
            for row in rows:
                if row["walled"] == walled and row["name"] not in MAY_GROW:
                    held[row["name"]] = await fetch_value(
                        f"""SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), ''))
                            FROM ks.{row["name"]} AS t"""
                    )
    return held


@pytest.mark.parametrize("role", ["safety_coordinator", "auditor", "steering_member", "reporter"])
async def test_reading_changes_nothing(found: Any, app: Litestar, role: str) -> None:
    town = await found("Tallbacka", areas=["Hemlighamnen"])
    await furnish(town)
    client = await town.client(role)
    await client.get("/")
    before = await contents(town)
    assert len(before) > 25
    for door in doors(app):
        if door.method in SAFE and not door.path.endswith("/live"):
            await send(client, door, town.slug)
    after = await contents(town)
    assert {name for name in before if before[name] != after[name]} == set()


async def test_every_signed_in_answer_stays_out_of_caches(tallbacka: Town, app: Litestar) -> None:
    """Attack 86, and that no answer lets another origin read it (84)."""
    client = await tallbacka.client("safety_coordinator")
    seen = 0
    for door in doors(app):
        if door.method != "GET" or door.path.endswith("/live") or "/static/" in door.path:
            continue
        path = door.path.replace("{municipality}", tallbacka.slug)
        answer = await client.get(path, headers={"origin": "https://elak.test"})
        assert "access-control-allow-origin" not in answer.headers, door
        if door.in_municipality:
            kept = answer.headers["cache-control"]
            assert "no-store" in kept or "private" in kept, f"{door}: {kept}"
            seen += 1
    assert seen >= 20


async def test_the_headers_stand_on_every_kind_of_answer(tallbacka: Town) -> None:
    client = await tallbacka.client("reporter")
    slug = tallbacka.slug
    await client.get("/")
    token = {"x-csrftoken": client.cookies["__Host-csrf"]}
    answers = {
        200: await client.get(f"/{slug}/rapportera"),
        303: await client.get(f"/{slug}"),
        403: await client.get(f"/{slug}/granskning"),
        404: await client.get("/finns/inte/alls"),
        405: await client.put(f"/{slug}/rapportera", headers=token),
        413: await client.post(f"/{slug}/rapportera", content=b"x" * 100_000, headers=token),
        415: await client.post(f"/{slug}/rapportera", json={"a": 1}, headers=token),
        422: await client.post(f"/{slug}/rapportera", data={"x": "y"}, headers=token),
        400: await client.get("/", headers={"host": "annan.test"}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status, f"{status}: {answer.status_code}"
        assert not [name for name in HEADERS if name not in answer.headers], status
        assert "server" not in answer.headers and "x-powered-by" not in answer.headers
