"""A person's own page, outside any municipality: where they are logged in, and by which log-ins."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.response import Redirect, Template

from service.entrance.cookies import BROWSER_COOKIE, browser_cookie
from service.entrance.log_in import may_try, refused, too_many
from service.entrance.party import party_of
from service.web.may import SESSION_COOKIE, SIGNED_IN, person_of
from service.web.respond import page
from tenants.identity.log_in import start_log_in
from tenants.identity.own import (
    end_other_sessions,
    end_own_session,
    own_identities,
    own_sessions,
    proof_of,
)
from tenants.identity.providers import providers_of
from tenants.identity.refusal import LogInRefused
from tenants.scope import outside_scope

PLACE = "/konto"
FRESH = timedelta(minutes=10)
"""How old the proofs of both sides may be when two log-ins become one person."""


@get(PLACE, opt=SIGNED_IN)
async def account_page(request: Request[Any, Any, Any]) -> Template:
    """Own sessions and log-ins."""
    person_id, token = _who(request)
    sessions = await own_sessions(person_id, token)
    identities = await own_identities(person_id)
    async with outside_scope():
        providers = await providers_of(person_id)
    return page(
        request,
        "entrance/account.html",
        sessions=sessions,
        identities=identities,
        choices=[(one.name, one.label) for one in providers],
    )


@post("/konto/logga-ut", opt=SIGNED_IN, status_code=200)
async def end(request: Request[Any, Any, Any]) -> Redirect:
    """End one own session, or all but this one. Another person's is as unknown as none."""
    person_id, token = _who(request)
    wanted = str((await request.form()).get("session", ""))
    if wanted == "others":
        await end_other_sessions(person_id, token)
    elif not await end_own_session(person_id, _uuid(wanted)):
        raise NotFoundException()
    return Redirect(PLACE, status_code=303)


@post("/konto/koppla", opt=SIGNED_IN, status_code=200)
async def link(request: Request[Any, Any, Any]) -> Template | Response[Any]:
    """Make another log-in the same person: this one was proved just now, that one is next.

    Answers with a page that leads on: a form's answer may not itself lead to another host.
    """
    person_id, token = _who(request)
    wanted = str((await request.form()).get("provider", ""))
    proof = await proof_of(token)
    if proof is None or datetime.now(UTC) - proof.authenticated_at > FRESH:
        name = proof.provider_name if proof else "local"
        asked = urlencode({"next": PLACE, "inom": int(FRESH.total_seconds())})
        address = f"/auth/login/{name}?{asked}"
        return page(request, "layout/step_up.html", status=401, address=address)
    party = party_of(request)
    async with outside_scope():
        if not await may_try(request, party, "log-in start"):
            return too_many(request)
        try:
            started = await start_log_in(
                party,
                wanted,
                next_page=PLACE,
                browser=request.cookies.get(BROWSER_COOKIE),
                max_age=int(FRESH.total_seconds()),
                link_to=person_id,
            )
        except LogInRefused as refusal:
            return await refused(request, wanted, refusal)
    answer = page(request, "entrance/link.html", onward=started.url)
    answer.cookies.append(browser_cookie(started.browser))
    return answer


def _who(request: Request[Any, Any, Any]) -> tuple[UUID, str]:
    person_id, token = person_of(request), request.cookies.get(SESSION_COOKIE)
    if person_id is None or token is None:
        raise NotFoundException()
    return person_id, token


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ClientException("not the id of a session") from error
