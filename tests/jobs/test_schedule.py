"""Of several schedulers one sends; when it dies, the one that stands by takes over."""

import asyncio
from pathlib import Path

from service.settings import Settings
from tests.processes import running


def _text(log: Path) -> str:
    return log.read_text() if log.exists() else ""


async def _says(log: Path, words: str) -> None:
    for _ in range(600):
        if words in _text(log):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(_text(log))


async def test_the_second_stands_by_and_takes_over(settings: Settings, tmp_path: Path) -> None:
    first_log, second_log = tmp_path / "first.log", tmp_path / "second.log"
    with running("scheduler", settings, first_log) as first:
        await _says(first_log, "This scheduler sends.")
        with running("scheduler", settings, second_log):
            await _says(second_log, "this one stands by")
            assert "This scheduler sends." not in _text(second_log)
            first.kill()
            await _says(second_log, "This scheduler sends.")
