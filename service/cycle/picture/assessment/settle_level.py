"""Settle the level of the situation: the group's decision with its indicators, never automatic."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from service.cycle.picture.assessment.forms import LevelForm
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.one_at_a_time import one_at_a_time
from tenants.scope import fetch, fetch_value


@dataclass(frozen=True)
class Level:
    level: str
    indicators: str
    name: str
    at: datetime


async def settle_level(*, by: Member, form: LevelForm) -> None:
    """Note the level; the latest holds, and the same again changes nothing."""
    await one_at_a_time("level")
    standing = await read_levels(1)
    if standing and (standing[0].level, standing[0].indicators) == (form.level, form.indicators):
        return
    level_id = await fetch_value(
        """INSERT INTO situation_level (tenant_id, id, level, indicators, settled_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4) RETURNING id""",
        uuid4(),
        form.level,
        form.indicators,
        by.person_id,
    )
    await audit.record(
        by=by,
        verb="level.settle",
        object_kind="situation_level",
        object_id=level_id,
        detail={"level": form.level},
    )
    await announce("picture")


async def read_levels(limit: int = 12) -> list[Level]:
    """The levels that were settled, the one that holds first."""
    rows = await fetch(
        """SELECT level, indicators, person.name, settled_at AS at
           FROM situation_level JOIN person ON person.id = settled_by
           ORDER BY settled_at DESC LIMIT $1""",
        limit,
    )
    return [Level(**dict(row)) for row in rows]
