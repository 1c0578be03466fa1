"""The problems of a municipality, and the page of one, where the stages of the wheel meet."""

from typing import Any

from litestar import Request, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from service.cycle.analysis.find import NoSuchProblem, find_problem, find_problems
from service.web.may import CurrentMember, may
from service.web.respond import page
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
    return page(request, "cycle/problem/page.html", problem=found)


routes = [problems_page, problem_page]
