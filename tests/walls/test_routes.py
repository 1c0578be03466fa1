"""Every route names a permission, and one that names none is closed."""

from typing import Any

import httpx
import pytest
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler

from service.web.may import OPERATOR, PUBLIC, SIGNED_IN, SYSTEM, guard
from tenants.roles import ROLES, Permission, Role

# What anybody may open, logged in or not. A new line here is a decision.
OPEN = {
    "/",
    "/logga-in",
    "/auth/login/{provider}",
    "/auth/callback/{provider}",
    "/auth/backchannel",
    "/auth/jwks",
    "/auth/logout",
    "/me",
    "/anslut",
    "/anslut/{token}",
    "/anslut/{token}/bekrafta",
    "/anslut/{token}/avtal",
    "/auth/nyckel/fraga",
    "/auth/nyckel",
    "/{municipality}/inbjudan/{token}",
    "/{municipality}/inbjudan/{token}/fraga",
    "/{municipality}/inbjudan/{token}/nyckel",
    "/{municipality}/inbjudan/{token}/ga-med",
    "/{municipality}/tryggt",
    "/{municipality}/tryggt/siffror.csv",
    "/{municipality}/tryggt/siffror.json",
    "/health/live",
    "/health/ready",
    "/csp-report",
    "/metrics",
    "/static/{version}/{path}",
    "/favicon.ico",
    "/sw.js",
    "/utan-nat",
    "/api",
    "/api/v1/openapi.json",
}
LOCAL_ONLY = {"/lokalt/formsprak"}


def routes_of(app: Litestar) -> list[tuple[str, HTTPRouteHandler]]:
    found = []
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if isinstance(handler, HTTPRouteHandler) and "OPTIONS" not in handler.http_methods:
                found.append((route.path_format, handler))
    return found


def complaint(path: str, handler: HTTPRouteHandler) -> str | None:
    needed = handler.opt.get("permission")
    name = f"{handler.fn.__module__}.{handler.fn.__qualname__} ({path})"
    if needed is None:
        return f"{name}: names no permission; write opt=may(Permission.…)"
    if needed == PUBLIC["permission"]:
        if path not in OPEN | LOCAL_ONLY:
            return f"{name}: is open; write opt=may(Permission.…) or list it as OPEN"
    elif needed == SYSTEM["permission"]:
        if not path.startswith("/{municipality}/api/"):
            return f"{name}: a key opens what lies below /{{municipality}}/api/ alone"
    elif needed not in (SIGNED_IN["permission"], OPERATOR["permission"]):
        if not isinstance(needed, Permission):
            return f"{name}: {needed!r} is no Permission"
        if "{municipality" not in path:
            return f"{name}: a permission holds in a municipality; begin the path with it"
    return None


def test_every_route_names_a_permission(app: Litestar) -> None:
    routes = routes_of(app)
    assert len(routes) >= 15
    complaints = [found for path, handler in routes if (found := complaint(path, handler))]
    assert not complaints, "\n".join(complaints)


def test_an_offender_is_named() -> None:
    @get("/hemligt", sync_to_thread=False)
    def forgotten() -> None: ...

    @get("/oppet", opt=PUBLIC, sync_to_thread=False)
    def opened() -> None: ...

    @get("/utan-kommun", opt={"permission": Permission.REPORT_READ}, sync_to_thread=False)
    def nowhere() -> None: ...

    app = Litestar([forgotten, opened, nowhere], openapi_config=None)
    assert all(complaint(path, handler) for path, handler in routes_of(app))


async def test_a_route_without_a_permission_is_closed() -> None:
    @get("/hemligt", sync_to_thread=False)
    def forgotten() -> str:
        return "hemligt"

    app = Litestar([forgotten], guards=[guard], openapi_config=None)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="https://kraftsamling.test"
    ) as client:
        answer = await client.get("/hemligt")
    assert answer.status_code == 403
    assert "hemligt" not in answer.text


@pytest.mark.parametrize("path", ["rapportera", "lagesbild", "rapporter", "styrgrupp", "live"])
async def test_without_a_log_in_no_page_of_a_municipality_opens(found: Any, path: str) -> None:
    town = await found("Tallbacka")
    answer = await town.anonymous.get(f"/{town.slug}/{path}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/logga-in")


async def test_a_foreign_municipality_looks_like_one_that_does_not_exist(found: Any) -> None:
    tallbacka, sjohaga = await found("Tallbacka"), await found("Sjöhaga")
    client = await tallbacka.client("safety_coordinator")
    foreign = await client.get(f"/{sjohaga.slug}/lagesbild")
    missing = await client.get("/finnsinte/lagesbild")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text == missing.text.replace("finnsinte", sjohaga.slug)


def test_every_role_is_in_the_table() -> None:
    assert set(ROLES) == set(Role)
    assert all(
        Permission.MUNICIPALITY_ENTER in granted
        for role, granted in ROLES.items()
        if role is not Role.PLATFORM_OPERATOR
    )
