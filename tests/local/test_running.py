"""A command finds the installation that runs on a data folder, and says so when none does."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from service import cli
from service.local.data_folder import lock
from service.local.refusal import Refused
from service.local.running import NAME, tell_where, variables_of

VARIABLES = {"KS_PORT": "8000", "KS_SECRET_KEY": "hemlig", "HOME": "/root"}


def test_who_runs_is_found_and_only_our_variables_are_kept(tmp_path: Path) -> None:
    tell_where(tmp_path, VARIABLES)
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0
    with lock(tmp_path / "postgres.lock", "busy"):
        assert variables_of(tmp_path) == {"KS_PORT": "8000", "KS_SECRET_KEY": "hemlig"}


def test_what_a_killed_one_left_is_not_believed(tmp_path: Path) -> None:
    tell_where(tmp_path, VARIABLES)
    with pytest.raises(Refused, match="make run"):
        variables_of(tmp_path)


def test_the_command_says_in_one_line_that_nothing_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KS_DATABASE_URL", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    answer = CliRunner().invoke(cli.main, ["import", "police", "fil.json"])
    assert answer.exit_code == 2
    assert str(tmp_path) in answer.output and answer.output.count("\n") == 1
