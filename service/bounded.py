"""Work on what a stranger made, in a process of its own whose memory and time are bounded.

A file may ask for more than there is. Here that ends a child, and not the worker with the jobs of
others in it.
"""

import asyncio
import os
import resource
import runpy
import signal
import sys
import time
from collections.abc import AsyncIterator

from service.die_with import end_with_parent

MEGABYTE = 1024 * 1024
# A line of the longest answer fits.
LONGEST_LINE = 64 * MEGABYTE


class OutOfBounds(RuntimeError):
    """The work was ended: it took more memory or time than it may, or broke down."""


async def lines_of(
    module: str, given: bytes, *, megabytes: int, seconds: int
) -> AsyncIterator[bytes]:
    """What `python -m module` writes, line by line, with `given` on its standard input.

    `megabytes` of address space and `seconds` of time are all it gets. Raises OutOfBounds.
    """
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service.bounded", module, str(megabytes), str(seconds)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        # Memory for a thread on each of many cores would be taken before the work begins.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        limit=LONGEST_LINE,
    )
    assert child.stdin is not None and child.stdout is not None
    feeding = asyncio.create_task(_feed(child.stdin, given))
    # Only the child's own time counts, not what is done with a line before the next one is asked
    # for.
    left = float(seconds * 2)
    try:
        while True:
            began = time.monotonic()
            async with asyncio.timeout(max(left, 0)):
                line = await child.stdout.readline()
            left -= time.monotonic() - began
            if not line:
                break
            yield line
        async with asyncio.timeout(max(left, 0)):
            ended = await child.wait()
    except TimeoutError:
        raise OutOfBounds(f"{module} took more than {seconds * 2} s.") from None
    except ValueError:
        raise OutOfBounds(f"{module} wrote a line that is too long.") from None
    finally:
        if child.returncode is None:
            child.kill()
        await asyncio.gather(feeding, child.wait(), return_exceptions=True)
    if ended != 0:
        raise OutOfBounds(f"{module} ended with {ended}.")


async def _feed(stdin: asyncio.StreamWriter, given: bytes) -> None:
    try:
        stdin.write(given)
        await stdin.drain()
        stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        pass  # It did not need all of it; how it ended says the rest.


def _run(module: str, megabytes: int, seconds: int) -> None:
    end_with_parent(signal.SIGKILL)
    most = megabytes * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.argv = [module]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except MemoryError:
        os._exit(1)


if __name__ == "__main__":
    _run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
