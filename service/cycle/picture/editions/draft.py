"""Draft an edition: draw its numbers, write its texts, comment on it, or let it be."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from service.cycle.mapping.week import now, week_of
from service.cycle.picture.close_period import close_period
from service.cycle.picture.counts import Counts, read_counts
from service.cycle.picture.editions.frozen_counts import pack
from service.cycle.picture.editions.kinds import KINDS, Period
from service.cycle.picture.editions.period_sums import sum_period
from service.cycle.picture.editions.work import read_work
from service.cycle.picture.work_out import METHOD, work_out
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import current_tenant, execute, fetch, fetch_row, fetch_value

TOPIC = "edition"
"""What open pages are told when a draft or an edition has changed."""


class NoSuchDraft(LookupError):
    """The municipality has no such draft."""


class DraftEnded(ValueError):
    """The draft is approved or discarded; nothing of it changes any more."""


class ChangedMeanwhile(ValueError):
    """Somebody changed the draft after it was read."""


@dataclass(frozen=True)
class Comment:
    id: UUID
    text: str
    name: str
    written_at: datetime
    resolved_by: str | None


@dataclass(frozen=True)
class Draft:
    """A draft as its page shows it; `content` as a picture's, with `period` and `work`."""

    id: UUID
    kind: str
    period: Period
    supersedes: UUID | None
    reason: str | None
    drawn_at: datetime
    method: str
    content: dict[str, Any]
    sections: dict[str, str]
    revision: int
    changed_by: str
    changed_at: datetime
    outcome: str | None
    comments: tuple[Comment, ...]

    @property
    def missing(self) -> list[str]:
        """Keys of the texts that must be written before it can be approved."""
        return [key for key in KINDS[self.kind].sections if self.lacks(key)]

    def lacks(self, key: str) -> bool:
        return key in KINDS[self.kind].required and not self.sections.get(key)


def content_of(counts: Counts, period: Period, at: datetime, municipality: UUID) -> dict[str, Any]:
    """What an edition of the period says by these counts; the same whenever it is worked out."""
    content = work_out(counts, municipality, at)
    content["wide"]["period"] = sum_period(counts, period)
    return content


@dataclass(frozen=True)
class Drawn:
    """The numbers of an edition: `content` as JSON, `counts` packed, as they stood `at`."""

    at: datetime
    content: str
    counts: bytes


async def draw(period: Period) -> Drawn:
    """What the period's last week looks like by the counts as they stand now, late reports too."""
    at = now()
    counts = await read_counts(period.last, await close_period(period.last))
    work = await read_work(period)
    return await asyncio.to_thread(_worked_out, counts, period, at, current_tenant(), work)


def _worked_out(
    counts: Counts, period: Period, at: datetime, municipality: UUID, work: dict[str, Any]
) -> Drawn:
    content = content_of(counts, period, at, municipality)
    content["wide"]["work"] = work
    return Drawn(at, msgspec.json.encode(content).decode(), pack(counts))


async def begin_draft(
    draft_id: UUID,
    kind: str,
    period: Period,
    *,
    by: Member,
    supersedes: UUID | None = None,
    reason: str | None = None,
    sections: dict[str, str] | None = None,
) -> UUID:
    """Begin a draft with the numbers as they are now; gives the one of the period that is open.

    Two who begin at once get the same draft.
    """
    drawn = await draw(period)
    new = await fetch_value(
        """INSERT INTO edition_draft (tenant_id, id, kind, week, last_week, supersedes, reason,
                                      drawn_at, method, content, counts, sections,
                                      begun_by, changed_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10,
                   $11::jsonb, $12, $12)
           ON CONFLICT DO NOTHING RETURNING id""",
        draft_id,
        kind,
        period.first,
        period.last,
        supersedes,
        reason,
        drawn.at,
        METHOD,
        drawn.content,
        drawn.counts,
        msgspec.json.encode(sections or {}).decode(),
        by.person_id,
    )
    if new is None:
        standing: UUID | None = await fetch_value(
            """SELECT id FROM edition_draft WHERE id = $1
               UNION SELECT id FROM edition_draft
               WHERE kind = $2 AND week = $3 AND ended_at IS NULL LIMIT 1""",
            draft_id,
            kind,
            period.first,
        )
        assert standing is not None, "One of the two stood in the way."
        return standing
    await _note("edition.draft", draft_id, by)
    return draft_id


async def redraw(draft_id: UUID, revision: int, *, by: Member) -> None:
    """Take the numbers anew, as they are now. Raises as `hold_draft`."""
    draft = await hold_draft(draft_id, revision)
    drawn = await draw(draft.period)
    await execute(
        """UPDATE edition_draft SET drawn_at = $2, method = $3, content = $4::jsonb, counts = $5,
                  revision = revision + 1, changed_by = $6, changed_at = now() WHERE id = $1""",
        draft_id,
        drawn.at,
        METHOD,
        drawn.content,
        drawn.counts,
        by.person_id,
    )
    await _note("edition.redraw", draft_id, by)


async def write_sections(
    draft_id: UUID, revision: int, sections: dict[str, str], *, by: Member
) -> None:
    """Save the texts. Raises as `hold_draft`."""
    draft = await hold_draft(draft_id, revision)
    if sections == draft.sections:
        return
    await execute(
        """UPDATE edition_draft SET sections = $2::jsonb, revision = revision + 1,
                  changed_by = $3, changed_at = now() WHERE id = $1""",
        draft_id,
        msgspec.json.encode(sections).decode(),
        by.person_id,
    )
    await _note("edition.write", draft_id, by)


