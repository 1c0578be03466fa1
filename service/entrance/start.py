"""The public start page, who one is, and the way into a municipality."""

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, Template

from service.entrance.belongings import Belonging, what_opens
from service.web.may import PUBLIC, SESSION_COOKIE, CurrentMember, may, person_of
from service.web.respond import page
from tenants.municipalities import all_municipalities
from tenants.roles import Permission
from tenants.scope import fetch_value, outside_scope


@get("/", opt=PUBLIC)
async def start_page(request: Request[Any, Any, Any]) -> Template:
    """What this is; and for somebody who is logged in, where to go."""
    person_id = person_of(request)
    municipalities = await all_municipalities()
    mine: list[Belonging] = []
    if person_id is not None:
        async with outside_scope():
            mine = await what_opens(person_id, request.cookies.get(SESSION_COOKIE, ""))
    return page(
        request,
        "entrance/start.html",
        logged_in=person_id is not None,
        mine=mine,
        municipalities=municipalities,
    )


@get("/me", opt=PUBLIC, media_type="application/json")
async def me(request: Request[Any, Any, Any]) -> Response[dict[str, str]]:
    """The id of the person who is logged in, or 401."""
    person_id = person_of(request)
    headers = {"Cache-Control": "no-store"}
    if person_id is None:
        return Response({}, status_code=401, headers=headers)
    return Response({"user": str(person_id)}, headers=headers)


@get("/{municipality:str}", opt=may(Permission.MUNICIPALITY_ENTER))
async def enter(request: Request[Any, Any, Any], member: CurrentMember) -> Redirect:
    """The page that a member of the municipality most likely comes for."""
    if member.may(Permission.ORGANISATION_MANAGE) and await _just_begun():
        place = "kom-igang"
    elif member.may(Permission.PICTURE_READ_ALL):
        place = "lagesbild"
    elif member.may(Permission.DASHBOARD_READ):
        place = "styrgrupp"
    elif member.may(Permission.REPORT_HAND_IN):
        place = "rapportera"
    elif member.may(Permission.AUDIT_READ):
        place = "granskning"
    elif member.may(Permission.TASK_WORK):
        place = "uppdrag"
    elif member.may(Permission.PEOPLE_MANAGE):
        place = "personer"
    else:
        raise NotFoundException()
    return Redirect(f"/{member.municipality.slug}/{place}", status_code=303)


async def _just_begun() -> bool:
    """Whether the municipality signed itself up, and nothing has been reported to it yet."""
    found = await fetch_value(
        """SELECT EXISTS (SELECT 1 FROM processing_agreement)
                  AND NOT EXISTS (SELECT 1 FROM report)"""
    )
    return bool(found)
