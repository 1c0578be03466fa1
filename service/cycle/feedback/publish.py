"""Publish for everybody: what the coordinator approved, frozen as it was shown before the yes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from service.cycle.feedback.disclosure import Leak, audit_publications
from service.cycle.feedback.forms import PublicationForm
from service.cycle.feedback.public_counts import PublicCounts, public_counts
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.one_at_a_time import one_at_a_time
from tenants.scope import fetch, fetch_row, fetch_value

TOPIC = "publication"
TRIED_ALONE = 8


class NoSuchPublication(LookupError):
    """The open scope's municipality has no such publication."""


class PeriodMoved(ValueError):
    """Another period has closed since the form was opened; its counts have not been looked at."""


class GivesAway(ValueError):
    """With these numbers hidden counts of the places or groups `where` could be worked out.

    `together` are the areas and groups that are to be told only with all others for it not to be
    so, `names` what people call them; both empty when that does not help.
    """

    def __init__(self, where: list[str], together: list[str], names: list[str]) -> None:
        super().__init__(", ".join(where))
        self.where = where
        self.together = together
        self.names = names


@dataclass(frozen=True)
class PublicMeasure:
    """A measure that was decided on, as it may be told of; `ended` by follow-up or by its date."""

    id: UUID
    title: str
    ends_on: date
    ended: bool


@dataclass(frozen=True)
class Publication:
    """`content` holds the period's counts and the measures, see `publish`."""

    id: UUID
    headline: str
    text: str
    content: dict[str, Any]
    published_at: datetime


async def measures_to_tell() -> list[PublicMeasure]:
    """Measures that the steering group approved, the latest first."""
    rows = await fetch(
        """SELECT measure.id, measure.title, measure.ends_on,
                  measure.ends_on < ks.today() OR EXISTS (
                      SELECT FROM follow_up WHERE follow_up.measure_id = measure.id
                      AND follow_up.outcome = 'done') AS ended
           FROM measure
           WHERE EXISTS (SELECT FROM proposal
                         JOIN decision ON decision.proposal_id = proposal.id
                         WHERE proposal.measure_id = measure.id AND decision.outcome = 'approved')
           ORDER BY measure.starts_on DESC LIMIT 40"""
    )
    return [PublicMeasure(**dict(row)) for row in rows]


async def publish(*, by: Member, form: PublicationForm) -> Publication:
    """Show the public the form's words, the chosen measures, and the latest closed four weeks.

    The latest publication that is not taken back is the one that is shown. Raises PeriodMoved, and
    GivesAway when somebody who kept every earlier publication could work out what is hidden.
    """
    # One at a time in a municipality: each is tried against all that were before it.
    await one_at_a_time("publish")
    chosen = [one for one in await measures_to_tell() if str(one.id) in form.measures]
    counts = await public_counts(form.together)
    if form.first and form.first != counts.first.isoformat():
        raise PeriodMoved(form.first)
    await _refuse_what_gives_away(counts, form.together)
    content = counts.as_content() | {
        "measures": [
            {"title": one.title, "ends_on": one.ends_on.isoformat(), "ended": one.ended}
            for one in chosen
        ]
    }
    row = await fetch_row(
        """INSERT INTO publication (tenant_id, id, headline, text, content, published_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4::jsonb, $5)
           ON CONFLICT (tenant_id, id) DO NOTHING RETURNING *""",
        form.row_id,
        form.headline,
        form.text,
        msgspec.json.encode(content).decode(),
        by.person_id,
    )
    if row is None:  # Sent twice: the first one stands.
        row = await fetch_row("SELECT * FROM publication WHERE id = $1", form.row_id)
        assert row is not None
        return _publication(row)
    await audit.record(
        by=by,
        verb="publication.publish",
        object_kind="publication",
        object_id=row["id"],
        detail={"measures": len(chosen), "areas": len(counts.areas.parts)},
    )
    await announce(TOPIC)
    return _publication(row)


async def _refuse_what_gives_away(counts: PublicCounts, together: list[str]) -> None:
    leaks = await _leaks(counts)
    if not leaks:
        return
    table = counts.areas if leaks[0].area else counts.groups
    where = sorted({leak.area or leak.group for leak in leaks})
    smallest = sorted(table.parts, key=lambda part: (part.count, part.name))
    # One part told with the others is enough most often; else they go one after the other.
    tries = [[part] for part in smallest[:TRIED_ALONE]]
    tries += [smallest[:many] for many in range(2, len(smallest) + 1)]
    for merged in tries:
        keys = [*together, *(part.key for part in merged)]
        if not await _leaks(await public_counts(keys)):
            raise GivesAway(where, keys, [part.name for part in merged])
    raise GivesAway(where, [], [])


async def _leaks(counts: PublicCounts) -> tuple[Leak, ...]:
    return (await audit_publications(also=counts.as_content())).leaks


async def withdraw_publication(*, by: Member, publication_id: UUID) -> bool:
    """Take it back from the public; the one before it, if not taken back, is shown again.

    Returns whether it was shown until now. Raises NoSuchPublication.
    """
    known = await fetch_value(
        "SELECT EXISTS (SELECT FROM publication WHERE id = $1)", publication_id
    )
    if not known:
        raise NoSuchPublication(str(publication_id))
    gone = await fetch_value(
        """INSERT INTO publication_withdrawal (tenant_id, publication_id, withdrawn_by)
           SELECT ks.current_tenant(), id, $2 FROM publication WHERE id = $1
           ON CONFLICT (tenant_id, publication_id) DO NOTHING RETURNING true""",
        publication_id,
        by.person_id,
    )
    if gone:
        await audit.record(
            by=by,
            verb="publication.withdraw",
            object_kind="publication",
            object_id=publication_id,
        )
        await announce(TOPIC)
    return bool(gone)


async def read_publication() -> Publication | None:
    """What the public is shown now, or None."""
    row = await fetch_row(
        """SELECT * FROM publication
           WHERE NOT EXISTS (SELECT FROM publication_withdrawal
                             WHERE publication_withdrawal.publication_id = publication.id)
           ORDER BY published_at DESC LIMIT 1"""
    )
    return _publication(row) if row else None


def _publication(row: Record) -> Publication:
    return Publication(
        id=row["id"],
        headline=row["headline"],
        text=row["text"],
        content=msgspec.json.decode(row["content"]),
        published_at=row["published_at"],
    )
