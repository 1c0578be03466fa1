"""Pages for the causes of a problem and how they are supported."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from service.cycle.analysis.asked_problem import asked_problem, back_to, form_page
from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.forms import read_assessment, read_cause, refuse_closed
from service.cycle.analysis.hold import ProblemClosed
from service.cycle.analysis.name_cause import (
    NoSuchCause,
    TooManyCauses,
    assess_cause,
    name_cause,
)
from service.cycle.analysis.show_analysis import ShownCause, read_causes
from service.cycle.analysis.words import SIDES, SUPPORTS
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may
from tenants.members import Member
from tenants.roles import Permission

ANALYSE = may(Permission.PROBLEM_ANALYSE)

Asking = Request[Any, Any, Any]


@get("/{municipality:str}/problem/{problem:str}/orsak", opt=ANALYSE)
async def cause_page(request: Asking, member: CurrentMember, problem: FromPath[str]) -> Template:
    found = await asked_problem(problem, by=member)
    return _cause(request, found, Filled.blank(support="weak"), member)


@post("/{municipality:str}/problem/{problem:str}/orsak", opt=ANALYSE, status_code=200)
async def add_cause(
    request: Asking, member: CurrentMember, problem: FromPath[str]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    values = read_cause(form)
    if not form.errors:
        try:
            await name_cause(
                by=member,
                problem_id=found.id,
                cause_id=form.row_id("cause", found.id),
                **values,
            )
            return back_to(found, "problem-causes", by=member)
        except ProblemClosed:
            refuse_closed(form)
        except TooManyCauses:
            form.refuse(
                "form", _("Problemet har redan så många orsaker som alfabetet räcker till.")
            )
    return _cause(request, found, form, member)


def _cause(request: Asking, found: FoundProblem, form: Filled, member: Member) -> Template:
    return form_page(
        request,
        "cycle/analysis/cause.html",
        found,
        form,
        by=member,
        sides={side: _(words) for side, words in SIDES.items()},
        supports={key: _(words) for key, words in SUPPORTS.items() if key != "rejected"},
    )


@get("/{municipality:str}/problem/{problem:str}/orsak/{letter:str}", opt=ANALYSE)
async def assessment_page(
    request: Asking, member: CurrentMember, problem: FromPath[str], letter: FromPath[str]
) -> Template:
    found = await asked_problem(problem, by=member)
    cause = await _asked_cause(found, letter)
    return _assessment(request, found, cause, Filled.blank(support=cause.support), member)


@post("/{municipality:str}/problem/{problem:str}/orsak/{letter:str}", opt=ANALYSE, status_code=200)
async def assess(
    request: Asking, member: CurrentMember, problem: FromPath[str], letter: FromPath[str]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    values = read_assessment(form)
    if not form.errors:
        try:
            await assess_cause(
                by=member,
                problem_id=found.id,
                letter=letter,
                assessment_id=form.row_id("assessment", found.id, letter),
                **values,
            )
            return back_to(found, "problem-causes", by=member)
        except NoSuchCause:
            raise NotFoundException() from None
        except ProblemClosed:
            refuse_closed(form)
    return _assessment(request, found, await _asked_cause(found, letter), form, member)


async def _asked_cause(found: FoundProblem, letter: str) -> ShownCause:
    for cause in await read_causes(found.id):
        if cause.letter == letter:
            return cause
    raise NotFoundException()


def _assessment(
    request: Asking, found: FoundProblem, cause: ShownCause, form: Filled, member: Member
) -> Template:
    return form_page(
        request,
        "cycle/analysis/assessment.html",
        found,
        form,
        by=member,
        cause=cause,
        supports={key: _(words) for key, words in SUPPORTS.items()},
    )


routes = [cause_page, add_cause, assessment_page, assess]
