"""Log in with a passkey; see, add and remove one's own."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.entrance.belongings import belongings_of
from service.entrance.cookies import BROWSER_COOKIE, browser_cookie, session_cookie
from service.web import limits
from service.web.language import _
from service.web.may import PUBLIC, SESSION_COOKIE, SIGNED_IN, person_of
from service.web.respond import page
from tenants.audit.recording import record_everywhere
from tenants.identity import passkeys
from tenants.identity.next_page import START, own_path
from tenants.identity.passkeys import House, PasskeyRefused
from tenants.identity.refused import record_refused_passkey
from tenants.identity.sessions import LoggedIn, start_session, token_hash
from tenants.scope import fetch_row, fetch_value, outside_scope, platform_scope

logger = logging.getLogger(__name__)

# Whoever adds or removes a passkey has just shown one.
FRESH = timedelta(minutes=10)
ADD = "add"


def house_of(request: Request[Any, Any, Any]) -> House:
    """Where this installation's passkeys hold."""
    return House(request.app.state.settings.base_url)


def browser_of(request: Request[Any, Any, Any]) -> str | None:
    """What this browser was given at an earlier beginning, if it looks like that."""
    given = request.cookies.get(BROWSER_COOKIE)
    return given if given and 20 <= len(given) <= 100 and given.isascii() else None


def asked(options: str, browser: str) -> Response[str]:
    """Options for the browser's own dialogue, and the cookie that binds the answer to it."""
    return Response(
        options,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
        cookies=[browser_cookie(browser)],
    )


@post("/auth/nyckel/fraga", opt=PUBLIC, status_code=200)
async def ask_to_log_in(request: Request[Any, Any, Any]) -> Response[str]:
    browser = browser_of(request) or passkeys.new_subject()
    async with outside_scope():
        if not await limits.may_try(request, "passkey"):
            return _plain(429)
        async with platform_scope():
            options = await passkeys.ask_for_known(house_of(request), browser=browser)
    return asked(options, browser)


@post("/auth/nyckel", opt=PUBLIC, status_code=200)
async def log_in(request: Request[Any, Any, Any]) -> Redirect | Template:
    """End the log-in with what the passkey said; a new session takes the browser's earlier one."""
    form = await request.form()
    answer, wanted = str(form.get("credential", "")), own_path(str(form.get("next", "")))
    async with outside_scope():
        if not await limits.may_try(request, "passkey"):
            return page(request, "entrance/too_many.html", status=429)
        try:
            async with platform_scope():
                proven = await passkeys.check_known(
                    house_of(request), answer, browser=browser_of(request)
                )
                token = await session_of(request, proven.person_id, proven.subject)
                belongings = await belongings_of(proven.person_id)
        except PasskeyRefused as refusal:
            logger.warning("A passkey was refused: %s.", refusal)
            await record_refused_passkey(passkeys.PROVIDER_ID, wanted, str(refusal))
            return page(
                request, "entrance/refused.html", status=400, kind="refused", again="/logga-in"
            )
    if not belongings:
        wanted = START
    elif wanted == START and len(belongings) == 1:
        wanted = belongings[0].path
    return onward(wanted, token)


async def session_of(request: Request[Any, Any, Any], person_id: UUID, subject: str) -> str:
    """A new session by passkey, in the open scope."""
    return await start_session(
        LoggedIn(
            person_id=person_id,
            provider_id=passkeys.PROVIDER_ID,
            issuer=passkeys.ISSUER,
            subject=subject,
            provider_session=None,
            id_token="",
            assurance=passkeys.ASSURANCE,
            acr="passkey",
            amr=[],
            authenticated_at=await fetch_value("SELECT now()"),
        ),
        instead_of=request.cookies.get(SESSION_COOKIE),
    )


def onward(address: str, token: str) -> Redirect:
    return Redirect(
        address,
        status_code=303,
        cookies=[session_cookie(token)],
        headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )


@get("/mina-nycklar", opt=SIGNED_IN)
async def my_passkeys(request: Request[Any, Any, Any]) -> Template:
    return await _mine(request)


