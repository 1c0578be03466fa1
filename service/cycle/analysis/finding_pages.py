"""Pages for what is known and assumed about a problem."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from service.cycle.analysis.asked_problem import asked_problem, back_to, form_page
from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.forms import read_finding, refuse_closed
from service.cycle.analysis.hold import ProblemClosed
from service.cycle.analysis.note import NoSuchFinding, note_finding, retract_finding
from service.cycle.analysis.words import KINDS
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may
from tenants.members import Member
from tenants.roles import Permission

ANALYSE = may(Permission.PROBLEM_ANALYSE)

Asking = Request[Any, Any, Any]


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
            return back_to(found, "problem-findings", by=member)
        except ProblemClosed:
            refuse_closed(form)
    return _finding(request, found, form, member)


@post(
    "/{municipality:str}/problem/{problem:str}/notera/{finding:uuid}/ta-tillbaka",
    opt=ANALYSE,
    status_code=200,
)
async def take_back(
    member: CurrentMember, problem: FromPath[str], finding: FromPath[UUID]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    try:
        await retract_finding(by=member, problem_id=found.id, finding_id=finding)
    except NoSuchFinding:
        raise NotFoundException() from None
    except ProblemClosed:
        pass  # The page says that it is closed; a finding of a closed problem stays as it was.
    return back_to(found, "problem-findings", by=member)


def _finding(request: Asking, found: FoundProblem, form: Filled, member: Member) -> Template:
    return form_page(
        request,
        "cycle/analysis/finding.html",
        found,
        form,
        by=member,
        kinds={kind: _(words) for kind, words in KINDS.items()},
    )


routes = [finding_page, note, take_back]
