"""Attack 60: what weighs most asks anew who one is, and what was typed is not lost by it."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar

from service.web.may import proof_for
from tenants.roles import RECENT, ROLES, STEP_UP, Permission, Proof, Role
from tenants.scope import execute, fetch, fetch_value
from tests.attacks.test_matrix import NOBODY, VALUES, ids_in_paths, traces
from tests.people.authenticator import Device
from tests.people.cast import BASE, invited, join, log_in, send
from tests.town import Town
from tests.walls.test_routes import routes_of

SENSITIVE = {
    ("POST", "/aterkoppling/publicera"),
    ("GET", "/aterkoppling/publicera"),
    ("POST", "/aterkoppling/publicerat/{publication}/dra-tillbaka"),
    ("POST", "/lagesbild/utgava"),
    ("POST", "/lagesbild/utgavor/utkast/{draft}/faststall"),
    ("POST", "/lagesbild/utgavor/{edition}/underteckna"),
    ("POST", "/moten/{meeting}/protokoll"),
    ("POST", "/nycklar"),
    ("POST", "/nycklar/{api_key}/dra-in"),
    ("POST", "/personer/bjud-in"),
    ("POST", "/personer/inbjudningar/{inbjudan}/ta-tillbaka"),
    ("POST", "/personer/{medlemskap}/avsluta"),
    ("POST", "/organisationer/{organisation}/lamna"),
    ("GET", "/kom-igang/platser"),
    ("POST", "/kom-igang/platser"),
    ("POST", "/gallring"),
    ("GET", "/granskning/logg.csv"),
    ("POST", "/inloggning/foresla"),
    ("POST", "/inloggning/{provider}"),
    ("POST", "/inloggning/{provider}/oppna"),
    ("POST", "/inloggning/{provider}/stang"),
}


def asking(app: Litestar) -> list[tuple[str, str, Permission]]:
    """Method, path and permission of every route that asks for a recent proof."""
    return sorted(
        (str(method), path.removeprefix("/{municipality}"), handler.opt["permission"])
        for path, handler in routes_of(app)
        if isinstance(handler.opt.get("permission"), Permission)
        for method in handler.http_methods
        if proof_for(str(method), handler.opt).within is not None
    )


async def age(town: Town, who: str, by: timedelta = RECENT + timedelta(minutes=1)) -> None:
    """Let it be that long since that role's person proved who they are."""
    person_id = await town.add_member(who)
    async with town.scope():
        await execute(
            "UPDATE session SET authenticated_at = now() - $2::interval WHERE person_id = $1",
            person_id,
            by,
        )


def test_the_sensitive_acts_are_these(app: Litestar) -> None:
    """A new route that acts with a permission of the table comes here by itself."""
    assert {(method, path) for method, path, _ in asking(app)} == SENSITIVE
    for permission in STEP_UP:
        assert any(one is permission for *_, one in asking(app)), f"{permission}: nothing asks"


def test_an_unsafe_act_cannot_forget_its_line() -> None:
    plain: dict[str, Any] = {"permission": Permission.PUBLISH, "sensitive": False, "proof": None}
    assert proof_for("POST", plain) == STEP_UP[Permission.PUBLISH]
    assert proof_for("GET", plain) == Proof()
    assert proof_for("GET", plain | {"sensitive": True}) == STEP_UP[Permission.PUBLISH]


async def test_each_of_them_refuses_an_old_log_in(tallbacka: Town, app: Litestar) -> None:
    """Whoever may, but proved it too long ago, is asked once more and has changed nothing."""
    known = VALUES | dict.fromkeys(ids_in_paths(app), NOBODY)
    for method, path, permission in asking(app):
        role = next(one for one in Role if permission in ROLES[one])
        sure = permission is Permission.PROVIDER_MANAGE
        client = await (tallbacka.surer_client if sure else tallbacka.client)(role.value)
        await age(tallbacka, role.value)
        before = await traces(tallbacka)
        filled = re.sub(r"\{(\w+)\}", lambda name: known[name[1]], path)
        if method == "POST":
            answer = await send(client, f"/{tallbacka.slug}{filled}", text="Ord")
            assert answer.status_code == 401, path
            assert "Bekräfta att det är du" in answer.text and "Confirm" in answer.text
            assert "inom=1800" in answer.text
        else:
            answer = await client.get(f"/{tallbacka.slug}{filled}?antal=2")
            assert answer.status_code == 303, path
            assert "inom=1800" in answer.headers["location"]
            assert "antal%3D2" in answer.headers["location"], "the way back holds the filter"
        assert await traces(tallbacka) == before


