"""The queue, those who work it off, and the one who asks for what is due."""

import asyncio

from service.operations.finding import Finding, error, warning, well
from service.settings import Settings
from tenants.broker import kind_of
from tenants.durability import BrokerSilent, NotDurable, check_broker
from tenants.scope import fetch_row, fetch_value, is_pooled, platform_scope

LONG_QUEUE = 1000


async def broker(settings: Settings) -> list[Finding]:
    check = "kö"
    kind = kind_of(settings.broker_url)
    if kind == "postgresql":
        if await is_pooled(settings.broker_url):
            return [
                error(
                    check,
                    "KS_BROKER_URL går genom en PgBouncer, som tappar köns meddelanden.",
                    "Sätt KS_BROKER_URL till databasens egen adress.",
                    refuses=True,
                )
            ]
        async with platform_scope():
            waiting = await fetch_value(
                "SELECT count(*) FROM dramatiq.queue WHERE state = 'queued'"
            )
    else:
        try:
            waiting = await asyncio.to_thread(check_broker, settings.broker_url)
        except BrokerSilent as silence:
            # Not refused: what is asked for waits in the outbox until the broker is back.
            return [
                error(
                    check,
                    f"Mäklaren ({kind}) svarar inte eller släpper inte in oss: {silence}.",
                    "Starta den och kontrollera KS_BROKER_URL. Inget går förlorat under tiden.",
                )
            ]
        except NotDurable as loose:
            in_earnest = settings.env == "production"
            return [
                Finding(
                    check,
                    "error" if in_earnest else "warning",
                    f"Mäklaren ({kind}) kan glömma det den har tagit emot: {loose}.",
                    "RabbitMQ: ta bort kön, den görs om rätt. Redis: appendonly yes, "
                    "maxmemory-policy noeviction.",
                    refuses=in_earnest,
                )
            ]
    if waiting > LONG_QUEUE:
        return [
            warning(
                check,
                f"{waiting} meddelanden väntar.",
                "Starta fler arbetare (`kraftsamling worker`) eller höj KS_WORKER_THREADS.",
            )
        ]
    return [well(check, f"Mäklaren ({kind}) svarar; {waiting} meddelanden väntar.")]


async def processes(settings: Settings) -> list[Finding]:
    check = "processer"
    async with platform_scope():
        row = await fetch_row(
            """SELECT count(*) FILTER (WHERE kind = 'worker') AS workers,
                      count(*) FILTER (WHERE kind = 'scheduler') AS schedulers
               FROM process WHERE beat_at > now() - interval '10 s'"""
        )
    assert row is not None
    findings = []
    if not row["workers"]:
        findings.append(
            error(
                check, "Ingen arbetare lever: inga bilder räknas.", "Starta `kraftsamling worker`."
            )
        )
    if not row["schedulers"]:
        findings.append(
            error(
                check,
                "Inget schema lever: det som ska göras på bestämda tider uteblir.",
                "Starta `kraftsamling scheduler`.",
            )
        )
    return findings or [well(check, f"{row['workers']} arbetare och ett schema lever.")]
