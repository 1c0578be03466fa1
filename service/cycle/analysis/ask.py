"""Ask an organisation to find something out by a day, and note what it answered."""

from datetime import date
from uuid import UUID

from service.cycle.analysis.hold import hold_problem
from service.cycle.analysis.open import TOPIC
from service.letters.post import post_letter
from service.web.formats import day
from service.web.language import _
from service.web.letters import link
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.roles import ROLES, Permission
from tenants.scope import fetch, fetch_row, fetch_value

LETTER = "inquiry.asked"


class OrganisationLeft(ValueError):
    """The organisation is not in the municipality's work, or not any more."""


class NoSuchInquiry(LookupError):
    """The problem has no such inquiry."""


class NotAsked(PermissionError):
    """Another organisation was asked."""


class AlreadyAnswered(ValueError):
    """Somebody answered first; that answer stands."""


async def ask_organisation(
    *,
    by: Member,
    problem_id: UUID,
    inquiry_id: UUID,
    question: str,
    organisation_id: UUID,
    due_on: date,
) -> None:
    """Ask once, however often it is sent. Raises OrganisationLeft or ProblemClosed."""
    await hold_problem(problem_id)
    if await fetch_value("SELECT EXISTS (SELECT FROM inquiry WHERE id = $1)", inquiry_id):
        return
    new = await fetch_value(
        """INSERT INTO inquiry (tenant_id, id, problem_id, question, organisation_id, due_on,
                                asked_by)
           SELECT ks.current_tenant(), $1, $2, $3, organisation.id, $5, $6
           FROM organisation
           WHERE organisation.id = $4
             AND (organisation.left_on IS NULL OR organisation.left_on > ks.today())
           RETURNING id""",
        inquiry_id,
        problem_id,
        question,
        organisation_id,
        due_on,
        by.person_id,
    )
    if new is None:
        raise OrganisationLeft(str(organisation_id))
    await _write_to(organisation_id, problem_id, inquiry_id, due_on, by)
    await audit.record(by=by, verb="inquiry.ask", object_kind="inquiry", object_id=inquiry_id)
    await announce(TOPIC)


async def _write_to(
    organisation_id: UUID, problem_id: UUID, inquiry_id: UUID, due_on: date, by: Member
) -> None:
    """A letter to those of the organisation who can open the question and answer it.

    It leads to the question and does not quote it: mail is open to read on its way.
    """
    answering = [
        str(role)
        for role, permissions in ROLES.items()
        if {Permission.TASK_WORK, Permission.PROBLEM_READ_ALL} <= permissions
    ]
    people = await fetch(
        """SELECT DISTINCT person_id FROM membership
           WHERE organisation_id = $1 AND role = ANY($2::text[]) AND person_id <> $3
             AND valid_from <= now() AND (valid_to IS NULL OR valid_to > now())
           ORDER BY person_id""",
        organisation_id,
        answering,
        by.person_id,
    )
    if not people:
        return
    problem = await fetch_row("SELECT year, number FROM problem WHERE id = $1", problem_id)
    assert problem is not None
    label = f"{problem['year']}-{problem['number']}"
    for row in people:
        await post_letter(
            to=row["person_id"],
            kind=LETTER,
            about=inquiry_id,
            subject=_("En fråga till er om %(problem)s", problem=label),
            template="cycle/analysis/asked.txt",
            name=by.municipality.name,
            problem=label,
            until=day(due_on),
            address=link(f"/{by.municipality.slug}/problem/{label}/fraga/{inquiry_id}"),
        )


async def answer_inquiry(*, by: Member, problem_id: UUID, inquiry_id: UUID, text: str) -> None:
    """Note the answer. Who analyses notes anybody's, others that of their own organisation.

    Raises NoSuchInquiry, NotAsked, AlreadyAnswered or ProblemClosed.
    """
    inquiry = await fetch_row(
        "SELECT organisation_id FROM inquiry WHERE id = $1 AND problem_id = $2",
        inquiry_id,
        problem_id,
    )
    if inquiry is None:
        raise NoSuchInquiry(str(inquiry_id))
    own = inquiry["organisation_id"] == by.organisation_id
    if not (own or by.may(Permission.PROBLEM_ANALYSE)):
        raise NotAsked(str(inquiry_id))
    await hold_problem(problem_id)
    new = await fetch_value(
        """INSERT INTO inquiry_answer (tenant_id, inquiry_id, text, answered_by)
           SELECT ks.current_tenant(), $1, $2, $3
           ON CONFLICT (tenant_id, inquiry_id) DO NOTHING RETURNING inquiry_id""",
        inquiry_id,
        text,
        by.person_id,
    )
    if new is None:
        # The same answer sent twice is no second one.
        same = await fetch_value(
            """SELECT EXISTS (SELECT FROM inquiry_answer
                              WHERE inquiry_id = $1 AND text = $2 AND answered_by = $3)""",
            inquiry_id,
            text,
            by.person_id,
        )
        if same:
            return
        raise AlreadyAnswered(str(inquiry_id))
    await audit.record(by=by, verb="inquiry.answer", object_kind="inquiry", object_id=inquiry_id)
    await announce(TOPIC)
