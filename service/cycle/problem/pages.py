"""The problems of a municipality, and the page of one, where the stages of the wheel meet."""

from typing import Any

from litestar import Request, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from service.cycle.analysis.find import NoSuchProblem, find_problem, find_problems
from service.cycle.problem.sections import SECTIONS, read_section, read_sections
from service.web.may import CurrentMember, may
from service.web.respond import fragment, page
from tenants.roles import Permission

READ = may(Permission.PROBLEM_READ)


@get("/{municipality:str}/problem", opt=READ)
async def problems_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return page(request, "cycle/problem/list.html", problems=await find_problems(by=member))


@get("/{municipality:str}/problem/{problem:str}", opt=READ)
async def problem_page(
    request: Request[Any, Any, Any], member: CurrentMember, problem: FromPath[str]
) -> Template:
    try:
        found = await find_problem(problem, by=member)
    except NoSuchProblem:
        raise NotFoundException() from None
    return page(request, "cycle/problem/page.html", **await read_sections(found, by=member))


@get("/{municipality:str}/problem/{problem:str}/{section:str}", opt=READ)
async def problem_section(
    request: Request[Any, Any, Any],
    member: CurrentMember,
    problem: FromPath[str],
    section: FromPath[str],
) -> Template:
    """One section anew, for a page that was told that something about a problem has changed."""
    try:
        found = await find_problem(problem, by=member)
    except NoSuchProblem:
        raise NotFoundException() from None
    if section not in SECTIONS:
        raise NotFoundException()
    context = await read_section(section, found, by=member)
    return fragment(request, SECTIONS[section].template, **context)


routes = [problems_page, problem_page, problem_section]
