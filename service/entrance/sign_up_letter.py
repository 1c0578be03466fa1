"""The letter by which a municipality's contact shows that the address is theirs."""

from uuid import UUID

from service.geography.municipalities import municipalities
from service.letters.post import render_letter
from service.web import letters
from service.web.language import _
from service.web.letters import LetterRefused, link, send_letter
from tenants.people.tokens import token_of
from tenants.scope import platform_scope
from tenants.signup.ask import NoSignUp, sign_up_by_id


async def write_sign_up_letter(sign_up_id: str) -> None:
    """Write to the contact, unless the address is verified already or the sign-up is gone."""
    try:
        async with platform_scope():
            found = await sign_up_by_id(UUID(sign_up_id))
    except NoSignUp:
        return
    if found.verified_at is not None:
        return
    name = next(one.name for one in municipalities() if one.code == found.code)
    token = token_of("sign-up", found.id, letters.settings().secret_key)
    text = render_letter(
        "entrance/sign_up.txt",
        {"name": name, "contact": found.contact, "address": link(f"/anslut/{token}")},
    )
    subject = _("Bekräfta anmälan av %(name)s", name=name)
    try:
        await send_letter(found.email, subject, text, message_id=found.id)
    except LetterRefused:
        return  # An address that can never be written to verifies nothing.
