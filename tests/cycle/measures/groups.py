"""A problem with its working group, as the preparatory group puts it together."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from tenants.scope import fetch, fetch_value
from tests.cycle.cases import opened_problem, problem_id
from tests.town import Town


def invitation(town: Town, *people: tuple[str, Any], lead: str | None = None) -> dict[str, str]:
    """What the form sends to invite (organisation, person id) pairs."""
    form = {}
    for organisation, person in people:
        key = town.organisations[organisation]
        form |= {f"organisation-{key}": "ja", f"person-{key}": str(person)}
    return form | ({"lead": str(town.organisations[lead])} if lead else {})


async def assembled(town: Town) -> str:
    """The path of a problem whose group a police officer leads, with the housing company in it."""
    path = await opened_problem(town)
    form = invitation(
        town,
        ("Bostadsbolaget", await town.add_member("org_contact")),
        ("Polisen", await town.add_member("reporter", "Polisen")),
        lead="Polisen",
    )
    answer = await town.post(f"{path}/grupp", role="preparatory_member", **form)
    assert answer.status_code == 303, answer.text
    return path


async def place_of(town: Town, path: str, person: Any) -> str:
    problem = await problem_id(town, path)
    async with town.scope():
        return str(
            await fetch_value(
                """SELECT group_member.id FROM group_member
                   JOIN working_group ON working_group.id = group_id
                   WHERE problem_id = $1 AND person_id = $2 ORDER BY invited_at DESC LIMIT 1""",
                problem,
                person,
            )
        )


async def roles_of(town: Town, person: Any) -> list[str]:
    async with town.scope():
        rows = await fetch(
            """SELECT role FROM membership WHERE person_id = $1
               AND (valid_to IS NULL OR valid_to > now()) ORDER BY role""",
            person,
        )
    return [row["role"] for row in rows]


async def verbs(town: Town) -> list[str]:
    async with town.scope():
        rows = await fetch("SELECT verb FROM audit_event ORDER BY at")
    return [row["verb"] for row in rows]


def ticked(page: str) -> set[str]:
    """The organisations' ids that are ticked in a form."""
    return set(re.findall(r'name="organisation-([0-9a-f-]+)" value="ja" checked', page))


TOMORROW = (date.today() + timedelta(days=1)).isoformat()


async def new_task(town: Town, path: str, **changed: Any) -> Any:
    """Set a task for the police officer of the group; gives the answer."""
    form = {
        "form_id": str(uuid4()),
        "title": "Klippa buskarna vid gången",
        "due_on": TOMORROW,
        "place": await place_of(town, path, town.people["reporter", "Polisen"]),
    }
    role = changed.pop("role", "preparatory_member")
    return await town.post(f"{path}/uppgift", role=role, **(form | changed))


async def a_task(town: Town, path: str, **changed: Any) -> str:
    """The path of a new task."""
    answer = await new_task(town, path, **changed)
    assert answer.status_code == 303, answer.text
    async with town.scope():
        task = await fetch_value("SELECT id FROM task ORDER BY set_at DESC LIMIT 1")
    return f"{path}/uppgift/{task}"
