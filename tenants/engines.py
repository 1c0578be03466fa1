"""This process' connections: the database, and where jobs and hints go out."""

from tenants import jobs, listening, scope


async def open_engines(
    database_url: str,
    *,
    broker_url: str,
    live_url: str,
    size: int,
    operator_url: str = "",
    statement_seconds: int = 0,
) -> None:
    """Open the pool and choose broker and live channel; belongs to the running event loop."""
    await scope.open_pool(
        database_url,
        size=size,
        operator_dsn=operator_url or None,
        statement_seconds=statement_seconds,
    )
    jobs.send_through(broker_url)
    await listening.open_sending(live_url)


async def close_engines() -> None:
    """Close what `open_engines` opened, after what is under way."""
    await listening.close_sending()
    await scope.close_pool()
