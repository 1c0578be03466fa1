"""Attacks 1, 2, 3, 37, 41: every route × every role × own and foreign municipality, both layers.

What each role may is read from the table of roles, what routes there are from the application, and
what each asks for from the route: nothing here is written by hand but the things that the paths
name. A route that nobody reaches is not exercised, and fails.
"""

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar

from service.app import create_app
from service.settings import Settings
from tenants.founding import add_membership, add_organisation, add_person
from tenants.members import Member
from tenants.municipalities import municipality_by_slug
from tenants.people.invite import send_invitation
from tenants.roles import LEAST_ASSURANCE, ROLES, Permission, Role
from tenants.scope import execute, fetch_value
from tests.attacks.test_matrix import Door, doors, furnish, send, traces
from tests.council.meetings.meetings import a_meeting
from tests.cycle.cases import problem_in_work
from tests.cycle.mapping.api.keys import a_key
from tests.cycle.mapping.batches.files import a_row, as_csv
from tests.cycle.mapping.batches.files import send as send_file
from tests.cycle.mapping.ground.maps import as_soderhamn, laid
from tests.cycle.measures.groups import a_task, invitation
from tests.cycle.picture.editions.test_draft import begun
from tests.people.cast import SECRET_KEY
from tests.town import JOINED, Town

WORDS = {"headline": "Hösten var som vanligt.", "text": "Fler rapporter på kvällarna."}
# What a road to nowhere looks like; a permitted role must get something else at least once.
NOWHERE = 404
# What is there only for who has done something before, or with more in the form than a path:
# the coast of a real municipality, the follow-up of a decided measure, the answer of the invited,
# the lead of who has accepted, the presence of a named person. Each is reached by its own slice's
# tests; whom they refuse is asked here. Streams are in tests/attacks/test_streams.py.
ELSEWHERE = re.compile(
    r"/karta/grund\.json$|/uppfoljning/[^/]+$|/grupp/svar$|/grupp/[^/]+/leder$|/narvaro$"
    r"|/sla-ihop$|/utgavor/[^/]+/pdf$"
)
SECTION = "/_insatser"
# Beside the permission the act itself asks who one is in that very group, with a 403 of its own;
# somebody must get past it all the same.
FINER = re.compile(
    r"/grupp/.*/avsluta$|/uppgift$|/klar$|/uppfoljning/|/lagesbild/(lage|omrade|kategori|omraden)"
)


# Which row a path's id names, after what `things` has made.
NAMED = {
    "publication": "SELECT id FROM publication",
    "finding": "SELECT id FROM finding",
    "inquiry": "SELECT id FROM inquiry",
    "measure": "SELECT id FROM measure",
    "proposal": "SELECT id FROM proposal WHERE measure_id IS NOT NULL",
    "signal": "SELECT id FROM signal",
    "task": "SELECT id FROM task",
    "meeting": "SELECT id FROM meeting",
    "place": "SELECT id FROM group_member",
    "week": "SELECT week FROM edition",
    "edition": "SELECT id FROM edition",
    "draft": "SELECT id FROM edition_draft",
    "comment_id": "SELECT id FROM edition_comment",
    "api_key": "SELECT id FROM api_key",
    "batch": "SELECT id FROM report_batch",
    "division": "SELECT id FROM area_proposal",
    "map_id": "SELECT id FROM ground_map",
    "area": "SELECT key FROM area",
    "report_id": "SELECT id FROM report",
}


