"""Rooms import downwards only, and the contracts that say so notice when one does not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.walls.reading import ROOT

LINT = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120
    )


def test_every_contract_is_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("offender", "imports", "contract"),
    [
        ("tenants/roles.py", "import service.app", "knows nothing of it"),
        ("service/web/live.py", "import service.cycle.mapping", "Rooms look downwards"),
        ("service/cycle/mapping/__init__.py", "import service.cycle.picture", "In the wheel"),
        ("service/statistics/__init__.py", "import tenants.scope", "Statistics are pure"),
        ("service/web/health.py", "import psycopg", "Only tenants opens connections"),
    ],
)
def test_an_offender_is_named(tmp_path: Path, offender: str, imports: str, contract: str) -> None:
    """The project's own contracts, over its own modules emptied of all but one import."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for room in ("service", "tenants", "migrations"):
        for path in (ROOT / room).rglob("*.py"):
            empty = tmp_path / path.relative_to(ROOT)
            empty.parent.mkdir(parents=True, exist_ok=True)
            empty.touch()
    (tmp_path / offender).write_text(imports)
    done = lint(tmp_path)
    assert done.returncode != 0
    assert any(contract in line for line in done.stdout.splitlines() if "BROKEN" in line) or (
        contract in done.stdout
    ), done.stdout
