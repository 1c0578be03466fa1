"""Send a letter that was posted."""

from uuid import UUID

from service.web.letters import LetterRefused, send_letter
from tenants.jobs import AskedJob, job
from tenants.scope import execute, fetch_row, tenant_scope


@job("letter.send")
async def send_posted(asked: AskedJob) -> None:
    """Send the letter once; a crash between the mail server's yes and our note sends it again.

    The second one carries the same Message-ID, by which mail systems know it. An address that can
    never be written to is noted and not tried again.
    """
    letter_id = UUID(asked.arguments["letter"])
    async with tenant_scope(asked.tenant_id):
        letter = await fetch_row(
            """SELECT person.email, letter.subject, letter.text FROM letter
               JOIN person ON person.id = letter.person_id
               WHERE letter.id = $1 AND letter.sent_at IS NULL AND letter.refused IS NULL""",
            letter_id,
        )
    if letter is None:
        return
    refused = None
    try:
        if letter["email"] is None:
            raise LetterRefused("The person has no address any more.")
        await send_letter(letter["email"], letter["subject"], letter["text"], message_id=letter_id)
    except LetterRefused as refusal:
        refused = type(refusal).__name__
    async with tenant_scope(asked.tenant_id):
        # What was sent is in the receiver's mail box; here it is needed no more.
        await execute(
            """UPDATE letter SET text = '', refused = $2,
                      sent_at = CASE WHEN $2::text IS NULL THEN now() END WHERE id = $1""",
            letter_id,
            refused,
        )