async def discard(draft_id: UUID, revision: int, *, by: Member) -> None:
    """It becomes no edition, however often that is said. Raises as `hold_draft`."""
    draft = await _held(draft_id)
    if draft.outcome == "discarded":
        return
    await hold_draft(draft_id, revision)
    await end_draft(draft_id, "discarded")
    await _note("edition.discard", draft_id, by)


async def end_draft(draft_id: UUID, outcome: str) -> None:
    await execute(
        "UPDATE edition_draft SET outcome = $2, ended_at = now() WHERE id = $1", draft_id, outcome
    )


async def comment(draft_id: UUID, comment_id: UUID, text: str, *, by: Member) -> None:
    """Say something about the draft, once. Raises NoSuchDraft or DraftEnded."""
    draft = await _held(draft_id)
    if draft.outcome is not None:
        raise DraftEnded(str(draft_id))
    new = await fetch_value(
        """INSERT INTO edition_comment (tenant_id, id, draft_id, text, person_id)
           VALUES (ks.current_tenant(), $1, $2, $3, $4)
           ON CONFLICT (tenant_id, id) DO NOTHING RETURNING true""",
        comment_id,
        draft_id,
        text,
        by.person_id,
    )
    if new:
        await _note("edition.comment", draft_id, by)


async def resolve(draft_id: UUID, comment_id: UUID, *, by: Member) -> None:
    """The comment is seen to. Raises NoSuchDraft, also for a comment that is none."""
    await _held(draft_id)
    known = await fetch_value(
        """UPDATE edition_comment SET resolved_by = coalesce(resolved_by, $3),
                  resolved_at = coalesce(resolved_at, now())
           WHERE id = $1 AND draft_id = $2 RETURNING true""",
        comment_id,
        draft_id,
        by.person_id,
    )
    if not known:
        raise NoSuchDraft(str(comment_id))
    await _note("edition.resolve", draft_id, by)


async def hold_draft(draft_id: UUID, revision: int) -> Draft:
    """The open draft at the revision that was read, which nobody else changes until commit.

    Raises NoSuchDraft, DraftEnded or ChangedMeanwhile.
    """
    draft = await _held(draft_id)
    if draft.outcome is not None:
        raise DraftEnded(str(draft_id))
    if draft.revision != revision:
        raise ChangedMeanwhile(str(draft_id))
    return draft


async def _held(draft_id: UUID) -> Draft:
    await fetch_value("SELECT id FROM edition_draft WHERE id = $1 FOR UPDATE", draft_id)
    return await read_draft(draft_id)


_SELECT = """
SELECT edition_draft.id, kind, week, last_week, supersedes, reason, drawn_at, method, content,
       sections, revision, person.name AS changed_by, changed_at, outcome
FROM edition_draft JOIN person ON person.id = changed_by
"""


async def read_draft(draft_id: UUID) -> Draft:
    """Raises NoSuchDraft."""
    row = await fetch_row(_SELECT + " WHERE edition_draft.id = $1", draft_id)
    if row is None:
        raise NoSuchDraft(str(draft_id))
    comments = await fetch(
        """SELECT edition_comment.id, text, writer.name, written_at, resolver.name AS resolved_by
           FROM edition_comment JOIN person AS writer ON writer.id = person_id
           LEFT JOIN person AS resolver ON resolver.id = resolved_by
           WHERE draft_id = $1 ORDER BY written_at""",
        draft_id,
    )
    return _draft(row, comments)


def _draft(row: Record, comments: Sequence[Record]) -> Draft:
    fields = {k: v for k, v in dict(row).items() if k not in ("week", "last_week")}
    return Draft(
        **fields
        | {
            "period": Period(row["week"], row["last_week"]),
            "content": msgspec.json.decode(row["content"]),
            "sections": msgspec.json.decode(row["sections"]),
            "comments": tuple(Comment(**one) for one in comments),
        }
    )


@dataclass(frozen=True)
class DraftHead:
    id: UUID
    kind: str
    period: Period
    changed_by: str
    changed_at: datetime
    unresolved: int


async def open_drafts() -> list[DraftHead]:
    """The drafts that are worked on, the latest changed first."""
    rows = await fetch(
        """SELECT edition_draft.id, kind, week, last_week, person.name, changed_at,
                  (SELECT count(*) FROM edition_comment
                   WHERE draft_id = edition_draft.id AND resolved_at IS NULL) AS unresolved
           FROM edition_draft JOIN person ON person.id = changed_by
           WHERE ended_at IS NULL ORDER BY changed_at DESC"""
    )
    return [
        DraftHead(
            row["id"],
            row["kind"],
            Period(row["week"], row["last_week"]),
            row["name"],
            row["changed_at"],
            row["unresolved"],
        )
        for row in rows
    ]


async def open_week_draft(week: date) -> UUID | None:
    """The draft of the week's edition that is worked on, or None."""
    found: UUID | None = await fetch_value(
        "SELECT id FROM edition_draft WHERE kind = 'weekly' AND week = $1 AND ended_at IS NULL",
        week,
    )
    return found


async def _note(verb: str, draft_id: UUID, by: Member) -> None:
    await audit.record(by=by, verb=verb, object_kind="edition_draft", object_id=draft_id)
    await announce(TOPIC)


def this_week() -> date:
    return week_of(now())