async def things(town: Town) -> dict[str, str]:
    """One of each thing that a path can name, made as its makers make it."""
    problem = await problem_in_work(town)
    invited = (
        ("Köpmännen", await town.add_member("org_contact", "Köpmännen")),
        ("Polisen", await town.add_member("reporter", "Polisen")),
    )
    for path, form in (
        (f"{problem}/grupp", invitation(town, *invited, lead="Polisen")),
        ("/lagesbild/utgava", {}),
        ("/aterkoppling/publicera", WORDS),
    ):
        answer = await town.post(path, role="safety_coordinator", **form)
        assert answer.status_code < 400, f"{path}: {answer.text}"
    await town.post(
        "/rapportera",
        role="reporter",
        report_id=str(uuid4()),
        category="noise",
        area=str(town.areas["Ruta 1"]),
    )
    draft = await begun(town)
    await town.post(f"{draft}/kommentar", role="preparatory_member", text="Bra.", form_id="1")
    await a_task(town, problem)
    await a_meeting(town)
    await a_key(town, "Polisen")
    assert (await send_file(town, as_csv([a_row()]))).status_code == 303
    async with town.scope():
        await execute(
            """INSERT INTO area_proposal (tenant_id, id, origin, made_by, areas)
               SELECT ks.current_tenant(), $1, 'En fil', $2, jsonb_agg(jsonb_build_object(
                      'key', key, 'name', name, 'kind', kind, 'locality', locality, 'latitude',
                      latitude, 'longitude', longitude, 'boundary', boundary)) FROM area""",
            uuid4(),
            await town.add_member("safety_coordinator"),
        )
    async with as_soderhamn(town):
        await laid(town)
    made = {"problem": problem.rpartition("/")[2], "section": "_lista"}
    async with town.scope():
        for name, question in NAMED.items():
            found = await fetch_value(f"{question} LIMIT 1")
            if found is not None:
                made[name] = str(found)
        # For what ends a stay: there is one of each that nobody else needs.
        organisation = await add_organisation(
            name="Gästerna", actor_type="public", is_authority="no", joined_on=JOINED
        )
        guest = await add_person(issuer=town.near.issuer, subject=f"{town.slug}:g", name="Gäst")
        membership = await add_membership(
            person_id=guest, organisation_id=organisation, role=Role.REPORTER
        )
        sent = await send_invitation(
            by=None,
            email="gast@exempel.test",
            organisation_id=organisation,
            roles=[Role.REPORTER],
            secret_key=SECRET_KEY,
        )
    return made | {
        "organisation": str(organisation),
        "medlemskap": str(membership),
        "inbjudan": str(sent),
    }


def inside(app: Litestar, values: dict[str, str]) -> list[Door]:
    return [
        replace(door, path=door.path.replace("/_lista", SECTION))
        if re.search(r"/problem/\d", door.path)
        else door
        for door in doors(app, **values)
        if door.in_municipality and not door.path.endswith("/live")
    ]


async def test_every_role_reaches_what_the_table_says_and_nothing_else(
    found: Any, app: Litestar
) -> None:
    """Own municipality: 403 exactly where the role's line lacks what the route asks for."""
    town = await found("Tallbacka")
    values = await things(town)
    reached: set[Door] = set()
    asked: set[Door] = set()
    wrong: list[str] = []
    for role in Role:
        sure = any(one in ROLES[role] for one in LEAST_ASSURANCE)
        client = await (town.surer_client if sure else town.client)(role.value)
        for door in inside(app, values):
            asked.add(door)
            answer = await send(client, door, town.slug)
            if door.permission in ROLES[role]:
                if answer.status_code in (401, 403) and not FINER.search(door.path):
                    wrong.append(f"{role} {door}: {answer.status_code}")
                assert answer.status_code < 500, f"{role} {door}: {answer.status_code}"
                if answer.status_code not in (NOWHERE, 403):
                    reached.add(door)
            else:
                assert answer.status_code == 403, f"{role} {door}: {answer.status_code}"
    missed = {
        f"{door.method} {door.path}: no role gets past 404 with the things that are there; "
        "make what it names in `things`"
        for door in asked - reached
        if not ELSEWHERE.search(door.path)
    }
    assert not wrong, "\n".join(wrong)
    assert not missed, "\n".join(sorted(missed))


