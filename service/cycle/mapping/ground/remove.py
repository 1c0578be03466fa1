"""Take the map away, or bring back the one that was there before."""

from uuid import UUID

from service.cycle.mapping.ground.send import TOPIC
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.one_at_a_time import one_at_a_time
from tenants.scope import execute, fetch_value


async def remove_map(map_id: UUID, *, by: Member) -> None:
    """One that is gone already, or still being read, changes nothing more than that."""
    await one_at_a_time("ground")
    removed = await fetch_value(
        """UPDATE ground_map SET removed_at = now()
           WHERE id = $1 AND removed_at IS NULL AND refused IS NULL RETURNING true""",
        map_id,
    )
    if removed:
        await execute("DELETE FROM ground_file WHERE map_id = $1", map_id)
        await audit.record(by=by, verb="ground.remove", object_kind="ground_map", object_id=map_id)
        await announce(TOPIC)


async def bring_back(map_id: UUID, *, by: Member) -> None:
    """Raises LookupError for a map whose tiles are gone, since two have come after it."""
    await one_at_a_time("ground")
    if not await fetch_value("SELECT true FROM ground_tile WHERE map_id = $1 LIMIT 1", map_id):
        raise LookupError(map_id)
    if await fetch_value("SELECT removed_at IS NULL FROM ground_map WHERE id = $1", map_id):
        return
    await execute(
        "UPDATE ground_map SET removed_at = now() WHERE kept IS NOT NULL AND removed_at IS NULL"
    )
    await execute("UPDATE ground_map SET removed_at = NULL WHERE id = $1", map_id)
    await audit.record(by=by, verb="ground.bring_back", object_kind="ground_map", object_id=map_id)
    await announce(TOPIC)
