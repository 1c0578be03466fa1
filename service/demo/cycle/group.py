"""The working group of an invented problem: who said yes, who leads, and what is to be done."""

from uuid import UUID, uuid4

from service.demo.cycle.course import Course
from service.demo.cycle.stories import TECHNICAL
from service.demo.organisations import CULTURE, SOCIAL
from tenants.roles import Role

LEAD = "grupp-ledare"
# Key of the cast and organisation; the first one leads.
MEMBERS = (
    (LEAD, TECHNICAL),
    ("grupp-medlem", CULTURE),
    ("bovard", "housing"),
    ("faltgrupp", SOCIAL),
)
# Days from today: when each task is due and when it was done, None when it is not.
TASKS = ((-40, -43), (-19, -18), (-6, None), (9, None))


def assemble(course: Course, day: int, *, unanswered: str | None = None) -> None:
    """Everybody was invited on `day` and has said yes; `unanswered` was invited last week."""
    ledger, calendar = course.ledger, course.calendar
    group, by, at = uuid4(), course.person("samordnare"), calendar.at(day, 13, 30)
    ledger.write("working_group", id=group, problem_id=course.id, assembled_by=by, assembled_at=at)
    ledger.audit("group.invite", "problem", course.id, by=by, at=at, invited=len(MEMBERS))
    for key, organisation in MEMBERS:
        place = _invite(course, group, key, organisation, day)
        answered = calendar.at(day + 3, 8, 50)
        ledger.write("group_answer", group_member_id=place, accepted=True, answered_at=answered)
        ledger.audit("group.accept", "group_member", place, by=course.person(key), at=answered)
        if key == LEAD:
            _lead(course, group, place, day)
    if unanswered is not None:
        _invite(course, group, unanswered, "Barn- och utbildningsförvaltningen", -5)
        ledger.audit(
            "group.invite", "problem", course.id, by=by, at=calendar.at(-5, 13, 30), invited=1
        )


def _membership(course: Course, key: str, organisation: UUID, role: Role, day: int) -> UUID:
    membership = uuid4()
    course.ledger.write(
        "membership",
        id=membership,
        person_id=course.person(key),
        organisation_id=organisation,
        role=role,
        valid_from=course.calendar.at(day, 13, 30),
    )
    return membership


def _invite(course: Course, group: UUID, key: str, name: str, day: int) -> UUID:
    place, organisation = uuid4(), course.cast.organisation(name)
    at = course.calendar.at(day, 13, 30)
    course.ledger.write(
        "group_member",
        id=place,
        group_id=group,
        person_id=course.person(key),
        organisation_id=organisation,
        membership_id=_membership(course, key, organisation, Role.WORKING_GROUP_MEMBER, day),
        invited_by=course.person("samordnare"),
        invited_at=at,
    )
    course.ledger.write(
        "problem_reader", problem_id=course.id, person_id=course.person(key), admitted_at=at
    )
    return place


def _lead(course: Course, group: UUID, place: UUID, day: int) -> None:
    at, by = course.calendar.at(day, 13, 30), course.person("samordnare")
    organisation = course.cast.organisation(TECHNICAL)
    course.ledger.write(
        "group_lead",
        id=uuid4(),
        group_id=group,
        group_member_id=place,
        membership_id=_membership(course, LEAD, organisation, Role.WORKING_GROUP_LEAD, day),
        appointed_by=by,
        appointed_at=at,
    )
    course.ledger.audit("group.appoint_lead", "group_member", place, by=by, at=at)


def set_tasks(course: Course, measures: list[UUID | None], day: int) -> None:
    """The story's tasks, one for each member: two done, one late, one still to come."""
    for number, (title, (due, done)) in enumerate(zip(course.story.tasks, TASKS, strict=True)):
        key, organisation = MEMBERS[number]
        task, by, at = uuid4(), course.person(LEAD), course.calendar.at(day, 14, number)
        course.ledger.write(
            "task",
            id=task,
            problem_id=course.id,
            measure_id=measures[number],
            title=title,
            due_on=course.calendar.day(due),
            set_by=by,
            set_at=at,
        )
        course.ledger.write(
            "task_assignment",
            id=uuid4(),
            task_id=task,
            organisation_id=course.cast.organisation(organisation),
            person_id=course.person(key),
            assigned_by=by,
            assigned_at=at,
        )
        course.ledger.audit("task.set", "task", task, by=by, at=at)
        if done is not None:
            at = course.calendar.at(done, 15, 20)
            course.ledger.write(
                "task_completion",
                task_id=task,
                comment="",
                completed_by=course.person(key),
                completed_at=at,
            )
            course.ledger.audit("task.complete", "task", task, by=course.person(key), at=at)
