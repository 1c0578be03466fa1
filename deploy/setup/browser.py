"""Chromium for the browser tests. `python deploy/setup/browser.py` prints where it is."""

import os
import shutil
import sys
from pathlib import Path

from debian import install_packages, may_install, works


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
    if not install_packages("chromium"):
        deps = ["--with-deps"] if may_install() else []
        works([str(python), "-m", "playwright", "install", *deps, "chromium"])


if __name__ == "__main__":
    print(find_browser() or "")
    sys.exit(find_browser() is None)
