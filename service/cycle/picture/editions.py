"""Read the editions of the picture: which there are, who signed them, and one of them as it was."""

from dataclasses import dataclass
from datetime import date, datetime

from asyncpg import Record

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
    """An edition without its content."""

    week: date
    frozen_at: datetime
    signatures: list[Signature]

    def signed_as(self, capacity: str) -> bool:
        return any(one.capacity == capacity for one in self.signatures)


async def read_editions(limit: int = 60) -> list[EditionHead]:
    """The approved editions, the latest first."""
    rows = await fetch(
        """SELECT edition.week, edition.frozen_at, edition_approval.capacity,
                  edition_approval.approved_at, person.name
           FROM (SELECT * FROM edition ORDER BY week DESC LIMIT $1) AS edition
           JOIN edition_approval ON edition_approval.edition_id = edition.id
           JOIN person ON person.id = edition_approval.person_id
           ORDER BY edition.week DESC, edition_approval.approved_at""",
        limit,
    )
    heads: dict[date, EditionHead] = {}
    for row in rows:
        head = heads.setdefault(row["week"], EditionHead(row["week"], row["frozen_at"], []))
        head.signatures.append(_signature(row))
    return list(heads.values())


def _signature(row: Record) -> Signature:
    return Signature(row["name"], row["capacity"], row["approved_at"])


def capacity_label(capacity: str) -> str:
    return _(CAPACITY_LABELS[Role(capacity)])


async def read_edition(week: date, view: PictureView) -> Shown | None:
    """The edition of the week as `view` may see it; None when none was approved."""
    columns = picture_of(view)
    row = await fetch_row(  # wall: made of constants
        f"SELECT {columns.sql} FROM edition WHERE kind = 'weekly' AND week = $1", week
    )
    return columns.shown(row)
