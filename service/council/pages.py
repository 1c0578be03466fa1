"""The steering group's first page: what matters most, how it moves, what waits for a decision."""

from typing import Any

from litestar import Request, get
from litestar.response import Template

from service.cycle.picture import explain, lay_out
from service.cycle.picture.assessment.assess import read_assessments
from service.cycle.picture.show import read_picture
from service.web.may import may
from service.web.respond import fragment, page
from tenants.roles import Permission, PictureView

READ = may(Permission.DASHBOARD_READ)
FIVE = 5


@get("/{municipality:str}/styrgrupp", opt=READ)
async def dashboard_page(request: Request[Any, Any, Any]) -> Template:
    return page(request, "council/page.html", **await _board())


@get("/{municipality:str}/styrgrupp/_tavla", opt=READ)
async def dashboard_board(request: Request[Any, Any, Any]) -> Template:
    return fragment(request, "council/_board.html", **await _board())


async def _board() -> dict[str, Any]:
    """The same for everybody who may open the page: areas and categories, nobody's name."""
    shown = await read_picture(PictureView.GOVERNING)
    context: dict[str, Any] = {"shown": shown, "explain": explain}
    if shown is not None and shown.wide is not None and shown.wide["begun"]:
        context |= {
            "wide": shown.wide,
            "rows": lay_out.rows(shown.wide, await read_assessments())[:FIVE],
            "left": lay_out.left_list(shown.wide),
        }
    return context


routes = [dashboard_page, dashboard_board]
