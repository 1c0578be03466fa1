"""The operator's list of municipalities, and the glass."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.web import limits
from service.web.language import _, ngettext
from service.web.live import announce
from service.web.may import OPERATOR, may, person_of
from service.web.respond import fragment, page
from tenants.members import MunicipalityRef
from tenants.municipalities import all_municipalities, find_municipality
from tenants.operator.glass import (
    HOURS,
    LONGEST_REASON,
    SHORTEST_REASON,
    break_glass,
    close_glass,
    looks_until,
)
from tenants.roles import Permission
from tenants.scope import outside_scope, tenant_scope


@get("/drift", opt=OPERATOR)
async def platform_page(request: Request[Any, Any, Any]) -> Template:
    return page(request, "platform/page.html", municipalities=await all_municipalities())


@get("/drift/{kommun:str}", opt=OPERATOR)
async def municipality_page(request: Request[Any, Any, Any], kommun: FromPath[str]) -> Template:
    return await _page(request, await _municipality(kommun))


@post("/drift/{kommun:str}/insyn", opt=OPERATOR, status_code=200)
async def open_look(request: Request[Any, Any, Any], kommun: FromPath[str]) -> Template | Redirect:
    form = await request.form()
    typed = {name: str(form.get(name, "")).strip() for name in ("reason", "hours")}
    municipality = await _municipality(kommun)
    errors = {}
    if not SHORTEST_REASON <= len(typed["reason"]) <= LONGEST_REASON or "\0" in typed["reason"]:
        errors["reason"] = _("Skriv varför, med 10 till 500 tecken. Kommunen läser det.")
    if typed["hours"] not in map(str, HOURS):
        errors["hours"] = _("Välj hur länge.")
    if errors:
        return await _page(request, municipality, 422, errors=errors, typed=typed)
    await limits.take(request, "glass")
    async with outside_scope(), tenant_scope(municipality.id):
        await break_glass(_operator(request), reason=typed["reason"], hours=int(typed["hours"]))
        await announce("watched")
    return Redirect(f"/{municipality.slug}", status_code=303)


@post("/drift/{kommun:str}/insyn/stang", opt=OPERATOR, status_code=200)
async def close_look(request: Request[Any, Any, Any], kommun: FromPath[str]) -> Redirect:
    municipality = await _municipality(kommun)
    async with outside_scope(), tenant_scope(municipality.id):
        await close_glass(_operator(request))
        await announce("watched")
    return Redirect(f"/drift/{municipality.slug}", status_code=303)


@get("/{municipality:str}/_insyn", opt=may(Permission.MUNICIPALITY_ENTER))
async def watched(request: Request[Any, Any, Any]) -> Template:
    """Whether the operator may look in right now; fetched again when that changes."""
    return fragment(request, "layout/_watched.html")


async def _municipality(slug: str) -> MunicipalityRef:
    found = await find_municipality(slug)
    if found is None:
        raise NotFoundException()
    return found[0]


def _operator(request: Request[Any, Any, Any]) -> UUID:
    person_id = person_of(request)
    assert person_id is not None, "the guard let nobody else through"
    return person_id


async def _page(
    request: Request[Any, Any, Any],
    municipality: MunicipalityRef,
    status: int = 200,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Template:
    async with outside_scope(), tenant_scope(municipality.id):
        until = await looks_until(_operator(request))
    return page(
        request,
        "platform/municipality.html",
        status=status,
        about=municipality,
        until=until,
        errors=errors or {},
        typed=typed or {},
        hours=[(str(one), ngettext("%(num)s timme", "%(num)s timmar", one)) for one in HOURS],
    )


routes: list[Any] = [platform_page, municipality_page, open_look, close_look, watched]
