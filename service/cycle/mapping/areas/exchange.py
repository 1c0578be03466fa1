"""Exchange the areas: every report is placed anew, and no count is lost or made on the way.

All of it is one transaction. Whoever reports meanwhile waits at the areas for it and is then
counted in the new ones; a worker that dies leaves the old division as it was.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

from asyncpg import Record

from service.cycle.mapping.areas.divide import divide
from service.cycle.mapping.areas.propose import TOPIC
from service.cycle.mapping.places import Places, read_places
from service.cycle.mapping.triage.weigh import hold_triage, recount, weigh
from service.geography.areas import AreaShape
from service.web.live import announce
from tenants.jobs import ask
from tenants.scope import execute, execute_many, fetch, fetch_row

AT_A_TIME = 20_000

# What somebody put right by hand lies where that person said, whatever its point.
_NEXT = """
SELECT id, area_id, latitude, longitude,
       EXISTS (SELECT FROM report_correction AS put
               WHERE put.report_id = report.id AND put.field = 'area') AS put_right
FROM report WHERE id > $1 ORDER BY id LIMIT $2
"""
# Counts whose reports are not there to be placed follow the area that has taken over.
_MOVE_WEEKS = """
WITH gone AS (
    DELETE FROM weekly_count WHERE area_id = ANY($1::uuid[]) RETURNING *
)
INSERT INTO weekly_count (tenant_id, week, area_id, category_id, organisation_id, source,
                          arrival_week, count)
SELECT ks.current_tenant(), week, heir.new, category_id, organisation_id, source, arrival_week,
       sum(count)
FROM gone JOIN unnest($1::uuid[], $2::uuid[]) AS heir (old, new) ON heir.old = gone.area_id
GROUP BY week, heir.new, category_id, organisation_id, source, arrival_week
ORDER BY week, heir.new, category_id, organisation_id, source, arrival_week
ON CONFLICT (tenant_id, week, area_id, category_id, organisation_id, source, arrival_week)
DO UPDATE SET count = weekly_count.count + excluded.count
"""
_MOVE_HOURS = """
WITH gone AS (
    DELETE FROM hourly_count WHERE area_id = ANY($1::uuid[]) RETURNING *
)
INSERT INTO hourly_count (tenant_id, week, area_id, category_id, hour_of_week, count)
SELECT ks.current_tenant(), week, heir.new, category_id, hour_of_week, sum(count)
FROM gone JOIN unnest($1::uuid[], $2::uuid[]) AS heir (old, new) ON heir.old = gone.area_id
GROUP BY week, heir.new, category_id, hour_of_week
ORDER BY week, heir.new, category_id, hour_of_week
ON CONFLICT (tenant_id, week, area_id, category_id, hour_of_week)
DO UPDATE SET count = hourly_count.count + excluded.count
"""


async def exchange(proposal_id: UUID) -> None:
    """Put the proposal in force; done already, or never confirmed, nothing happens."""
    proposal = await fetch_row(
        """SELECT areas FROM area_proposal
           WHERE id = $1 AND begun_at IS NOT NULL AND done_at IS NULL FOR UPDATE""",
        proposal_id,
    )
    if proposal is None:
        return
    await hold_triage()
    # Whoever hands in a report holds its area: those come first, and later ones wait for us.
    await fetch("SELECT id FROM area WHERE retired_on IS NULL ORDER BY id FOR UPDATE")
    old = (await read_places()).areas
    new = [AreaShape(**area) for area in json.loads(proposal["areas"])]
    division = divide(old, new)
    ids = await _lay_out(new, {at: old[was].id for was, at in division.kept.items()})
    heirs = {old[at].id: ids[to] for at, to in division.heirs.items()}
    await _retire(heirs)
    by_point, by_area = await _place_reports(await read_places(), heirs)
    pairs = [list(heirs), list(heirs.values())]
    await execute(_MOVE_WEEKS, *pairs)
    await execute(_MOVE_HOURS, *pairs)
    await _follow(*pairs)
    await execute(
        """UPDATE area_proposal SET done_at = now(), areas = '[]', by_point = $2, by_area = $3
           WHERE id = $1""",
        proposal_id,
        by_point,
        by_area,
    )
    await ask("picture.compile")
    await announce(TOPIC)
    await announce("inbox")


async def _lay_out(new: list[AreaShape], kept: Mapping[int, UUID]) -> list[UUID]:
    """The ids of the new areas in their order; a key never comes again, so that what an edition
    says by a key is never said of another place."""
    taken = {row["key"] for row in await fetch("SELECT key FROM area")}
    ids, rows = [], []
    for at, area in enumerate(new):
        if at in kept:
            ids.append(kept[at])
            continue
        key, number = area.key, 1
        while key in taken:
            number += 1
            key = f"{area.key}-{number}"
        taken.add(key)
        ids.append(uuid4())
        boundary = json.dumps(area.boundary, separators=(",", ":"))
        rows.append((ids[-1], key, *area[1:-1], boundary))
    await execute_many(
        """INSERT INTO area (tenant_id, id, key, name, kind, locality, latitude, longitude,
                             boundary)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8)""",
        rows,
    )
    return ids


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


async def _place_reports(places: Places, heirs: Mapping[UUID, UUID]) -> tuple[int, int]:
    """Place every report that has moved; how many by their point, and by the area."""
    by_point = by_area = 0
    last = UUID(int=0)
    while rows := await fetch(_NEXT, last, AT_A_TIME):
        last = rows[-1]["id"]
        moved: dict[UUID, UUID] = {}
        for row in rows:
            within = _within(row, places)
            to = within or heirs.get(row["area_id"], row["area_id"])
            if to == row["area_id"]:
                continue
            moved[row["id"]] = to
            by_point += within is not None
            by_area += within is None
        if not moved:
            continue
        before = await weigh(list(moved))
        await execute(
            """UPDATE report SET area_id = moved.area
               FROM unnest($1::uuid[], $2::uuid[]) AS moved (id, area)
               WHERE report.id = moved.id""",
            list(moved),
            list(moved.values()),
        )
        # Both are in order of the reports' ids.
        after = [
            replace(one, area_id=area)
            for one, (_id, area) in zip(before, sorted(moved.items()), strict=True)
        ]
        await recount(before, after)
    return by_point, by_area


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
