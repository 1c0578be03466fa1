"""Approve an edition: what was drafted, or the week's working picture, is frozen and signed."""

from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any
from uuid import UUID, uuid4

import msgspec

from service.cycle.mapping.week import now, week_of
from service.cycle.picture.editions.draft import (
    TOPIC,
    draw,
    end_draft,
    hold_draft,
    open_week_draft,
    read_draft,
)
from service.cycle.picture.editions.fingerprint import fingerprint
from service.cycle.picture.editions.kinds import Period
from service.cycle.picture.work_out import METHOD
from service.web.live import announce
from tenants import audit
from tenants.jobs import ask
from tenants.members import Member
from tenants.one_at_a_time import one_at_a_time
from tenants.roles import Role
from tenants.scope import execute, fetch_row, fetch_value

CAPACITIES = (Role.SAFETY_COORDINATOR, Role.MUNICIPAL_POLICE)
"""Who may stand behind an edition, in the order of signing."""


class NothingToApprove(ValueError):
    """There is no working picture of this week yet."""


class DraftOpen(ValueError):
    """Somebody writes the week's edition; `draft_id` is the draft."""

    def __init__(self, draft_id: UUID) -> None:
        super().__init__(str(draft_id))
        self.draft_id = draft_id


class AlreadyMade(ValueError):
    """The period has an edition that the draft is no correction of."""


class NoSuchEdition(LookupError):
    """The municipality has no such edition."""


class Superseded(ValueError):
    """A later version stands in its place."""


