"""Whose turn it is to call the police's service: never too soon, and never too often.

The service allows a call every ten seconds and sixty an hour. All processes on all machines take
turns by one row, and count by the database's clock. What a call may have cost is counted from the
latest moment at which it can have reached the other side: its end, or its last possible moment
where the caller died. So the bounds hold there too, however long a call was on its way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from tenants.scope import execute, fetch_row, fetch_value, platform_scope

SOURCE: Final = "police"
GAP: Final = timedelta(seconds=10)
MOST_AN_HOUR: Final = 60
WHOLE_CALL: Final = timedelta(seconds=30)
"""A call has ended by then, counted from before its turn was asked for."""

USUAL: Final = timedelta(minutes=15)
"""The 500 newest events last for days."""
FIRST_RETRY: Final = timedelta(minutes=5)
LAST_RETRY: Final = timedelta(hours=6)
LONGEST_TOLD: Final = timedelta(hours=24)
"""Whatever the service says of when to come back."""

_FREE_AT = """
SELECT greatest(
    feed.next_at,
    (SELECT max(coalesce(ended_at, called_at + $3)) FROM source_call WHERE source = $1) + $2,
    (SELECT coalesce(ended_at, called_at + $3) AS over FROM source_call WHERE source = $1
     ORDER BY over DESC OFFSET $4 LIMIT 1) + interval '1 hour') AS free_at,
    clock_timestamp() AS now
FROM source_feed AS feed WHERE source = $1
"""


@dataclass(frozen=True)
class Turn:
    """Leave to make one call, and what is known of the answer that was stored last."""

    call: UUID
    etag: str | None
    last_modified: str | None
    recipients: str | None


@dataclass(frozen=True)
class NotYet:
    """Nobody may call before `until`."""

    until: datetime


async def take_turn() -> Turn | NotYet:
    """Leave to call once, or when to come back; needs no open scope, and commits.

    The next call is put off at once, as after a failure, so that one whose answer kills its reader
    is not made over and over.
    """
    async with platform_scope():
        feed = await fetch_row("SELECT * FROM source_feed WHERE source = $1 FOR UPDATE", SOURCE)
        assert feed is not None
        # A statement of its own: it sees what was stored while this one waited for its turn.
        row = await fetch_row(_FREE_AT, SOURCE, GAP, WHOLE_CALL, MOST_AN_HOUR - 1)
        assert row is not None
        if row["free_at"] > row["now"]:
            return NotYet(row["free_at"])
        call = uuid4()
        await execute("INSERT INTO source_call (id, source) VALUES ($1, $2)", call, SOURCE)
        await execute(
            """UPDATE source_feed SET asked_at = clock_timestamp(),
                   failures = least(failures + 1, 100), next_at = clock_timestamp() + $2
               WHERE source = $1""",
            SOURCE,
            _pause_after(feed["failures"] + 1),
        )
        await execute(
            "DELETE FROM source_call WHERE called_at < clock_timestamp() - interval '7 days'"
        )
    return Turn(call, feed["etag"], feed["last_modified"], feed["recipients"])


async def end_call(turn: Turn, status: int | None) -> None:
    """The call is over: nothing of it can reach the service any more."""
    async with platform_scope():
        await execute(
            "UPDATE source_call SET ended_at = clock_timestamp(), status = $2 WHERE id = $1",
            turn.call,
            status,
        )


async def tell_answered(*, etag: str | None, last_modified: str | None, recipients: str) -> None:
    """Everything of the answer is stored with everybody; the next call is in the usual time."""
    async with platform_scope():
        await execute(
            """UPDATE source_feed SET etag = $2, last_modified = $3, recipients = $4,
                   answered_at = clock_timestamp(), failures = 0,
                   next_at = clock_timestamp() + $5
               WHERE source = $1""",
            SOURCE,
            etag,
            last_modified,
            recipients,
            USUAL,
        )


async def tell_failed(failure: str, *, wait: timedelta = timedelta()) -> None:
    """Nothing came of it, for that reason; `wait` is how long the service asked us to."""
    async with platform_scope():
        await execute(
            """UPDATE source_feed SET failed_at = clock_timestamp(), failure = $2,
                   next_at = greatest(next_at, clock_timestamp() + $3)
               WHERE source = $1""",
            SOURCE,
            failure,
            min(wait, LONGEST_TOLD),
        )


async def calls_in_the_last_hour() -> int:
    """How many calls were made; needs an open scope."""
    return await fetch_value(
        """SELECT count(*) FROM source_call
           WHERE source = $1 AND called_at > clock_timestamp() - interval '1 hour'""",
        SOURCE,
    )


def _pause_after(failures: int) -> timedelta:
    return min(FIRST_RETRY * 2 ** min(failures - 1, 10), LAST_RETRY)
