"""Read the working picture at the level that a view may see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

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


async def read_picture(view: PictureView, *, names: bool = False) -> Shown | None:
    """The open scope's working picture, or None before the first compilation.

    `names` adds who has not been heard from.
    """
    parts = PARTS[view] + (("named",) if names else ())
    # Part names come from the table above, never from a request.
    chosen = ", ".join(f"content->'{part}' AS {part}" for part in parts)
    row = await fetch_row(  # wall: made of constants
        f"SELECT week, compiled_at, method, {chosen} FROM picture WHERE kind = 'working'"
    )
    if row is None:
        return None
    return Shown(
        view=view,
        week=row["week"],
        compiled_at=row["compiled_at"],
        method=row["method"],
        **{part: msgspec.json.decode(row[part]) for part in parts},
    )
