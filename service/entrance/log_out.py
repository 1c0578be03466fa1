"""Log out, by oneself or because the provider says so."""

import logging
from typing import Any

from litestar import Request, Response, post
from litestar.response import Template

from service.entrance.cookies import no_session_cookie
from service.entrance.party import party_of
from service.web.may import PUBLIC, SESSION_COOKIE
from service.web.respond import is_fragment, page
from tenants.identity import bucket
from tenants.identity.log_out import log_out, log_out_by_provider
from tenants.identity.refusal import LogInRefused
from tenants.scope import outside_scope, platform_scope

logger = logging.getLogger(__name__)

# Nothing of the signed-in pages stays on a shared computer.
_FORGET = {"Clear-Site-Data": '"cache", "storage"', "Cache-Control": "no-store"}
BACKCHANNEL_AT_ONCE = 120
BACKCHANNEL_PER_SECOND = 5.0


@post("/auth/logout", opt=PUBLIC, status_code=200)
async def leave(request: Request[Any, Any, Any]) -> Template | Response[str]:
    """End the session here and lead the browser to the provider's own log-out.

    A page that leads on, or an HX-Redirect: a form's answer may not itself lead to another host.
    """
    party, token = party_of(request), request.cookies.get(SESSION_COOKIE)
    async with outside_scope():
        at_provider = await log_out(party, token) if token else None
    request.scope["state"]["visitor"] = None
    answer: Template | Response[str]
    if is_fragment(request):
        answer = Response("", headers={"HX-Redirect": at_provider or "/"})
    else:
        answer = page(request, "entrance/logged_out.html", at_provider=at_provider)
    answer.headers.update(_FORGET)
    answer.cookies.append(no_session_cookie())
    return answer


@post("/auth/backchannel", opt={**PUBLIC, "exclude_from_csrf": True}, status_code=200)
async def leave_by_provider(request: Request[Any, Any, Any]) -> Response[str]:
    """OpenID Connect Back-Channel Logout: the provider ends a session, server to server."""
    party = party_of(request)
    tokens: list[Any] = []
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        tokens = (await request.form()).getall("logout_token", [])
    sender = bucket.sender_of(request.client.host if request.client else None)
    async with outside_scope():
        async with platform_scope():
            allowed = await bucket.take(
                "back-channel",
                sender,
                size=BACKCHANNEL_AT_ONCE,
                per_second=BACKCHANNEL_PER_SECOND,
            )
        if not allowed:
            return _plain(429, {"Retry-After": "30"})
        try:
            if len(tokens) != 1:
                raise LogInRefused("not exactly one token")
            ended = await log_out_by_provider(party, tokens[0])
        except LogInRefused as refusal:
            logger.warning("A back-channel log-out was refused: %s.", refusal.reason)
            return _plain(400)
    logger.info("A provider ended %d sessions.", ended)
    return _plain(200)


def _plain(status: int, headers: dict[str, str] | None = None) -> Response[str]:
    return Response(
        "",
        status_code=status,
        media_type="text/plain",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
