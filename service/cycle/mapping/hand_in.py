"""Hand in a report: stored once however often it is sent, and counted in the same transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from service.cycle.mapping.check_text import Checked, check_text
from service.cycle.mapping.forms import Observation
from service.cycle.mapping.places import OFF_THE_COAST_KM, read_places
from service.cycle.mapping.spread import spread, weekly
from service.cycle.mapping.triage.weigh import Weighed
from service.cycle.mapping.week import STOCKHOLM, local_day, week_of
from service.web.language import _
from service.web.live import announce
from tenants import audit
from tenants.jobs import ask
from tenants.members import Member
from tenants.scope import execute, fetch_row, fetch_value

# The clock of this process and the database's, and the time between reading a form and storing it.
CUT_OFF_WITHIN = timedelta(minutes=1)

IN_SEVERAL_AREAS = "report.areas"
"""Held beside each other by who hands in several reports, alone by who exchanges the areas."""


class Refused(ValueError):
    """An answer that does not hold: the question of the form, and words for the one who typed."""

    def __init__(self, question: str, message: str) -> None:
        super().__init__(message)
        self.question = question
        self.message = message


class PointsOut(Refused):
    """The text holds what points out a person, or may do so and was not sent knowingly."""

    def __init__(self, checked: Checked) -> None:
        super().__init__("text", _points_out(checked))
        self.checked = checked


class NotYours(LookupError):
    """The id belongs to somebody else's report; the answer is as if it did not exist."""


class Changed(ValueError):
    """The report was received before, and what came now says something else."""

    def __init__(self, received_at: datetime) -> None:
        super().__init__(received_at)
        self.received_at = received_at


@dataclass(frozen=True)
class Receipt:
    """`held` says that the text is read by the coordinator before anybody else sees it."""

    report_id: UUID
    received_at: datetime
    category: str
    label: str
    area_name: str
    held: bool = False
    to_count: Weighed | None = None
    """What the caller is to count, of a report that is new and was not counted here."""


# Held until we commit: who exchanges the areas comes before or after this report, not in between.
_PLACE_BY_ID = """
    SELECT id, name FROM area WHERE id = $13::uuid AND retired_on IS NULL FOR KEY SHARE
"""
# Two areas with one name are told apart by their locality; a name that fits both fits none.
_PLACE_BY_NAME = """
    SELECT (array_agg(id))[1] AS id, min(name) AS name FROM (
        SELECT id, name FROM area
        WHERE retired_on IS NULL
          AND lower($13::text) IN (lower(name), lower(name || ', ' || locality))
        FOR KEY SHARE) AS found
    HAVING count(*) = 1
"""
# A name that was exchanged leads to where its area went, unless it leads to several.
_HEIR_OF_NAME = """
    SELECT (array_agg(DISTINCT replaced_by))[1] FROM area
    WHERE retired_on IS NOT NULL AND lower($1) IN (lower(name), lower(name || ', ' || locality))
    HAVING count(DISTINCT replaced_by) = 1
"""
# One round trip asks whether place and category exist behind this municipality's wall, stores
# the report if they do and it is new, and says which of these it was.
_STORE = """
WITH place AS ({place}),
what AS (SELECT id, label FROM category WHERE key = $4 AND hidden_on IS NULL),
stored AS (
    INSERT INTO report (tenant_id, id, organisation_id, person_id, category_id, area_id,
                        latitude, longitude, place_type, time_kind, occurred_from, occurred_to,
                        text, source, concern, seen_before, action_taken, police_report)
    SELECT ks.current_tenant(), $1, $2, $3, what.id, place.id,
           $5::float8, $6::float8, $7, $8, $9, $10,
           CASE WHEN $18::text[] IS NULL THEN $11::text END, $12, $14, $15, $16, $17
    FROM place, what
    ON CONFLICT (tenant_id, id) DO NOTHING
    RETURNING id, received_at
),
held AS (
    INSERT INTO held_text (tenant_id, report_id, text, kinds)
    SELECT ks.current_tenant(), id, $11::text, $18::text[] FROM stored WHERE $18::text[] IS NOT NULL
)
SELECT (SELECT id FROM what) AS category_id, (SELECT label FROM what) AS label,
       (SELECT id FROM place) AS area_id, (SELECT name FROM place) AS area_name,
       (SELECT received_at FROM stored) AS received_at
"""
_STORE_BY_ID = _STORE.format(place=_PLACE_BY_ID)
_STORE_BY_NAME = _STORE.format(place=_PLACE_BY_NAME)

