"""Open a problem from a line of the list of priorities, with the evidence as it stands now."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import msgspec

from service.cycle.analysis.hold import hold_openings
from service.cycle.mapping.week import STOCKHOLM, now
from service.cycle.picture.show import Shown, read_picture
from service.web.language import _
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.roles import PictureView
from tenants.scope import execute, fetch_row, fetch_value

TOPIC = "problem"
"""What open pages are told when anything about a problem has changed."""


LONGEST_TITLE = 120


class NotInPicture(ValueError):
    """The line is no longer in the list of priorities that the picture holds now."""


@dataclass(frozen=True)
class Opened:
    """`label` of the problem; `joined` when somebody had opened it before."""

    id: UUID
    label: str
    joined: bool


async def open_problem(
    *, by: Member, area_key: str, category_key: str, title: str = "", description: str = ""
) -> Opened:
    """Open the problem of a category in an area, or join the one that is open already.

    The evidence frozen with it is the line of the working picture: week, method, place in the
    list, level, usual level, actors, and the municipality's coverage. Raises NotInPicture.
    """
    # Two who open the same one at once: the second waits here, and then finds the first one's.
    await hold_openings()
    standing = await fetch_row(
        """SELECT problem.id, problem.year, problem.number FROM open_problem
           JOIN problem ON problem.id = open_problem.problem_id
           JOIN area ON area.id = open_problem.area_id
           JOIN category ON category.id = open_problem.category_id
           WHERE area.key = $1 AND category.key = $2""",
        area_key,
        category_key,
    )
    if standing is not None:
        return Opened(standing["id"], f"{standing['year']}-{standing['number']}", joined=True)
    evidence = evidence_of(await read_picture(PictureView.ALL), area_key, category_key)
    problem_id, year = uuid4(), now().astimezone(STOCKHOLM).year
    number = await fetch_value(
        """INSERT INTO problem (tenant_id, id, year, number, title, description, area_id,
                                category_id, evidence, opened_by)
           SELECT ks.current_tenant(), $1, $2,
                  (SELECT coalesce(max(number), 0) + 1 FROM problem WHERE year = $2),
                  $3, $4, area.id, category.id, $5::jsonb, $6
           FROM area, category WHERE area.key = $7 AND category.key = $8
           RETURNING number""",
        problem_id,
        year,
        (title or _("%(category)s, %(area)s", **_names(evidence)))[:LONGEST_TITLE],
        description,
        msgspec.json.encode(evidence).decode(),
        by.person_id,
        area_key,
        category_key,
    )
    await execute(
        """INSERT INTO open_problem (tenant_id, area_id, category_id, problem_id)
           SELECT ks.current_tenant(), area_id, category_id, id FROM problem WHERE id = $1""",
        problem_id,
    )
    await audit.record(by=by, verb="problem.open", object_kind="problem", object_id=problem_id)
    await announce(TOPIC)
    return Opened(problem_id, f"{year}-{number}", joined=False)


def evidence_of(shown: Shown | None, area_key: str, category_key: str) -> dict[str, Any]:
    """What a problem freezes of the picture that it is opened on. Raises NotInPicture."""
    wide = (shown.wide if shown else None) or {}
    for row in wide.get("priorities", ()):
        area, category = wide["areas"][row["area"]], wide["categories"][row["category"]]
        if (area["key"], category["key"]) == (area_key, category_key):
            assert shown is not None
            return {
                "week": shown.week.isoformat(),
                "compiled_at": shown.compiled_at.isoformat(),
                "method": shown.method,
                "actors_of_municipality": wide["actors"],
                "area_name": area["name"],
                "category_label": category["label"],
                "line": row,
            }
    raise NotInPicture(f"{area_key}, {category_key}")


def _names(evidence: dict[str, Any]) -> dict[str, str]:
    return {"category": _(evidence["category_label"]), "area": evidence["area_name"]}
