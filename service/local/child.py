"""One process of the installation, started anew when it ends by itself."""

import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.die_with import ends_with_parent

GIVES_UP = 5
"""How many times in a row a process may end before it is left alone."""
STEADY = 60.0
"""Seconds after which a process counts as well, and earlier ends are forgotten."""


class GaveUp(Exception):
    """A process keeps ending; the text is one Swedish line with its log."""


@dataclass
class Child:
    name: str
    """As the terminal shows it."""
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    shown: bool = False
    """Whether what it prints goes to our own output; its log then holds errors only."""
    patience: float = 5.0
    """Seconds from the request to stop until it is killed."""
    process: subprocess.Popen[bytes] | None = None
    ends: int = 0
    started: float = 0.0
    due: float = field(default=0.0)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.log.chmod(0o600)
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=None if self.shown else log,
                stderr=log,
                env=dict(self.environment),
                # Ctrl-C reaches the one who watches, and nobody else.
                process_group=0,
                preexec_fn=ends_with_parent(signal.SIGTERM),
            )
        self.started = time.monotonic()

    def look_after(self) -> str | None:
        """Starts it anew once its pause is over; the line to show when it has just ended.

        Raises GaveUp when it ended GIVES_UP times, each within STEADY seconds.
        """
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.process = None
        self.ends = 1 if now - self.started > STEADY else self.ends + 1
        why = f"signal {-code}" if code < 0 else f"felkod {code}"
        if self.ends >= GIVES_UP:
            raise GaveUp(
                f"{self.name} slutar gång på gång ({why}: {self.last_line()}); "
                f"allt stängs. Loggen: {self.log}"
            )
        pause = float(2 ** (self.ends - 1))
        self.due = now + pause
        return f"{self.name} slutade ({why}: {self.last_line()}); startas igen om {pause:.0f} s."

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait_until_stopped(self, patience: float | None = None) -> None:
        """Waits, then kills."""
        if self.process is None:
            return
        try:
            self.process.wait(self.patience if patience is None else patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def last_line(self) -> str:
        """The last line of the log, cut to a line's length."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - 4000))
                lines = log.read().decode(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return (lines[-1] if lines else "ingen rad i loggen")[:160]
