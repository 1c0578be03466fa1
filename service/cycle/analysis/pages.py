"""What the preparatory group does with a problem: open it, note, name causes, ask."""

from typing import Any

from litestar import Request, Response, post
from litestar.response import Redirect

from service.cycle.analysis.open import NotInPicture, open_problem
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import page
from tenants.roles import Permission

ANALYSE = may(Permission.PROBLEM_ANALYSE)


@post("/{municipality:str}/problem", opt=ANALYSE, status_code=200)
async def open_from_list(request: Request[Any, Any, Any], member: CurrentMember) -> Response[Any]:
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


routes = [open_from_list]
