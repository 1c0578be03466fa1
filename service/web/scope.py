"""One request, one scope, one transaction, settled before the first byte of the answer leaves.

Litestar turns a handler's exception into a response inside the middleware, so that nothing is
raised through it: what decides is the status of the answer.
"""

import logging
from typing import Any

from litestar import Request
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Empty, Message, Receive, Send
from litestar.types import Scope as ASGIScope
from litestar.utils.scope.state import ScopeState

from service.web.csrf import SAFE
from service.web.errors import plain_failure
from service.web.may import SESSION_COOKIE, SYSTEM, key_hash
from tenants.audit import origin, record_attempt_across, record_refusal
from tenants.identity import bucket
from tenants.identity.sessions import token_hash
from tenants.members import Member, Visitor
from tenants.municipalities import municipality_by_slug
from tenants.roles import Permission
from tenants.scope import CommitFailed, Scope, entered, platform_scope

# What no key has.
NO_KEY = bytes(32)
CALLS_AT_ONCE, CALLS_A_SECOND = 120, 4

logger = logging.getLogger(__name__)


class RequestScope:
    """ASGI middleware: opens the municipality's scope for the request and settles it in time."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        origin.come_from(
            scope["client"][0] if scope["client"] else None,
            Headers.from_scope(scope).get("user-agent", ""),
        )
        slug = scope.get("path_params", {}).get("municipality")
        municipality = await municipality_by_slug(slug) if slug else None
        state["municipality"] = municipality
        # The transaction opens at the first query: by then the body must have been read, so that
        # a slow sender holds no connection. Litestar keeps what was read for the handler.
        if scope["method"] not in SAFE and ScopeState.from_scope(scope).form is Empty:
            await Request[Any, Any, Any](scope, receive).body()

        if scope["route_handler"].opt.get("permission") == SYSTEM["permission"]:
            state["too_many"] = not await _may_call(scope)
        data = Scope(
            municipality.id if municipality else None, holder=_holder(scope), key=_key(scope)
        )
        failed = False

        async def settle_then_send(message: Message) -> None:
            nonlocal failed
            if message["type"] == "http.response.start":
                try:
                    await data.settle(commit=message["status"] < 400)
                except CommitFailed:
                    logger.exception("A request's transaction could not be committed.")
                    failed = True
                    await plain_failure(scope, receive, send)
                if not failed and message["status"] in (403, 404):
                    await _record_refusal(state, scope["path"])
            if not failed:
                await send(message)

        async with entered(data, settle=False):
            await self.app(scope, receive, settle_then_send)


def _holder(scope: ASGIScope) -> bytes | None:
    """Whose membership opens the municipality's wall; None where the route is for everybody."""
    if not isinstance(scope["route_handler"].opt.get("permission"), Permission):
        return None
    cookies = Request[Any, Any, Any](scope).cookies
    return token_hash(cookies.get(SESSION_COOKIE, ""))


async def _may_call(scope: ASGIScope) -> bool:
    """Count a call of a system, whatever it is answered: by its key, or by where it comes from."""
    hashed = key_hash(Request[Any, Any, Any](scope))
    address = scope["client"][0] if scope["client"] else None
    sender = hashed.hex() if hashed else bucket.sender_of(address)
    async with platform_scope():
        return await bucket.take("api", sender, size=CALLS_AT_ONCE, per_second=CALLS_A_SECOND)


def _key(scope: ASGIScope) -> bytes | None:
    """The key that opens the municipality's wall; None where the route is not for systems."""
    if scope["route_handler"].opt.get("permission") != SYSTEM["permission"]:
        return None
    return key_hash(Request[Any, Any, Any](scope)) or NO_KEY


async def _record_refusal(state: dict[str, Any], path: str) -> None:
    """Leave the audit line of a refusal: the answer's own transaction is rolled back."""
    visitor = state.get("visitor")
    if isinstance(visitor, Member):
        if state.get("refused") is not None:
            await record_refusal(visitor, str(state["refused"]))
    elif isinstance(visitor, Visitor) and state.get("municipality") is not None:
        await record_attempt_across(visitor.person_id, path)
