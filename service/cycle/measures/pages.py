"""Propose measures and priorities, withdraw them, and see every measure and where it stands."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.cycle.analysis.asked_problem import address_of, asked_problem, form_page
from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.forms import refuse_closed
from service.cycle.analysis.hold import ProblemClosed
from service.cycle.analysis.organisations import present_organisations
from service.cycle.analysis.show_analysis import read_causes
from service.cycle.measures.decide import NoSuchProposal
from service.cycle.measures.find import (
    FoundMeasure,
    FoundProposal,
    find_measures,
    find_measures_of,
    find_proposals_of,
)
from service.cycle.measures.forms import read_motive, read_note, read_plan, read_priority
from service.cycle.measures.propose import (
    AlreadyWaits,
    NoSuchCause,
    NoSuchMeasure,
    NotAgain,
    OrganisationLeft,
    propose_again,
    propose_measure,
    propose_priority,
)
from service.cycle.measures.withdraw import MayNotWithdraw, WasDecided, withdraw_proposal
from service.cycle.measures.words import HORIZONS, KINDS, PRIORITIES
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import fragment, page
from tenants.members import Member
from tenants.roles import Permission

READ = may(Permission.PROBLEM_READ)
PROPOSE = may(Permission.MEASURE_PROPOSE)
PRIORITY = may(Permission.PRIORITY_PROPOSE)

Asking = Request[Any, Any, Any]


@get("/{municipality:str}/insatser", opt=READ)
async def measures_page(request: Asking, member: CurrentMember) -> Template:
    return page(request, "cycle/measures/page.html", measures=await find_measures(by=member))


@get("/{municipality:str}/insatser/_lista", opt=READ)
async def measures_list(request: Asking, member: CurrentMember) -> Template:
    return fragment(request, "cycle/measures/_list.html", measures=await find_measures(by=member))


# -- a measure ---------------------------------------------------------------------------------


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
            return _back(found, member)
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
        organisations=await present_organisations(),
    )


@get("/{municipality:str}/problem/{problem:str}/insats/{measure:str}/igen", opt=PROPOSE)
async def again_page(
    request: Asking, member: CurrentMember, problem: FromPath[str], measure: FromPath[str]
) -> Template:
    found = await asked_problem(problem, by=member)
    return await _again(request, found, measure, Filled.blank(), member)


@post(
    "/{municipality:str}/problem/{problem:str}/insats/{measure:str}/igen",
    opt=PROPOSE,
    status_code=200,
)
async def again(
    request: Asking, member: CurrentMember, problem: FromPath[str], measure: FromPath[str]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    text = read_note(form)
    if not form.errors:
        try:
            await propose_again(
                by=member,
                problem_id=found.id,
                measure_id=_id(measure),
                proposal_id=form.row_id("again", found.id, measure),
                text=text,
            )
            return _back(found, member)
        except NoSuchMeasure:
            raise NotFoundException() from None
        except AlreadyWaits:
            form.refuse("form", _("Förslaget väntar redan på beslut."))
        except NotAgain:
            form.refuse("form", _("Styrgruppen har avgjort insatsen. Föreslå en ny i stället."))
        except ProblemClosed:
            refuse_closed(form)
    return await _again(request, found, measure, form, member)


async def _again(
    request: Asking, found: FoundProblem, measure: str, form: Filled, member: Member
) -> Template:
    return form_page(
        request,
        "cycle/measures/again.html",
        found,
        form,
        by=member,
        measure=await _asked_measure(found, _id(measure), member),
    )


async def _asked_measure(found: FoundProblem, measure_id: UUID, member: Member) -> FoundMeasure:
    for one in await find_measures_of(found.id, by=member):
        if one.id == measure_id:
            return one
    raise NotFoundException()


# -- a priority --------------------------------------------------------------------------------


@get("/{municipality:str}/problem/{problem:str}/prioritet", opt=PRIORITY)
async def priority_page(request: Asking, member: CurrentMember, problem: FromPath[str]) -> Template:
    found = await asked_problem(problem, by=member)
    return _priority(request, found, Filled.blank(), member)


@post("/{municipality:str}/problem/{problem:str}/prioritet", opt=PRIORITY, status_code=200)
async def ask_for_priority(
    request: Asking, member: CurrentMember, problem: FromPath[str]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    priority, text = read_priority(form)
    if not form.errors:
        try:
            await propose_priority(
                by=member,
                problem_id=found.id,
                proposal_id=form.row_id("priority", found.id),
                priority=priority,
                text=text,
            )
            return _back(found, member)
        except AlreadyWaits:
            form.refuse(
                "form",
                _("Ett förslag om prioritet väntar redan på beslut. Ditt är inte sparat."),
            )
        except ProblemClosed:
            refuse_closed(form)
    return _priority(request, found, form, member)


def _priority(request: Asking, found: FoundProblem, form: Filled, member: Member) -> Template:
    return form_page(
        request,
        "cycle/measures/priority.html",
        found,
        form,
        by=member,
        priorities={key: _(words) for key, words in PRIORITIES.items()},
    )


# -- withdrawal --------------------------------------------------------------------------------


@get("/{municipality:str}/problem/{problem:str}/forslag/{proposal:str}/dra-tillbaka", opt=PRIORITY)
async def withdrawal_page(
    request: Asking, member: CurrentMember, problem: FromPath[str], proposal: FromPath[str]
) -> Template:
    found = await asked_problem(problem, by=member)
    return await _withdrawal(request, found, proposal, Filled.blank(), member)


@post(
    "/{municipality:str}/problem/{problem:str}/forslag/{proposal:str}/dra-tillbaka",
    opt=PRIORITY,
    status_code=200,
)
async def withdraw(
    request: Asking, member: CurrentMember, problem: FromPath[str], proposal: FromPath[str]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    motive = read_motive(form, 600)
    if not form.errors:
        try:
            await withdraw_proposal(
                by=member, problem_id=found.id, proposal_id=_id(proposal), motive=motive
            )
            return _back(found, member)
        except NoSuchProposal:
            raise NotFoundException() from None
        except MayNotWithdraw:
            raise PermissionDeniedException() from None
        except WasDecided:
            form.refuse(
                "form", _("Styrgruppen hann besluta. Förslaget kan inte längre dras tillbaka.")
            )
    return await _withdrawal(request, found, proposal, form, member)


async def _withdrawal(
    request: Asking, found: FoundProblem, proposal: str, form: Filled, member: Member
) -> Template:
    return form_page(
        request,
        "cycle/measures/withdraw.html",
        found,
        form,
        by=member,
        proposal=await _asked_proposal(found, _id(proposal)),
        priorities={key: _(words) for key, words in PRIORITIES.items()},
    )


async def _asked_proposal(found: FoundProblem, proposal_id: UUID) -> FoundProposal:
    for one in await find_proposals_of(found.id):
        if one.id == proposal_id:
            return one
    raise NotFoundException()


def _id(text: str) -> UUID:
    """An id out of an address; what is none is nothing that exists."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundException() from None


def _back(found: FoundProblem, member: Member) -> Redirect:
    return Redirect(f"{address_of(found, member)}#problem-measures", status_code=303)


routes = [
    measures_page,
    measures_list,
    plan_page,
    plan,
    again_page,
    again,
    priority_page,
    ask_for_priority,
    withdrawal_page,
    withdraw,
]
