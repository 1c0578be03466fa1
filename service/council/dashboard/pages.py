"""The dashboard's page, and its board alone for a page that was told of a change."""

from typing import Any

from litestar import Request, Response, get
from litestar.response import Template
from markupsafe import Markup

from service.council.dashboard.board import read_board
from service.web.language import language
from service.web.may import CurrentMember, may
from service.web.respond import drawn, page
from service.web.together import Together
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import outside_scope

READ = may(Permission.DASHBOARD_READ)
_boards: Together[Markup] = Together()


@get("/{municipality:str}/styrgrupp", opt=READ)
async def dashboard_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return page(request, "council/page.html", board=await _board(request, member))


@get("/{municipality:str}/styrgrupp/_tavla", opt=READ)
async def dashboard_board(request: Request[Any, Any, Any], member: CurrentMember) -> Response[Any]:
    return Response(
        str(await _board(request, member)),
        media_type="text/html",
        headers={"Vary": "HX-Request", "Cache-Control": "no-store"},
    )


async def _board(request: Request[Any, Any, Any], member: Member) -> Markup:
    """The board of the member's municipality, read and drawn once for all who ask just now.

    The guard has let the member through; nothing in a board depends on who reads it, and its
    reading begins after that.
    """
    town = member.municipality

    async def made() -> Markup:
        return drawn(request, "council/_board.html", municipality=town, **await read_board())

    async with outside_scope():
        return await _boards.read(town.id, language(), made)


routes = [dashboard_page, dashboard_board]
