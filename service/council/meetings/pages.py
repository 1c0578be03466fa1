"""Pages of the preparatory group's meetings: call one, hold it together, approve its minutes."""

from collections.abc import Awaitable
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.council.meetings.approve import CannotApprove, approve_minutes
from service.council.meetings.attend import NoSuchAttendant, note_attendance
from service.council.meetings.call import call_meeting
from service.council.meetings.decide_there import decide_there
from service.council.meetings.find import (
    FoundMeeting,
    MeetingCancelled,
    MinutesApproved,
    NoSuchMeeting,
    find_meeting,
    find_meetings,
)
from service.council.meetings.forms import ABOUT, ITEM, TEXT, read_call, read_move, read_reason
from service.council.meetings.move import AlreadyHeld, cancel_meeting, move_meeting
from service.council.meetings.people import preparatory_group
from service.council.meetings.raise_item import raise_item
from service.council.meetings.read import read_meeting
from service.cycle.mapping.week import STOCKHOLM, now
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import fragment, page
from tenants.members import Member
from tenants.roles import STEP_UP, Permission

TAKE_PART = may(Permission.MEETING_TAKE_PART)
HOLD = may(Permission.MEETING_HOLD)
APPROVE = may(Permission.MEETING_HOLD, proof=STEP_UP[Permission.EDITION_APPROVE])


@get("/{municipality:str}/moten", opt=TAKE_PART)
async def meetings_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return await _meetings(request, Filled.blank())


@post("/{municipality:str}/moten", opt=HOLD, status_code=200)
async def call(request: Request[Any, Any, Any], member: CurrentMember) -> Response[Any]:
    form = Filled.of(await request.form())
    meeting_id = form.row_id("meeting")
    called = read_call(form)
    if called is not None:
        await call_meeting(meeting_id, held_at=called.held_at, place=called.place, by=member)
        return Redirect(f"/{member.municipality.slug}/moten/{meeting_id}", status_code=303)
    return await _meetings(request, form, status=422)


@get("/{municipality:str}/moten/{meeting:uuid}", opt=TAKE_PART)
async def meeting_page(
    request: Request[Any, Any, Any], member: CurrentMember, meeting: FromPath[UUID]
) -> Template:
    return await _meeting(request, member, await _found(meeting))


@get("/{municipality:str}/moten/{meeting:uuid}/_dagordning", opt=TAKE_PART)
async def meeting_agenda(
    request: Request[Any, Any, Any], member: CurrentMember, meeting: FromPath[UUID]
) -> Template:
    shown = await read_meeting(await _found(meeting), by=member)
    return fragment(request, "council/meetings/_meeting.html", shown=shown, begun=_begun(shown))


@post("/{municipality:str}/moten/{meeting:uuid}/punkt", opt=TAKE_PART, status_code=200)
async def add_item(
    request: Request[Any, Any, Any], member: CurrentMember, meeting: FromPath[UUID]
) -> Response[Any]:
    form = Filled.of(await request.form())
    title = form.text("title", longest=ITEM, missing=_("Skriv vad punkten gäller."))
    if form.errors:
        return await _meeting(request, member, await _found(meeting), item=form, status=422)
    act = raise_item(meeting, form.row_id("item", meeting), title=title, by=member)
    return await _write(request, member, meeting, form, act, "item")


@post("/{municipality:str}/moten/{meeting:uuid}/beslut", opt=TAKE_PART, status_code=200)
async def decide(
    request: Request[Any, Any, Any], member: CurrentMember, meeting: FromPath[UUID]
) -> Response[Any]:
    form = Filled.of(await request.form())
    about = form.text("about", longest=ABOUT, missing=_("Skriv vad beslutet gäller."))
    text = form.text("text", longest=TEXT, missing=_("Skriv vad som beslutades."))
    if form.errors:
        return await _meeting(request, member, await _found(meeting), decision=form, status=422)
    act = decide_there(meeting, form.row_id("decision", meeting), about=about, text=text, by=member)
    return await _write(request, member, meeting, form, act, "decision")


@post("/{municipality:str}/moten/{meeting:uuid}/narvaro", opt=TAKE_PART, status_code=200)
async def attend(
    request: Request[Any, Any, Any], member: CurrentMember, meeting: FromPath[UUID]
) -> Response[Any]:
    form = Filled.of(await request.form())
    person = form.key("person", missing=_("Välj en person."))
    if person is None:
        raise NotFoundException()
    present = form.said("present") == "ja"
    act = note_attendance(meeting, person, present=present, by=member)
    return await _write(request, member, meeting, form, act, "approval")


