"""The municipality's areas: exchange them at once while nothing lies in them, later by a proposal
that is seen before it is confirmed.
"""

import asyncio
from typing import Any
from uuid import UUID, uuid4
from zlib import crc32

from litestar import Request, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template
from markupsafe import Markup

from service.cycle.mapping.areas.hexagons import SIZES, hexagons
from service.cycle.mapping.areas.propose import (
    Foreseen,
    Proposal,
    are_in_use,
    begun_proposal,
    confirm_exchange,
    drop_proposal,
    foresee,
    lay_out_anew,
    propose,
    read_proposal,
)
from service.cycle.mapping.areas.read_apart import read_areas_apart
from service.cycle.mapping.areas.read_file import LARGEST_FILE, WrongFile
from service.geography import base_map
from service.geography.areas import AreaShape, areas_of
from service.start.progress import confirm
from service.web.draw import Place, municipality_map, step_of
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import fragment, page
from service.web.upload import read_upload
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch

SET_UP = may(Permission.ORGANISATION_MANAGE)
# What surrounds a file in a form is small.
UPLOAD = LARGEST_FILE + 64 * 1024
ADDRESS = "/{municipality:str}/kom-igang/omraden"
PROPOSAL = ADDRESS + "/{division:uuid}"


@get(ADDRESS, opt=SET_UP)
async def areas_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return await _areas(request, member, Filled.blank())


@post(ADDRESS, opt=SET_UP, status_code=200, request_max_body_size=UPLOAD)
async def upload_areas(
    request: Request[Any, Any, Any], member: CurrentMember
) -> Template | Redirect:
    """Take the areas of a file, of a grid or as suggested; a file is read and not kept."""
    posted = await request.form()
    form = Filled.of(posted)
    name, content = await read_upload(posted)
    try:
        areas, origin = await _wanted(form, content, name, member.municipality.code)
    except WrongFile as wrong:
        form.refuse("file", str(wrong))
        return await _areas(request, member, form, status=422)
    except KeyError:
        form.refuse("file", _("Det finns inga föreslagna områden för kommunen."))
        return await _areas(request, member, form, status=422)
    if await lay_out_anew(areas, by=member):
        await confirm("areas", by=member)
        return _to(member)
    proposal_id = form.row_id("areas", origin, crc32(content))
    await propose(areas, proposal_id=proposal_id, origin=origin, by=member)
    return _to(member, proposal_id)


@get(PROPOSAL, opt=SET_UP)
async def proposal_page(
    request: Request[Any, Any, Any], member: CurrentMember, division: FromPath[UUID]
) -> Template:
    found = await _found(division)
    return page(request, "start/proposal.html", **await _context(member, found))


@get(PROPOSAL + "/_lage", opt=SET_UP)
async def proposal_fragment(
    request: Request[Any, Any, Any], member: CurrentMember, division: FromPath[UUID]
) -> Template:
    found = await _found(division)
    return fragment(request, "start/_proposal.html", **await _context(member, found))


@post(PROPOSAL + "/byt", opt=SET_UP, status_code=200)
async def exchange_areas(member: CurrentMember, division: FromPath[UUID]) -> Redirect:
    await _found(division)
    await confirm_exchange(division, by=member)
    await confirm("areas", by=member)
    return _to(member, division)


@post(PROPOSAL + "/slang", opt=SET_UP, status_code=200)
async def drop_areas(member: CurrentMember, division: FromPath[UUID]) -> Redirect:
    await _found(division)
    await drop_proposal(division, by=member)
    return _to(member)


async def _wanted(
    form: Filled, content: bytes, name: str, code: str
) -> tuple[list[AreaShape], str]:
    """The areas that the form asks for, and where they come from. Raises WrongFile, KeyError."""
    if form.said("suggested") == "yes":
        return areas_of(code), _("Föreslagna områden")
    if form.said("hexagons"):
        size = form.said("size")
        if size not in SIZES:
            raise WrongFile(_("Välj hur stora hexagonerna ska vara."))
        # Beside the loop: a fine grid over a large town takes a second.
        grid = await asyncio.to_thread(hexagons, code, int(size))
        return grid, _("Hexagoner, %(size)s", size=_(SIZES[size]))
    if not content:
        raise WrongFile(_("Välj en fil."))
    return await read_areas_apart(content, areas_of(code)), name or _("En fil")


async def _found(proposal_id: UUID) -> Proposal:
    proposal = await read_proposal(proposal_id)
    if proposal is None:
        raise NotFoundException()
    return proposal


def _to(member: Member, proposal_id: UUID | None = None) -> Redirect:
    where = f"/{proposal_id}" if proposal_id is not None else ""
    return Redirect(f"/{member.municipality.slug}/kom-igang/omraden{where}", status_code=303)


async def _areas(
    request: Request[Any, Any, Any], member: Member, form: Filled, *, status: int = 200
) -> Template:
    form.typed.setdefault("form_id", str(uuid4()))
    return page(
        request,
        "start/areas.html",
        status=status,
        areas=await fetch("SELECT name, kind FROM area WHERE retired_on IS NULL ORDER BY key"),
        form=form,
        sizes=[(key, _(words)) for key, words in SIZES.items()],
        in_use=await are_in_use(),
        begun=await begun_proposal(),
        here=f"/{member.municipality.slug}/kom-igang",
    )


async def _context(member: Member, proposal: Proposal) -> dict[str, Any]:
    here = f"/{member.municipality.slug}/kom-igang/omraden"
    context: dict[str, Any] = {
        "proposal": proposal,
        "here": f"{here}/{proposal.id}",
        "above": here,
    }
    if proposal.state == "proposed":
        foreseen = await foresee(proposal.areas)
        context["foreseen"] = foreseen
        context["map"] = _map(member.municipality.code, proposal.areas, foreseen)
    return context


def _map(code: str, areas: list[AreaShape], foreseen: Foreseen) -> Markup | None:
    """The new areas by how many reports would lie in them; None where there is no ground."""
    try:
        ground = base_map(code)
    except (KeyError, OSError):
        return None
    highest = max(
        (n for area, n in zip(areas, foreseen.reports, strict=True) if area.kind != "rest"),
        default=0,
    )
    places = [
        Place(
            name=area.name,
            latitude=area.latitude,
            longitude=area.longitude,
            boundary=area.boundary,
            step=step_of(reports, highest),
            kind=area.kind,
            locality=area.locality,
        )
        for area, reports in zip(areas, foreseen.reports, strict=True)
    ]
    # Without their names: hundreds of them would lie over each other.
    own = {area.locality for area in areas}
    ground = ground._replace(localities=[one for one in ground.localities if one.name in own])
    return municipality_map(ground, places, "proposal", _("De nya områdena"))


routes: list[Any] = [
    areas_page,
    upload_areas,
    proposal_page,
    proposal_fragment,
    exchange_areas,
    drop_areas,
]
