"""The list of decisions, on screen and on paper."""

from typing import Any

from litestar import Request, get
from litestar.response import Template

from service.council.decisions.led_to import led_to
from service.council.decisions.read import read_decisions
from service.council.proposals.hold import outcome_word
from service.web.may import may
from service.web.respond import fragment, is_fragment, page
from tenants.roles import Permission


@get("/{municipality:str}/styrgrupp/beslut", opt=may(Permission.DASHBOARD_READ))
async def decisions_page(request: Request[Any, Any, Any]) -> Template:
    lines = await read_decisions()
    context: dict[str, Any] = {
        "late": [one for one in lines if one.late],
        "others": [one for one in lines if not one.late],
        "led_to": led_to,
        "outcome_word": outcome_word,
    }
    if is_fragment(request):
        return fragment(request, "council/_decisions.html", **context)
    return page(request, "council/decisions.html", **context)


routes = [decisions_page]
