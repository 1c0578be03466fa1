"""The page on which members see whether the service does what it should for them."""

from typing import Any

from litestar import Request, get
from litestar.response import Template

from service.operations.status import read_status
from service.web.may import may
from service.web.respond import page
from tenants.roles import Permission


@get("/{municipality:str}/driftlage", opt=may(Permission.MUNICIPALITY_ENTER))
async def status_page(request: Request[Any, Any, Any]) -> Template:
    fetches = bool(request.app.state.settings.police_url)
    status_of = await read_status(fetches=fetches)
    return page(request, "operations/status.html", status_of=status_of)


routes = [status_page]
