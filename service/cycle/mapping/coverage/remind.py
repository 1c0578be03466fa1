"""Remind who may report for an organisation that has not been heard from in the period."""

from datetime import date
from uuid import uuid5

from service.cycle.mapping.coverage.cover import REPORTED
from service.cycle.mapping.coverage.period import in_address
from service.letters.post import post_letter
from service.web.formats import week_list
from service.web.language import _
from service.web.letters import link
from tenants import audit
from tenants.members import Member
from tenants.roles import ROLES, Permission
from tenants.scope import current_tenant, execute, fetch, fetch_row, fetch_value

_REPORTERS = sorted(role for role, held in ROLES.items() if Permission.REPORT_HAND_IN in held)


async def remind(*weeks: date) -> int:
    """Post one letter a person and period, whatever many organisations it is about; how many.

    `weeks` are the Mondays of the period's weeks, in order; heard in any of them is heard.
    """
    municipality = await fetch_row(
        "SELECT id, name, slug FROM municipality WHERE id = $1", current_tenant()
    )
    assert municipality is not None  # The scope is one.
    rows = await fetch(
        f"""SELECT person_id, array_agg(DISTINCT organisation.name ORDER BY organisation.name)
                      AS organisations
           FROM membership JOIN organisation ON organisation.id = membership.organisation_id
           WHERE role = ANY($1::text[]) AND valid_from <= now()
             AND (valid_to IS NULL OR valid_to > now()) AND left_on IS NULL
             AND NOT EXISTS (SELECT FROM declined_reminder AS declined
                             WHERE declined.person_id = membership.person_id)
             AND NOT EXISTS (SELECT FROM zero_report AS nothing WHERE week = ANY($2)
                             AND nothing.organisation_id = organisation.id)
             AND NOT EXISTS (SELECT FROM {REPORTED} WHERE arrival_week = ANY($2)
                             AND reported.organisation_id = organisation.id)
           GROUP BY person_id ORDER BY person_id""",
        [str(role) for role in _REPORTERS],
        weeks,
    )
    when = week_list(weeks)
    # However late the letter is read, it is about the same weeks.
    address = link(f"/{municipality['slug']}/rapportera/inget?{in_address(weeks)}")
    posted = 0
    for row in rows:
        posted += await post_letter(
            to=row["person_id"],
            kind="reminder",
            # The last week, so that what is asked twice is sent once.
            about=uuid5(municipality["id"], weeks[-1].isoformat()),
            subject=_("Har ni sett något %(week)s?", week=when),
            template="cycle/mapping/coverage/reminder.txt",
            name=municipality["name"],
            when=when,
            organisations=row["organisations"],
            address=address,
        )
    return posted


async def decline_reminders(*, by: Member) -> None:
    """No more reminders to this person in this municipality; said twice is once."""
    first = await fetch_value(
        """INSERT INTO declined_reminder (tenant_id, person_id)
           VALUES (ks.current_tenant(), $1) ON CONFLICT DO NOTHING RETURNING true""",
        by.person_id,
    )
    if first:
        await audit.record(by=by, verb="reminder.decline", object_kind="reminder")


async def accept_reminders(*, by: Member) -> None:
    await execute("DELETE FROM declined_reminder WHERE person_id = $1", by.person_id)
    await audit.record(by=by, verb="reminder.accept", object_kind="reminder")


async def are_declined(*, by: Member) -> bool:
    return await fetch_value(
        "SELECT EXISTS (SELECT FROM declined_reminder WHERE person_id = $1)", by.person_id
    )
