"""Organisations are added with what their kind usually is, and renamed; each sees its own."""

from uuid import uuid4

import pytest

from service.people.words import ACTOR_TYPES
from tenants.scope import fetch_row, fetch_value
from tests.people.cast import send
from tests.town import Town


async def add(town: Town, role: str = "safety_coordinator", **form: str):
    client = await town.client(role)
    whole = {"name": "Kyrkan", "actor_type": "faith_community", "is_authority": ""} | form
    return await send(client, f"/{town.slug}/organisationer", **whole)


@pytest.mark.parametrize(
    ("actor_type", "standing"),
    [("police", "yes"), ("municipal_housing", "equated"), ("private_housing", "no")],
)
async def test_its_kind_says_whether_it_is_an_authority(
    tallbacka: Town, actor_type: str, standing: str
) -> None:
    assert (await add(tallbacka, name="Ny aktör", actor_type=actor_type)).status_code == 303
    async with tallbacka.scope():
        row = await fetch_row(
            "SELECT actor_type, is_authority, left_on FROM organisation WHERE name = 'Ny aktör'"
        )
    assert row is not None and tuple(row) == (actor_type, standing, None)
    assert "Ny aktör" in (await tallbacka.get("/organisationer", role="tenant_admin")).text


async def test_the_municipality_may_know_better(tallbacka: Town) -> None:
    await add(tallbacka, name="Bussarna", actor_type="public_transport", is_authority="equated")
    async with tallbacka.scope():
        said = await fetch_value("SELECT is_authority FROM organisation WHERE name = 'Bussarna'")
    assert said == "equated"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": ""}, "Skriv organisationens namn"),
        ({"name": " \t\n "}, "Skriv organisationens namn"),
        ({"name": "x" * 121}, "högst 120 tecken"),
        ({"name": "polisen"}, "redan med"),
        ({"actor_type": "kungahus"}, "slags aktör"),
        ({"is_authority": "kanske"}, "ett av svaren"),
    ],
)
async def test_what_is_wrong_is_said_and_kept(
    tallbacka: Town, form: dict[str, str], said: str
) -> None:
    answer = await add(tallbacka, **form)
    assert answer.status_code == 422 and said in answer.text
    if "name" not in form:
        assert 'value="Kyrkan"' in answer.text


async def test_it_is_renamed(tallbacka: Town, sjohaga: Town) -> None:
    organisation = tallbacka.organisations["Köpmännen"]
    path = f"/{tallbacka.slug}/organisationer/{organisation}/namn"
    client = await tallbacka.client("tenant_admin")
    assert (await send(client, path, name="Handlarna <b>")).status_code == 303
    assert "Handlarna &lt;b&gt;" in (await client.get(f"/{tallbacka.slug}/organisationer")).text
    taken = await send(client, path, name="Polisen")
    assert (
        taken.status_code == 422 and "redan med" in taken.text and 'value="Polisen"' in taken.text
    )
    assert (await send(client, path, name="")).status_code == 422
    for id_ in (uuid4(), sjohaga.organisations["Polisen"]):
        other = path.replace(str(organisation), str(id_))
        assert (await send(client, other, name="Ny")).status_code == 404


async def test_who_may_not(tallbacka: Town) -> None:
    for role in ("reporter", "org_contact", "steering_member", "municipal_police", "auditor"):
        assert (await add(tallbacka, role)).status_code == 403


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    await add(tallbacka, name="Hemliga föreningen")
    page = await sjohaga.get("/organisationer", role="safety_coordinator")
    assert "Hemliga föreningen" not in page.text
    assert (await add(sjohaga, name="Hemliga föreningen")).status_code == 303


def test_every_kind_has_a_rule() -> None:
    assert len(ACTOR_TYPES) == 21
    assert {rule for _, rule in ACTOR_TYPES.values()} == {"yes", "equated", "no"}
