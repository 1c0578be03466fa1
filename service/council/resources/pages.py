"""The year's resources: the frame, what is given and left; the project owner sets the frame."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect, Template

from service.council.amounts import WrongAmount, read_amount
from service.council.resources import overspend
from service.council.resources.set_frame import set_frame
from service.council.resources.show import read_years, this_year
from service.cycle.measures.forms import MOST_HOURS
from service.web.draw import resource_bar
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import page
from tenants.members import Member
from tenants.roles import Permission

# As the columns of `resource_frame` hold them.
MOST_KR = 2_000_000_000


@get("/{municipality:str}/styrgrupp/resurser", opt=may(Permission.DASHBOARD_READ))
async def resources_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return await _page(request, member)


@post("/{municipality:str}/styrgrupp/resurser", opt=may(Permission.RESOURCES_SET), status_code=200)
async def set_resources(
    request: Request[Any, Any, Any], member: CurrentMember
) -> Template | Response[Any]:
    typed, values, errors = _parse(await request.form())
    if errors:
        return await _page(request, member, status=422, typed=typed, errors=errors)
    await set_frame(by=member, **values)
    return Redirect(f"/{member.municipality.slug}/styrgrupp/resurser", status_code=303)


def _parse(
    fields: Mapping[str, Any],
) -> tuple[dict[str, str], dict[str, int], dict[str, str]]:
    typed = {name: fields.get(name, "") for name in ("year", "money_kr", "hours")}
    typed = {name: text if isinstance(text, str) else "" for name, text in typed.items()}
    values: dict[str, int] = {}
    errors: dict[str, str] = {}
    for name, most in (("money_kr", MOST_KR), ("hours", 10 * MOST_HOURS)):
        try:
            values[name] = read_amount(typed[name], most)
        except WrongAmount as wrong:
            errors[name] = str(wrong)
    if typed["year"] in {str(year) for year in years_to_set()}:
        values["year"] = int(typed["year"])
    else:
        errors["year"] = _("Välj i år eller nästa år.")
    return typed, values, errors


def years_to_set() -> tuple[int, int]:
    """A frame is set for the year that goes or the next one; what has been stays."""
    return this_year(), this_year() + 1


async def _page(
    request: Request[Any, Any, Any],
    member: Member,
    *,
    status: int = 200,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Template:
    years = await read_years()
    return page(
        request,
        "council/resources.html",
        status=status,
        years=years,
        current=next(one for one in years if one.year == this_year()),
        after=overspend.after,
        resource_bar=resource_bar,
        sets=member.may(Permission.RESOURCES_SET),
        choices=[(year, str(year)) for year in years_to_set()],
        typed=typed or {},
        errors=errors or {},
    )


routes = [resources_page, set_resources]
