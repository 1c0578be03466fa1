"""Log in: choose a provider, go there, come back.

The handlers leave the request's scope before a provider is called, so that no connection is held
while another server thinks.
"""

import logging
import re
from typing import Any
from urllib.parse import quote

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.entrance.belongings import belongings_of
from service.entrance.cookies import BROWSER_COOKIE, browser_cookie, session_cookie
from service.entrance.party import party_of
from service.web.may import PUBLIC, SESSION_COOKIE
from service.web.respond import page
from tenants.identity import bucket
from tenants.identity.assurance import HIGHEST, LOWEST
from tenants.identity.log_in import finish_log_in, start_log_in
from tenants.identity.next_page import START, own_path
from tenants.identity.party import RelyingParty
from tenants.identity.passkeys import passkeys_accepted
from tenants.identity.people import record_linked
from tenants.identity.providers import Provider, accepted_providers
from tenants.identity.refusal import LogInRefused, OwnedByAnother, UnknownProvider
from tenants.identity.refused import record_refused_log_in
from tenants.municipalities import all_municipalities, municipality_by_slug
from tenants.scope import outside_scope, platform_scope, tenant_scope

logger = logging.getLogger(__name__)

MOST_SECONDS = 24 * 3600
"""How old a proof a page can accept that asks for a fresh one."""


@get("/logga-in", opt=PUBLIC)
async def choose_provider(request: Request[Any, Any, Any]) -> Template | Redirect:
    """The providers of the municipality that `next` leads into; straight on if there is one."""
    wanted = own_path(request.query_params.get("next"))
    municipalities = await all_municipalities()
    slug = wanted.split("/")[1].partition("?")[0]
    async with outside_scope():
        municipality = await municipality_by_slug(slug) if slug else None
        providers: list[Provider] = []
        by_passkey = False
        if municipality is not None:
            async with tenant_scope(municipality.id):
                providers = await accepted_providers()
                by_passkey = await passkeys_accepted()
    if len(providers) == 1 and not by_passkey:
        return Redirect(_start_address(providers[0], wanted), status_code=303)
    return page(
        request,
        "entrance/choose_provider.html",
        chosen=municipality,
        wanted=wanted,
        by_passkey=by_passkey,
        choices=[(provider.label, _start_address(provider, wanted)) for provider in providers],
        municipalities=municipalities,
    )


@get("/auth/login/{provider:str}", opt=PUBLIC)
async def go_to_provider(
    request: Request[Any, Any, Any], provider: FromPath[str]
) -> Template | Redirect:
    """Begin a log-in. A link, not a form: a form's answer may not lead to another host."""
    party = party_of(request)
    async with outside_scope():
        if not await may_try(request, party, "log-in start"):
            return too_many(request)
        try:
            started = await start_log_in(
                party,
                provider,
                next_page=request.query_params.get("next"),
                browser=request.cookies.get(BROWSER_COOKIE),
                least_assurance=_number(request, "niva", HIGHEST) or LOWEST,
                max_age=_number(request, "inom", MOST_SECONDS),
            )
        except LogInRefused as refusal:
            refusal.wanted = own_path(request.query_params.get("next"))
            return await refused(request, provider, refusal)
    return _onward(started.url, browser_cookie(started.browser))


@get("/auth/callback/{provider:str}", opt=PUBLIC)
async def come_back(
    request: Request[Any, Any, Any], provider: FromPath[str]
) -> Template | Redirect:
    """End a log-in with what the provider sent along, and make the session."""
    party = party_of(request)
    async with outside_scope():
        if not await may_try(request, party, "log-in end"):
            return too_many(request)
        try:
            finished = await finish_log_in(
                party,
                provider,
                answer=request.query_params.multi_items(),
                browser=request.cookies.get(BROWSER_COOKIE),
                session=request.cookies.get(SESSION_COOKIE),
            )
        except LogInRefused as refusal:
            return await refused(request, provider, refusal)
        if finished.linked:
            await record_linked(finished.person_id)
        async with platform_scope():
            belongings = await belongings_of(finished.person_id)
    onward = finished.next
    if not belongings and not finished.linked and not _is_invitation(onward):
        onward = START  # which tells them that they have no access yet
    elif onward == START and len(belongings) == 1:
        onward = belongings[0].path
    return _onward(onward, session_cookie(finished.session))


def _is_invitation(path: str) -> bool:
    """Whether the way leads to an invitation, which is for who belongs nowhere yet."""
    return path.count("/") == 3 and path.split("/")[2] == "inbjudan"


def _number(request: Request[Any, Any, Any], name: str, most: int) -> int | None:
    """A small number asked for in the address; what is none counts as nothing asked."""
    given = request.query_params.get(name, "")
    return int(given) if re.fullmatch(r"[1-9][0-9]{0,4}", given) and int(given) <= most else None


def _start_address(provider: Provider, wanted: str) -> str:
    return f"/auth/login/{provider.name}?next={quote(wanted)}"


def _onward(address: str, cookie: Any) -> Redirect:
    return Redirect(
        address,
        status_code=303,
        cookies=[cookie],
        headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )


async def may_try(request: Request[Any, Any, Any], party: RelyingParty, what: str) -> bool:
    sender = bucket.sender_of(request.client.host if request.client else None)
    async with platform_scope():
        return await bucket.take(
            what, sender, size=party.attempts, per_second=party.attempts_per_second
        )


def too_many(request: Request[Any, Any, Any]) -> Template:
    answer = page(request, "entrance/too_many.html", status=429)
    answer.headers["Retry-After"] = "30"
    return answer


async def refused(
    request: Request[Any, Any, Any], provider: str, refusal: LogInRefused
) -> Template:
    """A page that says what to do, and a line for those who look after the log-in."""
    if isinstance(refusal, UnknownProvider):
        return page(request, "layout/error.html", status=404, status_code=404)
    logger.warning("A log-in with %r was refused: %s.", provider[:40], refusal.reason)
    await record_refused_log_in(provider, refusal)
    again = f"/logga-in?next={quote(refusal.wanted)}" if refusal.wanted != START else "/logga-in"
    status = 409 if isinstance(refusal, OwnedByAnother) else 400
    return page(request, "entrance/refused.html", status=status, kind=refusal.kind, again=again)
