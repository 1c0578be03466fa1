"""The organisations that may be asked or made responsible: those that have not left."""

from uuid import UUID

from tenants.scope import fetch


async def present_organisations() -> list[tuple[UUID, str]]:
    """Id and name of every organisation in the open scope's municipality, by name."""
    rows = await fetch(
        """SELECT id, name FROM organisation
           WHERE left_on IS NULL OR left_on > current_date ORDER BY name, id"""
    )
    return [(row["id"], row["name"]) for row in rows]
