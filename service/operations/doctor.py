"""`kraftsamling doctor`: what is wrong with this installation, and how to mend it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence

from service.operations.checks import (
    channel,
    database,
    machine,
    mail,
    pictures,
    providers,
    roles,
    sources,
)
from service.operations.checks import queue as work
from service.operations.finding import Finding, error
from service.settings import Settings
from tenants.engines import close_engines, open_engines

PATIENCE_SECONDS = 20.0

Check = Callable[[Settings], Awaitable[list[Finding]]]
# What must hold before a process starts comes first; the rest leans on it.
BEFORE_STARTING: tuple[Check, ...] = (
    database.server,
    database.migrations,
    roles.rights,
    roles.walls,
    providers.production,
    work.broker,
)
ALL: tuple[Check, ...] = (
    *BEFORE_STARTING,
    work.processes,
    channel.live,
    mail.mail,
    machine.clock,
    machine.disk,
    providers.discovery,
    providers.keys,
    pictures.compiled_in_time,
    sources.heard,
)
SIGNS = {"ok": "  ok ", "warning": "VARNA", "error": "  FEL"}


async def examine(settings: Settings, checks: Sequence[Check] = ALL) -> list[Finding]:
    """Run the checks in order; one that fails is itself a finding."""
    try:
        await open_engines(
            settings.database_url,
            broker_url=settings.broker_url,
            live_url=settings.live_url,
            size=2,
        )
    except Exception as failure:
        return [
            error(
                "databas",
                f"Databasen svarar inte eller släpper inte in oss: {_one_line(failure)}.",
                "Starta den och kontrollera KS_DATABASE_URL. Resten kan inte prövas utan den.",
                refuses=True,
            )
        ]
    try:
        return [finding for check in checks for finding in await _run(check, settings)]
    finally:
        await close_engines()


async def _run(check: Check, settings: Settings) -> list[Finding]:
    name = f"{check.__module__.rpartition('.')[2]}.{check.__name__}"
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await check(settings)
    except Exception as failure:
        return [
            error(
                name,
                f"Gick inte att pröva: {_one_line(failure)}.",
                "Laga det som står ovanför först, kör sedan om.",
            )
        ]


def _one_line(failure: Exception) -> str:
    text = " ".join(str(failure).split())
    return f"{type(failure).__name__}: {text}"[:200] if text else type(failure).__name__


def as_text(findings: Iterable[Finding]) -> str:
    """One line for each finding, and below it what to do."""
    lines = []
    for one in findings:
        lines.append(f"{SIGNS[one.grade]}  {one.check}: {one.says}")
        if one.mend:
            lines.append(f"         Så här: {one.mend}")
    return "\n".join(lines)


def as_json(findings: Iterable[Finding]) -> str:
    return json.dumps([one.as_json() for one in findings], ensure_ascii=False)
