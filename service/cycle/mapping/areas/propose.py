"""Propose other areas, see what they would mean, and let them be exchanged."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
import numpy as np
import shapely
from asyncpg import Record
from shapely.geometry import shape

from service.cycle.mapping.areas.divide import divide
from service.cycle.mapping.lay_out import lay_out_areas
from service.cycle.mapping.places import Area, read_places
from service.geography.areas import AreaShape
from service.web.live import announce
from tenants import audit
from tenants.jobs import ask
from tenants.members import Member
from tenants.scope import execute, fetch, fetch_row, fetch_value

TOPIC: Final = "areas"
VERB: Final = "area.exchange"


@dataclass(frozen=True)
class Proposal:
    """`state` is one of proposed, begun, done and dropped; `areas` are gone once it is done."""

    id: UUID
    origin: str
    areas: list[AreaShape]
    made_at: datetime
    done_at: datetime | None
    state: str
    by_point: int
    by_area: int


@dataclass(frozen=True)
class Foreseen:
    """`reports` are how many would lie in each new area; `kept` how many areas stay as they are.

    `by_area` are reports without a point, which follow the area that covers most of where they
    lay; `outside` have a point in no area and do the same.
    """

    reports: list[int]
    kept: int
    by_point: int
    by_area: int
    outside: int


async def are_in_use() -> bool:
    """Whether anything has been counted in the municipality's areas, or is about to be."""
    return bool(
        await fetch_value(
            """SELECT EXISTS (SELECT 1 FROM report) OR EXISTS (SELECT 1 FROM weekly_count)
                      OR EXISTS (SELECT 1 FROM hourly_count) OR EXISTS (SELECT 1 FROM signal)
                      OR EXISTS (SELECT 1 FROM problem) OR EXISTS (SELECT 1 FROM closed_count)
                      OR EXISTS (SELECT 1 FROM cell_assessment)
                      OR EXISTS (SELECT 1 FROM report_batch
                                 WHERE meaning IS NOT NULL AND taken_in_at IS NULL
                                   AND dropped_at IS NULL AND undone_at IS NULL)"""
        )
    )


async def lay_out_anew(areas: list[AreaShape], *, by: Member) -> bool:
    """Put the areas in the place of those that nothing lies in; False where something does."""
    # A report that is handed in at this moment holds its area: wait for it, and then look.
    await fetch("SELECT id FROM area ORDER BY id FOR UPDATE")
    if await are_in_use():
        return False
    await execute("UPDATE area SET replaced_by = NULL WHERE replaced_by IS NOT NULL")
    await execute("DELETE FROM area WHERE tenant_id = ks.current_tenant()")
    await lay_out_areas(areas)
    await audit.record(by=by, verb="area.lay_out", object_kind="area", detail={"areas": len(areas)})
    return True


async def propose(
    areas: Sequence[AreaShape], *, proposal_id: UUID, origin: str, by: Member
) -> None:
    """Keep the areas until somebody has seen what they mean; the same id again changes nothing."""
    await execute(
        """INSERT INTO area_proposal (tenant_id, id, origin, areas, made_by)
           VALUES (ks.current_tenant(), $1, $2, $3::jsonb, $4) ON CONFLICT DO NOTHING""",
        proposal_id,
        origin[:200],
        msgspec.json.encode([area._asdict() for area in areas]).decode(),
        by.person_id,
    )
    await audit.record(
        by=by, verb="area.propose", object_kind="area_proposal", object_id=proposal_id,
        detail={"areas": len(areas)},
    )  # fmt: skip


async def read_proposal(proposal_id: UUID) -> Proposal | None:
    row = await fetch_row("SELECT * FROM area_proposal WHERE id = $1", proposal_id)
    return _proposal(row) if row is not None else None


async def begun_proposal() -> UUID | None:
    """The exchange that a worker is at."""
    return await fetch_value(
        """SELECT id FROM area_proposal WHERE begun_at IS NOT NULL AND done_at IS NULL
           ORDER BY begun_at LIMIT 1"""
    )


async def confirm_exchange(proposal_id: UUID, *, by: Member) -> None:
    """Have a worker exchange the areas; confirmed again, or once dropped, it changes nothing."""
    begun = await fetch_value(
        """UPDATE area_proposal SET begun_at = now()
           WHERE id = $1 AND begun_at IS NULL AND dropped_at IS NULL RETURNING true""",
        proposal_id,
    )
    if not begun:
        return
    await audit.record(
        by=by, verb="area.exchange", object_kind="area_proposal", object_id=proposal_id
    )
    await ask(VERB, by=by, arguments={"proposal": str(proposal_id)})
    await announce(TOPIC)


async def drop_proposal(proposal_id: UUID, *, by: Member) -> None:
    dropped = await fetch_value(
        """UPDATE area_proposal SET dropped_at = now(), areas = '[]'
           WHERE id = $1 AND begun_at IS NULL AND dropped_at IS NULL RETURNING true""",
        proposal_id,
    )
    if dropped:
        await audit.record(
            by=by, verb="area.drop", object_kind="area_proposal", object_id=proposal_id
        )


async def foresee(areas: Sequence[AreaShape]) -> Foreseen:
    """What an exchange would mean for the reports that there are now."""
    old = (await read_places()).areas
    rows = await fetch(
        """SELECT area_id, latitude, longitude, count(*) AS number FROM report
           GROUP BY area_id, latitude, longitude"""
    )
    # Beside the loop: hundreds of areas and tens of thousands of points take a second.
    return await asyncio.to_thread(_foresee, old, areas, rows)


def _foresee(old: Sequence[Area], areas: Sequence[AreaShape], rows: Sequence[Record]) -> Foreseen:
    division = divide(old, areas)
    place = {area.id: at for at, area in enumerate(old)}
    tree = shapely.STRtree([shape(area.boundary) for area in areas])
    drawn = [(row["longitude"], row["latitude"]) for row in rows if row["latitude"] is not None]
    points = shapely.points(np.array(drawn, dtype=float).reshape(-1, 2))
    asked, found = tree.query(points, predicate="intersects")
    within = dict(zip(asked.tolist(), found.tolist(), strict=True))
    reports = [0] * len(areas)
    by_point = by_area = outside = with_point = 0
    for row in rows:
        number = row["number"]
        at = place.get(row["area_id"])
        heir = division.heirs.get(at) if at is not None else None
        if row["latitude"] is not None:
            inside = within.get(with_point)
            with_point += 1
            if inside is not None:
                by_point += number
                reports[inside] += number
                continue
            outside += number
        elif at in division.heirs:
            by_area += number
        if at is not None:
            reports[heir if heir is not None else division.kept[at]] += number
    return Foreseen(reports, len(division.kept), by_point, by_area, outside)


def _proposal(row: Record) -> Proposal:
    states = (("dropped_at", "dropped"), ("done_at", "done"), ("begun_at", "begun"))
    return Proposal(
        id=row["id"],
        origin=row["origin"],
        areas=[AreaShape(**area) for area in json.loads(row["areas"])],
        made_at=row["made_at"],
        done_at=row["done_at"],
        state=next((name for column, name in states if row[column] is not None), "proposed"),
        by_point=row["by_point"],
        by_area=row["by_area"],
    )
