"""The operator's list of municipalities, and the glass."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.geography.municipalities import municipalities
from service.platform.approve import NotAgreed, approve, refuse
from service.web import limits
from service.web.language import _, ngettext
from service.web.live import announce
from service.web.may import OPERATOR, may, person_of
from service.web.respond import fragment, page
from tenants.members import MunicipalityRef
from tenants.municipalities import find_municipality, known_municipalities
from tenants.operator.glass import (
    HOURS,
    LONGEST_REASON,
    SHORTEST_REASON,
    break_glass,
    close_glass,
    looks_until,
)
from tenants.operator.suspend import resume, suspend
from tenants.roles import Permission
from tenants.scope import outside_scope, platform_scope, tenant_scope
from tenants.signup.ask import InUse, NoSignUp, sign_up_by_id, waiting


@get("/drift", opt=OPERATOR)
async def platform_page(request: Request[Any, Any, Any]) -> Template:
    return await _list(request)


@post("/drift/anmalan/{anmalan:uuid}/godkann", opt=OPERATOR, status_code=200)
async def let_in(request: Request[Any, Any, Any], anmalan: FromPath[UUID]) -> Template | Redirect:
    async with outside_scope():
        try:
            await approve(
                anmalan,
                person_id=_operator(request),
                secret_key=request.app.state.settings.secret_key,
            )
        except NoSignUp:
            raise NotFoundException() from None
        except (NotAgreed, InUse) as refusal:
            wrong = (
                _("Kommunen är redan med.")
                if isinstance(refusal, InUse)
                else _("Avtalet är inte godkänt än.")
            )
            async with platform_scope():
                return await _list(request, 422, wrong=wrong)
    return Redirect("/drift", status_code=303)


@post("/drift/anmalan/{anmalan:uuid}/avsla", opt=OPERATOR, status_code=200)
async def turn_down(request: Request[Any, Any, Any], anmalan: FromPath[UUID]) -> Redirect:
    async with outside_scope():
        try:
            async with platform_scope():
                await sign_up_by_id(anmalan)
            await refuse(anmalan, person_id=_operator(request))
        except NoSignUp:
            raise NotFoundException() from None
    return Redirect("/drift", status_code=303)


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


@post("/drift/{kommun:str}/avstangning", opt=OPERATOR, status_code=200)
async def shut(request: Request[Any, Any, Any], kommun: FromPath[str]) -> Template | Redirect:
    """Suspend the municipality, with a reason that stands in its log; or take it back."""
    form = await request.form()
    reason = str(form.get("reason", "")).strip()
    municipality = await _municipality(kommun)
    if form.get("back") == "yes":
        async with outside_scope():
            await resume(kommun, person_id=_operator(request))
    elif not SHORTEST_REASON <= len(reason) <= LONGEST_REASON or "\0" in reason:
        errors = {"why": _("Skriv varför, med 10 till 500 tecken. Kommunen läser det.")}
        return await _page(request, municipality, 422, errors=errors, typed={"why": reason})
    else:
        async with outside_scope():
            await suspend(kommun, person_id=_operator(request), reason=reason)
    return Redirect(f"/drift/{kommun}", status_code=303)


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


async def _list(request: Request[Any, Any, Any], status: int = 200, *, wrong: str = "") -> Template:
    names = {one.code: one.name for one in municipalities()}
    return page(
        request,
        "platform/page.html",
        status=status,
        municipalities=await known_municipalities(),
        waiting=[(names[one.code], one) for one in await waiting()],
        wrong=wrong,
    )


async def _page(
    request: Request[Any, Any, Any],
    municipality: MunicipalityRef,
    status: int = 200,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Template:
    found = await find_municipality(municipality.slug)
    async with outside_scope(), tenant_scope(municipality.id):
        until = await looks_until(_operator(request))
    return page(
        request,
        "platform/municipality.html",
        status=status,
        about=municipality,
        suspended_at=found[1] if found else None,
        until=until,
        errors=errors or {},
        typed=typed or {},
        hours=[(str(one), ngettext("%(num)s timme", "%(num)s timmar", one)) for one in HOURS],
    )


routes: list[Any] = [
    platform_page,
    let_in,
    turn_down,
    municipality_page,
    open_look,
    close_look,
    shut,
    watched,
]
