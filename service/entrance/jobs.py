"""The letter that tells a municipality's coordinator that all is ready."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from service.web import language
from service.web.language import _
from service.web.letters import link, send_letter
from tenants.jobs import AskedJob, job
from tenants.roles import Role
from tenants.scope import fetch, tenant_scope

TEMPLATES = Path(__file__).parents[2] / "templates"


@job("municipality.welcome")
async def welcome(asked: AskedJob) -> None:
    """Write to each safety coordinator who has an address where to begin."""
    async with tenant_scope(asked.tenant_id):
        rows = await fetch(
            """SELECT DISTINCT person.email, municipality.name, municipality.slug
               FROM membership
               JOIN person ON person.id = membership.person_id
               JOIN municipality ON municipality.id = membership.tenant_id
               WHERE membership.role = $1 AND person.email IS NOT NULL
                 AND membership.valid_from <= now()
                 AND (membership.valid_to IS NULL OR membership.valid_to > now())""",
            Role.SAFETY_COORDINATOR,
        )
    for row in rows:
        text = _template().render(name=row["name"], address=link(f"/{row['slug']}"))
        await send_letter(row["email"], _("%(name)s är igång", name=row["name"]), text)


def _template() -> Template:
    # A letter is plain text: nothing is escaped, and nothing in it is markup.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=False, undefined=StrictUndefined
    )
    language.set_up(environment)
    return environment.get_template("entrance/welcome.txt")
