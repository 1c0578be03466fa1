"""`kraftsamling drill`: restores the backup beside the running service and proves that it holds.

pgBackRest brings back a copy, PostgreSQL starts it in a private folder, and what it holds is
compared with what is running. The copy is gone afterwards.
"""

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from service.operations.checks import database, roles
from service.settings import Settings
from tenants.engines import close_engines, open_engines
from tenants.municipalities import all_municipalities
from tenants.restoring import wait_until_recovered
from tenants.scope import fetch_row, platform_scope, tenant_scope


class DrillFailed(RuntimeError):
    """The backup could not be brought back, or does not hold what it must."""


@dataclass(frozen=True)
class Backup:
    """Where the backup is, and the programs that bring it back."""

    stanza: str
    configuration: Path
    programs: Path
    user: str
    until: datetime | None = None


@dataclass
class Proof:
    """What was compared, and how long each step took."""

    lines: list[str] = field(default_factory=list)
    municipalities: int = 0
    reports: int = 0
    newest: datetime | None = None


Counts = dict[str, int]


async def drill(settings: Settings, backup: Backup) -> Proof:
    """Bring the backup back beside the running service and compare. Raises DrillFailed."""
    proof = Proof()
    began = time.monotonic()
    async with brought_back(backup) as copy_folder:
        proof.lines.append(
            f"Kopian är återställd och i gång efter {time.monotonic() - began:.1f} s."
        )
        database_name = urlsplit(settings.database_url).path.lstrip("/")
        copy = replace(
            settings, database_url=f"postgresql://ks_app@/{database_name}?host={copy_folder}"
        )
        copied, proof.newest = await _read(copy, backup.until, whole=True)
        running, _ = await _read(settings, proof.newest, whole=False)
    apart = [
        f"{slug} {running[slug]} mot {copied.get(slug)}"
        for slug in sorted(running)
        if running[slug] != copied.get(slug)
    ]
    if apart:
        raise DrillFailed(f"Kopian håller inte vad som var mottaget: {', '.join(apart)}")
    proof.municipalities, proof.reports = len(copied), sum(copied.values())
    proof.lines.append("Historia, roller och murar i kopian är hela.")
    proof.lines.append(
        f"Varje kommun har i kopian de rapporter som var mottagna: "
        f"{proof.municipalities} kommuner, {proof.reports} rapporter."
    )
    if proof.newest is not None:
        lost = (datetime.now(UTC) - proof.newest).total_seconds()
        proof.lines.append(f"Kopians yngsta rapport är {lost:.0f} s gammal.")
    proof.lines.append(f"Övningen tog {time.monotonic() - began:.1f} s. Kopian är borttagen.")
    return proof


async def _read(
    settings: Settings, until: datetime | None, *, whole: bool
) -> tuple[Counts, datetime | None]:
    """Reports received up to `until` by municipality, and when the newest of them came in."""
    await open_engines(
        settings.database_url, broker_url="postgresql://", live_url="postgresql://", size=2
    )
    try:
        if whole:
            for check in (database.migrations, roles.rights, roles.walls):
                for found in await check(settings):
                    if found.grade == "error":
                        raise DrillFailed(f"I kopian: {found.says}")
        async with platform_scope():
            municipalities = await all_municipalities()
        counts: Counts = {}
        newest: list[datetime] = []
        for municipality in municipalities:
            async with tenant_scope(municipality.id):
                row = await fetch_row(
                    """SELECT count(*) AS reports, max(received_at) AS newest FROM report
                       WHERE $1::timestamptz IS NULL OR received_at <= $1""",
                    until,
                )
            assert row is not None
            counts[municipality.slug] = row["reports"]
            newest += [row["newest"]] if row["newest"] else []
        return counts, max(newest, default=None)
    finally:
        await close_engines()


@asynccontextmanager
async def brought_back(backup: Backup) -> AsyncIterator[Path]:
    """The socket folder of a server on the restored copy; server and copy are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ks-drill-"))
    try:
        _lay_out(folder, backup.user)
        await asyncio.to_thread(_run, _restoring(folder, backup), backup.user)
        control = [str(backup.programs / "pg_ctl"), "-D", str(folder / "data"), "-w", "-t", "600"]
        options = f"-c config_file={folder}/postgresql.conf"
        await asyncio.to_thread(
            _run, [*control, "-l", str(folder / "log"), "-o", options, "start"], backup.user
        )
        try:
            await wait_until_recovered(f"postgresql://{backup.user}@/postgres?host={folder}", 600)
            yield folder
        finally:
            await asyncio.to_thread(_run, [*control, "-m", "immediate", "stop"], backup.user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lay_out(folder: Path, user: str) -> None:
    (folder / "data").mkdir(mode=0o700)
    # Nobody but root and the server's own user comes into the folder.
    (folder / "pg_hba.conf").write_text("local all all trust\n")
    (folder / "postgresql.conf").write_text(
        f"""data_directory = '{folder}/data'
hba_file = '{folder}/pg_hba.conf'
listen_addresses = ''
unix_socket_directories = '{folder}'
archive_mode = off
hot_standby = off
fsync = off
shared_buffers = 64MB
"""
    )
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, user)


def _restoring(folder: Path, backup: Backup) -> list[str]:
    until = ["--type=default"]
    if backup.until is not None:
        target = backup.until.isoformat(sep=" ")
        until = ["--type=time", f"--target={target}", "--target-action=promote"]
    return [
        "pgbackrest",
        f"--config={backup.configuration}",
        f"--stanza={backup.stanza}",
        f"--pg1-path={folder}/data",
        "--log-level-console=warn",
        "--archive-mode=off",
        *until,
        "restore",
    ]


def _run(command: Sequence[str], user: str) -> None:
    """As the database's own user, since neither program runs as root."""
    who = {"user": user, "group": user, "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(  # type: ignore[call-overload]
        command, capture_output=True, text=True, timeout=3600, cwd="/", **who
    )
    if done.returncode:
        told = (done.stderr or done.stdout).strip().splitlines()
        raise DrillFailed(f"{Path(command[0]).name}: {told[-1] if told else done.returncode}")
