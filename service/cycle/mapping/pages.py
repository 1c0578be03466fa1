"""Pages of the mapping stage: report on a phone, say that there is nothing, read what came in."""

from datetime import date
from typing import Any
from urllib.parse import quote

from litestar import Request, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Template

from service.cycle.mapping.check_text import LONGEST as LONGEST_LOOKED_AT
from service.cycle.mapping.check_text import check_text
from service.cycle.mapping.coverage.pages import coverage_routes
from service.cycle.mapping.coverage.period import still_open
from service.cycle.mapping.coverage.remind import are_declined
from service.cycle.mapping.forms import (
    CONCERNS,
    KNOWN,
    LONGEST,
    OLDEST,
    OPTIONAL,
    TEXT_LIMIT,
    YES_NO,
    ReportForm,
)
from service.cycle.mapping.habits import offer
from service.cycle.mapping.hand_in import Changed, NotYours, Refused, hand_in_report
from service.cycle.mapping.map_ground import map_routes
from service.cycle.mapping.offline import draft_key, offline_routes
from service.cycle.mapping.place_types import PLACE_TYPES
from service.cycle.mapping.read_reports import FIRST, MOST, read_reports
from service.cycle.mapping.report_nothing import (
    has_reported_nothing,
    report_nothing,
    take_back_nothing,
)
from service.cycle.mapping.time_buckets import BUCKETS
from service.cycle.mapping.triage.pages import triage_routes
from service.cycle.mapping.week import STOCKHOLM, now, week_of
from service.web.clean import clean
from service.web.formats import clock
from service.web.language import _
from service.web.may import CurrentMember, current_member, may
from service.web.respond import fragment, is_fragment, page
from service.web.squeeze import SQUEEZED
from tenants import audit
from tenants.members import Member
from tenants.roles import Permission

HAND_IN = may(Permission.REPORT_HAND_IN)


@get("/{municipality:str}/rapportera", opt=HAND_IN, middleware=[SQUEEZED])
async def report_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return page(request, "cycle/mapping/page.html", **await _form(member, ReportForm.blank()))


