"""The police's events are fetched in time, politely, once for all who take them."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

import asyncpg
import pytest

from service.operations.checks.sources import heard
from service.settings import Settings, SettingsError, read_settings
from service.sources.police.call import LARGEST
from service.sources.police.fetch import FAILURES, fetch_events
from service.sources.police.importing import Summary
from service.sources.police.turn import NotYet
from service.worker import make_broker
from tenants.scope import execute, fetch, fetch_value, platform_scope
from tests.database import Database
from tests.processes import running
from tests.reference import reference
from tests.sources.files import ANSWER
from tests.sources.police_service import PoliceService, Reply, be_impatient, police_service

COORDINATOR = "safety_coordinator"


@pytest.fixture(autouse=True)
async def _few_municipalities(database: Database) -> AsyncIterator[None]:
    """What other tests founded stands aside: an hour of calls is told to each municipality."""
    owner = await asyncpg.connect(database.superuser)
    aside = await owner.fetch(
        "UPDATE ks.municipality SET suspended_at = now() WHERE suspended_at IS NULL RETURNING id"
    )
    yield
    await owner.execute(
        "UPDATE ks.municipality SET suspended_at = NULL WHERE id = ANY($1)",
        [row["id"] for row in aside],
    )
    await owner.close()


@pytest.fixture
async def police() -> AsyncIterator[PoliceService]:
    """The service, and a database that never called it."""
    async with platform_scope():
        await execute("DELETE FROM source_call")
        await execute(
            """UPDATE source_feed SET etag = NULL, last_modified = NULL, recipients = NULL,
                   asked_at = NULL, answered_at = NULL, failed_at = NULL, failure = NULL,
                   failures = 0, next_at = clock_timestamp()"""
        )
    with police_service() as service:
        yield service
        assert service.broken_rules == []


@pytest.fixture
def ours(settings: Settings, police: PoliceService) -> Settings:
    return replace(settings, police_url=police.url, police_contact="drift@exempel.test")


@pytest.fixture
async def tallbacka(found: Any) -> Any:
    return await found(name=f"Tallbacka {token_hex(3)}")


@pytest.fixture
async def sjohaga(found: Any) -> Any:
    return await found(name=f"Sjöhaga {token_hex(3)}")


@pytest.fixture
def shown(tallbacka: Any, ours: Settings) -> Any:
    """The pages of an installation that fetches."""
    state = tallbacka.near.app.state
    before, state.settings = state.settings, ours
    yield tallbacka
    state.settings = before


def event(number: int, town: Any, kind: str = "Rån") -> dict[str, Any]:
    at = datetime.now(UTC) - timedelta(hours=2)
    return {
        "id": number,
        "datetime": f"{at:%Y-%m-%d %H:%M:%S} +00:00",
        "name": f"5 maj 11.30, {kind}, {town.name}",
        "summary": "En påhittad händelse.",
        "url": "/aktuellt/handelser/",
        "type": kind,
        "location": {"name": town.name, "gps": "62.4,17.3"},
    }


async def ids_of(town: Any) -> list[int]:
    async with town.scope():
        return [row["id"] for row in await fetch("SELECT id FROM police_event ORDER BY id")]


async def failure_now() -> str | None:
    async with platform_scope():
        return await fetch_value("SELECT failure FROM source_feed WHERE failures > 0")


async def test_one_fetch_serves_all_and_each_its_own(
    tallbacka: Any, sjohaga: Any, police: PoliceService, ours: Settings
) -> None:
    police.answer_with(event(1, tallbacka), event(2, sjohaga), etag='"a"', last_modified="Mon")
    summary = await fetch_events(ours)
    assert isinstance(summary, Summary) and (summary.read, summary.taken) == (2, 2)
    assert (await ids_of(tallbacka), await ids_of(sjohaga)) == ([1], [2])
    assert police.heard[0]["user-agent"].endswith("; drift@exempel.test)")
    assert ours.base_url in police.heard[0]["user-agent"]
    assert police.heard[0]["if-none-match"] is None

    await police.pass_time(900)
    assert await fetch_events(ours) is None
    assert police.heard[1]["if-none-match"] == '"a"'
    assert police.heard[1]["if-modified-since"] == "Mon"

    await police.pass_time(900)
    police.answer_with(event(1, tallbacka), event(3, tallbacka), etag='"b"')
    summary = await fetch_events(ours)
    assert isinstance(summary, Summary) and (summary.taken, summary.known) == (1, 1)
    assert await ids_of(tallbacka) == [1, 3] and len(police.calls) == 3
    async with tallbacka.scope():
        lines = await fetch("SELECT detail FROM audit_event WHERE verb = 'police.import'")
    assert len(lines) == 2


async def test_the_published_answer_is_read(
    found: Any, police: PoliceService, ours: Settings
) -> None:
    umea = await found(name="Umeå")
    police.reply = Reply(body=reference(ANSWER).read_bytes())
    summary = await fetch_events(ours)
    assert isinstance(summary, Summary) and summary.read == 500
    assert summary.per_tenant[umea.slug] == len(await ids_of(umea)) > 0


async def test_two_impatient_schedulers_keep_the_rules_for_three_hours(
    tallbacka: Any, police: PoliceService, ours: Settings
) -> None:
    police.answer_with(event(1, tallbacka), etag='"a"')
    steps, passed = random.Random(5), 0.0
    while passed < 3 * 3600:
        await be_impatient()
        await asyncio.gather(fetch_events(ours), fetch_events(ours))
        step = steps.choice((1, 3, 9, 11, 40))
        await police.pass_time(step)
        passed += step
    # The rules are kept, and they do not starve us: an hour's sixty are used.
    assert 150 <= len(police.calls) <= 180


async def test_workers_that_are_told_at_once_call_once(
    tallbacka: Any, police: PoliceService, ours: Settings, tmp_path: Path
) -> None:
    police.answer_with(event(1, tallbacka))
    url = {
        "KS_POLICE_EVENTS_URL": ours.police_url,
        "KS_POLICE_EVENTS_CONTACT": ours.police_contact,
    }
    broker = make_broker(ours)
    actor = broker.get_actor("fetch_police_events")
    assert "periodic" in actor.options
    with (
        running("worker", ours, tmp_path / "one.log", **url),
        running("worker", ours, tmp_path / "two.log", **url),
    ):
        for _ in range(6):
            actor.send()
        async with asyncio.timeout(60):
            while not await ids_of(tallbacka) or await _queued():
                await asyncio.sleep(0.1)
    broker.close()
    assert len(police.calls) == 1


async def _queued() -> int:
    async with platform_scope():
        return await fetch_value(
            """SELECT count(*) FROM dramatiq.queue
               WHERE message->>'actor_name' = 'fetch_police_events'
                 AND state IN ('queued', 'consumed')"""
        )


async def test_one_that_is_killed_while_it_waits_is_followed_in_time(
    tallbacka: Any, police: PoliceService, ours: Settings, tmp_path: Path
) -> None:
    police.reply = Reply(hold=True)

    async def called() -> bool:
        return bool(police.calls)

    await _killed_when(ours, tmp_path, called)
    police.answer_with(event(1, tallbacka))
    # Its call may have reached the service as late as half a minute after its turn.
    for _ in range(3):
        await be_impatient()
        assert isinstance(await fetch_events(ours), NotYet)
        await police.pass_time(12)
    await police.pass_time(5)
    await be_impatient()
    assert isinstance(await fetch_events(ours), Summary)
    assert await ids_of(tallbacka) == [1] and len(police.calls) == 2


async def test_one_that_is_killed_while_it_stores_is_made_good(
    tallbacka: Any, sjohaga: Any, police: PoliceService, ours: Settings, tmp_path: Path
) -> None:
    police.answer_with(event(1, sjohaga), event(2, tallbacka), etag='"a"')

    async def waits() -> bool:
        async with platform_scope():
            return await fetch_value(
                """SELECT count(*) > 0 FROM pg_stat_activity
                   WHERE wait_event_type = 'Lock' AND query LIKE '%arriving_event%'"""
            )

    holder = await asyncpg.connect(ours.database_url)
    try:
        await holder.execute(
            f"""BEGIN; SET LOCAL ks.tenant_id = '{tallbacka.id}';
                INSERT INTO ks.police_event
                    (tenant_id, id, published_at, occurred_at, type, category_key)
                VALUES (ks.current_tenant(), 2, now(), now(), 'Rån', 'robbery')"""
        )
        await _killed_when(ours, tmp_path, waits)
    finally:
        await holder.close()
    assert await ids_of(tallbacka) == []
    await police.pass_time(900)
    assert isinstance(await fetch_events(ours), Summary)
    assert police.heard[1]["if-none-match"] is None
    assert (await ids_of(sjohaga), await ids_of(tallbacka)) == ([1], [2])


async def _killed_when(ours: Settings, folder: Path, due: Any) -> None:
    url = {
        "KS_POLICE_EVENTS_URL": ours.police_url,
        "KS_POLICE_EVENTS_CONTACT": ours.police_contact,
    }
    broker = make_broker(ours)
    with running("worker", ours, folder / "killed.log", **url) as worker:
        broker.get_actor("fetch_police_events").send()
        async with asyncio.timeout(60):
            while not await due():
                await asyncio.sleep(0.05)
        worker.kill()
        worker.wait(10)
    broker.close()
    async with platform_scope():
        await execute(
            "DELETE FROM dramatiq.queue WHERE message->>'actor_name' = 'fetch_police_events'"
        )


async def test_a_failing_service_is_called_more_and_more_seldom(
    tallbacka: Any, police: PoliceService, ours: Settings
) -> None:
    police.reply = Reply(503, b"")
    began = len(police.calls)
    for _ in range(24 * 60):
        await fetch_events(ours)
        await police.pass_time(60)
    gaps = [later - earlier for earlier, later in zip(police.calls, police.calls[1:], strict=False)]
    assert 8 <= len(police.calls) - began <= 11
    # The longest are alike but for what the test itself takes between two of its steps.
    minutes = [round(gap / 60) for gap in gaps]
    assert minutes == sorted(minutes) and gaps[0] >= 300 and gaps[-1] <= 6 * 3600 + 61
    # Once it is well again, all is as usual.
    police.answer_with(event(1, tallbacka))
    await be_impatient()
    assert isinstance(await fetch_events(ours), Summary)
    until = await fetch_events(ours)
    assert isinstance(until, NotYet)
    assert until.until - datetime.now(UTC) < timedelta(minutes=16)


@pytest.mark.parametrize(
    ("told", "hours"),
    [
        ("7200", 2),
        (lambda: format_datetime(datetime.now(UTC) + timedelta(hours=3), usegmt=True), 3),
        ("999999999", 24),
        ("-5", 0),
        ("snart", 0),
    ],
)
async def test_who_is_told_to_wait_waits(
    police: PoliceService, ours: Settings, told: Any, hours: int
) -> None:
    police.reply = Reply(429, headers={"retry-after": told if isinstance(told, str) else told()})
    assert await fetch_events(ours) is None
    until = await fetch_events(ours)
    assert isinstance(until, NotYet)
    waits = (until.until - datetime.now(UTC)).total_seconds()
    assert abs(waits - max(hours * 3600, 300)) < 60
    assert await failure_now() == "busy"


GOOD = b'[{"id": 1, "datetime": "2026-11-01 10:00:00 +01:00", "name": "a, b, c", "type": "R"}'


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Reply(302, headers={"location": "/elsewhere"}), "moved"),
        (Reply(404), "refused"),
        (Reply(304), "unreadable"),
        (Reply(204, b""), "unreadable"),
        (Reply(body=b""), "unreadable"),
        (Reply(body=b"[]"), "unreadable"),
        (Reply(body=b"<html>Underh\xc3\xa5ll</html>"), "unreadable"),
        (Reply(body=b'{"id": 1}'), "unreadable"),
        (Reply(body=GOOD), "unreadable"),
        (Reply(body=b'[{"id": 1, "id": 2}]'), "unreadable"),
        (Reply(body=b"[1, null, NaN]"), "unreadable"),
        (Reply(body=b"[1, null, []]"), "unreadable"),
        (Reply(body=b"[" * 100_000), "unreadable"),
        (Reply(body=GOOD + b"]", headers={"content-encoding": "gzip"}), "unreadable"),
        (Reply(body=b"[" + b" " * (LARGEST + 1)), "large"),
        (Reply(500), "broken"),
    ],
    ids=lambda one: str(one)[:40],
)
async def test_what_is_no_answer_takes_nothing_and_is_said(
    shown: Any, police: PoliceService, ours: Settings, reply: Reply, failure: str
) -> None:
    police.reply = reply
    await fetch_events(ours)
    assert await failure_now() == failure
    assert await ids_of(shown) == [] and police.elsewhere == 0
    page = (await shown.get("/kallor", role=COORDINATOR)).text
    assert FAILURES[failure] in page and "aldrig" in page


async def test_a_service_that_is_not_there_is_said(
    shown: Any, police: PoliceService, ours: Settings
) -> None:
    await fetch_events(replace(ours, police_url="http://127.0.0.1:9/events"))
    assert await failure_now() == "silent"
    assert FAILURES["silent"] in (await shown.get("/kallor", role=COORDINATOR)).text


async def test_one_strange_event_costs_itself_alone(
    tallbacka: Any, police: PoliceService, ours: Settings
) -> None:
    police.answer_with(
        event(1, tallbacka), event(2, tallbacka) | {"id": "två"}, event(3, tallbacka)
    )
    summary = await fetch_events(ours)
    assert isinstance(summary, Summary) and summary.taken == 2 and summary.skipped.total() == 1
    assert await failure_now() is None


async def test_a_municipality_turns_it_off_and_on(
    shown: Any, sjohaga: Any, police: PoliceService, ours: Settings
) -> None:
    assert (await shown.post("/kallor/polisen", role=COORDINATOR, taken="no")).status_code == 303
    page = (await shown.get("/kallor", role=COORDINATOR)).text
    assert "Avstängd av Prov safety coordinator" in page
    police.answer_with(event(1, shown), event(2, sjohaga), etag='"a"')
    summary = await fetch_events(ours)
    assert isinstance(summary, Summary)
    assert summary.skipped == {"kommunen har stängt av källan": 1}
    assert (await ids_of(shown), await ids_of(sjohaga)) == ([], [2])

    # What has not changed for the others is still new to who turns it on again.
    await shown.post("/kallor/polisen", role=COORDINATOR, taken="yes")
    await shown.post("/kallor/polisen", role=COORDINATOR, taken="yes")
    await shown.post("/kallor/polisen", role=COORDINATOR, taken="perhaps")
    await police.pass_time(900)
    await fetch_events(ours)
    assert (await ids_of(shown), await ids_of(sjohaga)) == ([1], [2])
    page = (await shown.get("/kallor", role=COORDINATOR)).text
    assert "<dt>Nya vid senaste hämtningen</dt><dd>1</dd>" in page and "tidigast" in page
    async with shown.scope():
        lines = await fetch("SELECT detail FROM audit_event WHERE verb = 'source.choose'")
    assert len(lines) == 2


async def test_who_may_not(tallbacka: Any) -> None:
    for role in ("tenant_admin", "municipal_police", "steering_member", "reporter", "dpo"):
        assert (await tallbacka.get("/kallor", role=role)).status_code == 403
        answer = await tallbacka.post("/kallor/polisen", role=role, taken="no")
        assert answer.status_code == 403


async def test_nothing_is_fetched_where_no_address_is_set(
    tallbacka: Any, settings: Settings
) -> None:
    broker = make_broker(settings)
    assert "fetch_police_events" not in broker.get_declared_actors()
    broker.close()
    page = (await tallbacka.get("/kallor", role=COORDINATOR)).text
    assert "Automatisk hämtning är inte påslagen" in page
    assert "Polisens händelser" not in (await tallbacka.get("/driftlage", role="reporter")).text


async def test_long_silence_is_said_where_one_looks(
    shown: Any, police: PoliceService, ours: Settings
) -> None:
    police.answer_with(event(1, shown))
    await fetch_events(ours)
    assert "Hämtade " in (await shown.get("/driftlage", role="reporter")).text
    await police.pass_time(25 * 3600)
    assert "Har inte gått att hämta sedan" in (await shown.get("/driftlage", role="reporter")).text
    findings = await heard(ours)
    assert [one.grade for one in findings] == ["warning"]
    await shown.post("/kallor/polisen", role=COORDINATOR, taken="no")
    assert "Polisens händelser" not in (await shown.get("/driftlage", role="reporter")).text


NEEDED = {"KS_DATABASE_URL": "postgresql://x@y/z", "KS_SECRET_KEY": "k" * 32}


@pytest.mark.parametrize(
    ("url", "contact", "env", "complaint"),
    [
        ("http://polisen.exempel/events", "a@exempel.test", "production", "EVENTS_URL"),
        ("https://127.0.0.1/events", "a@exempel.test", "production", "EVENTS_URL"),
        ("ftp://polisen.exempel/events", "a@exempel.test", "local", "EVENTS_URL"),
        ("https://a:b@polisen.exempel/events", "a@exempel.test", "local", "EVENTS_URL"),
        ("https://polisen.exempel/events", "", "local", "CONTACT"),
        ("https://polisen.exempel/events", "a@b.c\r\nx: y", "local", "CONTACT"),
    ],
)
def test_an_address_that_will_not_do_is_refused(
    url: str, contact: str, env: str, complaint: str
) -> None:
    variables = NEEDED | {
        "KS_ENV": env,
        "KS_BASE_URL": "https://kraftsamling.exempel.se",
        "KS_POLICE_EVENTS_URL": url,
        "KS_POLICE_EVENTS_CONTACT": contact,
    }
    with pytest.raises(SettingsError, match=complaint):
        read_settings(variables)


def test_without_an_address_nothing_else_is_asked() -> None:
    assert read_settings(NEEDED).police_url == ""