class SectionsMissing(ValueError):
    """A text that the kind demands is not written; `keys` says which."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


@dataclass(frozen=True)
class Approved:
    """`first` when this approval froze the edition; otherwise it signs what was frozen before."""

    edition_id: UUID
    first: bool


def hashed(
    *,
    kind: str,
    period: Period,
    version: int,
    method: str,
    content: dict[str, Any],
    sections: dict[str, str],
) -> str:
    """The hash of an edition: its numbers, its parameters, its texts and what it is of."""
    return fingerprint(
        {
            "kind": kind,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
            "version": version,
            "method": method,
            "content": content,
            "sections": sections,
        }
    )


def code_version() -> str:
    return version("kraftsamling")


async def approve_week(*, by: Member) -> Approved:
    """Freeze this week's picture as it is now, or sign the edition that is frozen already.

    An edition holds what the picture held then and never changes; whoever signs later signs the
    same one. The first approval asks for the digest to all actors. Raises NothingToApprove, or
    DraftOpen.
    """
    week = week_of(now())
    await _take_turns("weekly", week.isoformat())
    standing = await _standing("weekly", week)
    if standing is not None:
        await _sign_all(standing, by)
        return Approved(standing, False)
    draft_id = await open_week_draft(week)
    if draft_id is not None:
        raise DraftOpen(draft_id)
    if not await fetch_value(
        "SELECT EXISTS (SELECT FROM picture WHERE kind = 'working' AND week = $1)", week
    ):
        raise NothingToApprove()
    period = Period(week, week)
    drawn = await draw(period)
    edition_id = uuid4()
    await _freeze(
        edition_id,
        kind="weekly",
        period=period,
        at=drawn.at,
        method=METHOD,
        content=msgspec.json.decode(drawn.content),
        counts=drawn.counts,
        sections={},
        supersedes=None,
        reason=None,
    )
    await _sign_all(edition_id, by)
    await ask("digest.post", by=by, arguments={"edition": str(edition_id)})
    return Approved(edition_id, True)


async def approve_draft(draft_id: UUID, revision: int, *, by: Member) -> Approved:
    """Freeze the draft as it was read, and sign it; approved twice it is approved once.

    Raises as `hold_draft`, SectionsMissing or AlreadyMade.
    """
    edition_id = draft_id
    draft = await read_draft(draft_id)
    await _take_turns(draft.kind, draft.period.first.isoformat())
    if await fetch_value("SELECT EXISTS (SELECT FROM edition WHERE id = $1)", draft_id):
        await _sign_all(edition_id, by)
        return Approved(edition_id, False)
    draft = await hold_draft(draft_id, revision)
    if draft.missing:
        raise SectionsMissing(draft.missing)
    if await _standing(draft.kind, draft.period.first) != draft.supersedes:
        raise AlreadyMade(str(draft_id))
    counts: bytes = await fetch_value("SELECT counts FROM edition_draft WHERE id = $1", draft_id)
    await _freeze(
        edition_id,
        kind=draft.kind,
        period=draft.period,
        at=draft.drawn_at,
        method=draft.method,
        content=draft.content,
        counts=counts,
        sections=draft.sections,
        supersedes=draft.supersedes,
        reason=draft.reason,
    )
    await end_draft(draft_id, "approved")
    await _sign_all(edition_id, by)
    await ask("digest.post", by=by, arguments={"edition": str(edition_id)})
    return Approved(edition_id, True)


async def co_sign(edition_id: UUID, *, by: Member) -> None:
    """Stand behind an edition that another has approved. Raises NoSuchEdition or Superseded."""
    row = await fetch_row(
        """SELECT id, EXISTS (SELECT FROM edition AS later WHERE later.supersedes = edition.id)
                      AS superseded FROM edition WHERE id = $1""",
        edition_id,
    )
    if row is None:
        raise NoSuchEdition(str(edition_id))
    if row["superseded"]:
        raise Superseded(str(edition_id))
    await _sign_all(edition_id, by)


async def _freeze(
    edition_id: UUID,
    *,
    kind: str,
    period: Period,
    at: Any,
    method: str,
    content: dict[str, Any],
    counts: bytes,
    sections: dict[str, str],
    supersedes: UUID | None,
    reason: str | None,
) -> None:
    version: int = await fetch_value(
        "SELECT coalesce(max(version), 0) + 1 FROM edition WHERE kind = $1 AND week = $2",
        kind,
        period.first,
    )
    # What is hashed is what is stored: numbers as they come back from the database.
    text = msgspec.json.encode(content).decode()
    if supersedes is not None:
        await _forget_printed(supersedes)
    await execute(
        """INSERT INTO edition (tenant_id, id, kind, week, last_week, version, supersedes, reason,
                                compiled_at, method, content, sections, counts, code, hash)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb,
                   $11::jsonb, $12, $13, $14)""",
        edition_id,
        kind,
        period.first,
        period.last,
        version,
        supersedes,
        reason,
        at,
        method,
        text,
        msgspec.json.encode(sections).decode(),
        counts,
        code_version(),
        hashed(
            kind=kind,
            period=period,
            version=version,
            method=method,
            content=msgspec.json.decode(text),
            sections=sections,
        ),
    )


async def _standing(kind: str, week: date) -> UUID | None:
    """The edition of the period that no later version has replaced."""
    found: UUID | None = await fetch_value(
        "SELECT id FROM edition WHERE kind = $1 AND week = $2 ORDER BY version DESC LIMIT 1",
        kind,
        week,
    )
    return found


async def _forget_printed(edition_id: UUID) -> None:
    """What was made of it on paper no longer says who stands behind it, or what replaced it."""
    await hold_paper(edition_id)
    await execute("DELETE FROM file WHERE about = $1", edition_id)


async def hold_paper(edition_id: UUID) -> None:
    """Nobody else stores or forgets what was made of it on paper until commit."""
    await one_at_a_time(f"paper {edition_id} ")


async def _take_turns(kind: str, week: str) -> None:
    """Two who approve an edition of the same period at once do it one after the other."""
    await one_at_a_time(f"edition {kind} {week} ")


async def _sign_all(edition_id: UUID, by: Member) -> None:
    for capacity in CAPACITIES:
        if capacity in by.roles and await _sign(edition_id, capacity, by):
            await audit.record(
                by=by,
                verb="edition.approve",
                object_kind="edition",
                object_id=edition_id,
                detail={"capacity": capacity},
            )
            await _forget_printed(edition_id)
    await announce("picture")
    await announce(TOPIC)


async def _sign(edition_id: UUID, capacity: Role, by: Member) -> bool:
    return bool(
        await fetch_value(
            """INSERT INTO edition_approval (tenant_id, edition_id, capacity, person_id)
               VALUES (ks.current_tenant(), $1, $2, $3)
               ON CONFLICT (tenant_id, edition_id, capacity) DO NOTHING RETURNING true""",
            edition_id,
            capacity,
            by.person_id,
        )
    )
