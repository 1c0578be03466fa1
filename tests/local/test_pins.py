"""What is installed is pinned with hashes, without addresses, and is what pyproject.toml names."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PINS = ROOT / "deploy" / "requirements"
REMEDY = "run: make pin"


def wanted() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run = project["project"]["dependencies"]
    return {
        "run": run,
        "test": [*run, *project["project"]["optional-dependencies"]["test"]],
        "bootstrap": project["dependency-groups"]["bootstrap"],
    }


def plain(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found.group()).lower()


@pytest.mark.parametrize("name", ["run", "test", "bootstrap"])
def test_every_dependency_is_pinned(name) -> None:
    text = (PINS / f"{name}.txt").read_text()
    pinned = {plain(line) for line in text.splitlines() if "==" in line}
    missing = {plain(one) for one in wanted()[name]} - pinned
    assert not missing, f"deploy/requirements/{name}.txt lacks {sorted(missing)}; {REMEDY}"


@pytest.mark.parametrize("name", ["run", "test", "bootstrap"])
def test_every_pin_has_hashes_and_no_address(name) -> None:
    text = (PINS / f"{name}.txt").read_text()
    assert "://" not in text and "index" not in text.replace("importlib", "")
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in entry, f"{entry.splitlines()[0]} has no hash; {REMEDY}"
