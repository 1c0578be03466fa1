"""A real mail server that keeps the letters of one test."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.local.mailbox import Shelf, mail_server
from service.settings import Settings
from service.web import letters

Letterbox = Shelf


@pytest.fixture
def letterbox(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Letterbox]:
    """Where every letter ends that is sent during the test."""
    made = Shelf(tmp_path / "letters")
    server = mail_server(made, settings.port + 2)
    server.start()
    chosen = replace(settings, smtp_url=f"smtp://127.0.0.1:{settings.port + 2}")
    monkeypatch.setattr(letters, "settings", lambda: chosen)
    yield made
    server.stop()