@post("/{municipality:str}/rapportera", opt=HAND_IN, status_code=200)
async def hand_in(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    form = ReportForm.parse((await request.form()).multi_items(), now())
    if form.said("take_out"):
        # Pressed beside the marked text: the form comes back without it, and nothing is sent. What
        # is too long to be looked at is kept, for who is to shorten it.
        said = form.said("text")
        form.take_out((await check_text(said)).without_finds() + said[LONGEST_LOOKED_AT:])
        return _answer(request, "_report_form", **await _form(member, form) | {"taken_out": True})
    if form.observation is not None:
        try:
            receipt = await hand_in_report(
                by=member, observation=form.observation, anyway=form.said("anyway") == "yes"
            )
        except Refused as refused:
            form.refuse(refused.question, refused.message)
        except Changed as changed:
            form.renew()
            form.refuse("form", _already_received(changed))
        except NotYours:
            raise NotFoundException() from None
        else:
            if form.said("more"):
                following = await _form(member, form.next_one())
                return _answer(request, "_report_form", **following | {"receipt": receipt})
            return _answer(request, "_receipt", receipt=receipt)
    return _answer(request, "_report_form", status=422, **await _form(member, form))


@post("/{municipality:str}/rapportera/granska", opt=HAND_IN, status_code=200)
async def check(request: Request[Any, Any, Any]) -> Template:
    """What the guard says of a text while it is typed. Nothing is kept, and nothing is logged."""
    form = await request.form()
    return fragment(
        request,
        "cycle/mapping/_guard.html",
        checked=await check_text(clean(str(form.get("text", "")))),
        anyway=form.get("anyway") == "yes",
    )


@get("/{municipality:str}/rapportera/inget", opt=HAND_IN)
async def nothing_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    """Where a reminder leads; the press itself is a post of its own. `vecka` in the address is a
    week that it is about, once for each."""
    asked = request.query_params.getall("vecka", [])
    weeks = await still_open(asked)
    return page(
        request,
        "cycle/mapping/nothing.html",
        too_late=bool(asked) and not weeks,
        declined=await are_declined(by=member),
        **await _answered(member, weeks),
    )


@post("/{municipality:str}/rapportera/inget", opt=HAND_IN, status_code=200)
async def send_nothing(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    weeks = await still_open((await request.form()).getall("week", []))
    for week in weeks:
        await report_nothing(by=member, week=week)
    return await _nothing(request, member, weeks)


@post("/{municipality:str}/rapportera/inget/angra", opt=HAND_IN, status_code=200)
async def undo_nothing(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    weeks = await still_open((await request.form()).getall("week", []))
    for week in weeks:
        await take_back_nothing(by=member, week=week)
    return await _nothing(request, member, weeks)


@get("/{municipality:str}/rapporter", opt=may(Permission.REPORT_READ_OWN))
async def reports_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    wanted = _how_many(request.query_params.get("antal", ""))
    asked = {
        name: key for name in ("omrade", "kategori") if (key := request.query_params.get(name, ""))
    }
    lines = await read_reports(
        by=member, limit=wanted + 1, area=asked.get("omrade"), category=asked.get("kategori")
    )
    context: dict[str, Any] = {
        # What the list is cut to, kept in every address that it fetches itself by.
        "cut": "".join(f"&{name}={quote(key)}" for name, key in asked.items()),
        "reports": lines[:wanted],
        "wanted": wanted,
        "more": min(wanted + FIRST, MOST) if wanted < min(len(lines), MOST) else 0,
        "every": member.may(Permission.REPORT_READ),
        "who": member.may(Permission.REPORT_READ_REPORTER),
    }
    if is_fragment(request):
        return fragment(request, "cycle/mapping/_reports.html", **context)
    if context["every"]:
        # Reading what others wrote is a sensitive reading; that the open page renews itself is not
        # another one.
        await audit.record(by=member, verb="report.read", object_kind="report")
    return page(request, "cycle/mapping/reports.html", **context)


def _how_many(asked: str) -> int:
    """The length of the list that the address asks for, within bounds."""
    return min(max(int(asked), FIRST), MOST) if asked.isdecimal() and len(asked) < 5 else FIRST


def _answer(
    request: Request[Any, Any, Any], template: str, *, status: int = 200, **context: Any
) -> Template:
    """The fragment alone, or the page around it for a browser without script."""
    if is_fragment(request):
        return fragment(request, f"cycle/mapping/{template}.html", status=status, **context)
    context.setdefault("draft_key", draft_key(current_member(request)))
    return page(request, "cycle/mapping/page.html", status=status, **context)


async def _form(member: Member, form: ReportForm) -> dict[str, Any]:
    """Everything that the form is drawn from; the bounds of its time fields are local times."""
    at = now()
    choices = await offer(member)
    return {
        "form": form,
        "choices": choices,
        "chosen_elsewhere": form.typed.get("category")
        not in {None, *(choice.key for choice in choices.usual)},
        "asked_more": any(form.said(name) for name in OPTIONAL),
        "place_types": _translated(PLACE_TYPES),
        "buckets": BUCKETS,
        "text_limit": TEXT_LIMIT,
        "checked": await check_text(form.said("text")),
        "anyway": form.said("anyway") == "yes",
        "concerns": _translated(CONCERNS),
        "yes_no": _translated(YES_NO),
        "known": _translated(KNOWN),
        "latest": f"{at.astimezone(STOCKHOLM):%Y-%m-%dT%H:%M}",
        "earliest": f"{(at - OLDEST).astimezone(STOCKHOLM):%Y-%m-%dT%H:%M}",
        "longest_days": LONGEST.days,
        "draft_key": draft_key(member),
        "receipt": None,
        "taken_out": False,
        **await _answered(member, []),
    }


def _translated(labels: dict[str, str]) -> dict[str, str]:
    return {key: _(label) for key, label in labels.items()}


async def _answered(member: Member, weeks: list[date]) -> dict[str, Any]:
    """What "Inget att rapportera" is drawn from: the weeks, the present one if there are none."""
    weeks = weeks or [week_of(now())]
    return {"weeks": weeks, "nothing": await has_reported_nothing(by=member, weeks=weeks)}


async def _nothing(request: Request[Any, Any, Any], member: Member, weeks: list[date]) -> Template:
    """What was noted for the weeks, or that none of those that were asked can be any more."""
    context = await _answered(member, weeks) | {"week_over": not weeks, "acted": True}
    status = 200 if weeks else 422
    if is_fragment(request):
        return fragment(request, "cycle/mapping/_nothing.html", status=status, **context)
    form = await _form(member, ReportForm.blank())
    return page(request, "cycle/mapping/page.html", status=status, **form | context)


def _already_received(changed: Changed) -> str:
    return _(
        "Rapporten togs emot %(time)s. Det du har ändrat sedan dess är inte skickat. "
        "Skicka igen om det är en ny rapport.",
        time=clock(changed.received_at),
    )


routes = [
    report_page,
    hand_in,
    check,
    nothing_page,
    send_nothing,
    undo_nothing,
    reports_page,
    *map_routes,
    *offline_routes,
    *triage_routes,
    *coverage_routes,
]
