"""Read the editions of the picture: which there are, who signed them, and one of them as it was."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from service.cycle.picture.editions.approve import CAPACITIES, NoSuchEdition
from service.cycle.picture.editions.kinds import KINDS, Period, edition_number, period_name
from service.cycle.picture.show import Shown, picture_of
from service.web.language import _, later
from tenants.roles import PictureView, Role
from tenants.scope import fetch, fetch_row

CAPACITY_LABELS = {
    Role.SAFETY_COORDINATOR: later("trygghetssamordnare"),
    Role.MUNICIPAL_POLICE: later("kommunpolis"),
}


@dataclass(frozen=True)
class Signature:
    name: str
    capacity: str
    at: datetime


@dataclass(frozen=True)
class EditionHead:
    """An edition without its content. `hash` is None of one that was frozen without its counts."""

    id: UUID
    kind: str
    week: date
    period: Period
    version: int
    supersedes: UUID | None
    superseded_by: UUID | None
    reason: str | None
    compiled_at: datetime
    frozen_at: datetime
    method: str
    code: str
    hash: str | None
    sections: dict[str, str]
    signatures: list[Signature] = field(default_factory=list)

    def signed_as(self, capacity: str) -> bool:
        return any(one.capacity == capacity for one in self.signatures)

    @property
    def unsigned(self) -> list[str]:
        """The capacities in which nobody stands behind it yet."""
        return [one for one in CAPACITIES if not self.signed_as(one)]

    @property
    def number(self) -> str:
        return edition_number(self.kind, self.period, self.version)

    @property
    def name(self) -> str:
        """``Lägesbild november 2026``."""
        return f"{_(KINDS[self.kind].name)} {period_name(self.kind, self.period)}"

    @property
    def written(self) -> list[tuple[str, str]]:
        """Heading and text of each section that is written, in order."""
        headings = KINDS[self.kind].sections
        return [
            (_(headings[key]), self.sections[key]) for key in headings if self.sections.get(key)
        ]


_HEAD = """
SELECT edition.id, kind, week, coalesce(last_week, week) AS last_week, version, supersedes, reason,
       compiled_at, frozen_at, method, code, hash, sections,
       (SELECT later.id FROM edition AS later WHERE later.supersedes = edition.id
        ORDER BY version DESC LIMIT 1) AS superseded_by
FROM edition
"""
_SIGNATURES = """
SELECT edition_id, person.name, capacity, approved_at FROM edition_approval
JOIN person ON person.id = edition_approval.person_id
WHERE edition_id = ANY($1) ORDER BY approved_at
"""


async def read_editions(limit: int = 60, *, kind: str | None = None) -> list[EditionHead]:
    """The editions, the latest frozen first; of one kind when `kind` is given."""
    rows = await fetch(
        _HEAD + " WHERE $2::text IS NULL OR kind = $2 ORDER BY frozen_at DESC, id LIMIT $1",
        limit,
        kind,
    )
    return await _with_signatures([_head(row) for row in rows])


async def read_head(edition_id: UUID) -> EditionHead:
    """Raises NoSuchEdition."""
    row = await fetch_row(_HEAD + " WHERE edition.id = $1", edition_id)
    if row is None:
        raise NoSuchEdition(str(edition_id))
    return (await _with_signatures([_head(row)]))[0]


async def week_edition(week: date) -> EditionHead | None:
    """The weekly edition of the week in its latest version, or None."""
    row = await fetch_row(
        _HEAD + " WHERE kind = 'weekly' AND week = $1 ORDER BY version DESC LIMIT 1", week
    )
    return None if row is None else (await _with_signatures([_head(row)]))[0]


def _head(row: Record) -> EditionHead:
    fields = {key: value for key, value in dict(row).items() if key != "last_week"}
    return EditionHead(
        **fields
        | {
            "period": Period(row["week"], row["last_week"]),
            "sections": msgspec.json.decode(row["sections"]),
        }
    )


async def _with_signatures(heads: list[EditionHead]) -> list[EditionHead]:
    by_id = {head.id: head for head in heads}
    for row in await fetch(_SIGNATURES, list(by_id)):
        by_id[row["edition_id"]].signatures.append(
            Signature(row["name"], row["capacity"], row["approved_at"])
        )
    return heads


def capacity_label(capacity: str) -> str:
    return _(CAPACITY_LABELS[Role(capacity)])


async def read_edition(edition_id: UUID, view: PictureView) -> Shown:
    """The edition as `view` may see it. Raises NoSuchEdition."""
    columns = picture_of(view)
    row = await fetch_row(  # wall: made of constants
        f"SELECT {columns.sql} FROM edition WHERE id = $1", edition_id
    )
    shown = columns.shown(row)
    if shown is None:
        raise NoSuchEdition(str(edition_id))
    return shown


async def read_content(edition_id: UUID) -> dict[str, Any]:
    """All parts of the content, for what works it out anew. Raises NoSuchEdition."""
    row = await fetch_row("SELECT content FROM edition WHERE id = $1", edition_id)
    if row is None:
        raise NoSuchEdition(str(edition_id))
    content: dict[str, Any] = msgspec.json.decode(row["content"])
    return content
