"""The page that an invitation's letter leads to.

Opening the link changes nothing: mail systems open links to look at them. A press of a button
makes the invited person a member, once, with a new passkey or as who is logged in already.
"""

import logging
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.entrance.passkeys import asked, browser_of, house_of, label_of, onward, session_of
from service.people.words import role_word
from service.web import limits
from service.web.language import _
from service.web.live import announce
from service.web.may import PUBLIC, person_of
from service.web.respond import page
from tenants.founding import add_person
from tenants.identity import passkeys
from tenants.identity.passkeys import PasskeyRefused
from tenants.identity.providers import accepted_providers
from tenants.members import MunicipalityRef
from tenants.people.accept import (
    AnotherAddress,
    Invited,
    NoInvitation,
    OwnInvitation,
    accept,
    find_invitation,
)
from tenants.scope import outside_scope, tenant_scope

logger = logging.getLogger(__name__)

LONGEST_NAME = 120


@get("/{municipality:str}/inbjudan/{token:str}", opt=PUBLIC)
async def invited_page(request: Request[Any, Any, Any], token: FromPath[str]) -> Template:
    async with outside_scope():
        return await _page(request, token)


@post("/{municipality:str}/inbjudan/{token:str}/fraga", opt=PUBLIC, status_code=200)
async def ask_for_passkey(
    request: Request[Any, Any, Any], token: FromPath[str]
) -> Response[str] | Template:
    """Options with which the browser makes the invited person's first passkey."""
    form = await request.form()
    browser = browser_of(request) or passkeys.new_subject()
    async with outside_scope():
        municipality = await _may_open(request)
        if isinstance(municipality, Template):
            return municipality
        try:
            async with tenant_scope(municipality.id):
                invited = await find_invitation(token)
                options = await passkeys.ask_for_new(
                    house_of(request),
                    browser=browser,
                    purpose=_purpose(invited),
                    subject=passkeys.new_subject(),
                    account=invited.email,
                    name=_name(form.get("name")) or invited.email,
                )
        except NoInvitation:
            return _no_invitation(request)
    return asked(options, browser)


@post("/{municipality:str}/inbjudan/{token:str}/nyckel", opt=PUBLIC, status_code=200)
async def accept_with_passkey(
    request: Request[Any, Any, Any], token: FromPath[str]
) -> Redirect | Template:
    form = await request.form()
    name, answer = _name(form.get("name")), str(form.get("credential", ""))
    async with outside_scope():
        municipality = await _may_open(request)
        if isinstance(municipality, Template):
            return municipality
        if name is None:
            return await _page(request, token, 422, {"name": _("Skriv ditt namn.")})
        try:
            async with tenant_scope(municipality.id):
                invited = await find_invitation(token)
                made = await passkeys.check_new(
                    house_of(request),
                    answer,
                    browser=browser_of(request),
                    purpose=_purpose(invited),
                )
                person_id = await add_person(
                    issuer=passkeys.ISSUER, subject=made.subject, name=name, email=invited.email
                )
                await passkeys.keep(made, person_id=person_id, label=label_of(form.get("label")))
                await passkeys.accept_passkeys()
                await accept(token, person_id=person_id)
                session = await session_of(request, person_id, made.subject)
                await announce("people")
        except NoInvitation:
            return _no_invitation(request)
        except PasskeyRefused as refusal:
            logger.warning("An invited person's passkey was refused: %s.", refusal)
            wrong = _("Nyckeln kunde inte skapas. Inbjudan är kvar: försök igen.")
            return await _page(request, token, 422, {"passkey": wrong}, name=name)
    return onward(f"/{municipality.slug}", session)


@post("/{municipality:str}/inbjudan/{token:str}/ga-med", opt=PUBLIC, status_code=200)
async def accept_as_myself(
    request: Request[Any, Any, Any], token: FromPath[str]
) -> Redirect | Template:
    """Accept as the person who is logged in already, through a provider or with a passkey."""
    person_id = person_of(request)
    async with outside_scope():
        municipality = await _may_open(request)
        if isinstance(municipality, Template):
            return municipality
        if person_id is None:
            return await _page(request, token, 422, {"me": _("Logga in först.")})
        try:
            async with tenant_scope(municipality.id):
                await accept(token, person_id=UUID(str(person_id)))
                await announce("people")
        except NoInvitation:
            return _no_invitation(request)
        except AnotherAddress:
            wrong = _("Du är inloggad med en annan adress än den inbjudna. Be om en ny inbjudan.")
            return await _page(request, token, 422, {"me": wrong})
        except OwnInvitation:
            wrong = _("Du har själv skickat inbjudan, och kan inte tacka ja till den.")
            return await _page(request, token, 422, {"me": wrong})
    return Redirect(f"/{municipality.slug}", status_code=303)


async def _may_open(request: Request[Any, Any, Any]) -> MunicipalityRef | Template:
    """The link's municipality, or the page that says no; guessing is counted by address."""
    if not await limits.may_try(request, "invitation.open"):
        answer = page(request, "entrance/too_many.html", status=429)
        answer.headers["Retry-After"] = limits.RETRY_SECONDS
        return answer
    municipality: MunicipalityRef | None = request.scope["state"].get("municipality")
    return municipality or _no_invitation(request)


async def _page(
    request: Request[Any, Any, Any],
    token: str,
    status: int = 200,
    errors: dict[str, str] | None = None,
    *,
    name: str = "",
) -> Template:
    """The invitation as it stands, read anew; needs that no scope is open."""
    municipality = await _may_open(request)
    if isinstance(municipality, Template):
        return municipality
    try:
        async with tenant_scope(municipality.id):
            invited = await find_invitation(token)
            providers = await accepted_providers()
    except NoInvitation:
        return _no_invitation(request)
    here = f"/{municipality.slug}/inbjudan/{token}"
    return page(
        request,
        "entrance/invited.html",
        status=status,
        here=here,
        into=municipality,
        invited=invited,
        roles=[role_word(role) for role in invited.roles],
        providers=[(one.label, f"/auth/login/{one.name}?next={quote(here)}") for one in providers],
        errors=errors or {},
        name=name,
    )


def _no_invitation(request: Request[Any, Any, Any]) -> Template:
    """The same page for every link that lets nobody in, whatever the cause."""
    return page(request, "entrance/no_invitation.html", status=404)


def _purpose(invited: Invited) -> str:
    return f"invitation {invited.id}"


def _name(given: object) -> str | None:
    kept = "".join(sign for sign in str(given or "") if sign.isprintable())
    return " ".join(kept.split())[:LONGEST_NAME] or None


routes = [invited_page, ask_for_passkey, accept_with_passkey, accept_as_myself]
