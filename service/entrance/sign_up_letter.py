"""The letter by which a municipality's contact shows that the address is theirs."""

import logging

from service.geography.municipalities import municipalities
from service.letters.post import render_letter
from service.web import letters
from service.web.language import _
from service.web.letters import LetterRefused, NotSent, link, send_letter
from tenants.people.tokens import token_of
from tenants.scope import platform_scope
from tenants.signup.ask import SigningUp, take_step, unwritten

logger = logging.getLogger(__name__)


async def write_sign_up_letters() -> None:
    """Write to everybody who asked and has not been written to; opens scopes of its own.

    They are found by their rows, since who asks is no municipality that could have a job. What the
    mail server does not take now is tried again at the next look; a crash after its yes sends a
    letter again, with the same Message-ID.
    """
    async with platform_scope():
        found = await unwritten()
    for one in found:
        try:
            await _write(one)
        except NotSent:
            logger.warning("A sign-up's letter was not taken; trying again.")
            continue
        except LetterRefused:
            logger.warning("A sign-up's address can never be written to.")
        async with platform_scope():
            await take_step(one.id, "written")


async def _write(found: SigningUp) -> None:
    name = next(one.name for one in municipalities() if one.code == found.code)
    token = token_of("sign-up", found.id, letters.settings().secret_key)
    text = render_letter(
        "entrance/sign_up.txt",
        {"name": name, "contact": found.contact, "address": link(f"/anslut/{token}")},
    )
    subject = _("Bekräfta anmälan av %(name)s", name=name)
    await send_letter(found.email, subject, text, message_id=found.id)
