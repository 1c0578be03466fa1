"""Seal every stored secret anew with the installation's newest key, so that an older one can go."""

from tenants.identity.sealing import CLIENT_KEYS, seal, unseal
from tenants.scope import execute, fetch, operator_scope


async def reseal(secret_key: str) -> int:
    """How many secrets there are, all of which the newest key opens now. All or none.

    Raises SealBroken when one can be opened with none of the keys. Opens an operator's scope.
    """
    async with operator_scope():
        rows = await fetch(
            "SELECT id, client_secret FROM provider WHERE client_secret <> '' FOR UPDATE"
        )
        for row in rows:
            await execute(
                "UPDATE provider SET client_secret = $2 WHERE id = $1",
                row["id"],
                seal(unseal(row["client_secret"], secret_key), secret_key),
            )
        keys = await fetch("SELECT kid, sealed FROM client_key FOR UPDATE")
        for key in keys:
            await execute(
                "UPDATE client_key SET sealed = $2 WHERE kid = $1",
                key["kid"],
                seal(unseal(key["sealed"], secret_key, CLIENT_KEYS), secret_key, CLIENT_KEYS),
            )
    return len(rows) + len(keys)
