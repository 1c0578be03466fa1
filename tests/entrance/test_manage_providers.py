"""Attacks 35, 52, 55, 62, 98: who may log in to a municipality, decided by its administrator."""

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tenants.ceilings import Ceiling, roles_within
from tenants.identity.providers import approve_provider, proposed_providers
from tenants.roles import Role
from tenants.scope import execute, fetch, fetch_row, fetch_value, platform_scope
from tests.town import Town

RULES = {"version": "1", "every": "yes", "ceiling": "running"}
PROPOSAL = {
    "label": "Kommunens inloggning",
    "issuer": "https://login.example.net/tallbacka",
    "client_id": "kraftsamling",
    "way": "secret",
    "client_secret": "mycket hemligt",
}


async def send(client: httpx.AsyncClient, path: str, form: Any) -> httpx.Response:
    if "__Host-csrf" not in client.cookies:
        await client.get("/")
    token = client.cookies["__Host-csrf"]
    return await client.post(path, data=form, headers={"x-csrftoken": token})


async def audited(town: Town, verb: str) -> list[dict[str, Any]]:
    async with town.scope():
        rows = await fetch("SELECT detail FROM audit_event WHERE verb = $1", verb)
    return [json.loads(row["detail"]) for row in rows]


async def test_the_administrator_limits_a_provider_to_an_organisation(tallbacka: Town) -> None:
    reporter = await tallbacka.client("reporter")
    other = await tallbacka.client("reporter", "Köpmännen")
    admin = await tallbacka.surer_client("tenant_admin")
    place = f"/{tallbacka.slug}/inloggning"
    assert "Lokal inloggning" in (await admin.get(place)).text
    ids = [str(tallbacka.organisations[name]) for name in ("Kommunen", "Köpmännen")]
    answer = await send(
        admin, f"{place}/local", {"version": "1", "organisation": ids, "ceiling": "running"}
    )
    assert answer.status_code == 303, answer.text
    page = (await admin.get(place)).text
    assert "Kommunen, Köpmännen" in page or "Köpmännen, Kommunen" in page
    path = f"/{tallbacka.slug}/rapportera"
    assert (await reporter.get(path)).status_code == 404
    assert (await other.get(path)).status_code == 200
    assert [set(one["organisations"]) for one in await audited(tallbacka, "provider.changed")] == [
        set(ids)
    ]


async def test_a_role_above_the_ceiling_does_not_count(tallbacka: Town) -> None:
    await tallbacka.client("reporter")
    coordinator = await tallbacka.client("safety_coordinator")
    path = f"/{tallbacka.slug}/rapportera"
    assert (await coordinator.get(path)).status_code == 200
    async with tallbacka.scope():
        await execute("UPDATE accepted_provider SET ceiling = 'own_organisation'")
    assert (await coordinator.get(path)).status_code == 404
    assert (await tallbacka.get("/rapportera", role="reporter")).status_code == 200


def test_every_role_of_a_municipality_has_a_place_under_some_ceiling() -> None:
    steps = [roles_within(one) for one in Ceiling]
    assert all(lower < higher for lower, higher in pairwise(steps))
    assert steps[-1] == set(Role)


async def test_two_administrators_at_once_get_a_clear_message(tallbacka: Town) -> None:
    first = await tallbacka.surer_client("tenant_admin")
    second = await tallbacka.surer_client("tenant_admin", "Köpmännen")
    place = f"/{tallbacka.slug}/inloggning/local"
    sure = "urn:kraftsamling:lokal:saker = 3"
    mine = RULES | {"own_levels": "yes", "acr": f"a = 2\n{sure}"}
    theirs = RULES | {"own_levels": "yes", "acr": f"b = 4\n{sure}"}
    assert (await send(first, place, mine)).status_code == 303
    late = await send(second, place, theirs)
    assert late.status_code == 409
    assert "Någon annan hann ändra före dig" in late.text
    assert "b = 4" in late.text
    async with tallbacka.scope():
        assert json.loads(await fetch_value("SELECT assurance FROM accepted_provider"))["a"] == 2
    version = re.search(r'name="version" value="(\d+)"', late.text)
    assert version is not None
    again = await send(second, place, theirs | {"version": version[1]})
    assert again.status_code == 303


