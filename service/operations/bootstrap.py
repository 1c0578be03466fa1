"""An empty server made ready: roles with passwords of their own, a database, files of secrets."""

import secrets as randomness
from pathlib import Path

from tenants.bootstrap import bootstrap

FILES = {
    "ks_app": "database-url",
    "ks_owner": "owner-database-url",
    "ks_operator": "operator-database-url",
}
KEY = "secret-key"


class AlreadyThere(RuntimeError):
    """Secrets lie there already; new ones would lock the running service out."""


async def bootstrap_server(superuser_url: str, server: str, database: str, folder: Path) -> None:
    """Make what is missing on the server and write each role's URL and the secret key, mode 0600.

    Raises AlreadyThere when any of the files exists.
    """
    names = [*FILES.values(), KEY]
    there = [name for name in names if (folder / name).exists()]
    if there:
        raise AlreadyThere(
            f"{folder} har redan {', '.join(there)}. Flytta undan dem om nya ska göras."
        )
    passwords = {role: randomness.token_urlsafe(32) for role in FILES}
    await bootstrap(superuser_url, database, passwords)
    for role, name in FILES.items():
        _write(folder / name, f"postgresql://{role}:{passwords[role]}@{server}/{database}")
    _write(folder / KEY, randomness.token_urlsafe(48))


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(text + "\n")
