"""Attacks 36, 88, 89, 90: nothing acknowledged is lost, nothing is counted twice."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from service.cycle.picture.jobs import VERB
from service.worker import run_job, sweep
from tenants.jobs import ask
from tenants.operator.suspend import resume, suspend
from tenants.scope import execute, fetch_row, fetch_value, operator_scope, platform_scope
from tests.cycle.mapping.test_hand_in import counted, report
from tests.town import Town

YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date()


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (
            {"place": "map", "latitude": "61.3001", "longitude": "17.0501"},
            {"place": "map", "latitude": "61.3009", "longitude": "17.0509"},
        ),
        ({"when": "yesterday", "bucket": "morning"}, {"when": "yesterday", "bucket": "evening"}),
        ({"when": "yesterday"}, {"when": "weekend"}),
        (
            {"when": "interval", "last_seen_whole": "T08:00", "discovered": "T09:00"},
            {"when": "interval", "last_seen_whole": "T08:00", "discovered": "T12:00"},
        ),
        ({"text": "Två rutor"}, {"text": "Tre rutor"}),
    ],
)
async def test_what_is_changed_before_it_is_sent_again_is_not_acknowledged_unsaid(
    tallbacka: Town, first: dict[str, str], then: dict[str, str]
) -> None:
    """The first answer was lost on the way, so that what is on the screen is all there is."""
    first, then = (
        {name: f"{YESTERDAY}{value}" if value[:1] == "T" and ":" in value else value
         for name, value in form.items()}
        for form in (first, then)
    )  # fmt: skip
    sent = report(tallbacka)
    assert (await tallbacka.post("/rapportera", role="reporter", **sent | first)).status_code == 200
    again = await tallbacka.post("/rapportera", role="reporter", **sent | first)
    assert again.status_code == 200
    changed = await tallbacka.post("/rapportera", role="reporter", **sent | then)
    assert changed.status_code == 422
    assert "Det du har ändrat sedan dess är inte skickat" in changed.text
    assert (await counted(tallbacka))[0] == 1


async def test_a_part_of_this_day_is_the_same_some_minutes_later(tallbacka: Town) -> None:
    """What was not over at the first sending was cut off there; the second one is cut off later."""
    sent = report(tallbacka, when="today")
    await tallbacka.post("/rapportera", role="reporter", **sent)
    async with tallbacka.scope():
        await execute(
            """UPDATE report SET occurred_to = greatest(occurred_from, occurred_to - $1::interval),
                                 received_at = received_at - $1::interval""",
            timedelta(seconds=30),
        )
    answer = await tallbacka.post("/rapportera", role="reporter", **sent)
    assert answer.status_code == 200
    assert (await counted(tallbacka))[0] == 1


async def _message(job_id: UUID) -> str | None:
    async with platform_scope():
        return await fetch_value(
            "SELECT state::text FROM dramatiq.queue WHERE message_id = $1", job_id
        )


async def _failed(town: Town, *, asked: str, failed: str) -> UUID:
    """A job that was asked for that long ago, whose message failed for the last time since."""
    async with town.scope():
        job_id = await ask(VERB)
        await execute(
            "UPDATE job SET asked_at = now() - $1::text::interval WHERE id = $2", asked, job_id
        )
        await execute(
            """UPDATE dramatiq.queue SET state = 'rejected', mtime = now() - $1::text::interval
               WHERE message_id = $2""",
            failed,
            job_id,
        )
    return job_id


async def test_a_job_that_failed_to_its_last_retry_is_tried_again_later(tallbacka: Town) -> None:
    late = await _failed(tallbacka, asked="30 minutes", failed="20 minutes")
    just_now = await _failed(tallbacka, asked="30 minutes", failed="1 minute")
    too_old = await _failed(tallbacka, asked="7 hours", failed="20 minutes")
    await sweep()
    assert await _message(late) == "queued"
    assert await _message(just_now) == "rejected"
    assert await _message(too_old) == "rejected"
    await run_job(str(late))
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM picture") == 1


async def test_a_suspended_municipality_does_no_work(tallbacka: Town) -> None:
    async with tallbacka.scope():
        job_id = await ask(VERB)
    async with operator_scope():
        await execute("UPDATE municipality SET suspended_at = now() WHERE id = $1", tallbacka.id)
    await run_job(str(job_id))
    async with tallbacka.scope():
        row = await fetch_row("SELECT refused, finished_at FROM job WHERE id = $1", job_id)
        assert row is not None and row["refused"] == "suspended" and row["finished_at"]
        assert await fetch_value("SELECT count(*) FROM picture") == 0


async def test_what_a_suspended_municipality_had_begun_goes_on_when_it_is_back(
    tallbacka: Town,
) -> None:
    sent = await tallbacka.post("/rapportera", role="reporter", **report(tallbacka))
    assert sent.status_code == 200
    async with tallbacka.scope():
        job_id = await fetch_value("SELECT id FROM job WHERE verb = $1", VERB)
    await suspend(tallbacka.slug, person_id=None, reason="Avtalet är uppsagt i dag")
    await run_job(str(job_id))
    async with platform_scope():
        # As a worker does with a message that it is done with.
        await execute("DELETE FROM dramatiq.queue WHERE message_id = $1", job_id)
    await sweep()
    assert await _message(job_id) is None
    await resume(tallbacka.slug, person_id=None)
    await sweep()
    assert await _message(job_id) == "queued"
    await run_job(str(job_id))
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM picture") == 1


async def test_a_forged_message_finds_the_municipality_of_its_job_and_no_other(
    tallbacka: Town, sjohaga: Town
) -> None:
    """The queue has no wall: whoever writes to it can at most have an asked job done."""
    async with tallbacka.scope():
        job_id = await ask(VERB, arguments={"tenant_id": str(sjohaga.id)})
        await execute(
            """UPDATE dramatiq.queue
               SET message = jsonb_set(message, '{kwargs}', $1::jsonb) WHERE message_id = $2""",
            f'{{"tenant_id": "{sjohaga.id}"}}',
            job_id,
        )
    await run_job(str(job_id))
    await run_job(str(uuid4()))
    async with sjohaga.scope():
        assert await fetch_value("SELECT count(*) FROM picture") == 0
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM picture") == 1