async def test_reading_needs_no_new_proof(tallbacka: Town) -> None:
    for role, path in (
        ("safety_coordinator", "/personer"),
        ("safety_coordinator", "/lagesbild"),
        ("auditor", "/granskning"),
    ):
        await tallbacka.client(role)
        await age(tallbacka, role)
        assert (await tallbacka.get(path, role=role)).status_code == 200


async def test_the_way_back_is_the_page_with_the_form(tallbacka: Town) -> None:
    """Not the form's own address, behind which no page lies, and never another host."""
    client = await tallbacka.client("safety_coordinator")
    await age(tallbacka, "safety_coordinator")
    await client.get("/")
    path = f"/{tallbacka.slug}/personer/{NOBODY}/avsluta"
    here = f"{client.base_url}/{tallbacka.slug}/personer"
    token = {"x-csrftoken": client.cookies["__Host-csrf"]}
    from_page = await client.post(path, headers=token | {"referer": here})
    assert f"next=%2F{tallbacka.slug}%2Fpersoner&amp;" in from_page.text
    elsewhere = await client.post(path, headers=token | {"referer": "https://elak.test/hit"})
    assert "elak" not in elsewhere.text and "hit&amp;" not in elsewhere.text


@pytest.fixture
async def admin(tallbacka: Town) -> tuple[httpx.AsyncClient, Device]:
    """An administrator who was invited and has nothing but a passkey."""
    link = await invited(
        tallbacka,
        "admin.exempel@exempel.test",
        role="tenant_admin",
        organisation="Kommunen",
        by="tenant_admin",
    )
    client, device = tallbacka.near.browser(), Device(BASE)
    assert (await join(client, link, device)).status_code == 303
    return client, device


async def test_a_passkey_is_enough_for_everything(
    tallbacka: Town, admin: tuple[httpx.AsyncClient, Device]
) -> None:
    client, device = admin
    place = f"/{tallbacka.slug}/inloggning"
    assert (await client.get(place)).status_code == 200
    who = (await client.get("/me")).json()["user"]
    async with tallbacka.scope():
        await execute(
            """UPDATE session SET authenticated_at = now() - interval '31 minutes'
               WHERE person_id = $1""",
            who,
        )
    rules = {"version": "1", "every": "yes", "ceiling": "preparing"}
    asked = await send(client, f"{place}/local", **rules)
    assert asked.status_code == 401
    link = re.search(r'href="(/logga-in\?next=[^"]*)" target', asked.text)
    assert link, asked.text
    assert "Logga in med passernyckel" in (await client.get(link[1])).text
    assert (await log_in(client, device, place)).status_code == 303
    assert (await send(client, f"{place}/local", **rules)).status_code == 303
    async with tallbacka.scope():
        assert await fetch_value("SELECT ceiling FROM accepted_provider WHERE version = 2")


async def test_a_municipality_may_trust_passkeys_less(
    tallbacka: Town, admin: tuple[httpx.AsyncClient, Device]
) -> None:
    client, _ = admin
    async with tallbacka.scope():
        rows = await fetch(
            """UPDATE accepted_provider SET assurance = '{"passkey": 2}'
               WHERE provider_id = '00000000-0000-4000-8000-000000000001' RETURNING 1"""
        )
    assert len(rows) == 1
    answer = await client.get(f"/{tallbacka.slug}/inloggning")
    assert answer.status_code == 303 and answer.headers["location"].startswith("/logga-in?next=")
