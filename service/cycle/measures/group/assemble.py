"""Put a working group together, or add to it: one press invites everybody by letter."""

from typing import NamedTuple
from uuid import UUID, uuid4

from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.hold import hold_problem
from service.cycle.analysis.open import TOPIC
from service.cycle.mapping.week import local_day
from service.cycle.measures.group.appoint import appoint_lead
from service.cycle.measures.group.offer import STAND_FOR
from service.cycle.measures.group.standing import STANDS, lock_group
from service.letters.post import post_letter
from service.web.formats import day
from service.web.language import _
from service.web.letters import link
from service.web.live import announce
from tenants import audit
from tenants.founding import add_membership
from tenants.members import Member
from tenants.roles import Role
from tenants.scope import execute, fetch_row, fetch_value

LETTER = "group.invitation"


class CannotInvite(ValueError):
    """Somebody cannot be invited; the message says who and why."""


class NoSuchCandidate(LookupError):
    """No such organisation here, or nobody there whom the form could have offered."""


class Invited(NamedTuple):
    organisation_id: UUID
    person_id: UUID


async def assemble_group(
    problem: FoundProblem, invited: list[Invited], *, by: Member, lead: UUID | None = None
) -> int:
    """Invite people into the problem's group, which is made if there is none.

    Who has a place is passed over, so that a second press and a colleague's press at the same
    moment change nothing. `lead` is the person who leads, unless somebody does already. Returns
    how many were new. Raises CannotInvite, NoSuchCandidate or ProblemClosed.
    """
    await hold_problem(problem.id)
    # Everybody is looked at first: a refusal's page must not show as invited who will not be.
    for one in invited:
        await _require(one)
    await execute(
        """INSERT INTO working_group (tenant_id, id, problem_id, assembled_by)
           VALUES (ks.current_tenant(), $1, $2, $3)
           ON CONFLICT (tenant_id, problem_id) DO NOTHING""",
        uuid4(),
        problem.id,
        by.person_id,
    )
    group_id = await lock_group(problem.id)
    assert group_id is not None
    new = 0
    # In one order, so that two presses never wait for each other.
    for one in sorted(set(invited)):
        if not await _stands(group_id, one.person_id):
            await _invite(problem, group_id, one, by)
            new += 1
    if lead is not None:
        await appoint_lead(group_id, lead, by=by, unless_led=True)
    if new:
        await audit.record(
            by=by,
            verb="group.invite",
            object_kind="problem",
            object_id=problem.id,
            detail={"invited": new},
        )
        await announce(TOPIC)
    return new


async def _require(one: Invited) -> None:
    row = await fetch_row(
        """SELECT organisation.name, left_on FROM organisation
           WHERE id = $1 AND EXISTS (
               SELECT FROM membership WHERE organisation_id = $1 AND person_id = $2
                 AND role = ANY($3::text[]) AND valid_from <= now()
                 AND (valid_to IS NULL OR valid_to > now()))""",
        one.organisation_id,
        one.person_id,
        [str(role) for role in STAND_FOR],
    )
    if row is None:
        raise await _why_not(one)
    if row["left_on"] is not None and row["left_on"] <= local_day():
        raise CannotInvite(
            _(
                "%(name)s lämnade samarbetet %(day)s och kan inte bjudas in.",
                name=row["name"],
                day=day(row["left_on"]),
            )
        )


async def _why_not(one: Invited) -> Exception:
    """What to tell of somebody who stands for no organisation now: who did is named."""
    row = await fetch_row(
        """SELECT person.name, organisation.name AS organisation
           FROM membership
           JOIN person ON person.id = membership.person_id
           JOIN organisation ON organisation.id = membership.organisation_id
           WHERE membership.organisation_id = $1 AND membership.person_id = $2 LIMIT 1""",
        one.organisation_id,
        one.person_id,
    )
    if row is None:
        return NoSuchCandidate(str(one.organisation_id))
    return CannotInvite(
        _(
            "%(name)s företräder inte längre %(organisation)s. Välj någon annan.",
            name=row["name"],
            organisation=row["organisation"],
        )
    )


async def _stands(group_id: UUID, person_id: UUID) -> bool:
    return await fetch_value(
        f"""SELECT EXISTS (SELECT FROM group_member
                           WHERE group_id = $1 AND person_id = $2 AND {STANDS})""",
        group_id,
        person_id,
    )


async def _invite(problem: FoundProblem, group_id: UUID, one: Invited, by: Member) -> None:
    # Each group gives a membership of its own: what ends with this one leaves the others whole.
    membership_id = await add_membership(
        person_id=one.person_id,
        organisation_id=one.organisation_id,
        role=Role.WORKING_GROUP_MEMBER,
    )
    place_id = uuid4()
    await execute(
        """INSERT INTO group_member (tenant_id, id, group_id, person_id, organisation_id,
                                     membership_id, invited_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6)""",
        place_id,
        group_id,
        one.person_id,
        one.organisation_id,
        membership_id,
        by.person_id,
    )
    await execute(
        """INSERT INTO problem_reader (tenant_id, problem_id, person_id)
           VALUES (ks.current_tenant(), $1, $2) ON CONFLICT DO NOTHING""",
        problem.id,
        one.person_id,
    )
    # The letter lies in a mail box that we know nothing of: it names the problem's number only.
    await post_letter(
        to=one.person_id,
        kind=LETTER,
        about=place_id,
        subject=_("Du är inbjuden till en arbetsgrupp i %(name)s", name=by.municipality.name),
        template="cycle/measures/invitation.txt",
        name=by.municipality.name,
        label=problem.label,
        address=link(f"/{by.municipality.slug}/problem/{problem.label}"),
    )
