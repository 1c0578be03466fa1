"""Debian's own packages, where this machine is one and lets us install them."""

import os
import shutil
import subprocess
from pathlib import Path


def may_install() -> bool:
    """Whether we are root or may become it without being asked."""
    return os.geteuid() == 0 or bool(shutil.which("sudo") and works(["sudo", "-n", "true"]))


def install_packages(*names: str) -> bool:
    """Installs the packages; False where that is not possible. What it prints is shown."""
    if not (is_debian() and may_install() and shutil.which("apt-get")):
        return False
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    packages = [*apt, "install", "-y", "--no-install-recommends", *names]
    return works(packages) or (works([*apt, "update"]) and works(packages))


def works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def is_debian() -> bool:
    # Ubuntu's package of Chromium only points to a snap.
    try:
        return "\nID=debian\n" in "\n" + Path("/etc/os-release").read_text()
    except OSError:
        return False
