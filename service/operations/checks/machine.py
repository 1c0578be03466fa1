"""The clock and the disk of this machine."""

import shutil
import time

from service.operations.finding import Finding, error, warning, well
from service.settings import Settings
from tenants.scope import fetch_value, platform_scope

LEAST_FREE_BYTES = 2 * 1024**3
LEAST_FREE_SHARE = 0.1
UNSURE_SECONDS = 2.0
WRONG_SECONDS = 30.0


async def clock(settings: Settings) -> list[Finding]:
    """This machine's clock against the database's; log-ins are refused when they differ much."""
    check = "klocka"
    async with platform_scope():
        before = time.time()
        theirs = await fetch_value("SELECT extract(epoch FROM clock_timestamp())::float8")
        apart = abs(theirs - (before + time.time()) / 2)
    mend = "Slå på tidssynkronisering på båda (`timedatectl set-ntp true`)."
    if apart > WRONG_SECONDS:
        return [error(check, f"Klockan går {apart:.0f} s fel mot databasens.", mend)]
    if apart > UNSURE_SECONDS:
        return [warning(check, f"Klockan går {apart:.1f} s fel mot databasens.", mend)]
    return [well(check, f"Skiljer {apart * 1000:.0f} ms från databasens.")]


async def disk(settings: Settings) -> list[Finding]:
    check = "disk"
    total, _, free = shutil.disk_usage(settings.data_dir)
    told = f"{free / 1024**3:.1f} av {total / 1024**3:.1f} GiB ledigt i {settings.data_dir}"
    if free < LEAST_FREE_BYTES or free < LEAST_FREE_SHARE * total:
        return [warning(check, f"Det är trångt: {told}.", "Frigör plats eller utöka disken.")]
    return [well(check, f"{told}.")]
