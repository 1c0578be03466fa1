"""Pages of the editions: the list, a draft that is worked on, one that is frozen, a difference."""

from collections.abc import Awaitable
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.cycle.picture import explain, lay_out
from service.cycle.picture.editions import draft as drafts
from service.cycle.picture.editions import lay_out as edition_lay_out
from service.cycle.picture.editions.approve import (
    CAPACITIES,
    AlreadyMade,
    DraftOpen,
    NoSuchEdition,
    NothingToApprove,
    SectionsMissing,
    Superseded,
    approve_draft,
    approve_week,
    co_sign,
)
from service.cycle.picture.editions.differ import differ
from service.cycle.picture.editions.draft import (
    ChangedMeanwhile,
    Draft,
    DraftEnded,
    NoSuchDraft,
    open_drafts,
    read_draft,
)
from service.cycle.picture.editions.forms import (
    choices,
    read_choice,
    read_comment,
    read_reason,
    read_revision,
    read_sections,
    read_two,
)
from service.cycle.picture.editions.kinds import KINDS, Period, edition_number, period_name
from service.cycle.picture.editions.read import (
    EditionHead,
    capacity_label,
    read_edition,
    read_editions,
    read_head,
    week_edition,
)
from service.cycle.picture.editions.verify import PROOFS, Verdict, verify
from service.cycle.picture.paper.pages import paper_context
from service.cycle.picture.policy import view_of
from service.web import limits
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import fragment, is_fragment, page
from tenants.members import Member
from tenants.roles import Permission

READ = may(Permission.PICTURE_READ)
READ_WIDE = may(Permission.PICTURE_READ_ALL)
APPROVE = may(Permission.EDITION_APPROVE)
WRITE = may(Permission.EDITION_WRITE)
# Who works with the picture. The operator behind broken glass reads it all, and writes nothing.
COMMENT = may(Permission.PICTURE_ASSESS)

HERE = "/{municipality:str}/lagesbild/utgavor"
DRAFT = HERE + "/utkast/{draft:uuid}"
Asking = Request[Any, Any, Any]


@get(HERE, opt=READ)
async def editions_page(request: Asking, member: CurrentMember) -> Template:
    return await _list(request, member, Filled.blank())


@post(HERE, opt=WRITE, status_code=200)
async def begin(request: Asking, member: CurrentMember) -> Response[Any]:
    form = Filled.of(await request.form())
    chosen = read_choice(form, _not_made(await read_editions()))
    if chosen is None:
        return await _list(request, member, form, status=422)
    kind, period = chosen
    draft_id = await drafts.begin_draft(form.row_id("edition"), kind, period, by=member)
    return _to_draft(member, draft_id)


@get(DRAFT, opt=READ_WIDE)
async def draft_page(request: Asking, member: CurrentMember, draft: FromPath[UUID]) -> Template:
    return await _draft(request, member, draft)


@get(DRAFT + "/_kommentarer", opt=READ_WIDE)
async def draft_comments(request: Asking, draft: FromPath[UUID]) -> Template:
    found = await _found(draft)
    return fragment(
        request, "cycle/picture/editions/_comments.html", draft=found, comment=Filled.blank()
    )


@post(DRAFT + "/text", opt=WRITE, status_code=200)
async def write(request: Asking, member: CurrentMember, draft: FromPath[UUID]) -> Response[Any]:
    form = Filled.of(await request.form())
    found = await _found(draft)
    sections = await read_sections(form, found.kind)
    act = drafts.write_sections(draft, read_revision(form), sections, by=member)
    return await _act(request, member, draft, form, act)


@post(DRAFT + "/tal", opt=WRITE, status_code=200)
async def redraw(request: Asking, member: CurrentMember, draft: FromPath[UUID]) -> Response[Any]:
    form = Filled.of(await request.form())
    return await _act(
        request, member, draft, form, drafts.redraw(draft, read_revision(form), by=member)
    )


@post(DRAFT + "/kasta", opt=WRITE, status_code=200)
async def discard(request: Asking, member: CurrentMember, draft: FromPath[UUID]) -> Response[Any]:
    """Asked first whether it is meant: its texts do not come back."""
    form = Filled.of(await request.form())
    if form.said("sure") != "yes":
        return await _draft(request, member, draft, discards=True)
    act = drafts.discard(draft, read_revision(form), by=member)
    return await _act(request, member, draft, form, act)


