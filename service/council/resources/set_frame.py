"""Set what a year's measures may cost in money and hours."""

from uuid import uuid4

from service.council.topic import TOPIC
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.one_at_a_time import one_at_a_time
from tenants.scope import execute, fetch_row


async def set_frame(*, by: Member, year: int, money_kr: int, hours: int) -> None:
    """From now on the frame of `year`; what was set before stays as a row of its time.

    Sent twice it is set once.
    """
    await one_at_a_time("resources")
    holds = await fetch_row(
        """SELECT money_kr, hours FROM resource_frame WHERE year = $1
           ORDER BY set_at DESC, id LIMIT 1""",
        year,
    )
    if holds is not None and tuple(holds) == (money_kr, hours):
        return
    await execute(
        """INSERT INTO resource_frame (tenant_id, id, year, money_kr, hours, set_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5)""",
        uuid4(),
        year,
        money_kr,
        hours,
        by.person_id,
    )
    await audit.record(
        by=by,
        verb="resources.set",
        object_kind="resource_frame",
        object_id=str(year),
        detail={"money_kr": money_kr, "hours": hours},
    )
    await announce(TOPIC)
