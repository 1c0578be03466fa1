"""Every field of the work, filled with what nobody means: told, or taken as text, never a crash."""

from datetime import date
from uuid import uuid4

import pytest

from tests.council.meetings.meetings import NEXT_WEEK, a_meeting
from tests.cycle.followup.approved import approved
from tests.cycle.measures.groups import TOMORROW, a_task, assembled, invitation, place_of
from tests.town import Town

STRANGE = (
    "\x00",
    "💥" * 300,
    "<script>alert(1)</script>",
    "'; DROP TABLE ks.task; --",
    "-1",
    "99999999999999999999",
    "٣",
    "2026-02-30",
    "9999-12-31",
    "25:61",
    "x" * 5000,
    "\u202e\u200b",
)


async def forms(town: Town) -> dict[str, dict[str, str]]:
    """Each form that would be taken, by its path."""
    problem = await assembled(town)
    officer = town.people["reporter", "Polisen"]
    task, place = await a_task(town, problem), await place_of(town, problem, officer)
    measure, meeting = await approved(town, problem), await a_meeting(town)
    police = await town.add_member("municipal_police")
    return {
        f"{problem}/grupp": invitation(town, ("Polisen", police), lead="Polisen"),
        f"{problem}/uppgift": {"title": "Räkna", "due_on": TOMORROW, "place": place, "measure": ""},
        f"{task}/lamna": {"place": place},
        f"{task}/klar": {"comment": "Klart"},
        f"{problem}/uppfoljning/{measure}": {
            "outcome": "done",
            "done_on": date.today().isoformat(),
            "text": "Gjort",
            "used_kr": "5",
            "used_hours": "5",
        },
        "/moten": {"day": NEXT_WEEK, "clock": "13:00", "place": "Rum Eken"},
        f"{meeting}/punkt": {"title": "Nattvandring"},
        f"{meeting}/beslut": {"about": "Parken", "text": "Mäta ljuset."},
        f"{meeting}/narvaro": {"person": str(police), "present": "ja"},
    }


async def test_strange_values_are_told_or_taken_as_text(tallbacka: Town) -> None:
    for path, whole in (await forms(tallbacka)).items():
        for name in (*whole, "form_id"):
            for value in STRANGE:
                form = {"form_id": str(uuid4())} | whole | {name: value}
                answer = await tallbacka.post(path, role="safety_coordinator", **form)
                # What names a person or a place that is none is not found.
                assert answer.status_code in (303, 404, 422), (path, name, value)
                assert "<script>alert" not in answer.text


@pytest.mark.parametrize("odd", ["x", "0", "%00", "..%2f", "💥", str(uuid4())])
async def test_ids_that_are_none_are_not_found(tallbacka: Town, odd: str) -> None:
    problem = await assembled(tallbacka)
    for path in (
        f"{problem}/grupp/{odd}/leder",
        f"{problem}/grupp/{odd}/avsluta",
        f"{problem}/uppgift/{odd}/klar",
        f"/moten/{odd}/protokoll",
    ):
        answer = await tallbacka.post(path, role="safety_coordinator", comment="", place=odd)
        assert answer.status_code == 404, path
    for path in (
        f"{problem}/uppgift/{odd}",
        f"{problem}/uppfoljning/{odd}",
        f"/moten/{odd}",
        f"/moten/{odd}/_dagordning",
    ):
        seen = await tallbacka.get(path, role="safety_coordinator")
        assert seen.status_code == 404, path
