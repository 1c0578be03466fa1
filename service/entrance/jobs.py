"""The letter that tells a municipality's coordinator that all is ready."""

from service.letters.post import post_letter
from service.web.language import _
from service.web.letters import link
from tenants.jobs import AskedJob, job
from tenants.roles import Role
from tenants.scope import fetch, tenant_scope


@job("municipality.welcome")
async def welcome(asked: AskedJob) -> None:
    """Write to each safety coordinator who has an address where to begin."""
    async with tenant_scope(asked.tenant_id):
        rows = await fetch(
            """SELECT DISTINCT membership.person_id, municipality.name, municipality.slug
               FROM membership
               JOIN municipality ON municipality.id = membership.tenant_id
               WHERE membership.role = $1 AND membership.valid_from <= now()
                 AND (membership.valid_to IS NULL OR membership.valid_to > now())""",
            Role.SAFETY_COORDINATOR,
        )
        for row in rows:
            await post_letter(
                to=row["person_id"],
                kind="welcome",
                about=asked.tenant_id,
                subject=_("%(name)s är igång", name=row["name"]),
                template="entrance/welcome.txt",
                name=row["name"],
                address=link(f"/{row['slug']}"),
            )
