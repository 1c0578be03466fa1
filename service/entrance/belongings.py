"""The municipalities that a person belongs to."""

from dataclasses import dataclass
from uuid import UUID

from tenants.scope import fetch


@dataclass(frozen=True)
class Belonging:
    slug: str
    name: str

    @property
    def path(self) -> str:
        return f"/{self.slug}"


async def belongings_of(person_id: UUID) -> list[Belonging]:
    """Each municipality once, by name; any scope will do."""
    rows = await fetch(
        "SELECT DISTINCT slug, name FROM ks.memberships_of($1) ORDER BY name", person_id
    )
    return [Belonging(row["slug"], row["name"]) for row in rows]
