"""How the fetching of the police's events goes, for one municipality's eyes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service.sources.police.fetch import FAILURES
from service.sources.police.turn import SOURCE
from service.web.language import _
from tenants.scope import fetch_row

SILENT_FOR: Final = timedelta(hours=24)
"""The country has dozens of events a day, and they are asked for four times an hour."""

_LOOK = """
SELECT clock_timestamp() AS now, asked_at, answered_at, failed_at, failure, next_at,
       (SELECT count(*) FROM police_event WHERE imported_at >= feed.asked_at) AS taken_last,
       (SELECT count(*) FROM police_event
        WHERE imported_at >= clock_timestamp() - interval '7 days') AS taken_week,
       (SELECT min(called_at) FROM source_call WHERE source = feed.source) AS first_call
FROM source_feed AS feed WHERE source = $1
"""


@dataclass(frozen=True)
class Feed:
    """`taken_last` and `taken_week` are the open scope's municipality's, all else is everybody's.

    `failure` is a Swedish sentence, or empty when it went well the last time.
    """

    asked_at: datetime | None
    answered_at: datetime | None
    next_at: datetime
    taken_last: int
    taken_week: int
    failure: str
    failed_at: datetime | None
    silent: bool


async def read_feed() -> Feed:
    row = await fetch_row(_LOOK, SOURCE)
    assert row is not None
    failed = row["failed_at"] is not None and (
        row["answered_at"] is None or row["failed_at"] > row["answered_at"]
    )
    heard = row["answered_at"] or row["first_call"]
    return Feed(
        asked_at=row["asked_at"],
        answered_at=row["answered_at"],
        next_at=max(row["next_at"], row["now"]),
        taken_last=row["taken_last"],
        taken_week=row["taken_week"],
        failure=_(FAILURES[row["failure"]]) if failed else "",
        failed_at=row["failed_at"] if failed else None,
        silent=heard is not None and row["now"] - heard > SILENT_FOR,
    )
