"""Chromium for the browser tests. `python deploy/setup/browser.py` prints where it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def find_browser() -> str | None:
    """The path of a Chromium: KS_CHROMIUM, the machine's own, or the one Playwright fetched."""
    if (chosen := os.environ.get("KS_CHROMIUM")) and Path(chosen).exists():
        return chosen
    for name in ("chromium", "google-chrome"):
        if path := shutil.which(name):
            return path
    fetched = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or "~/.cache/ms-playwright")
    found = sorted(fetched.expanduser().glob("chromium-*/chrome-linux*/chrome"))
    return str(found[-1]) if found else None


def install(python: Path) -> None:
    """Tries Debian's package where we may install it, then Playwright's own download.

    What both print is shown, so that a failure can be understood.
    """
    # Ubuntu's package of that name only points to a snap.
    if _is_debian() and install_package("chromium"):
        return
    deps = ["--with-deps"] if _rights() is not None else []
    _works([str(python), "-m", "playwright", "install", *deps, "chromium"])


def install_package(name: str) -> bool:
    """Installs a package of the distribution, where we may; whether it is there now."""
    rights = _rights()
    if rights is None or not shutil.which("apt-get"):
        return False
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    package = [*apt, "install", "-y", "--no-install-recommends", name]
    return _works(package) or (_works([*apt, "update"]) and _works(package))


def _rights() -> list[str] | None:
    """What stands before a command of the administrator; None when we may run none."""
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") and _works(["sudo", "-n", "true"]) else None


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def _is_debian() -> bool:
    try:
        return "\nID=debian\n" in "\n" + Path("/etc/os-release").read_text()
    except OSError:
        return False


if __name__ == "__main__":
    print(find_browser() or "")
    sys.exit(find_browser() is None)
