"""Pages about the interface: its description, and the keys of the organisations' systems."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.cycle.mapping.api import endpoints
from service.cycle.mapping.api.description import describe, types_of
from service.letters.post import post_letter
from service.web.filled import Filled
from service.web.language import _, later
from service.web.letters import link
from service.web.live import announce
from service.web.may import PUBLIC, UNSEEN, CurrentMember, may
from service.web.respond import page
from tenants.identity.api_keys import NotYours, TooMany, keys_within_reach, make_key, revoke_key
from tenants.members import Member
from tenants.organisations import organisations_that_take_part
from tenants.people.policy import own_organisations, reaches_all
from tenants.roles import Permission, Role
from tenants.scope import fetch

KEYS = may(Permission.API_KEY_MANAGE)
NAME = 80
ASK = """curl -H "Authorization: Bearer $KRAFTSAMLING_KEY" \\
  {base}/KOMMUN/api/v1/categories"""
SEND = """curl -X POST {base}/KOMMUN/api/v1/reports \\
  -H "Authorization: Bearer $KRAFTSAMLING_KEY" \\
  -H "Idempotency-Key: felanmalan-2026-11-26-0001" \\
  -H "Content-Type: application/json" \\
  -d '{{"reports": [{{"category": "graffiti", "area": "ruta-1",
        "occurred_from": "2026-11-25T21:30:00+01:00"}}]}}'"""
LASTS = {
    "90": later("tre månader"),
    "180": later("ett halvår"),
    "365": later("ett år"),
}


@get("/api", opt=PUBLIC, include_in_schema=False)
async def guide(request: Request[Any, Any, Any]) -> Template:
    """How the interface is used, and every address of it."""
    described = describe(request.app)
    base = request.app.state.settings.base_url
    return page(
        request,
        "cycle/mapping/api/guide.html",
        described=described,
        types=types_of(described),
        description_path="/api/v1/openapi.json",
        ask=ASK.format(base=base),
        send=SEND.format(base=base),
    )


@get("/api/v1/openapi.json", opt=UNSEEN, include_in_schema=False, sync_to_thread=False)
def openapi(request: Request[Any, Any, Any]) -> dict[str, Any]:
    return describe(request.app)


@get("/{municipality:str}/nycklar", opt=KEYS)
async def keys_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return await _keys(request, member, Filled())


@post("/{municipality:str}/nycklar", opt=KEYS, status_code=200)
async def make(request: Request[Any, Any, Any], member: CurrentMember) -> Response[Any]:
    """Shown in the answer itself: a redirect would have to keep what nobody may keep."""
    form = Filled.of(await request.form())
    name = form.text("name", longest=NAME, missing=_("Skriv vad systemet heter."))
    lasts = form.said("lasts")
    if lasts not in LASTS:
        form.refuse("lasts", _("Välj hur länge nyckeln ska gälla."))
    organisation = form.key("for_organisation", missing=_("Välj organisation."))
    secret = None
    if not form.errors and organisation is not None:
        try:
            key_id, secret = await make_key(
                by=member,
                organisation_id=organisation,
                name=name,
                lasts=timedelta(days=int(lasts)),
            )
        except NotYours:
            raise NotFoundException() from None
        except TooMany:
            form.refuse("form", _("Organisationen har redan 20 nycklar. Dra in en först."))
        else:
            await _tell_contacts(member, organisation, key_id, name)
            await announce("people")
            return await _keys(request, member, Filled(), secret=secret, named=name)
    return await _keys(request, member, form, status=422)


@post("/{municipality:str}/nycklar/{api_key:uuid}/dra-in", opt=KEYS, status_code=200)
async def revoke(
    request: Request[Any, Any, Any], member: CurrentMember, api_key: FromPath[UUID]
) -> Redirect:
    try:
        await revoke_key(by=member, key_id=api_key)
    except NotYours:
        raise NotFoundException() from None
    await announce("people")
    return Redirect(f"/{member.municipality.slug}/nycklar", status_code=303)


async def _tell_contacts(by: Member, organisation_id: UUID, key_id: UUID, name: str) -> None:
    """Who speaks for the organisation hears of a key that another made for it."""
    rows = await fetch(
        """SELECT DISTINCT person_id FROM membership
           WHERE organisation_id = $1 AND role = $2 AND person_id <> $3
             AND valid_from <= now() AND (valid_to IS NULL OR valid_to > now())""",
        organisation_id,
        Role.ORG_CONTACT,
        by.person_id,
    )
    for row in rows:
        await post_letter(
            to=row["person_id"],
            kind="api_key.made",
            about=key_id,
            subject=_("En ny nyckel till ett system hos er"),
            template="cycle/mapping/api/made.txt",
            system=name,
            name=by.municipality.name,
            address=link(f"/{by.municipality.slug}/nycklar"),
        )


async def _keys(
    request: Request[Any, Any, Any],
    member: Member,
    form: Filled,
    *,
    secret: str | None = None,
    named: str = "",
    status: int = 200,
) -> Template:
    own = await own_organisations(member)
    organisations = [
        (str(one.id), one.name)
        for one in await organisations_that_take_part()
        if reaches_all(member) or one.id in own
    ]
    return page(
        request,
        "cycle/mapping/api/keys.html",
        status=status,
        form=form,
        secret=secret,
        named=named,
        keys=await keys_within_reach(member),
        organisations=organisations,
        lasts=[(days, _(words)) for days, words in LASTS.items()],
        base=request.app.state.settings.base_url,
    )


routes: list[Any] = [guide, openapi, keys_page, make, revoke, *endpoints.routes]
