"""A new municipality's coordinator gets a letter that leads to the right place."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import service.entrance.jobs
import service.letters.jobs  # noqa: F401 - both register their job
from service.local.mailbox import Shelf, mail_server
from service.settings import Settings
from service.web import letters
from service.worker import run_job
from tenants.jobs import ask
from tenants.scope import execute
from tests.town import Town


@pytest.fixture
def shelf(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "letters")
    server = mail_server(made, settings.port + 2)
    server.start()
    chosen = replace(settings, smtp_url=f"smtp://127.0.0.1:{settings.port + 2}")
    monkeypatch.setattr(letters, "settings", lambda: chosen)
    yield made
    server.stop()


async def test_the_coordinator_is_written_to_and_nobody_else(
    tallbacka: Town, sjohaga: Town, shelf: Shelf
) -> None:
    for town in (tallbacka, sjohaga):
        for role in ("safety_coordinator", "reporter"):
            person_id = await town.add_member(role)
            async with town.scope():
                await execute(
                    "UPDATE person SET email = $2 WHERE id = $1",
                    person_id,
                    f"{role}@{town.slug}.test",
                )
    async with tallbacka.scope():
        job_id = await ask("municipality.welcome")
    await run_job(str(job_id))
    await run_job(str(job_id))
    await tallbacka.work()
    (letter,) = shelf.letters()
    assert letter.to == f"safety_coordinator@{tallbacka.slug}.test"
    assert letter.subject == "Tallbacka är igång"
    assert f"https://kraftsamling.test/{tallbacka.slug}" in letter.text.splitlines()
