"""Secrets of providers are encrypted at rest, and the key that seals them can be changed."""

import pytest

from service.settings import SettingsError, read_settings
from tenants.identity.reseal import reseal
from tenants.identity.sealing import SealBroken, seal, unseal
from tenants.scope import fetch, operator_scope, platform_scope
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
    return {str(row["id"]): row["client_secret"] for row in rows}


async def test_all_that_is_stored_is_sealed_anew_and_log_in_goes_on(tallbacka: Town) -> None:
    before = await stored()
    assert before and all("secret" not in sealed for sealed in before.values())
    try:
        assert await reseal(BOTH) == len(before)
        after = await stored()
        assert {unseal(one, NEW) for one in after.values()} == {
            unseal(one, OLD) for one in before.values()
        }
        # Without the old key nothing opens any more that was not sealed anew, and nothing changes.
        with pytest.raises(SealBroken):
            await reseal(OLD)
        assert await stored() == after
    finally:
        await reseal(f"{OLD}|{NEW}")
    assert (await tallbacka.get("/rapportera", role="reporter")).status_code == 200


async def test_the_operators_role_alone_may_store_a_secret() -> None:
    async with operator_scope():
        rows = await fetch(
            """SELECT grantee FROM information_schema.role_table_grants
               WHERE table_schema = 'ks' AND table_name = 'provider'
                 AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE') AND grantee = 'ks_app'"""
        )
    assert rows == []


@pytest.mark.parametrize("key", ["short", f"{NEW}|short", f"|{NEW}"])
def test_a_short_key_is_refused(key: str) -> None:
    variables = {
        "KS_ENV": "test",
        "KS_DATABASE_URL": "x",
        "KS_BASE_URL": BASE_URL,
        "KS_SECRET_KEY": key,
    }
    with pytest.raises(SettingsError):
        read_settings(variables)
    assert read_settings(variables | {"KS_SECRET_KEY": BOTH}).secret_key == BOTH