async def test_nobody_shuts_themselves_out(tallbacka: Town) -> None:
    admin = await tallbacka.surer_client("tenant_admin")
    place = f"/{tallbacka.slug}/inloggning/local"
    for path, form in (
        (place, RULES | {"ceiling": "governing"}),
        (place, {"version": "1", "ceiling": "running"}),
        (f"{place}/stang", {}),
    ):
        answer = await send(admin, path, form)
        assert answer.status_code == 422, path
        assert "Så kan du inte spara" in answer.text
    assert (await admin.get(place)).status_code == 200


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (RULES | {"ceiling": "kung"}, "Välj hur höga roller"),
        (RULES | {"own_levels": "yes", "acr": "loa3 = 5"}, "Rad 1"),
        (RULES | {"own_levels": "yes", "acr": "a = 1\nbara text"}, "Rad 2"),
        (RULES | {"own_levels": "yes", "amr": "a = 1\na = 2"}, "Rad 2"),
        ({"version": "1", "ceiling": "running", "organisation": str(UUID(int=7))}, "inte längre"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    tallbacka: Town, form: dict[str, str], words: str
) -> None:
    admin = await tallbacka.surer_client("tenant_admin")
    answer = await send(admin, f"/{tallbacka.slug}/inloggning/local", form)
    assert answer.status_code == 422
    assert words in answer.text
    assert form.get("acr", "") in answer.text


async def test_unknown_fields_change_nothing(tallbacka: Town) -> None:
    """Attack 30."""
    admin = await tallbacka.surer_client("tenant_admin")
    for extra in ("tenant_id", "approved_at", "enabled_at"):
        form = RULES | {extra: str(tallbacka.id)}
        answer = await send(admin, f"/{tallbacka.slug}/inloggning/local", form)
        assert answer.status_code == 400


async def test_the_neighbours_organisation_and_provider_are_unknown(
    tallbacka: Town, sjohaga: Town
) -> None:
    admin = await tallbacka.surer_client("tenant_admin")
    foreign = {"version": "1", "organisation": str(sjohaga.organisations["Kommunen"])}
    answer = await send(
        admin, f"/{tallbacka.slug}/inloggning/local", foreign | {"ceiling": "running"}
    )
    assert answer.status_code == 422
    for path in ("", "/local", "/local/stang"):
        there = f"/{sjohaga.slug}/inloggning{path}"
        answer = await (send(admin, there, RULES) if path else admin.get(there))
        assert answer.status_code == 404
    name = await proposed(tallbacka, admin)
    neighbour = await sjohaga.surer_client("tenant_admin")
    assert (await neighbour.get(f"/{sjohaga.slug}/inloggning/{name}")).status_code == 404


async def proposed(town: Town, admin: httpx.AsyncClient) -> str:
    answer = await send(admin, f"/{town.slug}/inloggning/foresla", PROPOSAL)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).rpartition("/")[2]


async def test_a_proposed_provider_waits_for_the_platform(tallbacka: Town, settings: Any) -> None:
    admin = await tallbacka.surer_client("tenant_admin")
    name = await proposed(tallbacka, admin)
    place = f"/{tallbacka.slug}/inloggning/{name}"
    page = await admin.get(place)
    assert "Väntar på godkännande" in page.text
    assert PROPOSAL["client_secret"] not in page.text
    async with platform_scope():
        row = await fetch_row("SELECT * FROM provider WHERE name = $1", name)
    assert PROPOSAL["client_secret"] not in row["client_secret"]
    # Nobody logs in with it, and no call is made to its address.
    assert (await tallbacka.anonymous.get(f"/auth/login/{name}")).status_code == 404
    assert (await send(admin, f"{place}/oppna", {})).status_code == 409
    waiting = [one for one in await proposed_providers() if one["name"] == name]
    assert [one["tenant"] for one in waiting] == [tallbacka.slug]
    await approve_provider(name, secret_key=settings.secret_key, production=True)
    assert (await send(admin, f"{place}/oppna", {})).status_code == 303
    choices = (await tallbacka.anonymous.get(f"/logga-in?next=/{tallbacka.slug}")).text
    assert PROPOSAL["label"] in choices
    assert await audited(tallbacka, "provider.opened") == [{}]


