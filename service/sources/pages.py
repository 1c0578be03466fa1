"""Where records from outside come from: how each source is doing, and whether it is taken."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect, Template

from service.settings import Settings
from service.sources.choose import choice, choose
from service.sources.police.feed import read_feed
from service.sources.police.series import latest_series
from service.sources.police.turn import SOURCE
from service.web.may import CurrentMember, may
from service.web.respond import page
from tenants.roles import Permission

MANAGE = may(Permission.SOURCE_MANAGE)
SHOWN_WEEKS = 26


@get("/{municipality:str}/kallor", opt=MANAGE)
async def sources_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    settings: Settings = request.app.state.settings
    return page(
        request,
        "sources/page.html",
        here=f"/{member.municipality.slug}/kallor",
        configured=bool(settings.police_url),
        chosen=await choice(SOURCE),
        feed=await read_feed(),
        police=await latest_series(SHOWN_WEEKS),
    )


@post("/{municipality:str}/kallor/polisen", opt=MANAGE, status_code=200)
async def choose_police(request: Request[Any, Any, Any], member: CurrentMember) -> Response[Any]:
    wanted = (await request.form()).get("taken")
    # What is neither is a form of nobody's making: nothing is decided by it.
    if wanted in ("yes", "no"):
        await choose(SOURCE, taken=wanted == "yes", by=member)
    return Redirect(f"/{member.municipality.slug}/kallor", status_code=303)


routes: list[Any] = [sources_page, choose_police]