# The rows of one report in key order, hours before weeks in every transaction: two submissions
# that share cells meet at the first one and wait in line, so they never wait for each other.
COUNT = """
WITH weeks AS (
    INSERT INTO weekly_count (tenant_id, week, area_id, category_id, organisation_id, source,
                              arrival_week, count)
    SELECT ks.current_tenant(), week, $1, $2, $3, $4, $5, share
    FROM unnest($6::date[], $7::float8[]) AS piece (week, share) ORDER BY week
    ON CONFLICT (tenant_id, week, area_id, category_id, organisation_id, source, arrival_week)
    DO UPDATE SET count = weekly_count.count + excluded.count
)
INSERT INTO hourly_count (tenant_id, week, area_id, category_id, hour_of_week, count)
SELECT ks.current_tenant(), week, $1, $2, hour, share
FROM unnest($8::date[], $9::smallint[], $10::float8[]) AS piece (week, hour, share)
ORDER BY week, hour
ON CONFLICT (tenant_id, week, area_id, category_id, hour_of_week)
DO UPDATE SET count = hourly_count.count + excluded.count
"""


async def hand_in_report(
    *,
    by: Member,
    observation: Observation,
    source: str = "form",
    anyway: bool = False,
    count: bool = True,
) -> Receipt:
    """Store and count the report in the open scope, and ask for a new picture.

    A text that may point out somebody is held for who triages, when it is sent `anyway`; else,
    and always when it is certain, PointsOut is raised. Without `count` the counts are the
    caller's, who hands in several and must touch the counts of all in one order.

    Sent again by the same person it gives the receipt of the first time. Raises Refused for a
    category or place that the municipality does not have, NotYours when the
    id is somebody else's, Changed when the content differs from what was received.
    """
    if by.organisation_id is None:
        raise Refused("form", _("Du hör inte till någon organisation som kan rapportera."))
    checked = await check_text(observation.text)
    if checked.certain or (checked.finds and not anyway):
        raise PointsOut(checked)
    row = await _store(by, observation, source, checked)
    if row["category_id"] is None:
        raise Refused("category", _("Välj vad du har sett."))
    if row["area_id"] is None:
        raise Refused("place", _unknown_place(observation))
    received_at, to_count = row["received_at"], None
    if received_at is None:
        received_at = await _received_before(by, observation, row["category_id"], row["area_id"])
    else:
        await audit.record(
            by=by, verb="report.hand_in", object_kind="report", object_id=observation.report_id
        )
        await ask("picture.compile", by=by)
        await announce("inbox")
        # Last, since these rows are shared with others who report the same thing: they wait for
        # our commit and for nothing else.
        if count:
            await count_report(
                area_id=row["area_id"],
                category_id=row["category_id"],
                organisation_id=by.organisation_id,
                source=source,
                received_at=received_at,
                occurred=(observation.occurred_from, observation.occurred_to),
            )
        else:
            to_count = Weighed(
                row["area_id"],
                row["category_id"],
                by.organisation_id,
                source,
                week_of(received_at),
                tuple(spread(observation.occurred_from, observation.occurred_to)),
                1.0,
            )
    return Receipt(
        report_id=observation.report_id,
        received_at=received_at,
        category=observation.category,
        label=row["label"],
        area_name=row["area_name"],
        held=bool(checked.finds),
        to_count=to_count,
    )


async def count_report(
    *,
    area_id: UUID,
    category_id: UUID,
    organisation_id: UUID,
    source: str,
    received_at: datetime,
    occurred: tuple[datetime, datetime],
) -> None:
    """Add one report to the counts of its weeks and hours, in fractions that sum to 1."""
    pieces = spread(*occurred)
    weeks = weekly(pieces)
    await execute(
        COUNT,
        area_id,
        category_id,
        organisation_id,
        source,
        week_of(received_at),
        [week for week, _share in weeks],
        [share for _week, share in weeks],
        [week for week, _hour, _share in pieces],
        [hour for _week, hour, _share in pieces],
        [share for _week, _hour, share in pieces],
    )


