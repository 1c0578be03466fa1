"""A proposal's page, its live part, and what can be done there."""

from typing import Any
from uuid import UUID, uuid4

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.council.proposals import forms
from service.council.proposals.comment import comment
from service.council.proposals.decide import decide, too_few
from service.council.proposals.forms import Form
from service.council.proposals.hold import NoSuchProposal, Refused, outcome_word
from service.council.proposals.reserve import reserve
from service.council.proposals.show import (
    CHOICE_WORDS,
    ShownProposal,
    Standing,
    part_of,
    read_proposal,
    read_standing,
)
from service.council.proposals.vote import NoSeat, cast_vote
from service.council.resources import overspend
from service.council.resources.show import read_years, this_year
from service.web.errors import NotForYou
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import fragment, is_fragment, page
from tenants.members import Member
from tenants.roles import Permission

READ = may(Permission.DASHBOARD_READ)
COMMENT = may(Permission.PROPOSAL_COMMENT)
DECIDE = may(Permission.PROPOSAL_DECIDE)
Answer = Template | Response[Any]


@get("/{municipality:str}/styrgrupp/forslag/{proposal:uuid}", opt=READ)
async def proposal_page(
    request: Request[Any, Any, Any], member: CurrentMember, proposal: FromPath[UUID]
) -> Template:
    context = await _context(request, member, proposal)
    return page(request, "council/proposals/page.html", **context)


@get("/{municipality:str}/styrgrupp/forslag/{proposal:uuid}/_laget", opt=READ)
async def proposal_standing(
    request: Request[Any, Any, Any], member: CurrentMember, proposal: FromPath[UUID]
) -> Template:
    context = await _context(request, member, proposal)
    return fragment(request, "council/proposals/_standing.html", **context)


@post("/{municipality:str}/styrgrupp/forslag/{proposal:uuid}/rost", opt=DECIDE, status_code=200)
async def vote(
    request: Request[Any, Any, Any], member: CurrentMember, proposal: FromPath[UUID]
) -> Answer:
    form = forms.vote_form(await request.form())
    if not form.errors:
        try:
            await cast_vote(
                by=member,
                proposal_id=proposal,
                choice=form.values["choice"],
                motive=form.values["vote_motive"],
            )
        except Refused as refused:
            form.refuse(refused.said)
        except NoSeat:
            raise _no_seat(request) from None
        except NoSuchProposal:
            raise NotFoundException() from None
    return await _answer(request, member, proposal, "vote", form)


@post("/{municipality:str}/styrgrupp/forslag/{proposal:uuid}/beslut", opt=DECIDE, status_code=200)
async def decision(
    request: Request[Any, Any, Any], member: CurrentMember, proposal: FromPath[UUID]
) -> Answer:
    shown = await _proposal(proposal)
    form = forms.decision_form(await request.form(), grants=shown.kind == "measure")
    if not form.errors:
        try:
            await decide(by=member, proposal_id=proposal, **form.values)
        except Refused as refused:
            form.refuse(refused.said)
        except NoSeat:
            raise _no_seat(request) from None
    return await _answer(request, member, proposal, "decide", form)


@post(
    "/{municipality:str}/styrgrupp/forslag/{proposal:uuid}/kommentar", opt=COMMENT, status_code=200
)
async def add_comment(
    request: Request[Any, Any, Any], member: CurrentMember, proposal: FromPath[UUID]
) -> Answer:
    form = forms.comment_form(await request.form())
    if not form.errors:
        try:
            await comment(
                by=member,
                proposal_id=proposal,
                comment_id=form.values["comment_id"],
                text=form.values["comment"],
            )
        except NoSuchProposal:
            raise NotFoundException() from None
    return await _answer(request, member, proposal, "comment", form)


@post(
    "/{municipality:str}/styrgrupp/forslag/{proposal:uuid}/reservation",
    opt=DECIDE,
    status_code=200,
)
async def add_reservation(
    request: Request[Any, Any, Any], member: CurrentMember, proposal: FromPath[UUID]
) -> Answer:
    form = forms.reservation_form(await request.form())
    if not form.errors:
        try:
            await reserve(by=member, proposal_id=proposal, text=form.values["reservation"])
        except Refused as refused:
            form.refuse(refused.said)
        except NoSeat:
            raise _no_part(request) from None
        except NoSuchProposal:
            raise NotFoundException() from None
    return await _answer(request, member, proposal, "reserve", form)


def _no_seat(request: Request[Any, Any, Any]) -> NotForYou:
    request.scope["state"]["refused"] = Permission.PROPOSAL_DECIDE
    return NotForYou(
        _("Du har ingen plats i styrgruppen som ger rätt till det just nu. Inget är sparat.")
    )


def _no_part(request: Request[Any, Any, Any]) -> NotForYou:
    request.scope["state"]["refused"] = Permission.PROPOSAL_DECIDE
    return NotForYou(_("Du röstade inte om förslaget. Då går det inte att reservera sig."))


async def _proposal(proposal_id: UUID) -> ShownProposal:
    try:
        return await read_proposal(proposal_id)
    except NoSuchProposal:
        raise NotFoundException() from None


async def _answer(
    request: Request[Any, Any, Any], member: Member, proposal: UUID, act: str, form: Form
) -> Answer:
    """After an act: its form anew, or the page again for a browser without script."""
    refused = bool(form.errors or form.said)
    here = f"/{member.municipality.slug}/styrgrupp/forslag/{proposal}"
    if not refused and act in ("decide", "reserve"):
        # Most of the page has changed with it.
        if is_fragment(request):
            return Response("", status_code=200, headers={"HX-Redirect": here})
        return Redirect(here, status_code=303)
    if not refused and not is_fragment(request):
        return Redirect(f"{here}#{act}", status_code=303)
    context = await _context(request, member, proposal)
    # What was kept needs not be typed again; a comment that was said gives room for the next.
    context[f"{act}_form"] = form if refused else Form()
    context["done"] = "" if refused else act
    status = 422 if refused else 200
    if is_fragment(request):
        return fragment(request, f"council/proposals/_{act}.html", status=status, **context)
    return page(request, "council/proposals/page.html", status=status, **context)


async def _context(
    request: Request[Any, Any, Any], member: Member, proposal_id: UUID
) -> dict[str, Any]:
    proposal = await _proposal(proposal_id)
    standing = await read_standing(proposal_id)
    return {
        "proposal": proposal,
        "standing": standing,
        "part": part_of(member, standing),
        "here": f"/{member.municipality.slug}/styrgrupp/forslag/{proposal.id}",
        "vote_form": Form(),
        "decide_form": Form(),
        "comment_form": Form(),
        "reserve_form": Form(),
        "done": "",
        "new_id": uuid4(),
        "choices": [(key, _(word)) for key, word in CHOICE_WORDS.items()],
        "outcome_word": outcome_word,
        "too_few": "" if standing.count.enough else too_few(standing.count),
        "overspend": await _overspend(proposal, standing),
    }


async def _overspend(proposal: ShownProposal, standing: Standing) -> str:
    """What the frame of the proposal's year says about it, before and after the decision."""
    if proposal.kind != "measure" or standing.withdrawn is not None:
        return ""
    years = {one.year: one for one in await read_years()}
    decided = standing.decision
    if decided is not None:
        return overspend.after(years[decided.year]) if decided.outcome == "approved" else ""
    return overspend.before(years[this_year()], proposal.cost_kr, proposal.hours)


routes = [proposal_page, proposal_standing, vote, decision, add_comment, add_reservation]
