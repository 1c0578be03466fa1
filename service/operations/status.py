"""How the service is doing for one municipality, from what its own rows say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.sources.choose import choice
from service.sources.police.feed import Feed, read_feed
from service.sources.police.turn import SOURCE
from service.web.formats import moment
from service.web.language import _
from tenants.processes import DEAD_AFTER_SECONDS
from tenants.scope import fetch_row

LATE = timedelta(minutes=5)

_LOOK = """
SELECT now() AS now,
       (SELECT max(compiled_at) FROM picture) AS compiled_at,
       (SELECT max(received_at) FROM report) AS received_at,
       (SELECT min(asked_at) FROM job WHERE finished_at IS NULL) AS waiting_since,
       EXISTS (SELECT 1 FROM process WHERE kind = 'worker'
               AND beat_at > now() - make_interval(secs => $1)) AS works,
       EXISTS (SELECT 1 FROM process WHERE kind = 'scheduler'
               AND beat_at > now() - make_interval(secs => $1)) AS scheduled
"""


@dataclass(frozen=True)
class Line:
    """One part of the service: `well`, or what it means for those who use it."""

    part: str
    well: bool
    says: str


@dataclass(frozen=True)
class Status:
    at: datetime
    lines: list[Line]

    @property
    def well(self) -> bool:
        return all(line.well for line in self.lines)


async def read_status(*, fetches: bool = False) -> Status:
    """The open scope's municipality, now; `fetches` where the police's events are asked for."""
    row = await fetch_row(_LOOK, DEAD_AFTER_SECONDS)
    assert row is not None
    return Status(
        row["now"],
        [
            _reports(row["received_at"]),
            _picture(row["now"], row["compiled_at"], row["waiting_since"]),
            _work(row["works"]),
            _schedule(row["scheduled"]),
            *([_police(await read_feed())] if fetches and (await choice(SOURCE)).taken else []),
        ],
    )


def _reports(received_at: datetime | None) -> Line:
    # Whoever reads this page has reached the database, and so does who reports.
    says = _("Rapporter tas emot.")
    if received_at is not None:
        says = _("Rapporter tas emot. Senast %(time)s.", time=moment(received_at))
    return Line(_("Rapportering"), True, says)


def _picture(now: datetime, compiled_at: datetime | None, waiting: datetime | None) -> Line:
    part = _("Lägesbild")
    if waiting is not None and now - waiting > LATE:
        says = _("Rapporter sedan %(time)s väntar på att räknas in.", time=moment(waiting))
        return Line(part, False, says)
    if compiled_at is None:
        return Line(part, True, _("Den första bilden räknas med den första rapporten."))
    return Line(part, True, _("Beräknad %(time)s.", time=moment(compiled_at)))


def _work(works: bool) -> Line:
    part = _("Beräkning och brev")
    if works:
        return Line(part, True, _("I gång."))
    return Line(
        part, False, _("Står still. Det som skickas in sparas och räknas när den är i gång.")
    )


def _schedule(scheduled: bool) -> Line:
    part = _("Det som görs på bestämda tider")
    if scheduled:
        return Line(part, True, _("I gång."))
    return Line(part, False, _("Står still. Bilden uppdateras ändå när någon rapporterar."))


def _police(feed: Feed) -> Line:
    part = _("Polisens händelser")
    if feed.answered_at is None:
        says = _("Har inte hämtats än.") if not feed.silent else _("Har aldrig kunnat hämtas.")
        return Line(part, not feed.silent, says)
    if feed.silent:
        says = _(
            "Har inte gått att hämta sedan %(time)s. Det som är hämtat står kvar.",
            time=moment(feed.answered_at),
        )
        return Line(part, False, says)
    return Line(part, True, _("Hämtade %(time)s.", time=moment(feed.answered_at)))
