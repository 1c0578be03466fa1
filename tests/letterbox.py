"""A real mail server that keeps the letters of one test."""

import socket
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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = mail_server(made, port)
    server.start()
    chosen = replace(settings, smtp_url=f"smtp://127.0.0.1:{port}")
    monkeypatch.setattr(letters, "settings", lambda: chosen)
    yield made
    server.stop()