async def test_the_running_service_cannot_approve_a_provider(tallbacka: Town) -> None:
    """Attack 62, second layer: whatever the service is made to do."""
    admin = await tallbacka.surer_client("tenant_admin")
    name = await proposed(tallbacka, admin)
    for statement in (
        "UPDATE provider SET approved_at = now() WHERE name = $1",
        "INSERT INTO provider (id, name, label, issuer, client_id, client_secret, approved_at)"
        " VALUES (gen_random_uuid(), $1 || '-2', 'x', 'https://a.example', 'x', 'x', now())",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with platform_scope():
                await execute(statement, name)


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.example.net",
        "https://127.0.0.1:5432",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://10.0.0.8",
        "https://user:pass@login.example.net",
        "https://login.example.net/#x",
        "https://localhost",
        "inte en adress",
        "",
    ],
)
async def test_an_address_inside_is_refused(tallbacka: Town, issuer: str) -> None:
    admin = await tallbacka.surer_client("tenant_admin")
    answer = await send(
        admin, f"/{tallbacka.slug}/inloggning/foresla", PROPOSAL | {"issuer": issuer}
    )
    assert answer.status_code == 422
    assert "börjar med https://" in answer.text
    assert PROPOSAL["label"] in answer.text and PROPOSAL["client_secret"] not in answer.text


async def test_proposals_are_few_at_a_time(tallbacka: Town) -> None:
    admin = await tallbacka.surer_client("tenant_admin")
    for _ in range(5):
        await proposed(tallbacka, admin)
    answer = await send(admin, f"/{tallbacka.slug}/inloggning/foresla", PROPOSAL)
    assert answer.status_code == 422
    assert "väntar redan" in answer.text


async def test_an_ordinary_log_in_is_asked_for_more(tallbacka: Town) -> None:
    """Attack 60: who decides about log-ins shows anew, and more surely, who they are."""
    admin = await tallbacka.client("tenant_admin")
    place = f"/{tallbacka.slug}/inloggning"
    page = await admin.get(place)
    assert page.status_code == 303
    wanted = f"%2F{tallbacka.slug}%2Finloggning"
    assert page.headers["location"] == f"/auth/login/local?next={wanted}&niva=3"
    fragment = await admin.get(place, headers={"hx-request": "true"})
    assert fragment.status_code == 401
    assert fragment.headers["hx-redirect"].startswith("/auth/login/local?")
    sent = await send(admin, f"{place}/local", RULES)
    assert sent.status_code == 401
    assert "Bekräfta att det är du" in sent.text and "niva=3&amp;inom=1800" in sent.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT version FROM accepted_provider") == 1


async def test_an_old_proof_is_asked_for_anew(tallbacka: Town) -> None:
    admin = await tallbacka.surer_client("tenant_admin")
    place = f"/{tallbacka.slug}/inloggning/local"
    async with tallbacka.scope():
        await execute(
            "UPDATE session SET authenticated_at = $1 WHERE person_id = $2",
            datetime.now(UTC) - timedelta(minutes=31),
            tallbacka.people["tenant_admin", "Kommunen"],
        )
    assert (await admin.get(place)).status_code == 200
    assert (await send(admin, place, RULES)).status_code == 401


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.TENANT_ADMIN])
async def test_only_the_administrator_comes_here(tallbacka: Town, role: Role) -> None:
    answer = await tallbacka.get("/inloggning", role=role.value)
    assert answer.status_code == 403