@post(DRAFT + "/kommentar", opt=COMMENT, status_code=200)
async def comment(request: Asking, member: CurrentMember, draft: FromPath[UUID]) -> Response[Any]:
    form = Filled.of(await request.form())
    text = await read_comment(form)
    act = drafts.comment(draft, form.row_id("comment", draft), text, by=member)
    return await _act(request, member, draft, form, act, name="comment", part="#comments")


@post(DRAFT + "/kommentar/{comment_id:uuid}/klar", opt=WRITE, status_code=200)
async def resolve(
    request: Asking, member: CurrentMember, draft: FromPath[UUID], comment_id: FromPath[UUID]
) -> Response[Any]:
    act = drafts.resolve(draft, comment_id, by=member)
    return await _act(request, member, draft, Filled(), act, part="#comments")


@post(DRAFT + "/faststall", opt=APPROVE, status_code=200)
async def approve(request: Asking, member: CurrentMember, draft: FromPath[UUID]) -> Response[Any]:
    form = Filled.of(await request.form())
    return await _act(
        request,
        member,
        draft,
        form,
        approve_draft(draft, read_revision(form), by=member),
        to=f"/{member.municipality.slug}/lagesbild/utgavor/{draft}",
    )


@post("/{municipality:str}/lagesbild/utgava", opt=APPROVE, status_code=200)
async def approve_this_week(request: Asking, member: CurrentMember) -> Response[Any]:
    try:
        await approve_week(by=member)
    except NothingToApprove:
        detail = _("Veckans bild är inte beräknad än. Vänta en minut och försök igen.")
        return page(request, "layout/error.html", status=422, status_code=422, detail=detail)
    except DraftOpen as opened:
        # Two editions of one week would both be signed: the texts that are begun come with it.
        return await _draft(request, member, opened.draft_id, status=422, text=_refused_for_draft())
    if is_fragment(request):
        context = await approval(member)
        return fragment(request, "cycle/picture/_approval.html", **context)
    return Redirect(f"/{member.municipality.slug}/lagesbild#picture-approval", status_code=303)


@get("/{municipality:str}/lagesbild/utgava/{week:date}", opt=READ)
async def week_page(request: Asking, member: CurrentMember, week: FromPath[date]) -> Template:
    """The weekly edition of a week, as letters link to it."""
    head = await week_edition(week)
    if head is None:
        raise NotFoundException()
    return await _edition(request, member, head)


@get(HERE + "/{edition:uuid}", opt=READ)
async def edition_page(request: Asking, member: CurrentMember, edition: FromPath[UUID]) -> Template:
    """An approved edition as it stood, at the level that the reader sees the picture at."""
    return await _edition(request, member, await _head(edition))


@post(HERE + "/{edition:uuid}/underteckna", opt=APPROVE, status_code=200)
async def sign(request: Asking, member: CurrentMember, edition: FromPath[UUID]) -> Response[Any]:
    try:
        await co_sign(edition, by=member)
    except NoSuchEdition:
        raise NotFoundException() from None
    except Superseded:
        form = Filled()
        form.refuse("form", _("En senare version har ersatt utgåvan. Underteckna den i stället."))
        return await _edition(request, member, await _head(edition), form=form, status=422)
    return _to_edition(member, edition)


@post(HERE + "/{edition:uuid}/ratta", opt=WRITE, status_code=200)
async def correct(request: Asking, member: CurrentMember, edition: FromPath[UUID]) -> Response[Any]:
    """Begin the draft of a new version, with the texts of the one that it corrects."""
    head = await _head(edition)
    form = Filled.of(await request.form())
    reason = await read_reason(form)
    if head.superseded_by is not None:
        form.refuse("form", _("En senare version har ersatt utgåvan. Rätta den i stället."))
    if form.errors:
        return await _edition(request, member, head, form=form, status=422)
    draft_id = await drafts.begin_draft(
        form.row_id("correct", edition),
        head.kind,
        head.period,
        by=member,
        supersedes=edition,
        reason=reason,
        sections=head.sections,
    )
    return _to_draft(member, draft_id)


