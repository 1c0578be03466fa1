"""Propose measures, and see every measure and where it stands."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from service.cycle.analysis.asked_problem import asked_problem, back_to, form_page
from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.forms import refuse_closed
from service.cycle.analysis.hold import ProblemClosed
from service.cycle.analysis.show_analysis import read_causes
from service.cycle.measures import proposal_pages
from service.cycle.measures.find import (
    FoundMeasure,
    find_measures,
    find_measures_of,
)
from service.cycle.measures.forms import read_note, read_plan
from service.cycle.measures.propose import (
    AlreadyWaits,
    NoSuchCause,
    NoSuchMeasure,
    NotAgain,
    OrganisationLeft,
    propose_again,
    propose_measure,
)
from service.cycle.measures.words import HORIZONS, KINDS
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import fragment, page
from tenants.members import Member
from tenants.organisations import organisations_that_take_part
from tenants.roles import Permission

READ = may(Permission.PROBLEM_READ)
PROPOSE = may(Permission.MEASURE_PROPOSE)

Asking = Request[Any, Any, Any]


@get("/{municipality:str}/insatser", opt=READ)
async def measures_page(request: Asking, member: CurrentMember) -> Template:
    return page(request, "cycle/measures/page.html", measures=await find_measures(by=member))


@get("/{municipality:str}/insatser/_lista", opt=READ)
async def measures_list(request: Asking, member: CurrentMember) -> Template:
    return fragment(request, "cycle/measures/_list.html", measures=await find_measures(by=member))


@get("/{municipality:str}/problem/{problem:str}/insats", opt=PROPOSE)
async def plan_page(request: Asking, member: CurrentMember, problem: FromPath[str]) -> Template:
    found = await asked_problem(problem, by=member)
    return await _plan(request, found, Filled.blank(), member)


@post("/{municipality:str}/problem/{problem:str}/insats", opt=PROPOSE, status_code=200)
async def plan(request: Asking, member: CurrentMember, problem: FromPath[str]) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    planned, text = read_plan(form), read_note(form)
    if planned is not None and not form.errors:
        try:
            await propose_measure(
                by=member,
                problem_id=found.id,
                measure_id=form.row_id("measure", found.id),
                plan=planned,
                text=text,
            )
            return back_to(found, "problem-measures", by=member)
        except NoSuchCause:
            form.refuse("cause", _("Orsaken är avförd eller finns inte. Välj en annan."))
        except OrganisationLeft as left:
            form.refuse(
                "partner" if left.partner else "responsible",
                _("Organisationen är inte längre med i arbetet. Välj en annan."),
            )
        except ProblemClosed:
            refuse_closed(form)
    return await _plan(request, found, form, member)


async def _plan(request: Asking, found: FoundProblem, form: Filled, member: Member) -> Template:
    causes = [cause for cause in await read_causes(found.id) if not cause.rejected]
    return form_page(
        request,
        "cycle/measures/propose.html",
        found,
        form,
        by=member,
        causes=[(cause.id, f"{cause.letter}. {cause.title}") for cause in causes],
        kinds={key: _(words) for key, words in KINDS.items()},
        horizons={key: _(words) for key, words in HORIZONS.items()},
        organisations=await organisations_that_take_part(),
    )


@get("/{municipality:str}/problem/{problem:str}/insats/{measure:uuid}/igen", opt=PROPOSE)
async def again_page(
    request: Asking, member: CurrentMember, problem: FromPath[str], measure: FromPath[UUID]
) -> Template:
    found = await asked_problem(problem, by=member)
    return await _again(request, found, measure, Filled.blank(), member)


@post(
    "/{municipality:str}/problem/{problem:str}/insats/{measure:uuid}/igen",
    opt=PROPOSE,
    status_code=200,
)
async def again(
    request: Asking, member: CurrentMember, problem: FromPath[str], measure: FromPath[UUID]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    text = read_note(form)
    if not form.errors:
        try:
            await propose_again(
                by=member,
                problem_id=found.id,
                measure_id=measure,
                proposal_id=form.row_id("again", found.id, measure),
                text=text,
            )
            return back_to(found, "problem-measures", by=member)
        except NoSuchMeasure:
            raise NotFoundException() from None
        except AlreadyWaits:
            form.refuse("form", _("Förslaget väntar redan på beslut."))
        except NotAgain:
            form.refuse("form", _("Styrgruppen har avgjort insatsen. Föreslå en ny i stället."))
        except NoSuchCause:
            form.refuse("form", _("Orsaken har avförts. Föreslå en ny insats mot en annan orsak."))
        except OrganisationLeft:
            form.refuse(
                "form",
                _("En organisation i insatsen har lämnat arbetet. Föreslå en ny insats i stället."),
            )
        except ProblemClosed:
            refuse_closed(form)
    return await _again(request, found, measure, form, member)


async def _again(
    request: Asking, found: FoundProblem, measure: UUID, form: Filled, member: Member
) -> Template:
    return form_page(
        request,
        "cycle/measures/again.html",
        found,
        form,
        by=member,
        measure=await _asked_measure(found, measure, member),
    )


async def _asked_measure(found: FoundProblem, measure_id: UUID, member: Member) -> FoundMeasure:
    for one in await find_measures_of(found.id, by=member):
        if one.id == measure_id:
            return one
    raise NotFoundException()


routes = [
    measures_page,
    measures_list,
    plan_page,
    plan,
    again_page,
    again,
    *proposal_pages.routes,
]
