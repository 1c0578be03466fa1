"""Attacks 2, 3, 17, 18, 19, 85: every route, as everybody who may not; taken from the route table.

A route that is added is in here by itself; one whose path holds a parameter of a new name fails
until that name has a value below.
"""

import re
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar

from service.web.may import PUBLIC, SIGNED_IN, SYSTEM
from service.web.security_headers import HEADERS
from tenants.roles import ROLES, Permission, Role
from tenants.scope import execute, fetch, fetch_value
from tests.cycle.picture.history import compiled, count
from tests.town import Town
from tests.walls.test_routes import routes_of

SECRET = "Hemligt om grannen"
NOBODY = "00000000-0000-4000-8000-000000000000"
# What stands for each parameter of a path, apart from the municipality.
VALUES = {
    "section": "_lista",
    "provider": "local",
    "version": "x",
    "path": "x",
    "kommun": "tallbacka",
    "token": "x",
    "anmalan": "00000000-0000-4000-8000-00000000000e",
    "inbjudan": "00000000-0000-4000-8000-00000000000a",
    "medlemskap": "00000000-0000-4000-8000-00000000000b",
    "organisation": "00000000-0000-4000-8000-00000000000c",
    "nyckel": "00000000-0000-4000-8000-00000000000d",
    "problem": "2026-1",
    "letter": "A",
    "form": "csv",
    "finding": NOBODY,
    "inquiry": NOBODY,
    "measure": NOBODY,
    "proposal": NOBODY,
    "signal": NOBODY,
    "week": "2026-11-23",
    "report_id": NOBODY,
    "area": "no-such-area",
    "category": "arson",
    "level": "14",
    "x": "8968",
    "y": "4636",
}


@dataclass(frozen=True)
class Door:
    method: str
    path: str  # with {municipality} left in
    permission: object

    @property
    def in_municipality(self) -> bool:
        return isinstance(self.permission, Permission)


def ids_in_paths(app: Litestar) -> set[str]:
    """The names of the parameters that hold an id: nobody's will do for each of them."""
    parts = [part for route in app.routes for part in getattr(route, "path_components", ())]
    return {part.name for part in parts if getattr(part, "type", None) is UUID}


def doors(app: Litestar, **values: str) -> list[Door]:
    """Every route and method; `values` name real things instead of the placeholders."""
    found = []
    for path, handler in routes_of(app):
        parameters = set(re.findall(r"\{(\w+)\}", path)) - {"municipality"}
        known = VALUES | dict.fromkeys(ids_in_paths(app), NOBODY) | values
        assert parameters <= known.keys(), f"{path}: give {parameters - known.keys()} a value"
        filled = path
        for name in parameters:
            filled = filled.replace(f"{{{name}}}", known[name])
        found += [
            Door(str(method), filled, handler.opt.get("permission"))
            for method in sorted(handler.http_methods)
        ]
    assert len(found) >= 20
    return found


async def send(client: httpx.AsyncClient, door: Door, slug: str, **headers: str) -> httpx.Response:
    """As a member's own page would, with the token, and no more of a body than that."""
    if "__Host-csrf" not in client.cookies:
        await client.get("/")
    token = client.cookies["__Host-csrf"]
    return await client.request(
        door.method,
        door.path.replace("{municipality}", slug),
        headers={"x-csrftoken": token, **headers},
    )


async def furnish(town: Town) -> list[str]:
    """A report and a picture; returns everything of the town that nobody else may read."""
    await town.add_member("reporter")
    async with town.scope():
        await execute(
            """INSERT INTO report (tenant_id, id, organisation_id, category_id, area_id, time_kind,
                                   occurred_from, occurred_to, text)
               VALUES (ks.current_tenant(), $1, $2, $3, $4, 'now', now(), now(), $5)""",
            uuid4(),
            town.organisations["Bostadsbolaget"],
            town.categories["arson"],
            town.areas["Hemlighamnen"],
            SECRET,
        )
    await count(town, [(0, "Hemlighamnen", "arson", "Bostadsbolaget", 4)])
    await compiled(town)
    ids = [str(one) for one in (*town.areas.values(), *town.organisations.values(), town.id)]
    return [SECRET, "Hemlighamnen", *ids]


async def traces(town: Town) -> tuple[int, ...]:
    """How many rows the town has in what a request could write."""
    async with town.scope():
        return tuple(
            [
                await fetch_value(f"SELECT count(*) FROM {table}")
                for table in (
                    "report",
                    "zero_report",
                    "job",
                    "weekly_count",
                    "letter",
                    "membership",
                    "group_member",
                    "task",
                    "task_assignment",
                    "task_completion",
                    "follow_up",
                    "meeting",
                    "agenda_item",
                    "meeting_decision",
                    "attendance",
                    "minutes",
                    "audit_event",
                )
            ]
        )


