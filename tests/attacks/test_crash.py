"""A process that dies between any two statements: what was acknowledged stays, once.

Death is tried at every statement of the act in turn, before it reaches the database and after it
was done there, commits included; then what a browser or the queue would do is done: again.
"""

import asyncio
import contextvars
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from service.cycle.picture import jobs as picture_jobs
from service.sources.police.importing import import_file
from service.worker import run_job
from tenants.scope import Scope, fetch, fetch_row, fetch_value
from tests.cycle.mapping.test_hand_in import counted, report
from tests.cycle.picture.history import content
from tests.town import Town


class Death(BaseException):
    """No handler of errors may see it, as none sees a killed process."""


class Fate:
    """Dies at step `at`; a statement is two steps (before and after it), a commit as well."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.steps = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise Death


_fate: contextvars.ContextVar[Fate | None] = contextvars.ContextVar("fate", default=None)


def _step() -> None:
    fate = _fate.get()
    if fate is not None:
        fate.step()


@pytest.fixture(autouse=True)
def mortal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every statement and every commit of a scope asks fate."""

    def doomed(name: str) -> Any:
        whole = getattr(Scope, name)

        async def tried(self: Scope, *arguments: Any) -> Any:
            _step()
            result = await whole(self, *arguments)
            _step()
            return result

        return tried

    for name in ("fetch", "fetch_row", "fetch_value", "execute", "execute_many", "copy_records"):
        monkeypatch.setattr(Scope, name, doomed(name))
    settle = Scope.settle

    async def settled(self: Scope, *, commit: bool) -> None:
        if commit and not self.settled:
            try:
                _step()
            except Death:
                await settle(self, commit=False)
                raise
        await settle(self, commit=commit)
        if commit:
            _step()

    monkeypatch.setattr(Scope, "settle", settled)
    monkeypatch.setattr(picture_jobs, "DEBOUNCE_SECONDS", 0.02)
    yield


async def with_fate(fate: Fate, act: Any) -> bool:
    """Whether `act` lived to its end; in a task of its own, as a process has nothing of ours."""

    async def lived() -> None:
        _fate.set(fate)
        await act()

    try:
        await asyncio.create_task(lived(), context=contextvars.copy_context())
    except Death:
        return False
    return True


async def _unfinished(town: Town) -> list[UUID]:
    async with town.scope():
        rows = await fetch("SELECT id FROM job WHERE finished_at IS NULL ORDER BY asked_at")
    return [row["id"] for row in rows]


async def _pictured(town: Town) -> float:
    async with town.scope():
        if await fetch_row("SELECT 1 FROM picture") is None:
            return 0.0
    wide = (await content(town))["wide"]
    return float(wide["total"]["week"]) if wide["begun"] else 0.0


async def test_a_hand_in_is_stored_whole_or_not_at_all(tallbacka: Town) -> None:
    client = await tallbacka.client("reporter")
    await client.get("/")
    headers = {"x-csrftoken": client.cookies["__Host-csrf"]}
    path = f"/{tallbacka.slug}/rapportera"
    at, stored = 0, 0
    while True:
        at += 1
        sent = report(tallbacka)
        fate = Fate(at)

        async def hand_in(sent: dict[str, str] = sent) -> None:
            answer = await client.post(path, data=sent, headers=headers)
            assert answer.status_code == 200

        try:
            lived = await with_fate(fate, hand_in)
        except AssertionError:
            lived = False
        before, weekly, hourly, jobs = await counted(tallbacka)
        assert before == weekly == hourly == jobs, f"half a report at step {at}"
        assert before in (stored, stored + 1)
        if not lived:
            # The browser heard nothing, and sends again.
            assert (await client.post(path, data=sent, headers=headers)).status_code == 200
        stored += 1
        assert await counted(tallbacka) == (stored, stored, stored, stored), f"at step {at}"
        if fate.steps < at:
            break
    assert at > 12


async def test_a_compilation_that_dies_anywhere_is_done_by_the_next(tallbacka: Town) -> None:
    at = 0
    while True:
        at += 1
        await tallbacka.post("/rapportera", role="reporter", **report(tallbacka))
        job_id = str((await _unfinished(tallbacka))[-1])
        fate = Fate(at)

        async def work(job_id: str = job_id) -> None:
            await run_job(job_id)

        lived = await with_fate(fate, work)
        # A job that is not finished still has its message, which another worker takes.
        for waiting in await _unfinished(tallbacka):
            await run_job(str(waiting))
        assert await _unfinished(tallbacka) == []
        assert await _pictured(tallbacka) == at, f"died at step {at}"
        if lived:
            break
    assert at > 20


@pytest.mark.parametrize("seed", range(12))
async def test_jobs_that_leave_it_to_each_other_and_die_lose_no_report(
    tallbacka: Town, seed: int
) -> None:
    """Once nothing waits, the picture holds everything, whoever died while others relied on it."""
    random = Random(seed)
    handed_in = 0
    for _ in range(3):
        for _ in range(random.randint(2, 4)):
            await tallbacka.post("/rapportera", role="reporter", **report(tallbacka))
            handed_in += 1

        async def one(job_id: UUID, at: int | None, after: float) -> None:
            await asyncio.sleep(after)
            await with_fate(Fate(at), lambda: run_job(str(job_id)))

        await asyncio.gather(
            *(
                one(
                    job_id,
                    random.choice((None, random.randint(1, 40))),
                    random.random() * 0.04,
                )
                for job_id in await _unfinished(tallbacka)
            )
        )
        if not await _unfinished(tallbacka):
            assert await _pictured(tallbacka) == handed_in
    while waiting := await _unfinished(tallbacka):
        await asyncio.gather(*(run_job(str(job_id)) for job_id in waiting))
    assert await _pictured(tallbacka) == handed_in


async def test_an_import_that_dies_anywhere_is_completed_by_the_next(
    found: Any, tmp_path: Path
) -> None:
    one, two = await found("Kraschby Ett"), await found("Kraschby Tva")
    file = tmp_path / "events.csv"
    at, first = 0, 1
    while True:
        at += 1
        lines = [
            f"{first + n},2025-05-05T12:00:00+02:00,2025-05-05T11:30,Rån,{town.name},,55.6,13.0,x\n"
            for n, town in enumerate([one, two, one, two, two])
        ]
        first += len(lines)
        file.write_text(
            "id,published,occurred,type,place,api_area,lat,lon,summary\n" + "".join(lines)
        )
        fate = Fate(at)

        async def read() -> None:
            await import_file(file)

        lived = await with_fate(fate, read)
        again = await import_file(file)
        assert again.taken + again.known == 5 and again.read == 5
        stored = []
        for town in (one, two):
            async with town.scope():
                stored.append(await fetch_value("SELECT count(*) FROM police_event"))
        assert stored == [2 * at, 3 * at], f"died at step {at}"
        if lived:
            break
    assert at > 12
