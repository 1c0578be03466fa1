"""Secrets of providers are encrypted at rest, and the key that seals them can be changed."""

import pytest

from service.settings import SettingsError, read_settings
from tenants.identity.reseal import reseal
from tenants.identity.sealing import CLIENT_KEYS, SealBroken, seal, unseal
from tenants.scope import fetch, platform_scope
from tests.conftest import BASE_URL
from tests.people.cast import SECRET_KEY
from tests.town import Town

OLD, NEW = SECRET_KEY, "a new key that nobody has seen before, 40"
BOTH = f"{NEW}|{OLD}"


def test_an_old_key_opens_what_it_sealed_and_seals_no_more() -> None:
    sealed = seal("hemligt", OLD)
    assert "hemligt" not in sealed
    assert unseal(sealed, BOTH) == "hemligt"
    with pytest.raises(SealBroken):
        unseal(sealed, NEW)
    assert unseal(seal("hemligt", BOTH), NEW) == "hemligt"


async def stored() -> dict[str, str]:
    async with platform_scope():
        rows = await fetch("SELECT id, client_secret FROM provider WHERE client_secret <> ''")
        keys = await fetch("SELECT kid, sealed FROM client_key")
    return {str(row["id"]): row["client_secret"] for row in rows} | {
        row["kid"]: row["sealed"] for row in keys
    }


def opened(sealed: str, secret_key: str) -> str:
    """The secret, whichever of the two kinds it is."""
    try:
        return unseal(sealed, secret_key)
    except SealBroken:
        return unseal(sealed, secret_key, CLIENT_KEYS)


async def test_all_that_is_stored_is_sealed_anew_and_log_in_goes_on(tallbacka: Town) -> None:
    before = await stored()
    assert before and all("secret" not in sealed for sealed in before.values())
    try:
        assert await reseal(BOTH) == len(before)
        after = await stored()
        assert {key: opened(one, NEW) for key, one in after.items()} == {
            key: opened(one, OLD) for key, one in before.items()
        }
        # Without the old key nothing opens any more that was not sealed anew, and nothing changes.
        with pytest.raises(SealBroken):
            await reseal(OLD)
        assert await stored() == after
    finally:
        await reseal(f"{OLD}|{NEW}")
    assert (await tallbacka.get("/rapportera", role="reporter")).status_code == 200


@pytest.mark.parametrize("key", ["short", f"{NEW}|short", f"|{NEW}"])
def test_a_short_key_is_refused(key: str) -> None:
    variables = {
        "KS_ENV": "test",
        "KS_DATABASE_URL": "postgresql://ks_app@127.0.0.1/prov",
        "KS_BASE_URL": BASE_URL,
        "KS_SECRET_KEY": key,
    }
    with pytest.raises(SettingsError, match="KS_SECRET_KEY"):
        read_settings(variables)
    assert read_settings(variables | {"KS_SECRET_KEY": BOTH}).secret_key == BOTH
