"""Attack 72: production knows no provider that lets anybody be anybody."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from service.entrance.party import assert_production_safe
from service.local.provider import NotHere, create_provider, register_local_provider
from tenants.identity.providers import Provider, UnsafeInProduction
from tenants.identity.providers import assert_production_safe as check
from tests.entrance.conftest import House

ROOT = Path(__file__).parents[2]


def test_the_local_provider_cannot_even_be_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import service.local.provider"],
        cwd=ROOT,
        env=os.environ | {"KS_ENV": "production"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "not in production" in done.stderr


async def test_the_local_provider_does_not_start_or_register(house: House) -> None:
    production = replace(house.settings, env="production")
    with pytest.raises(NotHere):
        create_provider(production)
    with pytest.raises(NotHere):
        await register_local_provider(production)
    with pytest.raises(NotHere):
        create_provider(house.settings, issuer="https://op.example.net")


async def test_production_refuses_to_start_with_a_local_provider(house: House) -> None:
    await assert_production_safe(house.settings)
    with pytest.raises(UnsafeInProduction, match="http://127"):
        await assert_production_safe(replace(house.settings, env="production"))


@pytest.mark.parametrize(
    "issuer", ["http://op.example.net", "https://localhost", "https://127.1.2.3", "https://[::1]"]
)
def test_production_refuses_unsafe_addresses(house: House, issuer: str) -> None:
    provider = Provider(house.near.provider_id, "p", "P", issuer, "c", "s")
    own = "https://kraftsamling.example"
    with pytest.raises(UnsafeInProduction, match="provider p"):
        check(env="production", base_url=own, providers=[provider])
    with pytest.raises(UnsafeInProduction, match="KS_BASE_URL"):
        check(env="production", base_url=issuer, providers=[])
    check(env="production", base_url=own, providers=[replace(provider, issuer="https://a.se")])


async def test_a_log_in_in_production_does_not_call_this_machine(house: House) -> None:
    """Should a row be there all the same, the log-in itself refuses it."""
    house.near.app.state.settings = replace(house.settings, env="production")
    try:
        async with house.browser() as browser:
            before = len(house.net.calls)
            assert (await browser.get("/auth/login/local")).status_code == 400
            assert len(house.net.calls) == before
    finally:
        house.near.app.state.settings = house.settings


def test_its_files_are_private(house: House) -> None:
    for name in ("provider-keys.json", "provider-client-secret"):
        assert (house.settings.data_dir / name).stat().st_mode & 0o777 == 0o600


async def test_the_local_provider_is_a_strict_one(house: House) -> None:
    asked = {
        "client_id": "kraftsamling",
        "redirect_uri": f"{house.settings.base_url}/auth/callback/local",
        "response_type": "code",
        "scope": "openid",
        "state": "s",
        "nonce": "n",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
    }
    async with house.at_provider() as at_provider:
        assert (await at_provider.get("/authorize", params=asked)).status_code == 303
        for bent in ({"client_id": "x"}, {"redirect_uri": "https://evil.example/"}):
            answer = await at_provider.get("/authorize", params=asked | bent)
            assert answer.status_code == 400
        for bent in (
            {"code_challenge_method": "plain"},
            {"code_challenge": ""},
            {"response_type": "token"},
            {"scope": "profile"},
            {"prompt": "none"},
        ):
            answer = await at_provider.get("/authorize", params=asked | bent)
            assert "error=" in answer.headers["location"]
            assert "iss=" in answer.headers["location"]
        assert (await at_provider.post("/token", data={})).status_code == 401
        assert (await at_provider.get("/userinfo")).status_code == 401
        published = (await at_provider.get("/jwks")).json()["keys"]
        assert {key["alg"] for key in published} == {"RS256", "ES256"}
        assert not any("d" in key for key in published)


async def test_its_keys_rotate_and_log_in_goes_on(house: House) -> None:
    person = await house.member(await house.found())
    house.provider.keys.rotate()
    async with house.browser() as browser:
        await house.log_in(browser, person)
    house.provider.keys.algorithm = "ES256"
    try:
        async with house.browser() as browser:
            await house.log_in(browser, person)
    finally:
        house.provider.keys.algorithm = "RS256"


async def test_its_page_lists_people_by_municipality_and_finds_them(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as browser, house.at_provider() as at_provider:
        start = (await browser.get("/auth/login/local")).headers["location"]
        asked = (await at_provider.get(start)).headers["location"]
        page = await at_provider.get(asked)
        assert person.subject in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        found = await at_provider.get(f"{asked}&q=finns+inte")
        assert person.subject not in found.text
        assert "Ingen passar in" in found.text
