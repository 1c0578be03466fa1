"""Post a letter: a row and a job in the open transaction; only what is committed is sent."""

from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.web import formats, language
from tenants.jobs import ask
from tenants.scope import fetch_value

TEMPLATES = Path(__file__).parents[2] / "templates"


async def post_letter(
    *, to: UUID, kind: str, about: UUID, subject: str, template: str, **values: Any
) -> bool:
    """Ask for a letter of `kind` about the row `about` to the person `to`.

    `template` is a text template with `values` in it; links in it come from `letters.link`.
    Asked for again it changes nothing. Returns whether the letter was new; who has no address is
    sent none.
    """
    letter_id = await fetch_value(
        """INSERT INTO letter (tenant_id, id, person_id, kind, about, subject, text)
           SELECT ks.current_tenant(), $1, person.id, $3, $4, $5, $6
           FROM person WHERE person.id = $2 AND person.email IS NOT NULL
           ON CONFLICT (tenant_id, kind, about, person_id) DO NOTHING RETURNING id""",
        uuid4(),
        to,
        kind,
        about,
        subject,
        render_letter(template, values),
    )
    if letter_id is None:
        return False
    await ask("letter.send", arguments={"letter": str(letter_id)})
    return True


def render_letter(template: str, values: dict[str, Any]) -> str:
    """The text of a letter from the text template `template` with `values` in it."""
    return _letters().get_template(template).render(values)


@cache
def _letters() -> Environment:
    # A letter is plain text: nothing is escaped, and nothing in it is markup.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    language.set_up(environment)
    formats.set_up(environment)
    return environment
