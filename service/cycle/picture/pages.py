"""The picture's page, its sections, and the whole table behind it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.cycle.mapping.week import now, week_of
from service.cycle.picture import explain, lay_out, signal_rows
from service.cycle.picture.assessment.assess import read_assessments
from service.cycle.picture.assessment.forms import LEVELS
from service.cycle.picture.assessment.settle_level import read_levels
from service.cycle.picture.divisions import recent_changes
from service.cycle.picture.draw_map import kept_map
from service.cycle.picture.editions.pages import approval
from service.cycle.picture.mark_signal import VERDICTS, UnknownSignal, mark_signal
from service.cycle.picture.method_page import METHODS
from service.cycle.picture.near_repeat import read_near_repeat
from service.cycle.picture.policy import sees_names, view_of
from service.cycle.picture.read_signals import YEAR, hit_rate, signals_of, signals_since
from service.cycle.picture.show import Shown, read_picture
from service.cycle.picture.taken_up import taken_up
from service.cycle.picture.work_out import METHOD
from service.sources.police.series import latest_series
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import fragment, is_fragment, page
from tenants.members import Member
from tenants.roles import Permission, PictureView

READ = may(Permission.PICTURE_READ)
READ_WIDE = may(Permission.PICTURE_READ_ALL)
MARK = may(Permission.SIGNAL_MARK)

# A section's address is its name with an underscore; the template has the same name in English.
SECTIONS = {
    "_laget": "_situation",
    "_signaler": "_signals",
    "_lista": "_priorities",
    "_var": "_where",
    "_nar": "_when",
    "_utgava": "_approval",
}


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


@post("/{municipality:str}/lagesbild/signal/{signal:uuid}", opt=MARK, status_code=200)
async def mark(
    request: Request[Any, Any, Any], member: CurrentMember, signal: FromPath[UUID]
) -> Response[Any]:
    verdict = str((await request.form()).get("verdict", ""))
    if verdict not in VERDICTS:
        detail = _("Välj om signalen är relevant, känd eller fel.")
        return page(request, "layout/error.html", status=422, status_code=422, detail=detail)
    try:
        await mark_signal(by=member, signal_id=signal, verdict=verdict)
    except UnknownSignal:
        raise NotFoundException() from None
    if is_fragment(request):
        shown = await read_picture(view_of(member), names=sees_names(member))
        context = await _context(member, shown, "_signaler")
        return fragment(request, "cycle/picture/_signals.html", **context)
    return Redirect(f"/{member.municipality.slug}/lagesbild#over", status_code=303)


@get("/{municipality:str}/lagesbild/traffar", opt=READ_WIDE)
async def hits_page(request: Request[Any, Any, Any]) -> Template:
    """How often the municipality's own signals were right."""
    week = week_of(now())
    signals = await signals_since(week - timedelta(weeks=YEAR - 1))
    return page(
        request,
        "cycle/picture/hits.html",
        rate=hit_rate(signals, week),
        signals=signals,
        rows=signal_rows.raised_rows(signals),
        signal_rows=signal_rows,
    )


@get("/{municipality:str}/lagesbild/metod", opt=READ)
async def method_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    """The methods, and how they have done here for who sees areas and categories one by one."""
    context: dict[str, Any] = {"methods": METHODS, "version": METHOD}
    shown = await read_picture(view_of(member))
    if shown is not None and shown.wide is not None and shown.wide["begun"]:
        week = week_of(now())
        signals = await signals_since(week - timedelta(weeks=YEAR - 1))
        context |= {
            "tried": shown.wide["method"],
            "rate": hit_rate(signals, week),
            "signal_rows": signal_rows,
        }
    return page(request, "cycle/picture/method.html", **context)


async def _context(member: Member, shown: Shown | None, *sections: str) -> dict[str, Any]:
    """What the sections are drawn from; a view never gets more than its own parts."""
    context: dict[str, Any] = {"shown": shown, "lay_out": lay_out, "explain": explain}
    context |= {"view": view_of(member).value, "signal_rows": signal_rows}
    if shown is None or shown.view is PictureView.SUMS:
        return context
    if "_utgava" in sections:
        context |= await approval(member)
    if "_laget" in sections:
        levels = await read_levels(1)
        context |= {"level": levels[0] if levels else None, "levels": LEVELS}
    wide = shown.wide or {}
    context |= {"wide": wide, "named": shown.named}
    if not wide["begun"]:
        return context
    if "_lista" in sections:
        context["rows"] = lay_out.rows(wide, await read_assessments())
        context["taken_up"] = await taken_up(by=member)
    if "_signaler" in sections:
        context |= await _signals(member, shown)
    if "_var" in sections:
        context["changes"] = await recent_changes()
        context["map"] = await kept_map(
            member.municipality.code,
            wide,
            shown.compiled_at,
            f"/{member.municipality.slug}/lagesbild",
        )
    return context


async def _signals(member: Member, shown: Shown) -> dict[str, Any]:
    wide = shown.wide or {}
    return {
        "signals": signal_rows.signals(wide, await signals_of(shown.week)),
        "watched": signal_rows.watched(wide),
        "clusters": signal_rows.clusters(wide),
        "pooled": signal_rows.pooled(wide),
        "near_repeats": await read_near_repeat(),
        "may_mark": member.may(Permission.SIGNAL_MARK),
    }


routes = [
    picture_page,
    picture_section,
    picture_table,
    mark,
    hits_page,
    method_page,
]
