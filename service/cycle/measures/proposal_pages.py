"""Pages for proposing a priority, and for withdrawing what waits for the steering group."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from service.cycle.analysis.asked_problem import asked_problem, back_to, form_page
from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.forms import refuse_closed
from service.cycle.analysis.hold import ProblemClosed
from service.cycle.measures.decide import NoSuchProposal
from service.cycle.measures.find import FoundProposal, find_proposals_of
from service.cycle.measures.forms import read_motive, read_priority
from service.cycle.measures.propose import AlreadyWaits, propose_priority
from service.cycle.measures.withdraw import MayNotWithdraw, WasDecided, withdraw_proposal
from service.cycle.measures.words import PRIORITIES
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may, refuse
from tenants.members import Member
from tenants.roles import Permission

PRIORITY = may(Permission.PRIORITY_PROPOSE)

Asking = Request[Any, Any, Any]


@get("/{municipality:str}/problem/{problem:str}/prioritet", opt=PRIORITY)
async def priority_page(request: Asking, member: CurrentMember, problem: FromPath[str]) -> Template:
    found = await asked_problem(problem, by=member)
    return _priority(request, found, Filled.blank(), member)


@post("/{municipality:str}/problem/{problem:str}/prioritet", opt=PRIORITY, status_code=200)
async def ask_for_priority(
    request: Asking, member: CurrentMember, problem: FromPath[str]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    priority, text = read_priority(form)
    if not form.errors:
        try:
            await propose_priority(
                by=member,
                problem_id=found.id,
                proposal_id=form.row_id("priority", found.id),
                priority=priority,
                text=text,
            )
            return back_to(found, "problem-measures", by=member)
        except AlreadyWaits:
            form.refuse(
                "form",
                _("Ett förslag om prioritet väntar redan på beslut. Ditt är inte sparat."),
            )
        except ProblemClosed:
            refuse_closed(form)
    return _priority(request, found, form, member)


def _priority(request: Asking, found: FoundProblem, form: Filled, member: Member) -> Template:
    return form_page(
        request,
        "cycle/measures/priority.html",
        found,
        form,
        by=member,
        priorities={key: _(words) for key, words in PRIORITIES.items()},
    )


@get("/{municipality:str}/problem/{problem:str}/forslag/{proposal:uuid}/dra-tillbaka", opt=PRIORITY)
async def withdrawal_page(
    request: Asking, member: CurrentMember, problem: FromPath[str], proposal: FromPath[UUID]
) -> Template:
    found = await asked_problem(problem, by=member)
    return await _withdrawal(request, found, proposal, Filled.blank(), member)


@post(
    "/{municipality:str}/problem/{problem:str}/forslag/{proposal:uuid}/dra-tillbaka",
    opt=PRIORITY,
    status_code=200,
)
async def withdraw(
    request: Asking, member: CurrentMember, problem: FromPath[str], proposal: FromPath[UUID]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    motive = read_motive(form, 600)
    if not form.errors:
        try:
            await withdraw_proposal(
                by=member, problem_id=found.id, proposal_id=proposal, motive=motive
            )
            return back_to(found, "problem-measures", by=member)
        except NoSuchProposal:
            raise NotFoundException() from None
        except MayNotWithdraw:
            raise refuse(request, Permission.MEASURE_PROPOSE) from None
        except WasDecided:
            form.refuse(
                "form", _("Styrgruppen hann besluta. Förslaget kan inte längre dras tillbaka.")
            )
    return await _withdrawal(request, found, proposal, form, member)


async def _withdrawal(
    request: Asking, found: FoundProblem, proposal: UUID, form: Filled, member: Member
) -> Template:
    return form_page(
        request,
        "cycle/measures/withdraw.html",
        found,
        form,
        by=member,
        proposal=await _asked_proposal(found, proposal),
        priorities={key: _(words) for key, words in PRIORITIES.items()},
    )


async def _asked_proposal(found: FoundProblem, proposal_id: UUID) -> FoundProposal:
    for one in await find_proposals_of(found.id):
        if one.id == proposal_id:
            return one
    raise NotFoundException()


routes = [priority_page, ask_for_priority, withdrawal_page, withdraw]
