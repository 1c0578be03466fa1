"""Which municipality a path names. Asked at every request, so remembered for a short while."""

import re
import time
from datetime import datetime
from uuid import UUID

from tenants.members import MunicipalityRef
from tenants.scope import fetch, fetch_row, platform_scope

# Long enough to spare every request a query, short enough for a suspension to bite soon.
REMEMBERED_SECONDS = 10.0
# As the database has them. Anything else in a path is no slug, and some of it (NUL) no text either.
_SLUG = re.compile(r"[a-z0-9-]{2,40}")

_remembered: dict[str, tuple[float, MunicipalityRef]] = {}


async def municipality_by_slug(slug: str) -> MunicipalityRef | None:
    """The municipality in use with that slug, or None. Opens a scope of its own."""
    if not _SLUG.fullmatch(slug):
        return None
    known = _remembered.get(slug)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    async with platform_scope():
        row = await fetch_row(
            """SELECT id, slug, name, code, demonstration FROM municipality
               WHERE slug = $1 AND suspended_at IS NULL""",
            slug,
        )
    if row is None:
        _remembered.pop(slug, None)
        return None
    found = MunicipalityRef(**dict(row))
    _remembered[slug] = (time.monotonic() + REMEMBERED_SECONDS, found)
    return found


async def all_municipalities() -> list[MunicipalityRef]:
    """The municipalities in use, by name; needs a platform scope."""
    rows = await fetch(
        """SELECT id, slug, name, code, demonstration FROM municipality
           WHERE suspended_at IS NULL ORDER BY name"""
    )
    return [MunicipalityRef(**dict(row)) for row in rows]


async def find_municipality(slug: str) -> tuple[MunicipalityRef, datetime | None] | None:
    """The municipality of that slug and since when it is suspended; needs a platform scope."""
    if not _SLUG.fullmatch(slug):
        return None
    row = await fetch_row(
        """SELECT id, slug, name, code, demonstration, suspended_at FROM municipality
           WHERE slug = $1""",
        slug,
    )
    if row is None:
        return None
    values = dict(row)
    suspended_at = values.pop("suspended_at")
    return MunicipalityRef(**values), suspended_at


async def known_municipalities() -> list[tuple[MunicipalityRef, bool]]:
    """All, by name, and whether each is suspended; needs a platform scope."""
    rows = await fetch(
        """SELECT id, slug, name, code, demonstration, suspended_at IS NOT NULL AS suspended
           FROM municipality ORDER BY name"""
    )
    return [
        (
            MunicipalityRef(row["id"], row["slug"], row["name"], row["code"], row["demonstration"]),
            row["suspended"],
        )
        for row in rows
    ]


def forget(slug: str) -> None:
    """Ask the database again about `slug`; other processes do within `REMEMBERED_SECONDS`."""
    _remembered.pop(slug, None)


async def every_municipality() -> list[UUID]:
    """The ids of all, suspended ones too; needs a platform scope."""
    return [row["id"] for row in await fetch("SELECT id FROM municipality ORDER BY id")]