async def _store(by: Member, observation: Observation, source: str, checked: Checked) -> Record:
    before = (
        observation.report_id,
        by.organisation_id,
        by.person_id,
        observation.category,
        observation.latitude,
        observation.longitude,
        observation.place_type,
        observation.time_kind,
        observation.occurred_from,
        observation.occurred_to,
        observation.text,
        source,
    )
    after = (
        observation.concern,
        observation.seen_before,
        observation.action_taken,
        observation.police_report,
        checked.kinds or None,
    )
    if observation.area_name is not None:
        row = await fetch_row(_STORE_BY_NAME, *before, observation.area_name, *after)
        gone = None
    else:
        gone = await _area_id(observation)
        row = await fetch_row(_STORE_BY_ID, *before, gone, *after)
    # It was filled in before the areas were exchanged: in a phone, or a moment ago.
    if row is not None and row["area_id"] is None:
        heir = await _heir(observation, gone)
        if heir is not None:
            row = await fetch_row(_STORE_BY_ID, *before, heir, *after)
    assert row is not None  # A SELECT without FROM has one row.
    return row


async def _heir(observation: Observation, gone: UUID | None) -> UUID | None:
    """Where a report belongs whose area is no longer there; None where it never was."""
    if observation.area_name is not None:
        return await fetch_value(_HEIR_OF_NAME, observation.area_name)
    if gone is None:
        return None
    # The point says it better than the area that it was in.
    now_there = await _area_id(observation) if observation.area_id is None else None
    return now_there or await fetch_value("SELECT replaced_by FROM area WHERE id = $1", gone)


async def _area_id(observation: Observation) -> UUID | None:
    if observation.latitude is None or observation.longitude is None:
        return observation.area_id
    places = await read_places()
    area = places.at(observation.latitude, observation.longitude, OFF_THE_COAST_KM)
    return area.id if area else None


async def _received_before(
    by: Member, observation: Observation, category_id: UUID, area_id: UUID
) -> datetime:
    """When the report with this id was received; "now" has moved since, the rest must agree."""
    known = await fetch_row(
        """SELECT person_id, organisation_id, category_id, area_id, time_kind, place_type,
                  coalesce(report.text, held_text.text) AS text, concern, seen_before,
                  action_taken, police_report, latitude, longitude, occurred_from, occurred_to,
                  received_at, EXISTS (
                      SELECT FROM report_correction WHERE report_id = report.id) AS corrected
           FROM report LEFT JOIN held_text ON held_text.report_id = report.id
           WHERE report.id = $1""",
        observation.report_id,
    )
    if known is None or (known["person_id"], known["organisation_id"]) != (
        by.person_id,
        by.organisation_id,
    ):
        raise NotYours(observation.report_id)
    if known["corrected"]:
        # It no longer says what was sent, because we put it right.
        return known["received_at"]
    same = (known["category_id"], known["area_id"]) == (category_id, area_id) and all(
        known[name] == getattr(observation, name)
        for name in (
            *("time_kind", "text", "place_type", "latitude", "longitude"),
            *("concern", "seen_before", "action_taken", "police_report"),
        )
    )
    # What waits in a phone tells its time by the phone's clock, and was sent before by ours.
    if observation.filled_at is None and _time_stands_still(
        observation.time_kind, known["received_at"]
    ):
        same = same and all(
            _same_time(known[name], getattr(observation, name), known["received_at"])
            for name in ("occurred_from", "occurred_to")
        )
    if not same:
        raise Changed(known["received_at"])
    return known["received_at"]


def _time_stands_still(time_kind: str, received_at: datetime) -> bool:
    """Whether a time that is sent again means what it meant: "today" does until midnight."""
    if time_kind == "bucket":
        return local_day() == received_at.astimezone(STOCKHOLM).date()
    return time_kind != "now"


def _same_time(known: datetime, sent: datetime, received_at: datetime) -> bool:
    """Whether two sendings say the same; an end that had not come yet was cut off at the first."""
    return sent == known or (sent > known and known > received_at - CUT_OFF_WITHIN)


def _points_out(checked: Checked) -> str:
    if checked.certain:
        return _("Ta bort det markerade ur beskrivningen. Det leder till en person.")
    return _("Det markerade kan peka ut en person. Skriv om, eller säg att det inte gör det.")


def _unknown_place(observation: Observation) -> str:
    if observation.area_name is not None:
        return _("Ingen plats heter så. Välj ett namn i listan.")
    if observation.latitude is not None:
        return _("Punkten ligger utanför kommunen.")
    return _("Välj en plats.")
