"""The problems of a municipality, and the page of one, where the stages of the wheel meet."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.cycle.analysis.asked_problem import address_of, asked_problem, form_page
from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.forms import refuse_closed
from service.cycle.analysis.hold import ProblemClosed
from service.cycle.measures.tasks.read import tasks_of
from service.cycle.problem.close import StillUnfinished, Unfinished, close_problem, unfinished
from service.cycle.problem.sections import SECTIONS, read_section, read_sections
from service.cycle.problem.show_list import list_problems
from service.web.filled import Filled
from service.web.language import _, ngettext
from service.web.may import CurrentMember, may
from service.web.respond import fragment, page
from tenants.members import Member
from tenants.roles import Permission

READ = may(Permission.PROBLEM_READ)
ANALYSE = may(Permission.PROBLEM_ANALYSE)

Asking = Request[Any, Any, Any]


@get("/{municipality:str}/problem", opt=READ)
async def problems_page(request: Asking, member: CurrentMember) -> Template:
    now_open, closed = await list_problems(by=member)
    return page(request, "cycle/problem/list.html", problems=now_open, closed=closed)


@get("/{municipality:str}/problem/_lista", opt=READ)
async def problems_list(request: Asking, member: CurrentMember) -> Template:
    now_open, closed = await list_problems(by=member)
    return fragment(request, "cycle/problem/_list.html", problems=now_open, closed=closed)


@get("/{municipality:str}/problem/{problem:str}", opt=READ)
async def problem_page(request: Asking, member: CurrentMember, problem: FromPath[str]) -> Template:
    found = await asked_problem(problem, by=member)
    context = await read_sections(found, by=member)
    joined = "redan" in request.query_params
    return page(request, "cycle/problem/page.html", joined=joined, **context)


@get("/{municipality:str}/problem/{problem:str}/{section:str}", opt=READ)
async def problem_section(
    request: Asking, member: CurrentMember, problem: FromPath[str], section: FromPath[str]
) -> Template:
    """One section anew, for a page that was told that something about a problem has changed."""
    found = await asked_problem(problem, by=member)
    if section not in SECTIONS:
        raise NotFoundException()
    context = await read_section(section, found, by=member)
    return fragment(request, SECTIONS[section].template, **context)


@get("/{municipality:str}/problem/{problem:str}/avsluta", opt=ANALYSE)
async def closing_page(request: Asking, member: CurrentMember, problem: FromPath[str]) -> Template:
    found = await asked_problem(problem, by=member)
    return await _closing(request, found, Filled.blank(), member)


@post("/{municipality:str}/problem/{problem:str}/avsluta", opt=ANALYSE, status_code=200)
async def close(request: Asking, member: CurrentMember, problem: FromPath[str]) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    motive = form.text("motive", longest=1000, missing=_("Skriv varför problemet avslutas."))
    if not form.errors:
        try:
            await close_problem(by=member, problem=found, motive=motive)
            return Redirect(address_of(found, member), status_code=303)
        except StillUnfinished as still:
            form.refuse("form", still_open(still.left))
        except ProblemClosed:
            refuse_closed(form)
    return await _closing(request, found, form, member)


async def _closing(request: Asking, found: FoundProblem, form: Filled, member: Member) -> Template:
    left = await unfinished(found.id, by=member)
    return form_page(
        request,
        "cycle/problem/close.html",
        found,
        form,
        by=member,
        hindrance=still_open(left) if left and not form.errors else "",
        undone=sum(task.done_at is None for task in await tasks_of(found.id, by=member)),
    )


def still_open(left: Unfinished) -> str:
    """Why a problem can not be closed now."""
    said = []
    if left.waiting:
        said.append(
            ngettext(
                "Ett förslag väntar på beslut.", "%(num)s förslag väntar på beslut.", left.waiting
            )
        )
    if left.running:
        said.append(ngettext("En insats pågår.", "%(num)s insatser pågår.", left.running))
    if left.due:
        said.append(
            ngettext(
                "En insats är slut och ska följas upp.",
                "%(num)s insatser är slut och ska följas upp.",
                left.due,
            )
        )
    return " ".join(
        [*said, _("Problemet kan avslutas när inget väntar, pågår eller ska följas upp.")]
    )


routes = [
    problems_page,
    problems_list,
    problem_page,
    problem_section,
    closing_page,
    close,
]
