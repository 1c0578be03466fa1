"""Fetch an edition on paper, and a picture's numbers as a file, as far as one may see them."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.cycle.picture.editions.approve import NoSuchEdition
from service.cycle.picture.editions.read import EditionHead, read_edition, read_head
from service.cycle.picture.paper.export import csv_of, geojson_of, json_of
from service.cycle.picture.paper.make import (
    MEDIA,
    ask_for_pdf,
    file_name,
    find_pdf,
    is_being_made,
    read_pdf,
)
from service.cycle.picture.policy import view_of
from service.cycle.picture.show import Shown, read_picture
from service.web import limits
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import fragment
from tenants import audit
from tenants.members import Member
from tenants.roles import Permission

READ = may(Permission.PICTURE_READ)
EDITION = "/{municipality:str}/lagesbild/utgavor/{edition:uuid}"
MEDIA_OF = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "geojson": "application/geo+json",
}
Asking = Request[Any, Any, Any]


@post(EDITION + "/pdf", opt=READ, status_code=200)
async def make(request: Asking, member: CurrentMember, edition: FromPath[UUID]) -> Redirect:
    await _head(edition)
    await limits.take(request, "export")
    await ask_for_pdf(edition, view_of(member), by=member)
    address = f"/{member.municipality.slug}/lagesbild/utgavor/{edition}#paper"
    return Redirect(address, status_code=303)


@get(EDITION + "/_papper", opt=READ)
async def paper_section(
    request: Asking, member: CurrentMember, edition: FromPath[UUID]
) -> Template:
    head = await _head(edition)
    context = await paper_context(head.id, member)
    return fragment(request, "cycle/picture/paper/_paper.html", edition=head, **context)


@get(EDITION + "/pdf", opt=READ)
async def fetch(request: Asking, member: CurrentMember, edition: FromPath[UUID]) -> Response[bytes]:
    """The PDF that was made for those who see the picture as the reader does."""
    await _head(edition)
    found = await read_pdf(edition, view_of(member))
    if found is None:
        raise NotFoundException()
    name, content = found
    await _note(member, edition, "pdf")
    return _file(content, MEDIA, name)


@get(EDITION + "/data/{form:str}", opt=READ)
async def edition_data(
    request: Asking, member: CurrentMember, edition: FromPath[UUID], form: FromPath[str]
) -> Response[bytes]:
    head = await _head(edition)
    shown = await read_edition(edition, view_of(member))
    await limits.take(request, "export")
    content = await _as(form, shown, head.name, member)
    await _note(member, edition, form)
    return _file(content, MEDIA_OF[form], file_name(head, member.municipality.slug, form))


@get("/{municipality:str}/lagesbild/data/{form:str}", opt=READ)
async def picture_data(
    request: Asking, member: CurrentMember, form: FromPath[str]
) -> Response[bytes]:
    """The working picture's numbers, as the page shows them now."""
    shown = await read_picture(view_of(member))
    if shown is None or form not in MEDIA_OF:
        raise NotFoundException()
    await limits.take(request, "export")
    content = await _as(form, shown, _("Den aktuella lägesbilden"), member)
    await _note(member, None, form)
    name = f"lagesbild-{member.municipality.slug}-{shown.week}.{form}"
    return _file(content, MEDIA_OF[form], name)


async def paper_context(edition_id: UUID, member: Member) -> dict[str, Any]:
    """What the section about paper and data is drawn from."""
    view = view_of(member)
    return {
        "printed": await find_pdf(edition_id, view),
        "printing": await is_being_made(edition_id, view),
    }


async def _as(form: str, shown: Shown, name: str, member: Member) -> bytes:
    if form == "csv":
        return csv_of(shown, name, member.municipality.name)
    if form == "json":
        return json_of(shown, name, member.municipality.name)
    if form == "geojson":
        return await geojson_of(shown, name, member.municipality.name)
    raise NotFoundException()


async def _head(edition_id: UUID) -> EditionHead:
    try:
        return await read_head(edition_id)
    except NoSuchEdition:
        raise NotFoundException() from None


async def _note(member: Member, edition_id: UUID | None, form: str) -> None:
    await audit.record(
        by=member,
        verb="picture.export",
        object_kind="edition" if edition_id else "picture",
        object_id=edition_id,
        detail={"form": form},
    )


def _file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


routes = [make, paper_section, fetch, edition_data, picture_data]
