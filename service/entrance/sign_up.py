"""A municipality signs itself up: who asks, from which address, and what is agreed to."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.entrance import agreement
from service.geography.municipalities import MunicipalityName, municipalities
from service.people.forms import LONGEST_NAME, is_address, one_line
from service.web import limits
from service.web.language import _
from service.web.may import PUBLIC
from service.web.respond import page
from tenants.identity import bucket
from tenants.scope import fetch, outside_scope, platform_scope
from tenants.signup.ask import InUse, NoSignUp, SigningUp, find_sign_up, sign_up, take_step

# How often one municipality may be asked for and one address written to, whoever asks.
SIZE, PER_HOUR = 5, 5


@get("/anslut", opt=PUBLIC)
async def sign_up_page(request: Request[Any, Any, Any]) -> Template:
    async with outside_scope():
        return await _form(request, {}, {})


@post("/anslut", opt=PUBLIC, status_code=200)
async def ask_to_join(request: Request[Any, Any, Any]) -> Template:
    form = await request.form()
    typed = {
        name: one_line(str(form.get(name, "")), 300)
        for name in ("code", "contact", "title", "email")
    }
    async with outside_scope():
        errors = _wrong(typed)
        if errors:
            return await _form(request, typed, errors, status=422)
        if not await limits.may_try(request, "sign_up") or not await _not_flooded(typed):
            answer = page(request, "entrance/too_many.html", status=429)
            answer.headers["Retry-After"] = limits.RETRY_SECONDS
            return answer
        try:
            async with platform_scope():
                await sign_up(**typed, secret_key=request.app.state.settings.secret_key)
        except InUse:
            errors["code"] = _("Kommunen är redan med. Fråga er trygghetssamordnare om tillgång.")
            return await _form(request, typed, errors, status=422)
    return page(request, "entrance/sign_up_sent.html", email=typed["email"])


@get("/anslut/{token:str}", opt=PUBLIC)
async def sign_up_state(request: Request[Any, Any, Any], token: FromPath[str]) -> Template:
    """How far the sign-up has come, and what comes next. Opening it changes nothing."""
    async with outside_scope():
        return await _state(request, token)


@post("/anslut/{token:str}/bekrafta", opt=PUBLIC, status_code=200)
async def verify_address(
    request: Request[Any, Any, Any], token: FromPath[str]
) -> Redirect | Template:
    async with outside_scope():
        if not await limits.may_try(request, "sign_up.open"):
            return page(request, "entrance/too_many.html", status=429)
        try:
            async with platform_scope():
                found = await find_sign_up(token)
                await take_step(found.id, "verified")
        except NoSignUp:
            return _no_sign_up(request)
    return Redirect(f"/anslut/{token}", status_code=303)


@post("/anslut/{token:str}/avtal", opt=PUBLIC, status_code=200)
async def agree(request: Request[Any, Any, Any], token: FromPath[str]) -> Redirect | Template:
    form = await request.form()
    async with outside_scope():
        if not await limits.may_try(request, "sign_up.open"):
            return page(request, "entrance/too_many.html", status=429)
        # The version that was shown is the one that is agreed to, and no other.
        if form.get("accepted") != "yes" or form.get("version") != agreement.CURRENT:
            wrong = _("Läs avtalet och kryssa för att kommunen godkänner det.")
            return await _state(request, token, status=422, wrong=wrong)
        try:
            async with platform_scope():
                found = await find_sign_up(token)
                if found.verified_at is None:
                    raise NoSignUp()
                await take_step(found.id, "agreed", version=agreement.CURRENT)
        except NoSignUp:
            return _no_sign_up(request)
    return Redirect(f"/anslut/{token}", status_code=303)


def _wrong(typed: dict[str, str]) -> dict[str, str]:
    errors = {}
    if typed["code"] not in {one.code for one in municipalities()}:
        errors["code"] = _("Välj kommun i listan.")
    for name, said in (
        ("contact", _("Skriv ditt namn.")),
        ("title", _("Skriv din roll i kommunen.")),
    ):
        if not typed[name]:
            errors[name] = said
        elif len(typed[name]) > LONGEST_NAME:
            errors[name] = _("Högst %(most)s tecken.", most=LONGEST_NAME)
    if not is_address(typed["email"]):
        errors["email"] = _("Skriv en e-postadress, till exempel namn@kommunen.se.")
    return errors


async def _not_flooded(typed: dict[str, str]) -> bool:
    async with platform_scope():
        taken = [
            await bucket.take(
                f"sign-up {what}", typed[what].lower(), size=SIZE, per_second=PER_HOUR / 3600
            )
            for what in ("code", "email")
        ]
    return all(taken)


async def _free() -> list[MunicipalityName]:
    """Those of the 290 that are not in the service yet, by name."""
    async with platform_scope():
        taken = {row["code"] for row in await fetch("SELECT code FROM municipality")}
    free = [one for one in municipalities() if one.code not in taken]
    return sorted(free, key=lambda one: one.name.translate(_ORDER))


_ORDER = str.maketrans("ÅÄÖåäö", "{|}{|}")  # Å, Ä, Ö come after Z.


async def _form(
    request: Request[Any, Any, Any],
    typed: dict[str, str],
    errors: dict[str, str],
    *,
    status: int = 200,
) -> Template:
    choices = [("", _("Välj kommun"))] + [(one.code, one.name) for one in await _free()]
    return page(
        request, "entrance/sign_up.html", status=status, typed=typed, errors=errors, choices=choices
    )


async def _state(
    request: Request[Any, Any, Any], token: str, *, status: int = 200, wrong: str = ""
) -> Template:
    if not await limits.may_try(request, "sign_up.open"):
        return page(request, "entrance/too_many.html", status=429)
    try:
        async with platform_scope():
            found: SigningUp = await find_sign_up(token)
    except NoSignUp:
        return _no_sign_up(request)
    return page(
        request,
        "entrance/sign_up_state.html",
        status=status,
        here=f"/anslut/{token}",
        found=found,
        name=next(one.name for one in municipalities() if one.code == found.code),
        version=agreement.CURRENT,
        paragraphs=agreement.paragraphs(found.version or agreement.CURRENT),
        wrong=wrong,
    )


def _no_sign_up(request: Request[Any, Any, Any]) -> Template:
    return page(request, "entrance/no_invitation.html", status=404)


routes = [sign_up_page, ask_to_join, sign_up_state, verify_address, agree]
