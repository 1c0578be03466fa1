"""Take turns at something in a municipality, on however many machines."""

from tenants.scope import execute, fetch_value


async def one_at_a_time(about: str) -> None:
    """Wait for whoever is at `about` in the open scope's municipality; nobody else gets at it
    before the scope is settled."""
    await execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1 || ks.current_tenant(), 0))", about
    )


async def turn_is_free(about: str) -> bool:
    """Take the turn at `about` if nobody has it, and say whether we did; it waits for nobody."""
    return await fetch_value(
        "SELECT pg_try_advisory_xact_lock(hashtextextended($1 || ks.current_tenant(), 0))", about
    )


async def beside_each_other(about: str) -> None:
    """Wait for whoever is at `about` one at a time, and let others come beside us meanwhile."""
    await execute(
        "SELECT pg_advisory_xact_lock_shared(hashtextextended($1 || ks.current_tenant(), 0))",
        about,
    )
