"""Pages of follow-up: what is due, coming and done, and the form that follows a measure up."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from service.cycle.analysis.asked_problem import asked_problem, back_to, form_page
from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.hold import ProblemClosed
from service.cycle.followup import explain
from service.cycle.followup.compare import compare_measure
from service.cycle.followup.follow_up import (
    CannotFollowUp,
    NoSuchMeasure,
    NotYours,
    follow_up,
    may_follow_up,
)
from service.cycle.followup.forms import read_findings
from service.cycle.followup.policy import sees_cells
from service.cycle.followup.read import OUTCOMES, all_measures, measures_to_follow_up
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may, refuse
from service.web.respond import fragment, page
from tenants.members import Member
from tenants.roles import Permission

READ = may(Permission.PROBLEM_READ)
FOLLOW_UP = may(Permission.FOLLOW_UP)
SECTION = "problem-follow-ups"


@get("/{municipality:str}/uppfoljning", opt=READ)
async def follow_ups_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return page(request, "cycle/followup/list.html", **await _listed(member))


@get("/{municipality:str}/uppfoljning/_lista", opt=READ)
async def follow_ups_list(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return fragment(request, "cycle/followup/_list.html", **await _listed(member))


@get("/{municipality:str}/problem/{problem:str}/uppfoljning/{measure:uuid}", opt=FOLLOW_UP)
async def follow_up_page(
    request: Request[Any, Any, Any],
    member: CurrentMember,
    problem: FromPath[str],
    measure: FromPath[UUID],
) -> Template:
    found = await asked_problem(problem, by=member)
    if not await may_follow_up(found.id, by=member):
        raise refuse(request, Permission.FOLLOW_UP)
    return await _form(request, member, found, measure, Filled.blank(used_kr="0", used_hours="0"))


@post(
    "/{municipality:str}/problem/{problem:str}/uppfoljning/{measure:uuid}",
    opt=FOLLOW_UP,
    status_code=200,
)
async def send_follow_up(
    request: Request[Any, Any, Any],
    member: CurrentMember,
    problem: FromPath[str],
    measure: FromPath[UUID],
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    findings = read_findings(form, measure)
    if findings is not None:
        try:
            await follow_up(found.id, measure, findings, by=member)
        except NotYours:
            raise refuse(request, Permission.FOLLOW_UP) from None
        except NoSuchMeasure:
            raise NotFoundException() from None
        except ProblemClosed:
            form.refuse("form", _("Problemet är avslutat. Inget mer kan skrivas om det."))
        except CannotFollowUp as error:
            form.refuse(error.field, str(error))
        else:
            return back_to(found, SECTION, by=member)
    return await _form(request, member, found, measure, form)


async def _listed(member: Member) -> dict[str, Any]:
    measures = await all_measures(by=member)
    return {
        "due": [one for one in measures if one.state == "due"],
        "coming": [one for one in measures if one.state == "coming"],
        "done": [one for one in reversed(measures) if one.state == "done"],
        "explain": explain,
    }


async def _form(
    request: Request[Any, Any, Any],
    member: Member,
    problem: FoundProblem,
    measure_id: UUID,
    form: Filled,
) -> Template:
    measures = await measures_to_follow_up(problem.id, by=member)
    measure = next((one for one in measures if one.id == measure_id), None)
    # Of one that was not decided there is nothing to show, and what was typed is said back all
    # the same.
    if measure is None and not form.errors:
        raise NotFoundException()
    comparison = await compare_measure(measure_id) if measure and sees_cells(member) else None
    return form_page(
        request,
        "cycle/followup/form.html",
        problem,
        form,
        by=member,
        measure=measure,
        measure_id=measure_id,
        outcomes=[(key, _(label)) for key, label in OUTCOMES.items()],
        comparison=comparison,
        explain=explain,
    )


routes = [follow_ups_page, follow_ups_list, follow_up_page, send_follow_up]
