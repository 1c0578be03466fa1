"""Kom igång: an overview, and the pages that only the beginning has."""

from typing import Any
from uuid import UUID, uuid4

from litestar import Request, get, post
from litestar.response import Redirect, Template

from service.people.forms import is_address, one_line
from service.start import area_pages
from service.start.progress import CONFIRMED, confirm, progress
from service.web import limits
from service.web.language import _
from service.web.live import announce
from service.web.may import CurrentMember, may
from service.web.respond import page
from tenants.audit import record
from tenants.members import Member
from tenants.people.invite import send_invitation
from tenants.roles import STEP_UP, Permission, Role
from tenants.scope import execute, execute_many, fetch, fetch_value

SET_UP = may(Permission.ORGANISATION_MANAGE)
# Who sits where is who may decide; asked before one writes, so that it is seldom asked after.
SEATS = may(Permission.ORGANISATION_MANAGE, proof=STEP_UP[Permission.PEOPLE_MANAGE])
DAYS = range(1, 8)


@get("/{municipality:str}/kom-igang", opt=SET_UP)
async def start_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return await _overview(request, member)


@post("/{municipality:str}/kom-igang/klart", opt=SET_UP, status_code=200)
async def confirm_step(
    request: Request[Any, Any, Any], member: CurrentMember
) -> Template | Redirect:
    step = str((await request.form()).get("step", ""))
    if step not in CONFIRMED:
        return await _overview(request, member, status=422, errors={"step": _("Välj ett steg.")})
    await confirm(step, by=member)
    return _back(member)


@post("/{municipality:str}/kom-igang/period", opt=SET_UP, status_code=200)
async def set_cycle(request: Request[Any, Any, Any], member: CurrentMember) -> Template | Redirect:
    form = await request.form()
    typed = {name: str(form.get(name, "")) for name in ("weeks", "closes_on")}
    errors = {}
    if typed["weeks"] not in ("1", "2"):
        errors["weeks"] = _("Välj varje eller varannan vecka.")
    if typed["closes_on"] not in map(str, DAYS):
        errors["closes_on"] = _("Välj en veckodag.")
    if errors:
        return await _overview(request, member, status=422, errors=errors, typed=typed)
    await execute(
        """INSERT INTO reporting_cycle (tenant_id, id, weeks, closes_on, set_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4)""",
        uuid4(),
        int(typed["weeks"]),
        int(typed["closes_on"]),
        member.person_id,
    )
    await record(
        by=member,
        verb="cycle.set",
        object_kind="reporting_cycle",
        detail={name: int(value) for name, value in typed.items()},
    )
    return _back(member)


@get("/{municipality:str}/kom-igang/kategorier", opt=SET_UP)
async def categories_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return await _categories(request, member)


@post("/{municipality:str}/kom-igang/kategorier", opt=SET_UP, status_code=200)
async def change_categories(
    request: Request[Any, Any, Any], member: CurrentMember
) -> Template | Redirect:
    """Hide those that are not ticked and rename as written; the keys stay, and so do the counts."""
    form = await request.form()
    rows = await fetch("SELECT id, key, label, hidden_on FROM category ORDER BY position")
    shown = {str(key) for key in form.getall("shown", [])} & {row["key"] for row in rows}
    labels = {row["key"]: one_line(str(form.get(f"label-{row['key']}", "")), 80) for row in rows}
    if not shown:
        wrong = _("Minst en kategori måste synas.")
        return await _categories(request, member, status=422, wrong=wrong)
    await execute_many(
        """UPDATE category SET label = $2,
                  hidden_on = CASE WHEN $3 THEN NULL ELSE coalesce(hidden_on, ks.today()) END
           WHERE id = $1""",
        [(row["id"], labels[row["key"]] or row["label"], row["key"] in shown) for row in rows],
    )
    await record(
        by=member, verb="category.change", object_kind="category", detail={"shown": len(shown)}
    )
    await confirm("categories", by=member)
    return _back(member)


@get("/{municipality:str}/kom-igang/platser", opt=SEATS)
async def seats_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return await _seats(request, member)


