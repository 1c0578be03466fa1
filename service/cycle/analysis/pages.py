"""What the preparatory group does with a problem: open it, note, name causes, ask."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.cycle.analysis.ask import (
    AlreadyAnswered,
    NoSuchInquiry,
    NotAsked,
    OrganisationLeft,
    answer_inquiry,
    ask_organisation,
)
from service.cycle.analysis.asked_problem import address_of, asked_problem, form_page
from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.forms import (
    read_answer,
    read_assessment,
    read_cause,
    read_finding,
    read_inquiry,
    refuse_closed,
)
from service.cycle.analysis.hold import ProblemClosed
from service.cycle.analysis.name_cause import (
    NoSuchCause,
    TooManyCauses,
    assess_cause,
    name_cause,
)
from service.cycle.analysis.note import NoSuchFinding, note_finding, retract_finding
from service.cycle.analysis.open import NotInPicture, open_problem
from service.cycle.analysis.organisations import present_organisations
from service.cycle.analysis.show_analysis import ShownCause, read_causes
from service.cycle.analysis.words import KINDS, SIDES, SUPPORTS
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import page
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch_row

ANALYSE = may(Permission.PROBLEM_ANALYSE)
ANSWER = may(Permission.TASK_WORK)

Asking = Request[Any, Any, Any]


@post("/{municipality:str}/problem", opt=ANALYSE, status_code=200)
async def open_from_list(request: Asking, member: CurrentMember) -> Response[Any]:
    form = await request.form()
    try:
        opened = await open_problem(
            by=member,
            area_key=str(form.get("area", ""))[:80],
            category_key=str(form.get("category", ""))[:80],
        )
    except NotInPicture:
        detail = _("Läget finns inte längre i listan. Ladda om lägesbilden och välj igen.")
        return page(request, "layout/error.html", status=422, status_code=422, detail=detail)
    joined = "?redan" if opened.joined else ""
    return Redirect(f"/{member.municipality.slug}/problem/{opened.label}{joined}", status_code=303)


# -- findings ----------------------------------------------------------------------------------


@get("/{municipality:str}/problem/{problem:str}/notera", opt=ANALYSE)
async def finding_page(request: Asking, member: CurrentMember, problem: FromPath[str]) -> Template:
    found = await asked_problem(problem, by=member)
    return _finding(request, found, Filled.blank(kind="known"), member)


@post("/{municipality:str}/problem/{problem:str}/notera", opt=ANALYSE, status_code=200)
async def note(request: Asking, member: CurrentMember, problem: FromPath[str]) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    values = read_finding(form)
    if not form.errors:
        try:
            await note_finding(
                by=member,
                problem_id=found.id,
                finding_id=form.row_id("finding", found.id),
                **values,
            )
            return _back(found, member, "problem-findings")
        except ProblemClosed:
            refuse_closed(form)
    return _finding(request, found, form, member)


@post(
    "/{municipality:str}/problem/{problem:str}/notera/{finding:str}/ta-tillbaka",
    opt=ANALYSE,
    status_code=200,
)
async def take_back(
    member: CurrentMember, problem: FromPath[str], finding: FromPath[str]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    try:
        await retract_finding(by=member, problem_id=found.id, finding_id=_id(finding))
    except NoSuchFinding:
        raise NotFoundException() from None
    except ProblemClosed:
        pass  # The page says that it is closed; a finding of a closed problem stays as it was.
    return _back(found, member, "problem-findings")


def _finding(request: Asking, found: FoundProblem, form: Filled, member: Member) -> Template:
    return form_page(
        request,
        "cycle/analysis/finding.html",
        found,
        form,
        by=member,
        kinds={kind: _(words) for kind, words in KINDS.items()},
    )


# -- causes ------------------------------------------------------------------------------------


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
            return _back(found, member, "problem-causes")
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
            return _back(found, member, "problem-causes")
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


# -- inquiries ---------------------------------------------------------------------------------


@get("/{municipality:str}/problem/{problem:str}/fraga", opt=ANALYSE)
async def inquiry_page(request: Asking, member: CurrentMember, problem: FromPath[str]) -> Template:
    found = await asked_problem(problem, by=member)
    return await _inquiry(request, found, Filled.blank(), member)


@post("/{municipality:str}/problem/{problem:str}/fraga", opt=ANALYSE, status_code=200)
async def ask(request: Asking, member: CurrentMember, problem: FromPath[str]) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    values = read_inquiry(form)
    if not form.errors:
        try:
            await ask_organisation(
                by=member,
                problem_id=found.id,
                inquiry_id=form.row_id("inquiry", found.id),
                **values,
            )
            return _back(found, member, "problem-inquiries")
        except OrganisationLeft:
            form.refuse(
                "asked",
                _("Organisationen är inte längre med i arbetet. Välj en annan."),
            )
        except ProblemClosed:
            refuse_closed(form)
    return await _inquiry(request, found, form, member)


async def _inquiry(request: Asking, found: FoundProblem, form: Filled, member: Member) -> Template:
    return form_page(
        request,
        "cycle/analysis/inquiry.html",
        found,
        form,
        by=member,
        organisations=await present_organisations(),
    )


@get("/{municipality:str}/problem/{problem:str}/fraga/{inquiry:str}", opt=ANSWER)
async def answer_page(
    request: Asking, member: CurrentMember, problem: FromPath[str], inquiry: FromPath[str]
) -> Template:
    found = await asked_problem(problem, by=member)
    return await _answer(request, found, inquiry, Filled.blank(), member)


@post("/{municipality:str}/problem/{problem:str}/fraga/{inquiry:str}", opt=ANSWER, status_code=200)
async def answer(
    request: Asking, member: CurrentMember, problem: FromPath[str], inquiry: FromPath[str]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    text = read_answer(form)
    if not form.errors:
        try:
            await answer_inquiry(by=member, problem_id=found.id, inquiry_id=_id(inquiry), text=text)
            return _back(found, member, "problem-inquiries")
        except NoSuchInquiry:
            raise NotFoundException() from None
        except NotAsked:
            raise PermissionDeniedException() from None
        except AlreadyAnswered:
            form.refuse(
                "form", _("Någon annan hann svara. Det svaret gäller; ditt är inte sparat.")
            )
        except ProblemClosed:
            refuse_closed(form)
    return await _answer(request, found, inquiry, form, member)


async def _answer(
    request: Asking, found: FoundProblem, inquiry: str, form: Filled, member: Member
) -> Template:
    asked = await fetch_row(
        """SELECT inquiry.question, inquiry.due_on, organisation.name AS organisation,
                  inquiry_answer.text AS answer
           FROM inquiry
           JOIN organisation ON organisation.id = inquiry.organisation_id
           LEFT JOIN inquiry_answer ON inquiry_answer.inquiry_id = inquiry.id
           WHERE inquiry.id = $1 AND inquiry.problem_id = $2""",
        _id(inquiry),
        found.id,
    )
    if asked is None:
        raise NotFoundException()
    return form_page(request, "cycle/analysis/answer.html", found, form, by=member, inquiry=asked)


def _id(text: str) -> UUID:
    """An id out of an address; what is none is nothing that exists."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundException() from None


def _back(found: FoundProblem, member: Member, section: str) -> Redirect:
    return Redirect(f"{address_of(found, member)}#{section}", status_code=303)


routes = [
    open_from_list,
    finding_page,
    note,
    take_back,
    cause_page,
    add_cause,
    assessment_page,
    assess,
    inquiry_page,
    ask,
    answer_page,
    answer,
]
