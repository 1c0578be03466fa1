"""The guide to a plain Debian server, followed line by line in a namespace of its own.

/etc, /opt and /var/lib are laid over, so that nothing of it stays. Packages are not installed
anew, and `systemctl` is `tests/deploy/systemctl.py`. The ports of the guide may be taken on the
machine that tests: they are replaced by free ones in what was cloned.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import psycopg
import pytest

from tests.conftest import free_ports
from tests.reference import NO_SERVER, ROOT

GUIDE = ROOT / "deploy" / "debian" / "README.md"
SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
DATABASE = f"kraftsamling_operations_way_{os.getpid()}"
HOST = {"host": "kraftsamling.example"}


def why_not() -> str | None:
    if os.geteuid() != 0 or not shutil.which("unshare") or not shutil.which("runuser"):
        return "only root can lay a namespace over this machine"
    try:
        psycopg.connect(SERVER, connect_timeout=5).close()
    except psycopg.OperationalError:
        return f"{NO_SERVER} that trusts local roles listens on 127.0.0.1:5432"
    if not Path("/var/run/postgresql/.s.PGSQL.5432").exists():
        return "no PostgreSQL has its socket where Debian puts it"
    return None


def blocks() -> list[str]:
    """The guide's commands, in order."""
    return re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)


def script(ports: tuple[int, int]) -> tuple[str, str]:
    """The first installation and the upgrade, as one reads them, with this test's answers."""
    whole = "\n".join(blocks())
    assert "kraftsamling bootstrap" in whole and "/upgrade $RELEASE" in whole
    whole = whole.replace("SOURCE=/path/or/address/of/the/project", f"SOURCE={ROOT}")
    whole = whole.replace("DATABASE=kraftsamling\n", f"DATABASE={DATABASE}\n")
    files = "/opt/kraftsamling/$RELEASE/deploy/debian"
    whole = re.sub(
        r"(git clone [^\n]*\n)",
        rf"\1sed -i 's/8001/{ports[0]}/g; s/8002/{ports[1]}/g' {files}/*\n",
        whole,
    )
    first, then = whole.split("RELEASE=2", 1)
    return first, f"SOURCE={ROOT}\nRELEASE=2{then}"


@pytest.fixture
def stage() -> Iterator[Path]:
    """Stand-ins in a folder that comes first in PATH, where every user may look."""
    folder = Path(tempfile.mkdtemp(prefix="ks-way-"))
    folder.chmod(0o755)
    for name in ("bin", "state", "layers"):
        (folder / name).mkdir()
    (folder / "bin" / "systemctl").write_text(
        f'#!/bin/sh\nexec {sys.executable} {ROOT}/tests/deploy/systemctl.py "$@"\n'
    )
    (folder / "bin" / "apt-get").write_text("#!/bin/sh\n")
    for program in (folder / "bin").iterdir():
        program.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


OVER = """
set -eu
mount -t tmpfs none "$KS_TEST_LAYERS"
for folder in etc opt var/lib; do
    upper="$KS_TEST_LAYERS/$(echo $folder | tr / -)"
    mkdir -p "$upper/upper" "$upper/work"
    over="lowerdir=/$folder,upperdir=$upper/upper,workdir=$upper/work"
    mount -t overlay none -o "$over" "/$folder"
done
mkdir -p /etc/caddy /etc/systemd/system
"""


async def _answers(port: int, path: str = "/health/ready") -> str | None:
    try:
        async with httpx.AsyncClient(timeout=3) as client:
            answer = await client.get(f"http://127.0.0.1:{port}{path}", headers=HOST)
            return answer.text if answer.status_code == 200 else None
    except httpx.TransportError:
        return None


@pytest.mark.timeout(900)
async def test_the_guide_leads_from_nothing_to_a_service_and_to_its_next_version(
    stage: Path,
) -> None:
    if why := why_not():
        pytest.skip(why)
    ports = (free_ports(), free_ports())
    first, then = script(ports)
    environment = os.environ | {
        # A plain Debian has no other Python, no other anything.
        "PATH": f"{stage}/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "KS_TEST_STATE": str(stage / "state"),
        "KS_TEST_LAYERS": str(stage / "layers"),
        "DEBIAN_FRONTEND": "noninteractive",
    }
    for name in [name for name in environment if name.startswith("KS_") and "TEST" not in name]:
        del environment[name]
    # One shell holds the namespace and reads both parts; the first ends with a line of its own.
    halt = "\necho {} DONE\nread go\n"
    whole = f"{OVER}\n{first}{halt.format('FIRST PART')}{then}{halt.format('ALL')}"
    log = stage / "guide.log"
    with log.open("wb") as out:
        shell = await asyncio.create_subprocess_exec(
            *("unshare", "--mount", "bash", "-c", whole),
            cwd="/",
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=out,
            stderr=out,
        )
    assert shell.stdin is not None

    async def reaches(words: str) -> None:
        for _ in range(4000):
            said = await asyncio.to_thread(log.read_text)
            if words in said:
                return
            assert shell.returncode is None, said[-4000:]
            await asyncio.sleep(0.1)
        raise AssertionError(said[-4000:])

    try:
        await reaches("FIRST PART DONE")
        for port in ports:
            for _ in range(600):
                if await _answers(port):
                    break
                await asyncio.sleep(0.1)
            assert await _answers(port) == "ok", told(stage)
        said = await asyncio.to_thread(log.read_text)
        for check in ("databas", "migrationer", "rättigheter", "murar", "produktion"):
            assert f"ok   {check}" in said, said[-3000:]
        assert "postgresql://" not in said

        # The next version: at every moment one of the two answers.
        shell.stdin.write(b"\n")
        await shell.stdin.drain()
        silent = asked = 0
        while "ALL DONE" not in await asyncio.to_thread(log.read_text):
            assert shell.returncode is None, await asyncio.to_thread(log.read_text)
            alive = [await _answers(port, "/health/live") for port in ports]
            asked, silent = asked + 1, silent + (not any(alive))
            await asyncio.sleep(0.1)
        assert asked > 10 and silent == 0
        assert "Alla processer är på 2." in await asyncio.to_thread(log.read_text)
        for port in ports:
            assert await _answers(port) == "ok", told(stage)
    finally:
        await asyncio.to_thread(stop_all, stage, environment, shell.pid)
        if shell.returncode is None:
            shell.kill()
        await shell.wait()
        connection = await asyncpg.connect(SERVER)
        await connection.execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
        await connection.close()


def told(stage: Path) -> str:
    return "\n".join(
        f"{path.name}: {path.read_text()[-1500:]}" for path in (stage / "state").glob("*.log")
    )


def stop_all(stage: Path, environment: dict[str, str], shell: int) -> None:
    """Each process by the id that it was started with, from inside the namespace."""
    subprocess.run(
        [
            "nsenter",
            "--mount",
            f"--target={shell}",
            str(stage / "bin" / "systemctl"),
            "stop",
            "--all",
        ],
        env=environment,
        timeout=200,
        capture_output=True,
    )


def test_the_ports_of_the_guide_are_those_of_its_files() -> None:
    """What the test replaces is what stands there."""
    for name in ("kraftsamling.target", "Caddyfile", "upgrade"):
        text = (GUIDE.parent / name).read_text()
        assert "8001" in text and "8002" in text, name
