"""Meetings of a test's preparatory group."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tenants.scope import execute
from tests.town import Town

NEXT_WEEK = (date.today() + timedelta(days=7)).isoformat()


async def call(town: Town, **changed: Any) -> Any:
    """Call a meeting as the coordinator does; gives the answer."""
    form = {"form_id": str(uuid4()), "day": NEXT_WEEK, "clock": "13:00", "place": "Rum Eken"}
    role = changed.pop("role", "safety_coordinator")
    return await town.post("/moten", role=role, **(form | changed))


async def a_meeting(town: Town) -> str:
    """The path of a meeting that has begun."""
    answer = await call(town)
    assert answer.status_code == 303, answer.text
    path = str(answer.headers["location"]).removeprefix(f"/{town.slug}")
    async with town.scope():
        await execute(
            "UPDATE meeting SET held_at = $1 WHERE id = $2",
            datetime.now(UTC) - timedelta(hours=1),
            UUID(path.rpartition("/")[2]),
        )
    return path


async def attend(town: Town, path: str, role: str = "preparatory_member") -> Any:
    person = await town.add_member(role)
    return await town.post(
        f"{path}/narvaro", role="preparatory_member", person=person, present="ja"
    )


async def approved(town: Town, path: str) -> Any:
    """Somebody is present and the minutes are approved."""
    await attend(town, path)
    return await town.post(f"{path}/protokoll", role="safety_coordinator")