@post("/mina-nycklar/fraga", opt=SIGNED_IN, status_code=200)
async def ask_for_another(request: Request[Any, Any, Any]) -> Response[str]:
    """Options for one more passkey; only for who has just shown one."""
    holder = await _holder(request)
    if holder is None or not holder["fresh"]:
        return _plain(403)
    browser = browser_of(request) or passkeys.new_subject()
    options = await passkeys.ask_for_new(
        house_of(request),
        browser=browser,
        purpose=ADD,
        subject=holder["subject"],
        account=holder["email"] or holder["name"],
        name=holder["name"],
    )
    return asked(options, browser)


@post("/mina-nycklar", opt=SIGNED_IN, status_code=200)
async def add_another(request: Request[Any, Any, Any]) -> Template:
    form = await request.form()
    holder = await _holder(request)
    if holder is None or not holder["fresh"]:
        return await _mine(request, 422, _("Logga in igen med din nyckel, och lägg sedan till."))
    person_id = UUID(str(person_of(request)))
    try:
        made = await passkeys.check_new(
            house_of(request),
            str(form.get("credential", "")),
            browser=browser_of(request),
            purpose=ADD,
        )
        if made.subject != holder["subject"]:
            raise PasskeyRefused("it was asked for somebody else")
        added = await passkeys.keep(made, person_id=person_id, label=label_of(form.get("label")))
    except PasskeyRefused as refusal:
        logger.warning("A new passkey was refused: %s.", refusal)
        return await _mine(request, 422, _("Nyckeln kunde inte läggas till. Försök igen."))
    answer = await _mine(request)
    await _record(person_id, "passkey.add", added)
    return answer


@post("/mina-nycklar/{nyckel:uuid}/ta-bort", opt=SIGNED_IN, status_code=200)
async def remove_one(request: Request[Any, Any, Any], nyckel: FromPath[UUID]) -> Template:
    person_id = UUID(str(person_of(request)))
    if nyckel not in [one.id for one in await passkeys.passkeys_of(person_id)]:
        raise NotFoundException()
    holder = await _holder(request)
    if holder is None or not holder["fresh"]:
        return await _mine(request, 422, _("Logga in igen med din nyckel, och ta sedan bort."))
    if not await passkeys.remove(nyckel, person_id=person_id):
        return await _mine(
            request, 422, _("Den sista nyckeln kan inte tas bort: du skulle inte komma in igen.")
        )
    answer = await _mine(request)
    await _record(person_id, "passkey.remove", nyckel)
    return answer


async def _record(person_id: UUID, verb: str, passkey_id: UUID) -> None:
    """A person's keys open every municipality of theirs, so each gets the line."""
    async with outside_scope():
        await record_everywhere(
            person_id, verb=verb, object_kind="passkey", object_id=str(passkey_id)
        )


async def _holder(request: Request[Any, Any, Any]) -> Any:
    """The person whose session was begun with a passkey, and whether that was a moment ago."""
    token = request.cookies.get(SESSION_COOKIE, "")
    return await fetch_row(
        """SELECT session.subject, person.name, person.email,
                  authenticated_at > now() - $2::interval AS fresh
           FROM session JOIN person ON person.id = session.person_id
           WHERE token_hash = $1 AND provider_id = $3""",
        token_hash(token),
        FRESH,
        passkeys.PROVIDER_ID,
    )


async def _mine(request: Request[Any, Any, Any], status: int = 200, wrong: str = "") -> Template:
    holder = await _holder(request)
    keys = await passkeys.passkeys_of(UUID(str(person_of(request)))) if holder else []
    return page(
        request,
        "entrance/passkeys.html",
        status=status,
        keys=keys,
        by_passkey=holder is not None,
        fresh=bool(holder and holder["fresh"]),
        wrong=wrong,
    )


def label_of(given: object) -> str:
    """What the owner calls a passkey, on one line."""
    kept = "".join(sign for sign in str(given or "") if sign.isprintable())
    return " ".join(kept.split())[: passkeys.LONGEST_LABEL] or _("Passernyckel")


def _plain(status: int) -> Response[str]:
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "60"} if status == 429 else {})
    return Response("{}", status_code=status, media_type="application/json", headers=headers)


routes = [ask_to_log_in, log_in, my_passkeys, ask_for_another, add_another, remove_one]
