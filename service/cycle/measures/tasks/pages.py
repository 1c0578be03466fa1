"""Pages of tasks: set one, see one, hand it over, say it is done; and what waits for oneself."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from service.cycle.analysis.asked_problem import asked_problem, back_to, form_page
from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.hold import ProblemClosed
from service.cycle.measures.group.read import read_group
from service.cycle.measures.group.standing import may_direct
from service.cycle.measures.tasks.assignments import read_assignments
from service.cycle.measures.tasks.complete import DoneBefore, complete_task
from service.cycle.measures.tasks.forms import COMMENT, read_new_task
from service.cycle.measures.tasks.hand_over import IsDone, NoSuchTask, NotYourTask, hand_over
from service.cycle.measures.tasks.owner import CannotOwn, NoSuchOwner
from service.cycle.measures.tasks.read import task_of, turns_of
from service.cycle.measures.tasks.set_task import (
    NoSuchMeasure,
    NotDirecting,
    set_task,
)
from service.web.filled import Filled
from service.web.language import _
from service.web.may import CurrentMember, may, refuse
from service.web.respond import fragment, page
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch

READ = may(Permission.PROBLEM_READ)
WORK = may(Permission.TASK_WORK)
SECTION = "problem-tasks"


@get("/{municipality:str}/uppdrag", opt=WORK)
async def assignments_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    mine = await read_assignments(by=member)
    return page(request, "cycle/measures/assignments.html", mine=mine)


@get("/{municipality:str}/uppdrag/_lista", opt=WORK)
async def assignments_list(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    mine = await read_assignments(by=member)
    return fragment(request, "cycle/measures/_assignments.html", mine=mine)


@get("/{municipality:str}/problem/{problem:str}/uppgift", opt=WORK)
async def new_task_page(
    request: Request[Any, Any, Any], member: CurrentMember, problem: FromPath[str]
) -> Template:
    found = await asked_problem(problem, by=member)
    if not await may_direct(found.id, by=member):
        raise refuse(request, Permission.TASK_WORK)
    return await _new_task(request, member, found, Filled.blank())


@post("/{municipality:str}/problem/{problem:str}/uppgift", opt=WORK, status_code=200)
async def new_task(
    request: Request[Any, Any, Any], member: CurrentMember, problem: FromPath[str]
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    new = read_new_task(form, found.id)
    if new is not None:
        try:
            await set_task(found.id, new, by=member)
        except NotDirecting:
            raise refuse(request, Permission.TASK_WORK) from None
        except (NoSuchOwner, NoSuchMeasure):
            raise NotFoundException() from None
        except CannotOwn as error:
            form.refuse("place", str(error))
        except ProblemClosed:
            form.refuse("form", _("Problemet är avslutat. Inga fler uppgifter kan läggas till."))
        else:
            return back_to(found, SECTION, by=member)
    return await _new_task(request, member, found, form)


@get("/{municipality:str}/problem/{problem:str}/uppgift/{task:uuid}", opt=READ)
async def task_page(
    request: Request[Any, Any, Any],
    member: CurrentMember,
    problem: FromPath[str],
    task: FromPath[UUID],
) -> Template:
    return await _task(
        request, member, await asked_problem(problem, by=member), task, Filled.blank()
    )


@post(
    "/{municipality:str}/problem/{problem:str}/uppgift/{task:uuid}/klar",
    opt=WORK,
    status_code=200,
)
async def complete(
    request: Request[Any, Any, Any],
    member: CurrentMember,
    problem: FromPath[str],
    task: FromPath[UUID],
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    comment = form.text("comment", longest=COMMENT)
    if not form.errors:
        try:
            await complete_task(found.id, task, comment=comment, by=member)
        except NoSuchTask:
            raise NotFoundException() from None
        except NotYourTask:
            raise refuse(request, Permission.TASK_WORK) from None
        except DoneBefore:
            form.refuse(
                "comment",
                _("Uppgiften är redan klar. Din kommentar är inte sparad."),
            )
        else:
            return back_to(found, SECTION, by=member)
    return await _task(request, member, found, task, form)


@post(
    "/{municipality:str}/problem/{problem:str}/uppgift/{task:uuid}/lamna",
    opt=WORK,
    status_code=200,
)
async def give(
    request: Request[Any, Any, Any],
    member: CurrentMember,
    problem: FromPath[str],
    task: FromPath[UUID],
) -> Response[Any]:
    found = await asked_problem(problem, by=member)
    form = Filled.of(await request.form())
    place = form.key("place", missing=_("Välj vem som tar över."))
    if place is not None:
        try:
            await hand_over(found.id, task, place_id=place, by=member)
        except (NoSuchTask, NoSuchOwner):
            raise NotFoundException() from None
        except NotYourTask:
            raise refuse(request, Permission.TASK_WORK) from None
        except IsDone:
            form.refuse("place", _("Uppgiften är redan klar och kan inte lämnas över."))
        except CannotOwn as error:
            form.refuse("place", str(error))
        else:
            return back_to(found, SECTION, by=member)
    return await _task(request, member, found, task, form)


async def _new_task(
    request: Request[Any, Any, Any],
    member: Member,
    problem: FoundProblem,
    form: Filled,
) -> Template:
    measures = await fetch(
        "SELECT id, title FROM measure WHERE problem_id = $1 ORDER BY planned_at", problem.id
    )
    return form_page(
        request,
        "cycle/measures/new_task.html",
        problem,
        form,
        by=member,
        owners=await _owners(problem, member),
        measures=[(row["id"], row["title"]) for row in measures],
    )


async def _task(
    request: Request[Any, Any, Any],
    member: Member,
    problem: FoundProblem,
    task_id: UUID,
    form: Filled,
) -> Template:
    task = await task_of(problem.id, task_id, by=member)
    if task is None:
        raise NotFoundException()
    works = member.may(Permission.TASK_WORK)
    return form_page(
        request,
        "cycle/measures/task.html",
        problem,
        form,
        by=member,
        task=task,
        turns=await turns_of(task_id),
        may_act=works and (task.mine or await may_direct(problem.id, by=member)),
        owners=await _owners(problem, member),
    )


async def _owners(problem: FoundProblem, member: Member) -> list[tuple[str, str]]:
    """Who can be chosen: (place, name and organisation) of those who have not left."""
    group = await read_group(problem.id, by=member)
    return [
        (str(place.id), f"{place.name}, {place.organisation}")
        for place in group.places
        if place.organisation_left_on is None
    ]


routes = [
    assignments_page,
    assignments_list,
    new_task_page,
    new_task,
    task_page,
    complete,
    give,
]