async def test_no_role_of_another_municipality_finds_anything(found: Any, app: Litestar) -> None:
    """Foreign municipality: 404 for everybody, whatever they may at home, and no trace of it."""
    town, neighbour = await found("Tallbacka"), await found("Sjöhaga")
    values = await things(town)
    before = await traces(town)
    for role in Role:
        client = await neighbour.client(role.value)
        for door in inside(app, values):
            answer = await send(client, door, town.slug)
            assert answer.status_code == 404, f"{role} {door}: {answer.status_code}"
    assert await traces(town) == before


MADE_UP = {"problem": "2026-77", "week": "2026-01-05"} | dict.fromkeys(
    NAMED.keys() - {"week", "area"}, "11111111-2222-4333-8444-555555555555"
)
MADE_UP |= dict.fromkeys(
    ("organisation", "medlemskap", "inbjudan"), "11111111-2222-4333-8444-555555555556"
)


async def test_the_neighbours_things_are_unknown_at_home(found: Any, app: Litestar) -> None:
    """Attack 1: one's own municipality in the path, the neighbour's thing behind it.

    It is answered as one that nobody ever made, and nothing is changed on either side.
    """
    town, neighbour = await found("Tallbacka"), await found("Sjöhaga")
    values = await things(town)
    client = await neighbour.client("safety_coordinator")
    before = await traces(town), await traces(neighbour)
    tried = 0
    for theirs, made_up in zip(inside(app, values), inside(app, values | MADE_UP), strict=True):
        if theirs == made_up or theirs.permission not in ROLES[Role.SAFETY_COORDINATOR]:
            continue
        answer = await send(client, theirs, neighbour.slug)
        expected = await send(client, made_up, neighbour.slug)
        assert answer.status_code == expected.status_code != 200, theirs
        said = answer.text
        for name, value in MADE_UP.items():
            said = said.replace(values.get(name, value), value)
        assert said == expected.text, theirs
        tried += 1
    assert tried >= 4
    assert (await traces(town), await traces(neighbour)) == before


class Opened:
    """The application with every permission check turned off, and everybody all-powerful."""

    def __init__(self, app: Litestar) -> None:
        self.app = app

    def browser(self, like: httpx.AsyncClient) -> httpx.AsyncClient:
        """A browser at the open door, with the cookies of one at the shut door."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False),
            base_url="https://kraftsamling.test",
            headers={"accept": "text/html"},
        )
        client.cookies.update(like.cookies)
        return client


@pytest.fixture
def opened(app: Litestar, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Opened:
    async def let_everybody(connection: Any, handler: Any) -> None:
        slug = connection.scope.get("path_params", {}).get("municipality")
        municipality = connection.scope["state"].get("municipality")
        if slug and municipality:
            connection.scope["state"]["visitor"] = Member(
                person_id=municipality.id,
                name="Ingen Särskild",
                municipality=municipality,
                roles=frozenset(Role),
                organisation_id=None,
                organisation_name="",
                is_authority=True,
                permissions=frozenset(Permission),
                assurance=4,
            )

    monkeypatch.setattr("service.app.guard", let_everybody)
    made = create_app(settings)
    made.state.hub = app.state.hub
    return Opened(made)


async def test_with_the_check_turned_off_the_database_still_gives_nothing(
    found: Any, opened: Opened
) -> None:
    """The second layer: who is no member of the municipality has no municipality set."""
    town = await found("Tallbacka", areas=["Hemlighamnen"])
    neighbour = await found("Sjöhaga")
    secrets, before = await furnish(town), await traces(town)
    assert await municipality_by_slug(town.slug) is not None
    strangers = (await neighbour.client("safety_coordinator"), town.anonymous)
    for stranger in strangers:
        async with opened.browser(stranger) as client:
            for door in inside(opened.app, {}):
                answer = await send(client, door, town.slug)
                leaked = [one for one in secrets if one in answer.text]
                assert not leaked, f"{door}: {leaked}"
    assert await traces(town) == before
    # The check really is off: a member who may not read reports reads them now.
    async with opened.browser(await town.client("auditor")) as client:
        assert secrets[0] in (await client.get(f"/{town.slug}/rapporter")).text
