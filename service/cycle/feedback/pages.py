"""Feedback to who reported, to each organisation, and to everybody."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.cycle.feedback import public_pages
from service.cycle.feedback.digest import choose_digest, wants_digest
from service.cycle.feedback.forms import LONGEST_HEADLINE, LONGEST_TEXT, PublicationForm
from service.cycle.feedback.given import what_was_given
from service.cycle.feedback.lay_out import (
    answers,
    decision_sentence,
)
from service.cycle.feedback.policy import may_choose_organisation, organisation_of
from service.cycle.feedback.public_counts import public_counts
from service.cycle.feedback.publish import (
    GivesAway,
    NoSuchPublication,
    PeriodMoved,
    measures_to_tell,
    publish,
    read_publication,
    withdraw_publication,
)
from service.cycle.feedback.show_counts import shown
from service.cycle.feedback.what_became import latest_fates, what_became
from service.cycle.picture.editions.read import read_editions
from service.web.formats import listing
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import fragment, is_fragment, page
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch

READ = may(Permission.FEEDBACK_READ)
PUBLISH = may(Permission.PUBLISH)
# Asked before one writes, so that it is seldom asked when one has written.
WRITE = may(Permission.PUBLISH, sensitive=True)
LATEST_EDITIONS = 6


@get("/{municipality:str}/aterkoppling", opt=READ)
async def feedback_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    context = await _feedback(request, member)
    if is_fragment(request):
        return fragment(request, "cycle/feedback/_became.html", **context)
    context |= {
        "wants_digest": await wants_digest(member.person_id),
        "editions": await read_editions(LATEST_EDITIONS),
        "publication": await read_publication() if member.may(Permission.PUBLISH) else None,
    }
    return page(request, "cycle/feedback/page.html", **context)


@get("/{municipality:str}/aterkoppling/_utgavor", opt=READ)
async def latest_editions(request: Request[Any, Any, Any]) -> Template:
    editions = await read_editions(LATEST_EDITIONS)
    return fragment(request, "cycle/feedback/_editions.html", editions=editions)


@get("/{municipality:str}/aterkoppling/_oppna", opt=PUBLISH)
async def publication_now(request: Request[Any, Any, Any]) -> Template:
    publication = await read_publication()
    return fragment(request, "cycle/feedback/_public.html", publication=publication)


@post("/{municipality:str}/aterkoppling/utskick", opt=READ, status_code=200)
async def choose_letters(request: Request[Any, Any, Any], member: CurrentMember) -> Response[Any]:
    wanted = (await request.form()).get("utskick") == "ja"
    await choose_digest(by=member, wanted=wanted)
    if is_fragment(request):
        return fragment(request, "cycle/feedback/_digest.html", wants_digest=wanted)
    return Redirect(f"/{member.municipality.slug}/aterkoppling#utskick", status_code=303)


@get("/{municipality:str}/aterkoppling/publicera", opt=WRITE)
async def publication_page(request: Request[Any, Any, Any]) -> Template:
    return page(request, "cycle/feedback/publish.html", **await _publishing(PublicationForm()))


@post("/{municipality:str}/aterkoppling/publicera", opt=PUBLISH, status_code=200)
async def publish_now(request: Request[Any, Any, Any], member: CurrentMember) -> Response[Any]:
    form = PublicationForm.parse((await request.form()).multi_items())
    if form.errors:
        context = await _publishing(form)
        return page(request, "cycle/feedback/publish.html", status=422, **context)
    try:
        await publish(by=member, form=form)
    except PeriodMoved:
        form.errors["form"] = _(
            "En ny period har hunnit ta vid, och siffrorna är andra. Inget är publicerat. "
            "Se på de nya siffrorna och publicera sedan."
        )
        context = await _publishing(form)
        return page(request, "cycle/feedback/publish.html", status=422, **context)
    except GivesAway as found:
        form.errors["form"] = _gives_away(found)
        form.together = found.together or form.together
        context = await _publishing(form)
        return page(request, "cycle/feedback/publish.html", status=422, **context)
    return Redirect(f"/{member.municipality.slug}/aterkoppling#oppna-sidan", status_code=303)


@post(
    "/{municipality:str}/aterkoppling/publicerat/{publication:uuid}/dra-tillbaka",
    opt=PUBLISH,
    status_code=200,
)
async def withdraw(
    request: Request[Any, Any, Any], member: CurrentMember, publication: FromPath[UUID]
) -> Response[Any]:
    try:
        await withdraw_publication(by=member, publication_id=publication)
    except NoSuchPublication:
        raise NotFoundException() from None
    return Redirect(f"/{member.municipality.slug}/aterkoppling#oppna-sidan", status_code=303)


def _gives_away(found: GivesAway) -> str:
    told = _(
        "Inget är publicerat. Tillsammans med det som har publicerats tidigare skulle det gå att "
        "räkna ut hur få rapporter som gäller %(where)s.",
        where=listing(found.where),
    )
    if not found.names:
        wait = _("Det går inte att undvika genom att slå ihop delar. Vänta till nästa period.")
        return f"{told} {wait}"
    return f"{told} " + _(
        "Visa %(names)s tillsammans med övriga, så går det inte. Siffrorna här intill är "
        "ändrade så. Se på dem och publicera sedan.",
        names=listing(found.names),
    )


async def _feedback(request: Request[Any, Any, Any], member: Member) -> dict[str, Any]:
    organisation_id = organisation_of(member, _asked(request))
    choosing = may_choose_organisation(member)
    rows = await fetch("SELECT id, name FROM organisation ORDER BY name") if choosing else []
    names = {row["id"]: row["name"] for row in rows}
    if choosing and organisation_id not in names:
        raise NotFoundException()
    assert organisation_id is not None, "Every membership is of an organisation."
    return {
        "organisation_id": organisation_id,
        "organisation": names.get(organisation_id, member.organisation_name),
        "own": organisation_id == member.organisation_id,
        "organisations": [(str(key), name) for key, name in names.items()],
        "given": await what_was_given(organisation_id),
        "outcomes": await what_became(organisation_id),
        "fates": await latest_fates(organisation_id),
        "answers": answers,
        "decision_sentence": decision_sentence,
    }


def _asked(request: Request[Any, Any, Any]) -> UUID | None:
    try:
        return UUID(request.query_params.get("organisation", ""))
    except ValueError:
        return None


async def _publishing(form: PublicationForm) -> dict[str, Any]:
    return {
        "form": form,
        "measures": await measures_to_tell(),
        "counts": shown(await public_counts(form.together)),
        "longest_headline": LONGEST_HEADLINE,
        "longest_text": LONGEST_TEXT,
    }


routes = [
    *public_pages.routes,
    publication_now,
    feedback_page,
    latest_editions,
    choose_letters,
    publication_page,
    publish_now,
    withdraw,
]
