"""Read the working picture at the level that a view may see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from asyncpg import Record

from service.cycle.picture.older_content import as_now
from service.cycle.picture.policy import PARTS
from tenants.roles import PictureView
from tenants.scope import fetch_row

Numbers = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A picture as one view sees it; what the view may not see is None."""

    view: PictureView
    week: date
    compiled_at: datetime
    method: str
    wide: Numbers | None = None
    named: Numbers | None = None
    sums: Numbers | None = None

    @property
    def weeks(self) -> list[date]:
        """The Mondays of the weekly series, oldest first."""
        count = len((self.wide or {}).get("series", {}).get("counts", ()))
        return [self.week - timedelta(weeks=back) for back in reversed(range(count))]


@dataclass(frozen=True)
class Columns:
    """The columns of a picture or an edition that a view reads, and how they become `Shown`."""

    view: PictureView
    parts: tuple[str, ...]

    @property
    def sql(self) -> str:
        # Part names come from the table of policy.py, never from a request.
        chosen = ", ".join(f"content->'{part}' AS {part}" for part in self.parts)
        return f"week, compiled_at, method, {chosen}"

    def shown(self, row: Record | None) -> Shown | None:
        if row is None:
            return None
        return Shown(
            view=self.view,
            week=row["week"],
            compiled_at=row["compiled_at"],
            method=row["method"],
            **{part: _decoded(part, row) for part in self.parts},
        )


def _decoded(part: str, row: Record) -> Numbers:
    numbers: Numbers = msgspec.json.decode(row[part])
    return as_now(numbers, row["method"]) if part == "wide" else numbers


def picture_of(view: PictureView, *, names: bool = False) -> Columns:
    """What `view` reads of a picture; `names` adds who has not been heard from."""
    return Columns(view, PARTS[view] + (("named",) if names else ()))


async def read_picture(view: PictureView, *, names: bool = False) -> Shown | None:
    """The open scope's working picture, or None before the first compilation."""
    columns = picture_of(view, names=names)
    row = await fetch_row(  # wall: made of constants
        f"SELECT {columns.sql} FROM picture WHERE kind = 'working'"
    )
    return columns.shown(row)
