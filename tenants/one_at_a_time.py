"""Take turns at something in a municipality, on however many machines."""

from tenants.scope import execute


async def one_at_a_time(about: str) -> None:
    """Wait for whoever is at `about` in the open scope's municipality; nobody else gets at it
    before the scope is settled."""
    await execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1 || ks.current_tenant(), 0))", about
    )
