"""Pages for asking an organisation about a problem, and for its answer."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from service.cycle.analysis.ask import (
    AlreadyAnswered,
    NoSuchInquiry,
    NotAsked,
    OrganisationLeft,
    answer_inquiry,
    ask_organisation,
)
from service.cycle.analysis.asked_problem import asked_problem, back_to, form_page
from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.forms import read_answer, read_inquiry, refuse_closed
from service.cycle.analysis.hold import ProblemClosed
from service.cycle.analysis.show_analysis import find_inquiry
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may, refuse
from tenants.members import Member
from tenants.organisations import organisations_that_take_part
from tenants.roles import Permission

ANALYSE = may(Permission.PROBLEM_ANALYSE)
ANSWER = may(Permission.TASK_WORK)

Asking = Request[Any, Any, Any]


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
            return back_to(found, "problem-inquiries", by=member)
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
        organisations=await organisations_that_take_part(),
    )


@get("/{municipality:str}/problem/{problem:str}/fraga/{inquiry:uuid}", opt=ANSWER)
async def answer_page(
    request: Asking, member: CurrentMember, problem: FromPath[str], inquiry: FromPath[UUID]
) -> Template:
    found = await asked_problem(problem, by=member)
    return await _answer(request, found, inquiry, Filled.blank(), member)


@post("/{municipality:str}/problem/{problem:str}/fraga/{inquiry:uuid}", opt=ANSWER, status_code=200)
async def answer(
    request: Asking, member: CurrentMember, problem: FromPath[str], inquiry: FromPath[UUID]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    text = read_answer(form)
    if not form.errors:
        try:
            await answer_inquiry(by=member, problem_id=found.id, inquiry_id=inquiry, text=text)
            return back_to(found, "problem-inquiries", by=member)
        except NoSuchInquiry:
            raise NotFoundException() from None
        except NotAsked:
            raise refuse(request, Permission.PROBLEM_ANALYSE) from None
        except AlreadyAnswered:
            form.refuse(
                "form", _("Någon annan hann svara. Det svaret gäller; ditt är inte sparat.")
            )
        except ProblemClosed:
            refuse_closed(form)
    return await _answer(request, found, inquiry, form, member)


async def _answer(
    request: Asking, found: FoundProblem, inquiry: UUID, form: Filled, member: Member
) -> Template:
    asked = await find_inquiry(inquiry, of=found.id)
    if asked is None:
        raise NotFoundException()
    return form_page(request, "cycle/analysis/answer.html", found, form, by=member, inquiry=asked)


routes = [inquiry_page, ask, answer_page, answer]
