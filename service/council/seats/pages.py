"""Who sits on which seat of the steering group, until when, and which seats are vacant."""

from typing import Any

from litestar import Request, get
from litestar.response import Template

from service.council.seats.holders import read_holders
from service.web.may import may
from service.web.respond import page
from tenants.roles import Permission


@get("/{municipality:str}/styrgrupp/platser", opt=may(Permission.DASHBOARD_READ))
async def seats_page(request: Request[Any, Any, Any]) -> Template:
    holders = await read_holders()
    voting = {one.key for one in holders if one.votes and one.person_id}
    vacant = [one.label for one in holders if one.person_id is None]
    return page(request, "council/seats.html", holders=holders, voting=len(voting), vacant=vacant)


routes = [seats_page]
