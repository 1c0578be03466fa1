"""The municipality's log-ins: which there are, whom each may vouch for, and asking for another."""

from typing import Any

from litestar import Request, get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.entrance.provider_forms import ProposalForm, RulesForm, UnknownField
from service.settings import Settings
from service.web.language import _, later
from service.web.live import announce
from service.web.may import SESSION_COOKIE, CurrentMember, may
from service.web.respond import page
from tenants.ceilings import Ceiling
from tenants.identity.acceptance import (
    Accepted,
    ChangedMeanwhile,
    NotApproved,
    ShutsYouOut,
    TooManyProposed,
    accepted,
    change_rules,
    close_provider,
    one_accepted,
    open_provider,
    propose_provider,
)
from tenants.members import Member
from tenants.organisations import organisations_that_take_part
from tenants.roles import Permission

MANAGE = may(Permission.PROVIDER_MANAGE)
PROPOSE = "foresla"

CEILINGS = (
    (Ceiling.OWN_ORGANISATION, later("Rapportörer, kontaktpersoner och arbetsgruppens medlemmar")),
    (Ceiling.PREPARING, later("Även kommunpolis, beredningsgrupp och arbetsgruppens ledare")),
    (Ceiling.GOVERNING, later("Även styrgrupp, projektägare och granskare")),
    (Ceiling.RUNNING, later("Alla roller, även samordnare och administratör")),
)


@get("/{municipality:str}/inloggning", opt=MANAGE)
async def providers_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    """Every provider of the municipality, and what holds for it."""
    organisations = {one.id: one.name for one in await organisations_that_take_part()}
    return page(
        request,
        "entrance/providers.html",
        providers=await accepted(),
        organisations=organisations,
        ceilings={key: _(label) for key, label in CEILINGS},
    )


@get("/{municipality:str}/inloggning/foresla", opt=MANAGE)
async def proposal_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return _proposal(request, ProposalForm())


@post("/{municipality:str}/inloggning/foresla", opt=MANAGE, status_code=200)
async def propose(request: Request[Any, Any, Any], member: CurrentMember) -> Template | Redirect:
    """Ask the platform for a provider. Nothing is called at the address that was typed."""
    settings: Settings = request.app.state.settings
    try:
        form = ProposalForm.parse((await request.form()).multi_items())
    except UnknownField as error:
        raise ClientException(str(error)) from error
    if not form.errors:
        try:
            name = await propose_provider(
                by=member,
                label=form.label,
                issuer=form.issuer,
                client_id=form.client_id,
                client_secret=form.client_secret if form.way == "secret" else None,
                secret_key=settings.secret_key,
            )
        except TooManyProposed:
            form.errors["form"] = _(
                "Flera förslag väntar redan på svar. Vänta tills de är prövade."
            )
        else:
            return _to(member, name)
    return _proposal(request, form, status=422)


@get("/{municipality:str}/inloggning/{provider:str}", opt=MANAGE)
async def provider_page(
    request: Request[Any, Any, Any], provider: FromPath[str], member: CurrentMember
) -> Template:
    chosen = await _chosen(provider)
    return await _rules(request, chosen, RulesForm.of(chosen))


@post("/{municipality:str}/inloggning/{provider:str}", opt=MANAGE, status_code=200)
async def change(
    request: Request[Any, Any, Any], provider: FromPath[str], member: CurrentMember
) -> Template | Redirect:
    """Let other rules hold from the next request on."""
    chosen = await _chosen(provider)
    try:
        form = RulesForm.parse(
            (await request.form()).multi_items(), await organisations_that_take_part()
        )
    except UnknownField as error:
        raise ClientException(str(error)) from error
    if form.rules is None:
        return await _rules(request, chosen, form, status=422)
    try:
        await change_rules(
            chosen, form.rules, version=form.version, by=member, session=_session(request)
        )
    except ChangedMeanwhile:
        # What was typed stays; sending it once more replaces, knowingly, what the other wrote.
        form.version = chosen.version
        return await _rules(request, chosen, form, status=409, meanwhile=RulesForm.of(chosen))
    except ShutsYouOut:
        form.errors["form"] = _shuts_out()
        return await _rules(request, chosen, form, status=422)
    await announce("rights")
    return _to(member)


@post("/{municipality:str}/inloggning/{provider:str}/oppna", opt=MANAGE, status_code=200)
async def open_(
    request: Request[Any, Any, Any], provider: FromPath[str], member: CurrentMember
) -> Template | Redirect:
    """Let its people in."""
    chosen = await _chosen(provider)
    try:
        await open_provider(chosen, by=member)
    except NotApproved:
        form = RulesForm.of(chosen)
        form.errors["form"] = _(
            "Plattformen har inte godkänt inloggningen ännu. Den öppnas tidigast därefter."
        )
        return await _rules(request, chosen, form, status=409)
    return _to(member)


@post("/{municipality:str}/inloggning/{provider:str}/stang", opt=MANAGE, status_code=200)
async def close(
    request: Request[Any, Any, Any], provider: FromPath[str], member: CurrentMember
) -> Template | Redirect:
    """Let nobody in with it, from the next request on."""
    chosen = await _chosen(provider)
    try:
        await close_provider(chosen, by=member, session=_session(request))
    except ShutsYouOut:
        form = RulesForm.of(chosen)
        form.errors["form"] = _shuts_out()
        return await _rules(request, chosen, form, status=422)
    await announce("rights")
    return _to(member)


def _session(request: Request[Any, Any, Any]) -> str:
    return request.cookies.get(SESSION_COOKIE, "")


def _to(member: Member, name: str = "") -> Redirect:
    place = f"/{member.municipality.slug}/inloggning"
    return Redirect(f"{place}/{name}" if name else place, status_code=303)


async def _chosen(name: str) -> Accepted:
    chosen = await one_accepted(name) if "\0" not in name else None
    if chosen is None:
        raise NotFoundException()
    return chosen


def _shuts_out() -> str:
    return _(
        "Så kan du inte spara: då kommer du själv inte längre åt den här sidan, och ingen kan "
        "ändra tillbaka."
    )


async def _rules(
    request: Request[Any, Any, Any],
    chosen: Accepted,
    form: RulesForm,
    *,
    status: int = 200,
    meanwhile: RulesForm | None = None,
) -> Template:
    return page(
        request,
        "entrance/provider.html",
        status=status,
        provider=chosen,
        form=form,
        meanwhile=meanwhile,
        organisations=await organisations_that_take_part(),
        ceilings=[(key.value, _(label)) for key, label in CEILINGS],
    )


def _proposal(
    request: Request[Any, Any, Any], form: ProposalForm, *, status: int = 200
) -> Template:
    return page(request, "entrance/provider_proposal.html", status=status, form=form)
