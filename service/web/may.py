"""Every route names the permission that it needs; a route that names none is closed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar.connection import ASGIConnection, Request
from litestar.di import NamedDependency
from litestar.exceptions import (
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
    TooManyRequestsException,
)
from litestar.handlers.base import BaseRouteHandler

from service.web.csrf import SAFE
from tenants import audit
from tenants.identity import api_keys
from tenants.identity.assurance import LOWEST
from tenants.members import (
    Member,
    MunicipalityRef,
    Visitor,
    find_member,
    is_platform_operator,
    term_ended_at,
)
from tenants.roles import LEAST_ASSURANCE, STEP_UP, Permission, Proof
from tenants.scope import outside_scope, tenant_scope

PUBLIC: dict[str, Any] = {"permission": "public"}
"""The `opt` of a route that anybody may call, logged in or not."""

UNSEEN: dict[str, Any] = PUBLIC | {"unseen": True, "exclude_from_csrf": True}
"""The `opt` of what is the same for everybody, so that nobody's session is looked up for it."""

SIGNED_IN: dict[str, Any] = {"permission": "signed_in"}
"""The `opt` of a route that needs a log-in but no municipality."""

OPERATOR: dict[str, Any] = {"permission": "platform_operator"}
"""The `opt` of a route of those who run the platform; for everybody else it does not exist."""

SYSTEM: dict[str, Any] = {"permission": "system", "exclude_from_csrf": True}
"""The `opt` of a route for an organisation's own systems, which bring a key and no cookie."""

SESSION_COOKIE = "__Host-sid"


class StepUpNeeded(NotAuthorizedException):
    """The member may do this, but not on a log-in as weak or as old as this one.

    `level` is 1 to 4; `max_age`, in seconds, is how old the proof may be.
    """

    def __init__(self, provider_name: str, level: int, max_age: int | None) -> None:
        super().__init__()
        self.provider_name = provider_name
        self.level = level
        self.max_age = max_age


def may(
    permission: Permission, *, sensitive: bool = False, proof: Proof | None = None
) -> dict[str, Any]:
    """The `opt` of a route inside a municipality that needs `permission` there.

    An act with a permission of `STEP_UP` needs that line's proof, whatever is said here. Reading
    needs it where the route is `sensitive`, and `proof` borrows the line of another permission:
    whoever falls short logs in once more.
    """
    return {"permission": permission, "sensitive": sensitive, "proof": proof}


def proof_for(method: str, opt: dict[str, Any]) -> Proof:
    """What the log-in must be for a route with that `opt`, beside the permission it names."""
    if opt.get("proof") is not None:
        return opt["proof"]
    needed = opt["permission"]
    if method in SAFE and not opt.get("sensitive"):
        return Proof()
    return STEP_UP.get(needed, Proof())


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let the request through, or raise 401 (log in), 404 (no such thing for you) or 403.

    A municipality that does not exist and one where the person is no member answer alike.
    """
    needed = handler.opt.get("permission")
    if needed == PUBLIC["permission"] and handler.opt.get("unseen"):
        return
    state = connection.scope["state"]
    if needed == SYSTEM["permission"]:
        state["visitor"] = await _system(connection, state.get("municipality"))
        return
    if needed is None:
        raise PermissionDeniedException(f"{handler} names no permission.")
    token = connection.cookies.get(SESSION_COOKIE)
    municipality = state.get("municipality")
    found: Member | Visitor | None = None
    if token:
        found = await find_member(token, municipality)
    state["visitor"] = found
    if needed == PUBLIC["permission"]:
        return
    if found is None:
        raise NotAuthorizedException()
    if needed == SIGNED_IN["permission"]:
        return
    if needed == OPERATOR["permission"]:
        if not await is_platform_operator(found.person_id):
            raise NotFoundException()
        return
    if municipality is None:
        raise NotFoundException()
    if not isinstance(found, Member):
        state["ended_at"] = await _term_ended_at(municipality, found.person_id, needed)
        raise NotFoundException()
    if not found.may(needed):
        state["ended_at"] = await _term_ended_at(municipality, found.person_id, needed)
        state["refused"] = needed
        raise PermissionDeniedException()
    if found.glass is not None and str(connection.scope.get("method", "")) not in SAFE:
        # Who looks in from outside changes nothing, whatever else those may who read the same.
        raise PermissionDeniedException()
    _require_sure(found, needed, proof_for(str(connection.scope.get("method", "")), handler.opt))
    if found.glass is not None:
        # Each look through broken glass is a line that the municipality can read.
        await audit.record(
            by=found, verb="glass.look", object_kind="page", object_id=connection.url.path[:300]
        )


def key_hash(connection: ASGIConnection[Any, Any, Any, Any]) -> bytes | None:
    """The hash of the key in the ``Authorization`` header, where it holds what can be one."""
    scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
    return api_keys.hash_of(secret.strip()) if scheme.lower() == "bearer" else None


async def _system(
    connection: ASGIConnection[Any, Any, Any, Any], municipality: MunicipalityRef | None
) -> Member:
    """Who brings the key. Raises 401 for one that opens nothing, whatever the reason is."""
    if connection.scope["state"].get("too_many"):
        raise TooManyRequestsException(headers={"Retry-After": "10"})
    hashed = key_hash(connection)
    found = None
    if hashed is not None and municipality is not None:
        found = await api_keys.holder_of_key(hashed, municipality)
    if found is None:
        raise NotAuthorizedException(headers={"WWW-Authenticate": 'Bearer realm="kraftsamling"'})
    return found


async def _term_ended_at(
    municipality: MunicipalityRef, person_id: UUID, needed: Permission
) -> datetime | None:
    # The request's own scope is shut to who is no member any more; this one asks nothing else.
    async with outside_scope(), tenant_scope(municipality.id):
        return await term_ended_at(person_id, needed)


def _require_sure(member: Member, needed: Permission, proof: Proof) -> None:
    """Raise StepUpNeeded when the log-in is weaker or older than the permission or act asks."""
    if member.glass is not None:
        return  # Each glass was broken on a proof of its own, and lets nobody act.
    level = max(proof.level, LEAST_ASSURANCE.get(needed, LOWEST))
    proved, within = member.authenticated_at, proof.within
    too_old = within is not None and (proved is None or datetime.now(UTC) - proved > within)
    if member.assurance < level or too_old:
        max_age = int(within.total_seconds()) if within else None
        raise StepUpNeeded(member.provider_name, level, max_age)


def refuse(request: Request[Any, Any, Any], permission: Permission) -> PermissionDeniedException:
    """The 403 of somebody who has `permission`, but not here; raise what it gives."""
    request.scope["state"]["refused"] = permission
    return PermissionDeniedException()


CurrentMember = NamedDependency[Member]
"""The type of a handler's argument `member`: who asks, already let through by the guard."""


def current_member(request: Request[Any, Any, Any]) -> Member:
    """The member whom the guard let through; injected as `member` into handlers."""
    found = request.scope["state"].get("visitor")
    if not isinstance(found, Member):
        raise NotFoundException()
    return found


def person_of(request: Request[Any, Any, Any]) -> UUID | None:
    """Who is logged in, in a municipality or outside one."""
    found = request.scope["state"].get("visitor")
    return found.person_id if found else None
