"""A stand-in for `systemctl` where no systemd runs: starts and stops what the units say.

It reads the very unit files that were installed: user, settings, credentials, command, and how
long a stop may take. State lies in the folder that KS_TEST_STATE names.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

UNITS = Path("/etc/systemd/system")
STATE = Path(os.environ["KS_TEST_STATE"])


def lines_of(name: str) -> list[tuple[str, str]]:
    """The unit's settings, with the instance and the credentials' folder filled in."""
    stem, _, rest = name.partition("@")
    path = UNITS / (f"{stem}@.service" if rest else name)
    instance = rest.removesuffix(".service")
    text = path.read_text().replace("%i", instance).replace("%d", str(STATE / name))
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line and line[0] != "#")
    return [(key, value) for key, _, value in pairs]


def start(name: str) -> None:
    unit = lines_of(name)
    single = dict(unit)
    user = pwd.getpwnam(single["User"])
    credentials = STATE / name
    credentials.mkdir(mode=0o700, exist_ok=True)
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}
    for key, value in unit:
        if key == "LoadCredential":
            file, _, source = value.partition(":")
            shutil.copy(source, credentials / file)
            (credentials / file).chmod(0o400)
            os.chown(credentials / file, user.pw_uid, user.pw_gid)
        elif key == "Environment":
            variable, _, text = value.partition("=")
            environment[variable] = text
        elif key == "EnvironmentFile":
            for line in Path(value).read_text().splitlines():
                if line and line[0] != "#":
                    variable, _, text = line.partition("=")
                    environment[variable] = text
        elif key == "StateDirectory":
            folder = Path("/var/lib") / value
            folder.mkdir(exist_ok=True)
            os.chown(folder, user.pw_uid, user.pw_gid)
    os.chown(credentials, user.pw_uid, user.pw_gid)
    with (STATE / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            single["ExecStart"].split(),
            cwd=single["WorkingDirectory"],
            env=environment,
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=[],
            umask=int(single["UMask"], 8),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    (STATE / f"{name}.pid").write_text(str(process.pid))


def stop(name: str) -> None:
    path = STATE / f"{name}.pid"
    if not path.exists():
        return
    pid = int(path.read_text())
    path.unlink()
    until = time.monotonic() + float(dict(lines_of(name))["TimeoutStopSec"])
    try:
        os.kill(pid, signal.SIGTERM)
        while time.monotonic() < until and _runs(pid):
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def main() -> None:
    match sys.argv[1:]:
        case ["daemon-reload"] | ["reload", _]:
            return
        case ["enable", "--now", target]:
            for key, value in lines_of(target):
                if key == "Wants":
                    for name in value.split():
                        start(name)
        case ["restart", name]:
            stop(name)
            start(name)
        case ["stop", "--all"]:
            for path in sorted(STATE.glob("*.pid")):
                stop(path.name.removesuffix(".pid"))
        case other:
            sys.exit(f"The stand-in does not know {other}.")


main()
