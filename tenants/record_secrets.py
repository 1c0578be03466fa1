"""A municipality's own secret, from which the keys of its records are made.

It never leaves the server and is sealed at rest with the installation's. A new version holds for
what is made after it: what was made with an earlier one stays as it is.
"""

from secrets import token_hex

from tenants.identity.sealing import seal, unseal
from tenants.scope import execute, fetch, fetch_row, platform_scope, tenant_scope

RECORD_SECRETS = b"ks record secret"
BYTES = 32


async def record_secret(secret_key: str) -> tuple[int, bytes]:
    """Version and secret that new keys are made with, in the open scope; made when there is none.

    Raises SealBroken.
    """
    newest = await _newest()
    if newest is None:
        await _make(1, secret_key)
        newest = await _newest()  # Another transaction may have been first.
        assert newest is not None
    version, sealed = newest
    return version, bytes.fromhex(unseal(sealed, secret_key, RECORD_SECRETS))


async def rotate_record_secret(secret_key: str) -> int:
    """A new secret for what is made from now on; its version. In the open scope."""
    newest = await _newest()
    version = 1 if newest is None else newest[0] + 1
    await _make(version, secret_key)
    return version


async def reseal_record_secrets(secret_key: str) -> int:
    """Seal those of all municipalities with the newest key; how many. Opens scopes of its own.

    Each municipality by itself: what was resealed before a fault opens with both keys. Raises
    SealBroken.
    """
    async with platform_scope():
        municipalities = await fetch("SELECT id FROM municipality ORDER BY id")
    count = 0
    for municipality in municipalities:
        async with tenant_scope(municipality["id"]):
            for row in await fetch("SELECT version, sealed FROM record_secret FOR UPDATE"):
                secret = unseal(row["sealed"], secret_key, RECORD_SECRETS)
                await execute(
                    "UPDATE record_secret SET sealed = $2 WHERE version = $1",
                    row["version"],
                    seal(secret, secret_key, RECORD_SECRETS),
                )
                count += 1
    return count


async def _newest() -> tuple[int, str] | None:
    row = await fetch_row("SELECT version, sealed FROM record_secret ORDER BY version DESC LIMIT 1")
    return None if row is None else (row["version"], row["sealed"])


async def _make(version: int, secret_key: str) -> None:
    await execute(
        """INSERT INTO record_secret (tenant_id, version, sealed)
           VALUES (ks.current_tenant(), $1, $2) ON CONFLICT DO NOTHING""",
        version,
        seal(token_hex(BYTES), secret_key, RECORD_SECRETS),
    )