@post("/{municipality:str}/moten/{meeting:uuid}/flytta", opt=HOLD, status_code=200)
async def move(
    request: Request[Any, Any, Any], member: CurrentMember, meeting: FromPath[UUID]
) -> Response[Any]:
    form = Filled.of(await request.form())
    read = read_move(form)
    if read is None:
        return await _meeting(request, member, await _found(meeting), change=form, status=422)
    called, reason = read
    act = move_meeting(
        meeting,
        form.row_id("move", meeting),
        held_at=called.held_at,
        place=called.place,
        reason=reason,
        by=member,
    )
    return await _write(request, member, meeting, form, act, "change")


@post("/{municipality:str}/moten/{meeting:uuid}/stall-in", opt=HOLD, status_code=200)
async def cancel(
    request: Request[Any, Any, Any], member: CurrentMember, meeting: FromPath[UUID]
) -> Response[Any]:
    form = Filled.of(await request.form())
    reason = read_reason(form)
    if form.errors:
        return await _meeting(request, member, await _found(meeting), change=form, status=422)
    act = cancel_meeting(meeting, form.row_id("cancel", meeting), reason=reason, by=member)
    return await _write(request, member, meeting, form, act, "change")


@get("/{municipality:str}/moten/{meeting:uuid}/protokoll", opt=TAKE_PART)
async def minutes_page(
    request: Request[Any, Any, Any], member: CurrentMember, meeting: FromPath[UUID]
) -> Template:
    shown = await read_meeting(await _found(meeting), by=member)
    return page(request, "council/meetings/minutes.html", shown=shown)


@post("/{municipality:str}/moten/{meeting:uuid}/protokoll", opt=APPROVE, status_code=200)
async def approve(
    request: Request[Any, Any, Any], member: CurrentMember, meeting: FromPath[UUID]
) -> Response[Any]:
    form = Filled()
    try:
        await approve_minutes(meeting, by=member)
    except NoSuchMeeting:
        raise NotFoundException() from None
    except CannotApprove as error:
        form.refuse("form", str(error))
        return await _meeting(request, member, await _found(meeting), approval=form, status=422)
    return Redirect(_address(member, meeting) + "/protokoll", status_code=303)


async def _write(
    request: Request[Any, Any, Any],
    member: Member,
    meeting: UUID,
    form: Filled,
    act: Awaitable[bool],
    name: str,
) -> Response[Any]:
    """Do `act`; refused, the page comes back with what was typed into the form `name`."""
    try:
        await act
    except (NoSuchMeeting, NoSuchAttendant):
        raise NotFoundException() from None
    except MinutesApproved:
        form.refuse("form", _("Protokollet är godkänt. Inget mer kan skrivas om mötet."))
    except MeetingCancelled:
        form.refuse("form", _("Mötet är inställt. Inget mer kan skrivas om det."))
    except AlreadyHeld:
        form.refuse("form", _("Mötet har redan börjat och kan varken flyttas eller ställas in."))
    else:
        return Redirect(_address(member, meeting), status_code=303)
    return await _meeting(request, member, await _found(meeting), status=422, **{name: form})


async def _found(meeting_id: UUID) -> FoundMeeting:
    try:
        return await find_meeting(meeting_id)
    except NoSuchMeeting:
        raise NotFoundException() from None


def _as_called(meeting: FoundMeeting) -> Filled:
    """The form that changes the meeting, filled with how it is called now."""
    local = meeting.held_at.astimezone(STOCKHOLM)
    return Filled.blank(day=local.date().isoformat(), clock=f"{local:%H:%M}", place=meeting.place)


def _address(member: Member, meeting_id: UUID) -> str:
    return f"/{member.municipality.slug}/moten/{meeting_id}"


def _begun(shown: Any) -> bool:
    return bool(shown.meeting.held_at <= now())


async def _meetings(
    request: Request[Any, Any, Any], form: Filled, *, status: int = 200
) -> Template:
    meetings = await find_meetings()
    at = now()
    group = await preparatory_group()
    return page(
        request,
        "council/meetings/list.html",
        status=status,
        form=form,
        coming=[one for one in reversed(meetings) if one.held_at > at],
        past=[one for one in meetings if one.held_at <= at],
        summoned=len(group),
        without_address=[one.name for one in group if not one.has_address],
    )


async def _meeting(
    request: Request[Any, Any, Any],
    member: Member,
    meeting: FoundMeeting,
    *,
    item: Filled | None = None,
    decision: Filled | None = None,
    approval: Filled | None = None,
    change: Filled | None = None,
    status: int = 200,
) -> Template:
    shown = await read_meeting(meeting, by=member)
    return page(
        request,
        "council/meetings/page.html",
        status=status,
        shown=shown,
        begun=_begun(shown),
        item=item or Filled.blank(),
        decision=decision or Filled.blank(),
        approval=approval or Filled(),
        change=change or _as_called(meeting),
    )


routes = [
    meetings_page,
    call,
    meeting_page,
    meeting_agenda,
    add_item,
    move,
    cancel,
    decide,
    attend,
    minutes_page,
    approve,
]