async def test_without_a_log_in_every_door_is_shut(found, app: Litestar) -> None:
    town = await found("Tallbacka", areas=["Hemlighamnen"])
    secrets, before = await furnish(town), await traces(town)
    said: set[bytes] = set()
    for door in doors(app):
        if door.permission == PUBLIC["permission"]:
            continue
        plain = await send(town.anonymous, door, town.slug)
        if door.permission == SYSTEM["permission"]:
            assert plain.status_code == 401 and not [one for one in secrets if one in plain.text]
            continue
        expected = 303 if door.method == "GET" else 401
        assert plain.status_code == expected, f"{door}: {plain.status_code}"
        fragment = await send(town.anonymous, door, town.slug, **{"hx-request": "true"})
        assert fragment.status_code == 401, f"{door}: {fragment.status_code}"
        # Who sent something keeps the page that holds what was typed.
        onward = fragment.headers.get("hx-redirect")
        assert onward == ("/logga-in" if door.method == "GET" else None), door
        assert ("x-said" in fragment.headers) is (door.method != "GET"), door
        assert fragment.content == b"", door
        if door.method == "GET":
            assert plain.content == b"", door
        else:
            said.add(plain.content)
            assert not [one for one in secrets if one in plain.text], door
        for answer in (plain, fragment):
            assert not [name for name in HEADERS if name not in answer.headers], door
    # Whoever sends a form is told the same at every door.
    assert len(said) == 1
    for door in doors(app):
        if door.permission == PUBLIC["permission"]:
            answer = await send(town.anonymous, door, town.slug)
            assert answer.status_code < 500 or door.path == "/health/ready", door
            assert not [one for one in secrets if one in answer.text], door
    assert await traces(town) == before


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_without_the_permission_is_refused(found, app: Litestar, role: Role) -> None:
    town = await found("Tallbacka", areas=["Hemlighamnen"])
    secrets = await furnish(town)
    client = await town.client(role.value)
    before = await traces(town)
    refused = 0
    for door in doors(app):
        if not door.in_municipality or door.permission in ROLES[role]:
            continue
        for headers in ({}, {"hx-request": "true"}):
            answer = await send(client, door, town.slug, **headers)
            assert answer.status_code == 403, f"{role} {door}: {answer.status_code}"
            assert not [one for one in secrets if one in answer.text], door
            assert not [name for name in HEADERS if name not in answer.headers], door
            assert answer.headers["cache-control"] == "no-store", door
            refused += 1
    # Each left its line, and nothing else.
    assert await traces(town) == (*before[:-1], before[-1] + refused)


async def test_a_member_of_another_municipality_finds_nothing(found, app: Litestar) -> None:
    town = await found("Tallbacka", areas=["Hemlighamnen"])
    neighbour = await found("Sjöhaga", areas=["Torget"])
    secrets, before = await furnish(town), await traces(town)
    nowhere = "ingenstans-" + uuid4().hex[:8]
    client = await neighbour.client("safety_coordinator")
    tried = 0
    for door in doors(app):
        if not door.in_municipality:
            continue
        for headers in ({}, {"hx-request": "true"}):
            there = await send(client, door, town.slug, **headers)
            missing = await send(client, door, nowhere, **headers)
            assert there.status_code == missing.status_code == 404, f"{door}: {there.status_code}"
            assert there.text.replace(town.slug, nowhere) == missing.text, door
            assert set(there.headers) == set(missing.headers), door
            assert not [one for one in secrets if one in there.text], door
            tried += 1
    assert await traces(town) == before
    async with neighbour.scope():
        lines = await fetch("SELECT object_id FROM audit_event WHERE verb = 'refused'")
    assert len(lines) == tried and all(town.slug in line["object_id"] for line in lines)


async def test_what_a_member_is_shown_is_of_the_own_municipality_alone(
    found, app: Litestar
) -> None:
    """Attacks 5, 7, 8: whatever a query or a header says, with the neighbour's ids in it."""
    town = await found("Tallbacka", areas=["Hemlighamnen"])
    neighbour = await found("Sjöhaga", areas=["Torget"])
    secrets = await furnish(town)
    await count(neighbour, [(0, "Torget", "graffiti", "Kommunen", 4)])
    await compiled(neighbour)
    client = await neighbour.client("safety_coordinator")
    area, organisation = town.areas["Hemlighamnen"], town.organisations["Bostadsbolaget"]
    query = (
        f"?tenant_id={town.id}&tenant={neighbour.id}&tenant={town.id}&municipality={town.slug}"
        f"&area={area}&organisation_id={organisation}"
    )
    headers = {"x-tenant": str(town.id), "x-forwarded-host": f"{town.slug}.test"}
    for door in doors(app):
        if door.method != "GET" or door.permission == PUBLIC["permission"]:
            continue
        if door.path.endswith("/live") or door.permission == SYSTEM["permission"]:
            continue  # See tests/web/test_live.py and tests/cycle/mapping/api.
        if door.in_municipality and door.permission not in ROLES[Role.SAFETY_COORDINATOR]:
            continue
        address = door.path.replace("{municipality}", neighbour.slug) + query
        answer = await client.get(address, headers=headers)
        allowed = not door.in_municipality or door.permission in ROLES[Role.SAFETY_COORDINATOR]
        expected = (200, 303, 404) if allowed else (403,)
        assert answer.status_code in expected, f"{door}: {answer.status_code}"
        assert not [one for one in secrets if one in answer.text], door
        if door.permission != SIGNED_IN["permission"]:
            kept = answer.headers["cache-control"]
            assert "no-store" in kept or "private" in kept, door
