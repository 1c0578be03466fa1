"""A private folder with a short path for the database server's unix socket."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from service.local.account import Account

LONGEST = 100 - len("/.s.PGSQL.5432")
"""Bytes: a unix socket's whole path must fit in 107, and we stay below 100."""


def socket_folder(data_folder: Path, account: Account) -> Path:
    """DATA_DIR/run, or a folder in the system's temporary place when that path is too
    long or closed to the account.

    Only the server's account (and root) can enter it, so that it can be trusted without a
    password. A folder of that name that is anybody else's is never used.
    """
    inside = data_folder / "run"
    short = len(os.fsencode(inside)) <= LONGEST
    if short and account.can_reach(data_folder) and _claim(inside, account):
        return inside
    digest = hashlib.sha256(os.fsencode(data_folder)).hexdigest()[:12]
    outside = Path("/tmp") / f"kraftsamling-{account.uid}-{digest}"
    if _claim(outside, account):
        return outside
    made = Path(tempfile.mkdtemp(prefix="kraftsamling-", dir="/tmp"))
    if account.switch:
        os.chown(made, account.uid, account.gid)
    return made


def _claim(path: Path, account: Account) -> bool:
    """Makes the folder; of an existing one, says whether it is the account's own and private."""
    try:
        path.mkdir(mode=0o700)
        if account.switch:
            os.chown(path, account.uid, account.gid)
    except FileExistsError:
        pass
    # lstat, since a link that another user laid here would lead into a folder of his choice.
    found = path.lstat()
    private = stat.S_IMODE(found.st_mode) == 0o700
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and private
