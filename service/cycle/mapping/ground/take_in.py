"""Read a map and put it under the points, all of it or nothing."""

import json
from base64 import b64decode
from typing import Any
from uuid import UUID

from service.bounded import OutOfBounds, lines_of
from service.cycle.mapping.ground.send import TOPIC
from service.geography import base_map
from service.web.live import announce
from tenants.one_at_a_time import one_at_a_time
from tenants.scope import execute, execute_many, fetch_row, fetch_value, tenant_scope

# A map of as many corners as are let in takes half of it.
MEGABYTES = 1536
SECONDS = 40


async def take_in(tenant_id: UUID, map_id: UUID) -> None:
    """Done again it changes nothing. Needs no open scope: no transaction waits for a file."""
    async with tenant_scope(tenant_id):
        found = await fetch_row(
            """SELECT content, code FROM ground_file
               JOIN municipality ON municipality.id = ks.current_tenant() WHERE map_id = $1""",
            map_id,
        )
    if found is None:
        return
    tiles: list[tuple[int, int, int, bytes]] = []
    try:
        said = await _read(found["code"], found["content"], tiles)
    except OutOfBounds:
        said = {"refused": "too_large", "about": ""}
    async with tenant_scope(tenant_id):
        await one_at_a_time("ground")
        if await fetch_value("SELECT true FROM ground_file WHERE map_id = $1", map_id):
            await _keep(map_id, said, tiles)
            await execute("DELETE FROM ground_file WHERE map_id = $1", map_id)
            await announce(TOPIC)


async def _read(
    code: str, content: bytes, tiles: list[tuple[int, int, int, bytes]]
) -> dict[str, Any]:
    """Fill `tiles`; answers the last line of service.sources.maps.read. Raises OutOfBounds."""
    try:
        bounds = base_map(code).bounds
    except (KeyError, FileNotFoundError):
        return {"refused": "unplaced", "about": ""}
    given = json.dumps(bounds).encode() + b"\n" + content
    said: dict[str, Any] = {}
    async for line in lines_of(
        "service.sources.maps.read", given, megabytes=MEGABYTES, seconds=SECONDS
    ):
        said = json.loads(line)
        if "tile" in said:
            level, x, y = said["tile"]
            tiles.append((level, x, y, b64decode(said["body"])))
    return said


async def _keep(
    map_id: UUID, said: dict[str, Any], tiles: list[tuple[int, int, int, bytes]]
) -> None:
    if "refused" in said:
        await execute(
            "UPDATE ground_map SET read_at = now(), refused = $2, about = $3 WHERE id = $1",
            map_id,
            said["refused"],
            said["about"],
        )
        return
    await execute(
        "UPDATE ground_map SET removed_at = now() WHERE kept IS NOT NULL AND removed_at IS NULL"
    )
    # The one before stays to go back to; those before that one do not come back.
    await execute(
        """DELETE FROM ground_tile WHERE map_id <> (
               SELECT id FROM ground_map WHERE kept IS NOT NULL ORDER BY removed_at DESC LIMIT 1)"""
    )
    await execute_many(
        """INSERT INTO ground_tile (tenant_id, map_id, level, x, y, body)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5)""",
        [(map_id, *tile) for tile in tiles],
    )
    await execute(
        """UPDATE ground_map SET read_at = now(), kept = $2::jsonb, outside = $3,
                  left_out = $4::jsonb WHERE id = $1""",
        map_id,
        json.dumps({kind: n for kind, n in said["kept"].items() if n}),
        said["outside"],
        json.dumps(said["left"], ensure_ascii=False),
    )