@post(HERE + "/{edition:uuid}/prova", opt=READ_WIDE, status_code=200)
async def prove(request: Asking, member: CurrentMember, edition: FromPath[UUID]) -> Response[Any]:
    """Work the edition out anew from what it froze, and say whether it holds."""
    head = await _head(edition)
    await limits.take(request, "proof")
    return await _edition(request, member, head, verdict=await verify(head.id))


@get("/{municipality:str}/lagesbild/jamfor", opt=READ_WIDE)
async def difference_page(request: Asking, member: CurrentMember) -> Template:
    """Two editions beside each other: `fran` the earlier, `till` the later one."""
    heads = await read_editions()
    two = read_two(request.query_params.get("fran", ""), request.query_params.get("till", ""))
    difference = None
    if two is not None:
        earlier, later = [await _head(one) for one in two]
        view = view_of(member)
        before, after = [await read_edition(one, view) for one in two]
        difference = differ(earlier, before.wide or {}, later, after.wide or {})
    return page(
        request,
        "cycle/picture/editions/difference.html",
        heads=heads,
        two=two,
        difference=difference,
        lay_out=edition_lay_out,
    )


async def approval(member: Member) -> dict[str, Any]:
    """The week's edition when there is one, and whether the reader has yet to sign it.

    `begun` is the draft that is to be approved in place of the picture, or None.
    """
    edition = await week_edition(drafts.this_week())
    begun = None if edition else await drafts.open_week_draft(drafts.this_week())
    mine = [one for one in CAPACITIES if one in member.roles]
    signed = edition is not None and all(edition.signed_as(one) for one in mine)
    return {
        "edition": edition,
        "begun": begun,
        "capacity_label": capacity_label,
        "this_week": drafts.this_week(),
        "to_sign": member.may(Permission.EDITION_APPROVE) and not signed and not begun,
    }


async def _list(request: Asking, member: Member, form: Filled, *, status: int = 200) -> Template:
    writes = member.may(Permission.EDITION_WRITE)
    wide = member.may(Permission.PICTURE_READ_ALL)
    heads = await read_editions()
    return page(
        request,
        "cycle/picture/editions/list.html",
        status=status,
        form=form,
        heads=heads,
        drafts=await open_drafts() if wide else [],
        writes=writes,
        wide=wide,
        choices=[
            (value, f"{_(KINDS[kind].name)} {period_name(kind, period)}")
            for value, kind, period in _not_made(heads)
        ],
        kinds=KINDS,
        period_name=period_name,
        capacity_label=capacity_label,
    )


def _not_made(heads: list[EditionHead]) -> list[tuple[str, str, Period]]:
    """What a draft can be begun of: the periods that have no edition to correct."""
    made = {(head.kind, head.week) for head in heads}
    return [one for one in choices() if (one[1], one[2].first) not in made]


async def _found(draft_id: UUID) -> Draft:
    try:
        return await read_draft(draft_id)
    except NoSuchDraft:
        raise NotFoundException() from None


async def _head(edition_id: UUID) -> EditionHead:
    try:
        return await read_head(edition_id)
    except NoSuchEdition:
        raise NotFoundException() from None


async def _draft(
    request: Asking,
    member: Member,
    draft_id: UUID,
    *,
    text: Filled | None = None,
    comment: Filled | None = None,
    discards: bool = False,
    status: int = 200,
) -> Template:
    found = await _found(draft_id)
    if text is not None:
        _keep_stored(text, found)
    wide = found.content["wide"]
    return page(
        request,
        "cycle/picture/editions/draft.html",
        status=status,
        draft=found,
        kind=KINDS[found.kind],
        number=edition_number(found.kind, found.period, 1),
        name=f"{_(KINDS[found.kind].name)} {period_name(found.kind, found.period)}",
        text=text or Filled(dict(found.sections)),
        comment=comment or Filled.blank(),
        writes=member.may(Permission.EDITION_WRITE) and found.outcome is None,
        comments=member.may(Permission.PICTURE_ASSESS) and found.outcome is None,
        discards=discards and found.outcome is None,
        approves=member.may(Permission.EDITION_APPROVE) and found.outcome is None,
        wide=wide,
        rows=lay_out.rows(wide) if wide["begun"] else [],
        lay_out=lay_out,
        edition_lay_out=edition_lay_out,
        explain=explain,
    )


