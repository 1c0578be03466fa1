"""The organisations that take part in a municipality's work."""

from typing import NamedTuple
from uuid import UUID

from tenants.scope import fetch


class Taking(NamedTuple):
    """An organisation that takes part."""

    id: UUID
    name: str


async def organisations_that_take_part() -> list[Taking]:
    """Those of the open scope's municipality that have not left, by name."""
    rows = await fetch(
        """SELECT id, name FROM organisation
           WHERE left_on IS NULL OR left_on > ks.today() ORDER BY name, id"""
    )
    return [Taking(row["id"], row["name"]) for row in rows]
