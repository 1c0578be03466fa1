"""Exchange the areas: every report is placed anew, and no count is lost or made on the way.

All of it is one transaction: a worker that dies leaves the old division as it was. What takes long
is done beside the reports that come in, in areas that nobody else sees yet. Only then are the old
areas held, for what came meanwhile and for what nobody may see halfway; whoever reports just then
waits, and is counted in the new ones.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from asyncpg import Record

from service.cycle.mapping.areas.divide import divide
from service.cycle.mapping.areas.propose import TOPIC
from service.cycle.mapping.hand_in import IN_SEVERAL_AREAS
from service.cycle.mapping.places import Area, Places, read_places
from service.cycle.mapping.triage.weigh import Cells, hold_triage, weigh
from service.geography.areas import AreaShape
from service.web.live import announce
from tenants.jobs import ask
from tenants.one_at_a_time import one_at_a_time
from tenants.scope import execute, execute_many, fetch, fetch_row

AT_A_TIME = 20_000
LEFT = 1e-6
"""Less of a count than this is rounding, and no report that has no row."""

# What somebody put right by hand lies where that person said, whatever its point.
_NEXT = """
SELECT id, area_id, latitude, longitude,
       EXISTS (SELECT FROM report_correction AS put
               WHERE put.report_id = report.id AND put.field = 'area') AS put_right