async def _edition(
    request: Asking,
    member: Member,
    head: EditionHead,
    *,
    form: Filled | None = None,
    verdict: Verdict | None = None,
    status: int = 200,
) -> Template:
    shown = await read_edition(head.id, view_of(member))
    wide = shown.wide or {}
    mine = [one for one in CAPACITIES if one in member.roles]
    later = None if head.superseded_by is None else await read_head(head.superseded_by)
    return page(
        request,
        "cycle/picture/edition.html",
        status=status,
        shown=shown,
        edition=head,
        **await paper_context(head.id, member),
        later=later,
        verdict=verdict,
        proofs=PROOFS,
        form=form or Filled.blank(),
        capacity_label=capacity_label,
        to_sign=member.may(Permission.EDITION_APPROVE)
        and later is None
        and not all(head.signed_as(one) for one in mine),
        writes=member.may(Permission.EDITION_WRITE) and later is None,
        lay_out=lay_out,
        edition_lay_out=edition_lay_out,
        explain=explain,
        wide=wide,
        rows=lay_out.rows(wide) if wide and wide["begun"] else [],
    )


async def _act(
    request: Asking,
    member: Member,
    draft_id: UUID,
    form: Filled,
    act: Awaitable[Any],
    *,
    name: str = "text",
    part: str = "",
    to: str = "",
) -> Response[Any]:
    """Do `act` unless the form has errors; refused, the page comes back with what was typed."""
    refused: Any = {name: form}
    if form.errors:
        act.close()  # type: ignore[attr-defined]
        return await _draft(request, member, draft_id, status=422, **refused)
    try:
        await act
    except NoSuchDraft:
        raise NotFoundException() from None
    except DraftEnded:
        form.refuse("form", _("Utkastet är redan fastställt eller kastat. Inget mer kan ändras."))
    except ChangedMeanwhile:
        form.refuse(
            "form",
            _("Någon har ändrat utkastet sedan du läste det. Läs det som står nu, och gör om."),
        )
    except SectionsMissing as missing:
        for key in missing.keys:
            form.refuse(key, _("Skriv det här innan utgåvan fastställs."))
    except AlreadyMade:
        form.refuse(
            "form",
            _(
                "Perioden har redan en fastställd utgåva, och det här utkastet är ingen rättelse "
                "av den. Kasta utkastet, och börja på en rättad utgåva från den som är fastställd."
            ),
        )
    else:
        draft_address = f"/{member.municipality.slug}/lagesbild/utgavor/utkast/{draft_id}{part}"
        return Redirect(to or draft_address, status_code=303)
    return await _draft(request, member, draft_id, status=422, **refused)


def _keep_stored(text: Filled, draft: Draft) -> None:
    """Show what is stored where nothing was sent, so that it is not saved over unseen.

    Refused because somebody changed the draft, a field sent empty is such a field too: it may have
    been empty when it was read.
    """
    for key, stored in draft.sections.items():
        if key not in text.typed or ("form" in text.errors and not text.said(key)):
            text.typed[key] = stored


def _refused_for_draft() -> Filled:
    form = Filled()
    form.refuse(
        "form",
        _(
            "Ett utkast till veckans utgåva är påbörjat, och det är det som fastställs. "
            "Fastställ det här, eller kasta det först."
        ),
    )
    return form


def _to_draft(member: Member, draft_id: UUID) -> Redirect:
    address = f"/{member.municipality.slug}/lagesbild/utgavor/utkast/{draft_id}"
    return Redirect(address, status_code=303)


def _to_edition(member: Member, edition_id: UUID) -> Redirect:
    address = f"/{member.municipality.slug}/lagesbild/utgavor/{edition_id}"
    return Redirect(address, status_code=303)


routes = [
    editions_page,
    begin,
    draft_page,
    draft_comments,
    write,
    redraw,
    discard,
    comment,
    resolve,
    approve,
    approve_this_week,
    week_page,
    edition_page,
    sign,
    correct,
    prove,
    difference_page,
]
