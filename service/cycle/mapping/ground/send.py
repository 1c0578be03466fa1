"""Take a map, and have a worker read it."""

from typing import Final
from uuid import UUID

from service.web.live import announce
from tenants import audit
from tenants.jobs import ask
from tenants.members import Member
from tenants.one_at_a_time import one_at_a_time
from tenants.scope import execute, fetch_value

TOPIC: Final = "ground"
READ: Final = "ground.read"
LARGEST_FILE: Final = 25 * 1024 * 1024


async def send_map(
    *, by: Member, map_id: UUID, name: str, attribution: str, content: bytes
) -> None:
    """Keep the file and ask for its reading; the same `map_id` again changes nothing.

    One that still waits gives way: the latest is meant.
    """
    await one_at_a_time("ground")
    if await fetch_value("SELECT true FROM ground_map WHERE id = $1", map_id):
        return
    await execute(
        "UPDATE ground_map SET removed_at = now() WHERE read_at IS NULL AND removed_at IS NULL"
    )
    await execute("DELETE FROM ground_file WHERE tenant_id = ks.current_tenant()")
    await execute(
        """INSERT INTO ground_map (tenant_id, id, file_name, attribution, size, sent_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5)""",
        map_id,
        name,
        attribution,
        len(content),
        by.person_id,
    )
    await execute(
        "INSERT INTO ground_file (tenant_id, map_id, content) VALUES (ks.current_tenant(), $1, $2)",
        map_id,
        content,
    )
    await audit.record(
        by=by, verb="ground.send", object_kind="ground_map", object_id=map_id,
        detail={"bytes": len(content)},
    )  # fmt: skip
    await ask(READ, by=by, arguments={"map": str(map_id)})
    await announce(TOPIC)