FROM report WHERE area_id = ANY($1::uuid[]) ORDER BY id LIMIT $2
"""


@dataclass
class _Moving:
    """An exchange on its way. `heirs` maps each old area to the one that takes over; `fresh` are
    new areas, which nobody else sees before we commit."""

    places: Places
    heirs: Mapping[UUID, UUID]
    fresh: frozenset[UUID]
    taken: Cells = field(default_factory=Cells)
    """What the moved reports gave to the counts of the old areas."""
    held_back: Cells = field(default_factory=Cells)
    """What they give to areas that stay, whose counts others add to as well."""
    by_point: int = 0
    by_area: int = 0


async def exchange(proposal_id: UUID) -> None:
    """Put the proposal in force; done already, or never confirmed, nothing happens."""
    proposal = await fetch_row(
        """SELECT areas FROM area_proposal
           WHERE id = $1 AND begun_at IS NOT NULL AND done_at IS NULL FOR UPDATE""",
        proposal_id,
    )
    if proposal is None:
        return
    # What reports mean stands still from here; what is handed in does not.
    await hold_triage()
    old = (await read_places()).areas
    new = [AreaShape(**area) for area in json.loads(proposal["areas"])]
    division = divide(old, new)
    kept = {at: old[was] for was, at in division.kept.items()}
    present = await _lay_out(new, kept)
    heirs = {old[at].id: present[to].id for at, to in division.heirs.items()}
    staying = {area.id for area in kept.values()}
    moving = _Moving(
        Places(present), heirs, frozenset(area.id for area in present if area.id not in staying)
    )
    await _place_reports(moving)
    # Whoever is handing in a report holds its area: those come first, and later ones wait for us.
    # Who hands in several would else hold one and wait for another, while we do the opposite.
    await one_at_a_time(IN_SEVERAL_AREAS)
    await fetch(
        "SELECT id FROM area WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE", list(heirs)
    )
    await _place_reports(moving)
    await _move_counts(moving)
    await _retire(heirs)
    await _follow(list(heirs), list(heirs.values()))
    await execute(
        """UPDATE area_proposal SET done_at = now(), areas = '[]', by_point = $2, by_area = $3
           WHERE id = $1""",
        proposal_id,
        moving.by_point,
        moving.by_area,
    )
    await ask("picture.compile")
    await announce(TOPIC)
    await announce("inbox")


async def _lay_out(new: list[AreaShape], kept: Mapping[int, Area]) -> list[Area]:
    """The new areas in their order; a key never comes again, so that what an edition says by a
    key is never said of another place."""
    taken = {row["key"] for row in await fetch("SELECT key FROM area")}
    present, rows = [], []
    for at, area in enumerate(new):
        if at in kept:
            present.append(kept[at])
            continue
        key, number = area.key, 1
        while key in taken:
            number += 1
            key = f"{area.key}-{number}"
        taken.add(key)
        laid = Area(uuid4(), key, area.name, area.locality, area.kind, area.boundary)
        present.append(laid)
        boundary = json.dumps(area.boundary, separators=(",", ":"))
        rows.append((laid.id, key, *area[1:-1], boundary))
    await execute_many(
        """INSERT INTO area (tenant_id, id, key, name, kind, locality, latitude, longitude,
                             boundary)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8)""",
        rows,
    )
    return present


async def _retire(heirs: Mapping[UUID, UUID]) -> None:
    await execute(
        """UPDATE area SET retired_on = ks.today(), replaced_by = heir.new
           FROM unnest($1::uuid[], $2::uuid[]) AS heir (old, new) WHERE area.id = heir.old""",
        list(heirs),
        list(heirs.values()),
    )
    # What was exchanged before leads to where it is now, however often that happens.
    await execute(
        """UPDATE area SET replaced_by = heir.new
           FROM unnest($1::uuid[], $2::uuid[]) AS heir (old, new)
           WHERE area.replaced_by = heir.old""",
        list(heirs),
        list(heirs.values()),
    )


async def _place_reports(moving: _Moving) -> None:
    """Place every report that lies in an old area and count it in its new one."""
    old = list(moving.heirs)
    while rows := await fetch(_NEXT, old, AT_A_TIME):
        moved: dict[UUID, UUID] = {}
        for row in rows:
            within = _within(row, moving.places)
            moved[row["id"]] = within or moving.heirs[row["area_id"]]
            moving.by_point += within is not None
            moving.by_area += within is None
        before = await weigh(list(moved))
        await execute(
            """UPDATE report SET area_id = moved.area
               FROM unnest($1::uuid[], $2::uuid[]) AS moved (id, area)
               WHERE report.id = moved.id""",
            list(moved),
            list(moved.values()),
        )
        fresh = Cells()
        # Both are in order of the reports' ids.
        for one, (_id, area) in zip(before, sorted(moved.items()), strict=True):
            moving.taken.add(one)
            cells = fresh if area in moving.fresh else moving.held_back
            cells.add(replace(one, area_id=area))
        await fresh.store()


async def _move_counts(moving: _Moving) -> None:
    """End the counts of the old areas. What no report's row stands for follows the area that
    takes over."""
    old = list(moving.heirs)
    for row in await fetch(
        """DELETE FROM weekly_count WHERE area_id = ANY($1::uuid[])
           RETURNING week, area_id, category_id, organisation_id, source, arrival_week, count""",
        old,
    ):
        week, area, *rest, count = row.values()
        left = count - moving.taken.weeks.get((week, area, *rest), 0.0)
        if left > LEFT:
            moving.held_back.weeks[week, moving.heirs[area], *rest] += left
    for row in await fetch(
        """DELETE FROM hourly_count WHERE area_id = ANY($1::uuid[])
           RETURNING week, area_id, category_id, hour_of_week, count""",
        old,
    ):
        week, area, *rest, count = row.values()
        left = count - moving.taken.hours.get((week, area, *rest), 0.0)
        if left > LEFT:
            moving.held_back.hours[week, moving.heirs[area], *rest] += left
    await moving.held_back.store()


def _within(row: Record, places: Places) -> UUID | None:
    if row["latitude"] is None or row["put_right"]:
        return None
    area = places.at(row["latitude"], row["longitude"])
    return area.id if area is not None else None


async def _follow(old: list[UUID], new: list[UUID]) -> None:
    """Problems and assessments go on in the area that has taken over, with the counts."""
    await execute(
        """UPDATE problem SET area_id = heir.new
           FROM unnest($1::uuid[], $2::uuid[]) AS heir (old, new) WHERE area_id = heir.old""",
        old,
        new,
    )
    await execute(
        """UPDATE cell_assessment SET area_id = heir.new
           FROM unnest($1::uuid[], $2::uuid[]) AS heir (old, new) WHERE area_id = heir.old""",
        old,
        new,
    )
    # Of two open problems that come to lie in one place both go on; the older one holds it.
    await execute(
        """WITH gone AS (
               DELETE FROM open_problem WHERE area_id = ANY($1::uuid[]) RETURNING *
           )
           INSERT INTO open_problem (tenant_id, area_id, category_id, problem_id)
           SELECT DISTINCT ON (heir.new, gone.category_id)
                  ks.current_tenant(), heir.new, gone.category_id, gone.problem_id
           FROM gone JOIN unnest($1::uuid[], $2::uuid[]) AS heir (old, new)
                       ON heir.old = gone.area_id
                     JOIN problem ON problem.id = gone.problem_id
           ORDER BY heir.new, gone.category_id, problem.year, problem.number
           ON CONFLICT DO NOTHING""",
        old,
        new,
    )
