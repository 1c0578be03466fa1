"""Children that end when the process that started them is killed, so that none is left behind."""

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def ends_with_parent(how: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends the child this signal when the parent's thread ends.

    Call `Popen` from the main thread, since Linux counts the thread as the parent. Elsewhere
    than on Linux it does nothing.
    """
    parent = os.getpid()
    prctl = getattr(ctypes.CDLL(None, use_errno=True), "prctl", None)

    def ask_the_kernel() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)
            if os.getppid() != parent:  # it was killed before we asked
                os._exit(1)

    return ask_the_kernel


def end_with_parent(how: signal.Signals) -> None:
    """Asks the kernel to send this process the signal when its parent ends."""
    prctl = getattr(ctypes.CDLL(None, use_errno=True), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)
