"""The problem that an address names, and the page of a form about it."""

from typing import Any

from litestar import Request
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, Template

from service.cycle.analysis.find import FoundProblem, NoSuchProblem, find_problem
from service.web.filled import Filled
from service.web.respond import page
from tenants.members import Member


async def asked_problem(label: str, *, by: Member) -> FoundProblem:
    """The problem called `label`; 404 when there is none that `by` may see."""
    try:
        return await find_problem(label, by=by)
    except NoSuchProblem:
        raise NotFoundException() from None


def address_of(problem: FoundProblem, by: Member) -> str:
    return f"/{by.municipality.slug}/problem/{problem.label}"


def back_to(problem: FoundProblem, section: str, *, by: Member) -> Redirect:
    """To the section of the problem's page where what was written now stands."""
    return Redirect(f"{address_of(problem, by)}#{section}", status_code=303)


def form_page(
    request: Request[Any, Any, Any],
    template: str,
    problem: FoundProblem,
    form: Filled,
    *,
    by: Member,
    **context: Any,
) -> Template:
    """A form about a problem on a page of its own: unfinished when it holds errors.

    Forms stand outside the live sections, so that nothing typed is taken away by what others do.
    """
    return page(
        request,
        template,
        status=422 if form.errors else 200,
        problem=problem,
        here=address_of(problem, by),
        action=request.url.path,
        form=form,
        **context,
    )
