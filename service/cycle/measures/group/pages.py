"""Pages of a working group: invite, answer, change the lead, end a place."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.cycle.analysis.asked_problem import address_of, asked_problem, back_to, form_page
from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.hold import ProblemClosed
from service.cycle.measures.group.answer import answer_invitation
from service.cycle.measures.group.appoint import NoSuchPlace, appoint_lead
from service.cycle.measures.group.assemble import CannotInvite, NoSuchCandidate, assemble_group
from service.cycle.measures.group.forms import TICK, read_choice
from service.cycle.measures.group.leave import NotYourPlace, end_place
from service.cycle.measures.group.offer import offer_members
from service.cycle.measures.group.read import read_group
from service.cycle.measures.group.standing import lock_group
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may, refuse
from service.web.respond import page
from tenants.members import Member
from tenants.roles import Permission

READ = may(Permission.PROBLEM_READ)
ASSEMBLE = may(Permission.GROUP_ASSEMBLE)
SECTION = "problem-group"


@get("/{municipality:str}/problem/{problem:str}/grupp", opt=ASSEMBLE)
async def invite_page(
    request: Request[Any, Any, Any], member: CurrentMember, problem: FromPath[str]
) -> Template:
    return await _invite_form(request, member, await asked_problem(problem, by=member), Filled())


@post("/{municipality:str}/problem/{problem:str}/grupp", opt=ASSEMBLE, status_code=200)
async def invite(
    request: Request[Any, Any, Any], member: CurrentMember, problem: FromPath[str]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    group = await read_group(found.id, by=member)
    choice = read_choice(form, lead_needed=not group.led)
    if choice is not None:
        try:
            await assemble_group(found, choice.invited, by=member, lead=choice.lead)
        except NoSuchCandidate:
            raise NotFoundException() from None
        except CannotInvite as error:
            form.refuse("form", str(error))
        except ProblemClosed:
            form.refuse("form", _("Problemet är avslutat. Ingen kan bjudas in."))
        else:
            return back_to(found, SECTION, by=member)
    return await _invite_form(request, member, found, form)


@post("/{municipality:str}/problem/{problem:str}/grupp/svar", opt=READ, status_code=200)
async def answer(
    request: Request[Any, Any, Any], member: CurrentMember, problem: FromPath[str]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    said = Filled.of(await request.form()).said("svar")
    if said not in ("ja", "nej"):
        raise NotFoundException()
    holds = await answer_invitation(found.id, by=member, accepted=said == "ja")
    # A late no from a page that was open since before the yes takes nobody out of the group.
    if said == "nej" and holds:
        return _parted(request, member, found)
    return Redirect(address_of(found, member), status_code=303)


@post(
    "/{municipality:str}/problem/{problem:str}/grupp/{place:uuid}/avsluta",
    opt=READ,
    status_code=200,
)
async def leave(
    request: Request[Any, Any, Any],
    member: CurrentMember,
    problem: FromPath[str],
    place: FromPath[UUID],
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    try:
        own = await end_place(found.id, place, by=member)
    except LookupError:
        raise NotFoundException() from None
    except NotYourPlace:
        raise refuse(request, Permission.GROUP_ASSEMBLE) from None
    if own:
        return _parted(request, member, found)
    return back_to(found, SECTION, by=member)


@post(
    "/{municipality:str}/problem/{problem:str}/grupp/{place:uuid}/leder",
    opt=ASSEMBLE,
    status_code=200,
)
async def lead(
    member: CurrentMember, problem: FromPath[str], place: FromPath[UUID]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    group_id = await lock_group(found.id)
    places = (await read_group(found.id, by=member)).places
    person = next((one.person_id for one in places if one.id == place), None)
    if group_id is None or person is None:
        raise NotFoundException()
    try:
        await appoint_lead(group_id, person, by=member)
    except NoSuchPlace:
        raise NotFoundException() from None
    return back_to(found, SECTION, by=member)


def _parted(
    request: Request[Any, Any, Any], member: Member, problem: FoundProblem
) -> Response[Any]:
    """Where somebody goes who left: back, or to a page that says what no longer can be seen."""
    if member.may(Permission.PROBLEM_READ_ALL):
        return Redirect(address_of(problem, member), status_code=303)
    return page(request, "cycle/measures/parted.html", problem=problem)


async def _invite_form(
    request: Request[Any, Any, Any],
    member: Member,
    problem: FoundProblem,
    form: Filled,
) -> Template:
    group = await read_group(problem.id, by=member)
    offered = await offer_members(problem, by=member)
    first = not group.places
    sent = bool(form.typed or form.errors)
    # A form that comes back keeps its ticks; a first one has those of the proposal.
    ticked = {
        one.organisation_id
        for one in offered
        if one.people
        and (f"{TICK}{one.organisation_id}" in form.typed if sent else first and one.proposed)
    }
    return form_page(
        request,
        "cycle/measures/invite.html",
        problem,
        form,
        by=member,
        first=first,
        led=group.led,
        proposed=[one for one in offered if one.proposed],
        others=[one for one in offered if not one.proposed],
        ticked=ticked,
        taking_part={place.organisation_id for place in group.places},
    )


routes = [invite_page, invite, answer, leave, lead]
