"""Who may come in: members, people of a provider that a municipality welcomes, nobody else."""

import json
import re

import pytest
from click.testing import CliRunner

from service import cli
from tenants.identity.providers import ProviderRefused, add_provider
from tenants.roles import Role
from tenants.scope import fetch_row, fetch_value, operator_scope, platform_scope, tenant_scope
from tests.entrance.conftest import Hostile, House, Town


async def role_in(town: Town) -> list[str]:
    async with tenant_scope(town.id):
        value = await fetch_value("SELECT array_agg(role) FROM membership")
    return list(value or [])


async def test_an_identity_without_membership_sees_that_it_has_no_access(
    hostile: Hostile,
) -> None:
    town = await hostile.house.found(providers=(hostile.id,))
    async with hostile.house.browser() as browser:
        answer = await hostile.attempt(browser, next_page=f"/{town.slug}/rapportera")
        assert answer.headers["location"] == "/"
        page = await browser.get("/")
        assert "Du har ingen behörighet ännu" in page.text
        assert (await browser.get(f"/{town.slug}/rapportera")).status_code == 404
    assert await role_in(town) == []


async def test_strangers_join_where_they_are_welcome(hostile: Hostile) -> None:
    welcome = await hostile.house.found(providers=(hostile.id,), join=Role.REPORTER)
    closed = await hostile.house.found(providers=(hostile.id,))
    async with hostile.house.browser() as browser:
        answer = await hostile.attempt(browser)
        assert answer.headers["location"] == f"/{welcome.slug}"
        assert (await browser.get(f"/{welcome.slug}/rapportera")).status_code == 200
        assert (await browser.get(f"/{closed.slug}/rapportera")).status_code == 404
        await hostile.attempt(browser)
    assert await role_in(welcome) == ["reporter"]
    assert await role_in(closed) == []


async def test_somebody_who_was_shut_out_does_not_join_again(hostile: Hostile) -> None:
    town = await hostile.house.found(providers=(hostile.id,), join=Role.REPORTER)
    async with hostile.house.browser() as browser:
        await hostile.attempt(browser)
        async with tenant_scope(town.id):
            await fetch_row("UPDATE membership SET valid_to = clock_timestamp() RETURNING 1")
        answer = await hostile.attempt(browser, next_page=f"/{town.slug}")
        assert answer.headers["location"] == "/"
    assert await role_in(town) == ["reporter"]


async def test_who_belongs_to_several_chooses(house: House) -> None:
    one, other = await house.found(), await house.found()
    person = await house.member(one, other)
    async with house.browser() as browser:
        answer = await house.log_in(browser, person)
        assert answer.headers["location"] == "/"
        page = (await browser.get("/")).text
        assert "Välj kommun" in page
        assert re.findall(r'href="(/ort-[^"/]+)"', page) == [
            f"/{town.slug}" for town in sorted((one, other), key=lambda town: town.name)
        ]


async def test_each_role_lands_where_its_work_is(house: House) -> None:
    town = await house.found()
    for role, place in {
        Role.REPORTER: "rapportera",
        Role.SAFETY_COORDINATOR: "lagesbild",
        Role.STEERING_MEMBER: "styrgrupp",
        Role.WORKING_GROUP_LEAD: "uppdrag",
        Role.WORKING_GROUP_MEMBER: "uppdrag",
        Role.TENANT_ADMIN: "personer",
    }.items():
        async with house.browser() as browser:
            await house.log_in(browser, await house.member(town, role=role))
            answer = await browser.get(f"/{town.slug}")
            assert answer.headers["location"] == f"/{town.slug}/{place}"


async def test_the_start_page_is_public_and_lists_municipalities(house: House) -> None:
    town = await house.found()
    async with house.browser() as browser:
        page = await browser.get("/")
        assert page.status_code == 200
        assert '<html lang="sv"' in page.text
        assert f"/logga-in?next=/{town.slug}" in page.text


async def test_a_provider_is_added_with_its_secret_sealed(house: House, hostile: Hostile) -> None:
    town = await house.found()
    wanted = {
        "tenant_slug": town.slug,
        "name": f"{hostile.name}-2",
        "issuer": "https://op.example.net",
        "client_id": "vi",
        "client_secret": "hemligt",
        "secret_key": house.settings.secret_key,
        "production": False,
    }
    provider_id = await add_provider(**wanted, acr=("urn:loa2", "urn:loa3"), join="reporter")
    assert await add_provider(**wanted, acr=("urn:loa2", "urn:loa3")) == provider_id
    async with operator_scope():
        row = await fetch_row("SELECT * FROM provider WHERE id = $1", provider_id)
    assert "hemligt" not in row["client_secret"]
    assert json.loads(row["assurance"]) == {"urn:loa2": 2, "urn:loa3": 3}
    async with tenant_scope(town.id):
        join = "SELECT join_role FROM accepted_provider WHERE provider_id = $1"
        assert await fetch_value(join, provider_id) is None
    for bent in (
        {"tenant_slug": "finns-inte"},
        {"issuer": "http://op.example.net"},
        {"issuer": "https://annan.example.net"},
        {"join": "kung"},
        {"name": "Å"},
        {"client_secret": ""},
        {"production": True, "join": "reporter"},
        {"production": True, "issuer": "http://127.0.0.1:1"},
    ):
        with pytest.raises(ProviderRefused):
            await add_provider(**(wanted | bent))


async def test_assurance_is_asked_for_and_required(hostile: Hostile) -> None:
    async with operator_scope():
        await fetch_row(
            """UPDATE provider SET assurance = $2::jsonb, least_assurance = 2
               WHERE id = $1 RETURNING 1""",
            hostile.id,
            '{"urn:loa2": 2, "urn:loa3": 3}',
        )
    for acr, status in {"urn:loa1": 400, "": 400, "urn:loa3": 303}.items():
        hostile.provider.change_claims = lambda claims, acr=acr: claims.update(acr=acr)
        async with hostile.house.browser() as browser:
            assert (await hostile.attempt(browser)).status_code == status
    async with platform_scope():
        level = "SELECT assurance FROM session WHERE provider_id = $1"
        assert await fetch_value(level, hostile.id) == 3


def test_the_command_line_knows_the_contract() -> None:
    said = CliRunner().invoke(cli.main, ["provider", "add", "--help"]).output
    for option in ("--tenant", "--name", "--issuer", "--client-secret-file", "--acr", "--join"):
        assert option in said