@post("/{municipality:str}/kom-igang/platser", opt=SEATS, status_code=200)
async def invite_to_seats(
    request: Request[Any, Any, Any], member: CurrentMember
) -> Template | Redirect:
    """Invite whoever is written beside a free seat; seats are personal, and voting follows them."""
    form = await request.form()
    typed = {str(name): one_line(str(value), 300).lower() for name, value in form.multi_items()}
    free = [seat for seat in await _all_seats() if not seat["holder"] and not seat["invited"]]
    wanted = {seat["key"]: typed.get(f"seat-{seat['key']}", "") for seat in free}
    wanted = {key: email for key, email in wanted.items() if email}
    errors = {
        f"seat-{key}": _("Det här är ingen e-postadress.")
        for key, email in wanted.items()
        if not is_address(email)
    }
    organisation_id = _uuid(typed.get("organisation", ""))
    known = await fetch_value(
        "SELECT true FROM organisation WHERE id = $1 AND left_on IS NULL", organisation_id
    )
    if wanted and not known:
        errors["organisation"] = _("Välj en organisation.")
    if errors:
        return await _seats(request, member, status=422, errors=errors, typed=typed)
    votes = {seat["key"]: seat["votes"] for seat in free}
    for key, email in wanted.items():
        await limits.take(request, "invitation")
        assert organisation_id is not None
        await send_invitation(
            by=member,
            email=email,
            organisation_id=organisation_id,
            roles=[Role.STEERING_MEMBER if votes[key] else Role.STEERING_CO_OPTED],
            seat=key,
            secret_key=request.app.state.settings.secret_key,
        )
    if wanted:
        await announce("people")
    return _back(member, "/platser")


def _back(member: Member, place: str = "") -> Redirect:
    return Redirect(f"/{member.municipality.slug}/kom-igang{place}", status_code=303)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _overview(
    request: Request[Any, Any, Any],
    member: Member,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Template:
    far = await progress()
    return page(
        request,
        "start/page.html",
        status=status,
        far=far,
        here=f"/{member.municipality.slug}/kom-igang",
        may_log_ins=member.may(Permission.PROVIDER_MANAGE),
        errors=errors or {},
        typed=typed or {"weeks": str(far.weeks or 1), "closes_on": str(far.closes_on or 7)},
        days=[
            ("1", _("måndag")),
            ("2", _("tisdag")),
            ("3", _("onsdag")),
            ("4", _("torsdag")),
            ("5", _("fredag")),
            ("6", _("lördag")),
            ("7", _("söndag")),
        ],
    )


async def _categories(
    request: Request[Any, Any, Any], member: Member, *, status: int = 200, wrong: str = ""
) -> Template:
    return page(
        request,
        "start/categories.html",
        status=status,
        categories=await fetch(
            "SELECT key, label, hidden_on IS NULL AS shown FROM category ORDER BY position"
        ),
        wrong=wrong,
        here=f"/{member.municipality.slug}/kom-igang",
    )


async def _all_seats() -> list[Any]:
    return list(
        await fetch(
            """SELECT key, label, votes,
                      (SELECT min(person.name) FROM membership
                       JOIN person ON person.id = person_id WHERE membership.seat = seat.key
                       AND (valid_to IS NULL OR valid_to > now())) AS holder,
                      (SELECT min(email) FROM invitation WHERE invitation.seat = seat.key
                       AND expires_at > now() AND NOT EXISTS (
                           SELECT 1 FROM invitation_end
                           WHERE invitation_id = invitation.id)) AS invited
               FROM seat ORDER BY position"""
        )
    )


async def _seats(
    request: Request[Any, Any, Any],
    member: Member,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Template:
    organisations = await fetch(
        "SELECT id, name FROM organisation WHERE left_on IS NULL ORDER BY joined_on, name"
    )
    return page(
        request,
        "start/seats.html",
        status=status,
        seats=await _all_seats(),
        organisations=[(str(one["id"]), one["name"]) for one in organisations],
        errors=errors or {},
        typed=typed or {},
        here=f"/{member.municipality.slug}/kom-igang",
    )


routes: list[Any] = [
    start_page,
    confirm_step,
    set_cycle,
    *area_pages.routes,
    categories_page,
    change_categories,
    seats_page,
    invite_to_seats,
]
