"""What the preparatory group does with a problem: open it; the rest has pages of its own."""

from typing import Any

from litestar import Request, Response, post
from litestar.response import Redirect

from service.cycle.analysis import cause_pages, finding_pages, inquiry_pages
from service.cycle.analysis.open import NotInPicture, open_problem
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import page
from tenants.roles import Permission

ANALYSE = may(Permission.PROBLEM_ANALYSE)

Asking = Request[Any, Any, Any]


@post("/{municipality:str}/problem", opt=ANALYSE, status_code=200)
async def open_from_list(request: Asking, member: CurrentMember) -> Response[Any]:
    form = Filled.of(await request.form())
    try:
        opened = await open_problem(
            by=member, area_key=form.said("area"), category_key=form.said("category")
        )
    except NotInPicture:
        detail = _("Läget finns inte längre i listan. Ladda om lägesbilden och välj igen.")
        return page(request, "layout/error.html", status=422, status_code=422, detail=detail)
    joined = "?redan" if opened.joined else ""
    return Redirect(f"/{member.municipality.slug}/problem/{opened.label}{joined}", status_code=303)


routes = [
    open_from_list,
    *finding_pages.routes,
    *cause_pages.routes,
    *inquiry_pages.routes,
]
