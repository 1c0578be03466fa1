"""The page of coverage, and a person's own choice about reminders."""

from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from service.cycle.mapping.coverage.cover import RECENT, read_coverage
from service.cycle.mapping.coverage.period import in_address, still_open
from service.cycle.mapping.coverage.remind import accept_reminders, decline_reminders
from service.cycle.mapping.week import now, week_of
from service.web.may import CurrentMember, may
from service.web.respond import page
from tenants.roles import Permission


@get("/{municipality:str}/tackning", opt=may(Permission.REPORT_READ_REPORTER))
async def coverage_page(request: Request[Any, Any, Any]) -> Template:
    coverage = await read_coverage(week_of(now()))
    return page(request, "cycle/mapping/coverage/page.html", coverage=coverage, recent=RECENT)


@post("/{municipality:str}/rapportera/paminnelser", opt=may(Permission.REPORT_HAND_IN))
async def choose_reminders(request: Request[Any, Any, Any], member: CurrentMember) -> Redirect:
    """`reminders` is yes or no; anything else changes nothing. `week` is what the page was about,
    once for each, and will be again."""
    form = await request.form()
    match form.get("reminders"):
        case "no":
            await decline_reminders(by=member)
        case "yes":
            await accept_reminders(by=member)
    back = f"/{member.municipality.slug}/rapportera/inget"
    weeks = await still_open(form.getall("week", []))
    return Redirect(f"{back}?{in_address(weeks)}" if weeks else back, status_code=303)


coverage_routes = [coverage_page, choose_reminders]
