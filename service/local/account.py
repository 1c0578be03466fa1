"""The unprivileged system account that PostgreSQL runs as when we are root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.local.refusal import Refused

NAME = "kraftsamling"


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int
    switch: bool
    """Whether a process must change to the account, since we are root and it is another's."""

    def run_as(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess` that start a process as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def can_reach(self, path: Path) -> bool:
        """Whether the account may read what is at the path and pass every folder above it.

        The kernel is asked by a process of that account, so access lists and mounts count too.
        """
        flag = "-x" if path.is_dir() else "-r"
        question = ["/bin/sh", "-c", f'test {flag} "$1"', "reach", str(path)]
        return subprocess.run(question, cwd="/", **self.run_as()).returncode == 0


def account_for(data: Path) -> Account:
    """Who runs the server on the folder `data`: ourselves, or as root never root.

    As root it is the owner of an existing folder, else the system account `kraftsamling`, which
    is made on first use. Raises Refused when it cannot be made.
    """
    if os.geteuid() != 0:
        me = os.geteuid()
        if data.exists() and data.stat().st_uid != me:
            raise Refused(
                f"Databasen i {data} tillhör en annan användare: starta som den användaren, "
                f"eller välj en annan mapp med DATA_DIR."
            )
        return Account(_name(me), me, os.getegid(), switch=False)
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(_name(owner.st_uid), owner.st_uid, owner.st_gid, switch=True)
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        _make()
        entry = pwd.getpwnam(NAME)
    if entry.pw_uid == 0:
        raise Refused(f"Kontot {NAME} är root, men PostgreSQL får inte köras som root.")
    return Account(NAME, entry.pw_uid, entry.pw_gid, switch=True)


def _make() -> None:
    command = ["useradd", "--system", "--no-create-home", "--user-group"]
    command += ["--shell", "/usr/sbin/nologin", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        # Two first starts at once: the other one may have made it.
        if any(entry.pw_name == NAME for entry in pwd.getpwall()):
            return
        raise Refused(
            "PostgreSQL får inte köras som root, och systemkontot gick inte att skapa: "
            f"kör `{' '.join(command)}` eller starta som vanlig användare."
        ) from error
    print(f"Skapade systemkontot {NAME}, som databasen körs som (PostgreSQL vägrar root).")


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
