"""The letter of an invitation. Its link's word is made anew here and is stored nowhere."""

from uuid import UUID

from service.letters.post import render_letter
from service.people.words import role_word
from service.web import letters
from service.web.formats import listing
from service.web.language import _
from service.web.letters import LetterRefused, link, send_letter
from tenants.jobs import AskedJob, job
from tenants.people.invite import LETTER
from tenants.people.tokens import token_of
from tenants.scope import fetch_row, tenant_scope


@job(LETTER)
async def write_invitation(asked: AskedJob) -> None:
    """Write to the invited address, unless the invitation ended meanwhile.

    A crash after the mail server's yes sends it again, with the same Message-ID.
    """
    invitation_id = UUID(asked.arguments["invitation"])
    async with tenant_scope(asked.tenant_id):
        row = await fetch_row(
            """SELECT email, roles, expires_at, organisation.name AS organisation,
                      municipality.name, municipality.slug
               FROM invitation
               JOIN organisation ON organisation.id = organisation_id
               JOIN municipality ON municipality.id = invitation.tenant_id
               WHERE invitation.id = $1 AND expires_at > now() AND left_on IS NULL
                 AND NOT EXISTS (SELECT 1 FROM invitation_end
                                 WHERE invitation_id = invitation.id)""",
            invitation_id,
        )
    if row is None:
        return
    token = token_of("invitation", invitation_id, letters.settings().secret_key)
    text = render_letter(
        "people/invitation.txt",
        {
            "name": row["name"],
            "organisation": row["organisation"],
            "roles": listing([role_word(role) for role in row["roles"]]),
            "expires_at": row["expires_at"],
            "address": link(f"/{row['slug']}/inbjudan/{token}"),
        },
    )
    subject = _("Inbjudan till %(name)s i Kraftsamling", name=row["name"])
    try:
        await send_letter(row["email"], subject, text, message_id=invitation_id)
    except LetterRefused:
        return  # An address that can never be written to; the page shows that nobody has answered.
