"""The pages behind a number: a place of the list, an area, a category; and area by area."""

import asyncio
from typing import Any

from litestar import Request, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from service.cycle.picture import explain, signal_rows
from service.cycle.picture.behind import lay_out
from service.cycle.picture.behind.beside import read_known
from service.cycle.picture.behind.expect import Expectations
from service.cycle.picture.behind.hours import read_hours
from service.cycle.picture.behind.policy import looks_behind
from service.cycle.picture.counts import read_counts
from service.cycle.picture.policy import sees_names, view_of
from service.cycle.picture.read_signals import signals_of
from service.cycle.picture.show import Shown, read_picture
from service.web.errors import NotForYou
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import page
from tenants.members import Member
from tenants.roles import Permission

READ = may(Permission.PICTURE_READ)


@get("/{municipality:str}/lagesbild/lage/{area:str}/{category:str}", opt=READ)
async def place_page(
    request: Request[Any, Any, Any],
    member: CurrentMember,
    area: FromPath[str],
    category: FromPath[str],
) -> Template:
    return await _behind(request, member, area, category)


@get("/{municipality:str}/lagesbild/omrade/{area:str}", opt=READ)
async def area_page(
    request: Request[Any, Any, Any], member: CurrentMember, area: FromPath[str]
) -> Template:
    return await _behind(request, member, area, None)


@get("/{municipality:str}/lagesbild/kategori/{category:str}", opt=READ)
async def category_page(
    request: Request[Any, Any, Any], member: CurrentMember, category: FromPath[str]
) -> Template:
    return await _behind(request, member, None, category)


@get("/{municipality:str}/lagesbild/omraden", opt=READ)
async def areas_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    """Every area as a small drawing of its own, all on one scale, of all categories or of one."""
    shown, found = await _ground(member)
    asked = request.query_params.get("kategori", "")
    category = found.category(asked) if asked else None
    if asked and category is None:
        raise NotFoundException()
    return page(
        request,
        "cycle/picture/behind/areas.html",
        shown=shown,
        chosen=asked,
        categories=found.categories(),
        multiples=lay_out.areas(found, category, shown.wide or {}),
        method=lay_out.method(found),
    )


async def _ground(member: Member) -> tuple[Shown, Expectations]:
    """The picture that the page lies behind, and what was expected week by week.

    Raises NotForYou for who sees sums alone, and NotFoundException before there is a picture.
    """
    if not looks_behind(member):
        raise NotForYou(
            _("Siffror för ett enskilt område visas inte för alla, så att ingen kan pekas ut.")
        )
    shown = await read_picture(view_of(member))
    if shown is None or not (shown.wide or {}).get("begun"):
        raise NotFoundException()
    counts = await read_counts(shown.week)
    # Some hundredths of a second of arithmetic: other readers need not wait for it.
    return shown, await asyncio.to_thread(Expectations, counts, shown.compiled_at)


async def _behind(
    request: Request[Any, Any, Any], member: Member, area: str | None, category: str | None
) -> Template:
    shown, found = await _ground(member)
    where = found.area(area) if area is not None else None
    what = found.category(category) if category is not None else None
    if (area is not None and where is None) or (category is not None and what is None):
        raise NotFoundException()
    series = found.of(where, what)
    hours = await read_hours(shown.week, area, category)
    known = await read_known(found.weeks[0], shown.week, area, category)
    wide = shown.wide or {}
    return page(
        request,
        "cycle/picture/behind/page.html",
        shown=shown,
        explain=explain,
        title=lay_out.title(found, where, what),
        lead=lay_out.lead(series, wide),
        area=found.counts.areas[where] if where is not None else None,
        category=found.counts.categories[what] if what is not None else None,
        drawing=lay_out.drawing(found, series, known),
        rows=lay_out.week_rows(found, series, known),
        known=lay_out.known(known, shown.week),
        hours=lay_out.hours(hours),
        signals=lay_out.signals(wide, await signals_of(shown.week), where, what),
        may_mark=member.may(Permission.SIGNAL_MARK),
        signal_rows=signal_rows,
        method=lay_out.method(found),
        multiples=lay_out.parts(found, where, what, wide),
        actors=lay_out.actors(found, where, what),
        named=lay_out.actor_rows(found, where, what) if sees_names(member) else [],
        reports=lay_out.reports_address(area, category)
        if member.may(Permission.REPORT_READ)
        else "",
    )


routes = [place_page, area_page, category_page, areas_page]
