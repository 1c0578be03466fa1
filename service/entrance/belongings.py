"""The municipalities that a person belongs to, and whether this log-in opens them."""

from dataclasses import dataclass
from uuid import UUID

from tenants.identity.sessions import token_hash
from tenants.members import Member, find_member
from tenants.municipalities import municipality_by_slug
from tenants.scope import fetch, fetch_row, platform_scope, tenant_scope


@dataclass(frozen=True)
class Belonging:
    slug: str
    name: str
    hindrance: str = ""
    """Why this log-in does not open it: `organisation` has left, `provider` is not let in there,
    or may not speak for the person's organisation or role (`limited`); empty when it does."""

    @property
    def path(self) -> str:
        return f"/{self.slug}"


async def belongings_of(person_id: UUID) -> list[Belonging]:
    """Each municipality once, by name; any scope will do."""
    rows = await fetch(
        "SELECT DISTINCT slug, name FROM ks.memberships_of($1) ORDER BY name", person_id
    )
    return [Belonging(row["slug"], row["name"]) for row in rows]


# Of the memberships that hold now: whether any organisation takes part, and the session's provider.
_WHY = """
SELECT bool_or(organisation.left_on IS NULL OR organisation.left_on > ks.today()) AS takes_part,
       bool_or(accepted.enabled_at IS NOT NULL) AS let_in
FROM session
JOIN membership ON membership.person_id = session.person_id
     AND membership.valid_from <= now()
     AND (membership.valid_to IS NULL OR membership.valid_to > now())
JOIN organisation ON organisation.id = membership.organisation_id
LEFT JOIN accepted_provider AS accepted ON accepted.provider_id = session.provider_id
WHERE session.token_hash = $1
"""


async def what_opens(person_id: UUID, token: str) -> list[Belonging]:
    """Each municipality once, by name, with what hinders; opens scopes of its own."""
    async with platform_scope():
        mine = await belongings_of(person_id)
    return [Belonging(one.slug, one.name, await _hindrance(one.slug, token)) for one in mine]


async def _hindrance(slug: str, token: str) -> str:
    municipality = await municipality_by_slug(slug)
    if municipality is None:
        return "provider"
    async with tenant_scope(municipality.id):
        if isinstance(await find_member(token, municipality, seen=False), Member):
            return ""
        row = await fetch_row(_WHY, token_hash(token))
    if row is None or not row["takes_part"]:
        return "organisation"
    return "limited" if row["let_in"] else "provider"
