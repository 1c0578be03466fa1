"""What a server that was killed leaves behind: a pid file, and perhaps living processes."""

import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil

from service.local.refusal import Refused

PATIENCE = 20.0
"""Seconds for each step in which a left-over process may end by itself."""


def clear_leftovers(data: Path) -> None:
    """Leaves the data folder with no server on it and no pid file. Call it under the lock.

    The pid file is never believed by itself: it may be cut off, empty or name a process that
    took over the number. What counts is which `postgres` processes live in the folder: after a
    killed postmaster its children may still write, and starting beside them would destroy data.
    Raises Refused when they will not end.
    """
    # Whoever held the lock is dead, so a living server has no master: fast, then hard.
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        left = servers_on(data)
        if not left:
            break
        for process in left:
            # A postmaster passes the signal on; an orphaned child ends on any of the three.
            _signal(process, how)
        _, left = psutil.wait_procs(left, timeout=PATIENCE)
    if left := servers_on(data):
        raise Refused(f"En databasserver använder redan {data} (process {left[0].pid}).")
    (data / "postmaster.pid").unlink(missing_ok=True)


def servers_on(data: Path) -> list[psutil.Process]:
    """The living `postgres` processes whose working folder is the data folder."""
    found = []
    for process in psutil.process_iter(["name", "cwd", "status"]):
        info = process.info
        alive = info["status"] != psutil.STATUS_ZOMBIE
        if alive and info["name"] == "postgres" and info["cwd"] and Path(info["cwd"]) == data:
            found.append(process)
    return found


def wait_until_gone(data: Path, seconds: float) -> bool:
    """Whether no server process is left on the folder before the time is out."""
    until = time.monotonic() + seconds
    while servers_on(data):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _signal(process: psutil.Process, how: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(how)  # psutil checks that the number still is this very process
