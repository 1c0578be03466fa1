"""DATA_DIR: where this installation keeps everything that must survive a restart."""

import fcntl
import os
import stat
import tempfile
from pathlib import Path
from typing import TextIO

import platformdirs

from service.local.refusal import Refused


def default_data_folder() -> Path:
    """/var/lib/kraftsamling for root, else the user's own folder for application data."""
    if os.geteuid() == 0:
        return Path("/var/lib/kraftsamling")
    return platformdirs.user_data_path("kraftsamling")


def open_data_folder(path: Path) -> Path:
    """Makes the folder if need be and proves that it can be written. Raises Refused."""
    path = path.expanduser().absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The server's own account must pass a folder of root's; everything in it is closed.
        path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise Refused(
            f"Det går inte att skriva i {path} ({error.strerror}): "
            f"välj en annan mapp, till exempel `make run DATA_DIR=~/kraftsamling`."
        ) from error
    # Who may rename things in the folder could put a socket or a secret of his own there.
    if stat.S_IMODE(path.stat().st_mode) & stat.S_IWOTH:
        raise Refused(f"Alla på datorn kan skriva i {path}: kör `chmod o-w {path}` först.")
    return path


def lock(path: Path, busy: str) -> TextIO:
    """An exclusive lock on the file that lasts until it is closed or the process ends.

    Raises Refused(busy) when another process holds it.
    """
    held = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        held.close()
        raise Refused(busy) from error
    return held
