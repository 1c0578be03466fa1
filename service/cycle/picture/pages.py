"""The picture's page, its sections, and the whole table behind it."""

from typing import Any

from litestar import Request, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from service.cycle.picture import explain, lay_out
from service.cycle.picture.draw_map import draw_map
from service.cycle.picture.policy import sees_names, view_of
from service.cycle.picture.show import Shown, read_picture
from service.sources.police.series import latest_series
from service.web.may import CurrentMember, may
from service.web.respond import fragment, page
from tenants.members import Member
from tenants.roles import Permission, PictureView

READ = may(Permission.PICTURE_READ)

# A section's address is its name with an underscore; the template has the same name in English.
SECTIONS = {"_laget": "_situation", "_lista": "_priorities", "_var": "_where", "_nar": "_when"}


@get("/{municipality:str}/lagesbild", opt=READ)
async def picture_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    shown = await read_picture(view_of(member), names=sees_names(member))
    context = await _context(member, shown, *SECTIONS)
    return page(request, "cycle/picture/page.html", police=await latest_series(), **context)


@get("/{municipality:str}/lagesbild/{section:str}", opt=READ)
async def picture_section(
    request: Request[Any, Any, Any], member: CurrentMember, section: FromPath[str]
) -> Template:
    """One section anew, for a page that was told that the picture has changed."""
    if section not in SECTIONS:
        raise NotFoundException()
    shown = await read_picture(view_of(member), names=sees_names(member))
    context = await _context(member, shown, section)
    template = f"cycle/picture/{SECTIONS[section]}.html"
    return fragment(request, template, **context)


@get("/{municipality:str}/lagesbild/tabell", opt=READ)
async def picture_table(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    shown = await read_picture(view_of(member), names=sees_names(member))
    return page(request, "cycle/picture/table.html", shown=shown, lay_out=lay_out, explain=explain)


async def _context(member: Member, shown: Shown | None, *sections: str) -> dict[str, Any]:
    """What the sections are drawn from; a view never gets more than its own parts."""
    context: dict[str, Any] = {"shown": shown, "lay_out": lay_out, "explain": explain}
    context["view"] = view_of(member).value
    if shown is None or shown.view is PictureView.SUMS:
        return context
    wide = shown.wide or {}
    context |= {"wide": wide, "named": shown.named}
    if not wide["begun"]:
        return context
    if "_lista" in sections:
        context["rows"] = lay_out.rows(wide)
    if "_var" in sections:
        context["map"] = await draw_map(member.municipality.code, wide)
    return context


routes = [picture_page, picture_section, picture_table]
