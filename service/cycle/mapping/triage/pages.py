"""The inbox: what waits to the left, the report that is read to the right, and its acts."""

from collections.abc import Awaitable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from service.cycle.mapping.forms import TEXT_LIMIT
from service.cycle.mapping.habits import offer
from service.cycle.mapping.triage import acts
from service.cycle.mapping.triage.inbox import Case, find_case, twins, waiting
from service.web.clean import clean
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import fragment, is_fragment, page
from tenants import audit
from tenants.members import Member
from tenants.roles import Permission

TRIAGE = may(Permission.REPORT_TRIAGE)
HERE = "/{municipality:str}/inkorg"
ACT = HERE + "/{report_id:uuid}"
Answer = Response[Any] | Template


@get(HERE, opt=TRIAGE)
async def inbox(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    """The whole inbox. `rapport` in the address is the report that is read; `gjort` the one that
    was decided last, whose line and way back stay when the page is fetched again."""
    chosen = _uuid(request.query_params.get("rapport", ""))
    decided = _uuid(request.query_params.get("gjort", ""))
    context = await _context(member, chosen)
    if decided is not None:
        context["done"] = await _decided(member, decided)
    if is_fragment(request):
        return fragment(request, "cycle/mapping/triage/_inbox.html", **context)
    await audit.record(by=member, verb="report.read", object_kind="report")
    return page(request, "cycle/mapping/triage/page.html", **context)


@post(ACT + "/godkann", opt=TRIAGE, status_code=200)
async def approve(
    request: Request[Any, Any, Any], member: CurrentMember, report_id: FromPath[UUID]
) -> Answer:
    return await _do(
        request, member, report_id, acts.review(by=member, report_id=report_id, outcome="approved")
    )


@post(ACT + "/avvisa", opt=TRIAGE, status_code=200)
async def reject(
    request: Request[Any, Any, Any], member: CurrentMember, report_id: FromPath[UUID]
) -> Answer:
    return await _do(
        request, member, report_id, acts.review(by=member, report_id=report_id, outcome="rejected")
    )


@post(ACT + "/sla-ihop", opt=TRIAGE, status_code=200)
async def merge(
    request: Request[Any, Any, Any], member: CurrentMember, report_id: FromPath[UUID]
) -> Answer:
    into = _uuid((await request.form()).get("into", ""))
    if into is None:
        raise NotFoundException()
    return await _do(
        request, member, report_id, acts.merge(by=member, report_id=report_id, into=into)
    )


@post(ACT + "/angra", opt=TRIAGE, status_code=200)
async def undo(
    request: Request[Any, Any, Any], member: CurrentMember, report_id: FromPath[UUID]
) -> Answer:
    act = acts.undo(by=member, report_id=report_id)
    return await _do(request, member, report_id, act, stay=True)


@post(ACT + "/ratta", opt=TRIAGE, status_code=200)
async def correct(
    request: Request[Any, Any, Any], member: CurrentMember, report_id: FromPath[UUID]
) -> Answer:
    form = await request.form()
    act = acts.correct(
        by=member,
        report_id=report_id,
        category=clean(str(form.get("category", "")))[:80],
        area=_uuid(form.get("area", "")) or UUID(int=0),
    )
    return await _do(request, member, report_id, act, stay=True, form=form)


@post(ACT + "/slapp", opt=TRIAGE, status_code=200)
async def release(
    request: Request[Any, Any, Any], member: CurrentMember, report_id: FromPath[UUID]
) -> Answer:
    act = acts.release(by=member, report_id=report_id)
    return await _do(request, member, report_id, act, stay=True)


@post(ACT + "/stryk", opt=TRIAGE, status_code=200)
async def redact(
    request: Request[Any, Any, Any], member: CurrentMember, report_id: FromPath[UUID]
) -> Answer:
    form = await request.form()
    act = acts.redact(by=member, report_id=report_id, text=clean(str(form.get("text", ""))))
    return await _do(request, member, report_id, act, stay=True, form=form)


async def _do(
    request: Request[Any, Any, Any],
    member: Member,
    report_id: UUID,
    act: Awaitable[None],
    *,
    stay: bool = False,
    form: Mapping[str, object] = MappingProxyType({}),
) -> Answer:
    """Do it, and answer with the inbox: at the same report to `stay`, else at the next one.

    When it is refused, what the `form` holds is there again.
    """
    following = report_id if stay else await _next(member, report_id)
    try:
        await act
    except acts.NoSuchReport:
        raise NotFoundException() from None
    except acts.Refused as refused:
        context = await _context(member, report_id)
        context |= {"wrong": str(refused), "typed": _typed(form, context)}
        if is_fragment(request):
            return fragment(request, "cycle/mapping/triage/_inbox.html", status=422, **context)
        return page(request, "cycle/mapping/triage/page.html", status=422, **context)
    if not is_fragment(request):
        chosen = f"?rapport={following}" if following else ""
        return Redirect(f"/{member.municipality.slug}/inkorg{chosen}", status_code=303)
    done = None if stay else await _decided(member, report_id)
    context = await _context(member, following) | {"done": done, "acted": True}
    return fragment(request, "cycle/mapping/triage/_inbox.html", **context)


async def _decided(member: Member, report_id: UUID) -> Case | None:
    """The report, where what was decided about it still stands."""
    case = await find_case(member, report_id)
    return case if case is not None and (case.outcome or case.merged_into) else None


async def _next(member: Member, report_id: UUID) -> UUID | None:
    """The report after this one in the list, or the one before it where it is the last."""
    ids = [case.id for case in (await waiting(member))[0]]
    if report_id not in ids:
        return ids[0] if ids else None
    place = ids.index(report_id)
    rest = ids[place + 1 :] or ids[:place][-1:]
    return rest[0] if rest else None


async def _context(member: Member, chosen: UUID | None) -> dict[str, Any]:
    cases, count = await waiting(member)
    case: Case | None = await find_case(member, chosen) if chosen else None
    if case is None and cases:
        case = cases[0]
    choices = await offer(member)
    categories = [(one.key, one.label) for _label, group in choices.groups for one in group]
    areas = [(str(spot.id), spot.full_name) for spot in choices.all_places]
    return {
        "cases": cases,
        "count": count,
        "case": case,
        "twins": await twins(member, case) if case else [],
        "categories": _with_own(categories, (case.key, case.label)) if case else categories,
        "areas": _with_own(areas, (str(case.area_id), case.area_name)) if case else areas,
        "text_limit": TEXT_LIMIT,
        "wrong": "",
        "typed": {},
        "done": None,
        "acted": False,
    }


def _typed(form: Mapping[str, object], context: dict[str, Any]) -> dict[str, str]:
    """The fields to fill as the form did; a choice that is not offered would show another one."""
    typed = {name: clean(str(form[name])) for name in ("text", "category", "area") if name in form}
    for name, offered in (("category", context["categories"]), ("area", context["areas"])):
        if typed.get(name) not in [value for value, _label in offered]:
            typed.pop(name, None)
    return typed


def _with_own(offered: list[tuple[str, str]], own: tuple[str, str]) -> list[tuple[str, str]]:
    """What is offered, and before it what the report has if that is offered no more: a list without
    it would change it to another by itself."""
    if any(value == own[0] for value, _label in offered):
        return offered
    return [(own[0], _("%(label)s (kan inte väljas längre)", label=own[1])), *offered]


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


triage_routes = [inbox, approve, reject, merge, undo, correct, release, redact]
