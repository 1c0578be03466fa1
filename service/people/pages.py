"""Personer: who is in, who is invited. Organisationer: who takes part."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.people import organisations
from service.people.forms import InviteForm, OrganisationForm
from service.people.words import ACTOR_TYPES, AUTHORITY, actor_word, role_word
from service.web import limits
from service.web.language import _
from service.web.live import announce
from service.web.may import CurrentMember, may
from service.web.respond import page
from tenants.members import Member
from tenants.people.end import LastOne, end_membership, leave
from tenants.people.invite import MayNotGrant, NotYours, invite, revoke
from tenants.people.policy import grantable, own_organisations, reaches_all
from tenants.people.read import organisations_with_people
from tenants.roles import STEP_UP, Permission
from tenants.scope import fetch_value

PEOPLE = may(Permission.PEOPLE_MANAGE)
ORGANISATIONS = may(Permission.ORGANISATION_MANAGE)
# An organisation that leaves takes its people's places with it.
LET_LEAVE = may(Permission.ORGANISATION_MANAGE, proof=STEP_UP[Permission.PEOPLE_MANAGE])


@get("/{municipality:str}/personer", opt=PEOPLE)
async def people_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return await _people(request, member, InviteForm())


@post("/{municipality:str}/personer/bjud-in", opt=PEOPLE, status_code=200)
async def send_invitations(
    request: Request[Any, Any, Any], member: CurrentMember
) -> Template | Redirect:
    form = InviteForm.parse(await request.form())
    own = await fetch_value("SELECT lower(email) FROM person WHERE id = $1", member.person_id)
    if own in form.addresses:
        form.errors["emails"] = _("Du kan inte bjuda in dig själv.")
    if form.errors or form.organisation_id is None or form.role is None:
        return await _people(request, member, form, status=422)
    if form.role not in grantable(member):
        request.scope["state"]["refused"] = f"grant {form.role}"
        raise PermissionDeniedException()
    for address in form.addresses:
        await limits.take(request, "invitation")
        try:
            await invite(
                by=member,
                email=address,
                organisation_id=form.organisation_id,
                role=form.role,
                secret_key=request.app.state.settings.secret_key,
            )
        except NotYours:
            raise NotFoundException() from None
    await announce("people")
    return _back(member, "personer")


@post(
    "/{municipality:str}/personer/inbjudningar/{inbjudan:uuid}/ta-tillbaka",
    opt=PEOPLE,
    status_code=200,
)
async def take_back(
    request: Request[Any, Any, Any], member: CurrentMember, inbjudan: FromPath[UUID]
) -> Redirect:
    try:
        await revoke(by=member, invitation_id=inbjudan)
    except NotYours:
        raise NotFoundException() from None
    except MayNotGrant:
        request.scope["state"]["refused"] = "revoke"
        raise PermissionDeniedException() from None
    await announce("people")
    return _back(member, "personer")


@post("/{municipality:str}/personer/{medlemskap:uuid}/avsluta", opt=PEOPLE, status_code=200)
async def end_one(
    request: Request[Any, Any, Any], member: CurrentMember, medlemskap: FromPath[UUID]
) -> Template | Redirect:
    try:
        await end_membership(by=member, membership_id=medlemskap)
    except NotYours:
        raise NotFoundException() from None
    except MayNotGrant:
        request.scope["state"]["refused"] = "end"
        raise PermissionDeniedException() from None
    except LastOne as last:
        return await _people(request, member, InviteForm(), status=422, wrong=_last(last))
    await announce("people")
    return _back(member, "personer")


@get("/{municipality:str}/organisationer", opt=ORGANISATIONS)
async def organisations_page(request: Request[Any, Any, Any]) -> Template:
    return await _organisations(request, OrganisationForm())


@post("/{municipality:str}/organisationer", opt=ORGANISATIONS, status_code=200)
async def add_one(request: Request[Any, Any, Any], member: CurrentMember) -> Template | Redirect:
    form = OrganisationForm.parse(await request.form())
    if form.errors:
        return await _organisations(request, form, status=422)
    try:
        await organisations.add(
            by=member,
            name=form.typed["name"],
            actor_type=form.typed["actor_type"],
            is_authority=form.is_authority,
        )
    except organisations.NameTaken:
        form.errors["name"] = _("En organisation med det namnet är redan med.")
        return await _organisations(request, form, status=422)
    await announce("people")
    return _back(member, "organisationer")


@post(
    "/{municipality:str}/organisationer/{organisation:uuid}/namn",
    opt=ORGANISATIONS,
    status_code=200,
)
async def rename_one(
    request: Request[Any, Any, Any], member: CurrentMember, organisation: FromPath[UUID]
) -> Template | Redirect:
    # The kind of actor stays as it is: only the name is read here.
    form = OrganisationForm.parse({**await request.form(), "actor_type": "public"})
    wrong = form.errors.get("name", "")
    try:
        if not wrong and not await organisations.rename(
            by=member, organisation_id=organisation, name=form.typed["name"]
        ):
            raise NotFoundException()
    except organisations.NameTaken:
        wrong = _("En organisation med det namnet är redan med.")
    if wrong:
        return await _organisations(
            request,
            OrganisationForm(),
            status=422,
            about=organisation,
            renamed=form.typed["name"],
            wrong=wrong,
        )
    await announce("people")
    return _back(member, "organisationer")


@post(
    "/{municipality:str}/organisationer/{organisation:uuid}/lamna",
    opt=LET_LEAVE,
    status_code=200,
)
async def let_leave(
    request: Request[Any, Any, Any], member: CurrentMember, organisation: FromPath[UUID]
) -> Template | Redirect:
    try:
        await leave(by=member, organisation_id=organisation)
    except NotYours:
        raise NotFoundException() from None
    except LastOne as last:
        form = OrganisationForm()
        return await _organisations(
            request, form, status=422, about=organisation, wrong=_last(last)
        )
    await announce("people")
    return _back(member, "organisationer")


def _back(member: Member, place: str) -> Redirect:
    return Redirect(f"/{member.municipality.slug}/{place}", status_code=303)


def _last(last: LastOne) -> str:
    return _(
        "Kommunen måste ha minst en: %(role)s. Bjud in en till först.", role=role_word(str(last))
    )


async def _people(
    request: Request[Any, Any, Any],
    member: Member,
    form: InviteForm,
    *,
    status: int = 200,
    wrong: str = "",
) -> Template:
    only = None if reaches_all(member) else await own_organisations(member)
    shown = await organisations_with_people(only)
    roles = grantable(member)
    return page(
        request,
        "people/people.html",
        status=status,
        organisations=shown,
        everywhere=only is None,
        form=form,
        wrong=wrong,
        grantable=set(map(str, roles)),
        roles=[(str(role), role_word(role)) for role in roles],
        choices=[(str(one.id), one.name) for one in shown],
        role_word=role_word,
        here=f"/{member.municipality.slug}/personer",
    )


async def _organisations(
    request: Request[Any, Any, Any],
    form: OrganisationForm,
    *,
    status: int = 200,
    about: UUID | None = None,
    renamed: str = "",
    wrong: str = "",
) -> Template:
    slug = request.scope["state"]["municipality"].slug
    return page(
        request,
        "people/organisations.html",
        status=status,
        organisations=await organisations_with_people(),
        form=form,
        kinds=[("", _("Välj …")), *((key, _(word)) for key, (word, _rule) in ACTOR_TYPES.items())],
        standings=[("", _("Som brukligt för aktören")), *((k, _(v)) for k, v in AUTHORITY.items())],
        actor_word=actor_word,
        standing=lambda key: _(AUTHORITY[key]),
        about=about,
        renamed=renamed,
        wrong=wrong,
        here=f"/{slug}/organisationer",
    )


routes: list[Any] = [
    people_page,
    send_invitations,
    take_back,
    end_one,
    organisations_page,
    add_one,
    rename_one,
    let_leave,
]
