"""Judge how much can be done about a category in an area, and where it is to stand in the list."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from service.cycle.picture.assessment.forms import AssessmentForm
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import fetch, fetch_row, fetch_value

Cell = tuple[str, str]
"""Keys of area and category."""


@dataclass(frozen=True)
class Assessment:
    influence: int | None
    position: str
    motive: str
    name: str
    at: datetime


async def cell_names(cell: Cell) -> tuple[str, str] | None:
    """The names of a cell's category and area, or None when the municipality has no such cell."""
    row = await fetch_row(
        "SELECT category.label, area.name FROM area, category"
        " WHERE area.key = $1 AND category.key = $2",
        *cell,
    )
    return None if row is None else (row["label"], row["name"])


async def assess_cell(*, by: Member, cell: Cell, form: AssessmentForm) -> bool:
    """Note the judgement; the latest holds, and saying the same again changes nothing.

    False when there is no such cell.
    """
    if await cell_names(cell) is None:
        return False
    standing = (await read_assessments()).get(cell)
    influence = int(form.influence) if form.influence else None
    said = (influence, form.position, form.motive)
    if standing and (standing.influence, standing.position, standing.motive) == said:
        return True
    assessment_id = await fetch_value(
        """INSERT INTO cell_assessment (tenant_id, id, area_id, category_id, influence, position,
                                        motive, assessed_by)
           SELECT ks.current_tenant(), $1, area.id, category.id, $2, $3, $4, $5
           FROM area, category WHERE area.key = $6 AND category.key = $7 RETURNING id""",
        uuid4(),
        *said,
        by.person_id,
        *cell,
    )
    await audit.record(
        by=by,
        verb="cell.assess",
        object_kind="cell_assessment",
        object_id=assessment_id,
        detail={"influence": influence, "position": form.position},
    )
    await announce("picture")
    return True


async def read_assessments() -> dict[Cell, Assessment]:
    """What holds now, by cell."""
    rows = await fetch(
        """SELECT DISTINCT ON (area_id, category_id) area.key AS area, category.key AS category,
                  influence, cell_assessment.position, motive, person.name, assessed_at
           FROM cell_assessment
           JOIN area ON area.id = area_id JOIN category ON category.id = category_id
           JOIN person ON person.id = assessed_by
           ORDER BY area_id, category_id, assessed_at DESC"""
    )
    return {
        (row["area"], row["category"]): Assessment(
            row["influence"], row["position"], row["motive"], row["name"], row["assessed_at"]
        )
        for row in rows
    }
