"""Every field of the forms about a problem, filled with what nobody means: told, never a crash."""

from uuid import uuid4

import pytest

from tenants.scope import fetch_value
from tests.cycle.cases import MEASURE, problem_in_work
from tests.town import Town

STRANGE = (
    "\x00",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "💥" * 300,
    "<script>alert(1)</script>",
    "'; DROP TABLE ks.problem; --",
    "-1",
    "99999999999999999999",
    "٣",
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    "x" * 5000,
    "\u202e\u200b",
)
FORMS: dict[str, tuple[str, ...]] = {
    "notera": ("kind", "text", "source", "form_id"),
    "orsak": ("side", "title", "description", "support", "form_id"),
    "orsak/A": ("support", "motive", "form_id"),
    "fraga": ("question", "asked", "due_on", "form_id"),
    "insats": (
        "cause",
        "partner",
        "responsible",
        "text",
        "form_id",
        *MEASURE,
    ),
    "prioritet": ("priority", "text", "form_id"),
    "avsluta": ("motive", "form_id"),
}
WHOLE = {
    "kind": "known",
    "text": "Text",
    "source": "Källa",
    "side": "place",
    "title": "Rubrik",
    "description": "Beskrivning",
    "support": "weak",
    "motive": "Motiv",
    "question": "Fråga?",
    "due_on": "2099-01-01",
    "priority": "first",
}


@pytest.mark.parametrize("act", FORMS)
async def test_strange_values_are_told_or_taken_as_text(tallbacka: Town, act: str) -> None:
    path = await problem_in_work(tallbacka)
    async with tallbacka.scope():
        cause = await fetch_value("SELECT id FROM cause WHERE letter = 'A'")
    whole = WHOLE | {
        "cause": str(cause),
        "asked": str(tallbacka.organisations["Polisen"]),
        "responsible": str(tallbacka.organisations["Polisen"]),
        "partner": "",
        "form_id": str(uuid4()),
    }
    if act == "insats":
        whole |= MEASURE
    for name in FORMS[act]:
        for value in STRANGE:
            form = {one: whole[one] for one in FORMS[act]} | {name: value}
            answer = await tallbacka.post(f"{path}/{act}", role="safety_coordinator", **form)
            assert answer.status_code in (303, 422), (name, value, answer.status_code)
            assert "<script>alert" not in answer.text
    page = await tallbacka.get(path, role="safety_coordinator")
    assert page.status_code == 200 and "<script>alert" not in page.text


async def test_ids_that_are_none_are_not_found(tallbacka: Town) -> None:
    path = await problem_in_work(tallbacka)
    for odd in ("x", "0", str(uuid4()), "%00", "..%2f", "💥"):
        for address in (
            f"{path}/notera/{odd}/ta-tillbaka",
            f"{path}/orsak/{odd}",
            f"{path}/fraga/{odd}",
            f"{path}/insats/{odd}/igen",
            f"{path}/forslag/{odd}/dra-tillbaka",
        ):
            answer = await tallbacka.post(
                address, role="safety_coordinator", motive="M", support="weak", text="T"
            )
            assert answer.status_code == 404, address
    for odd in ("2026-0", "9999-1", "2026-99999999", "x-1", "٢٠٢٦-1"):
        answer = await tallbacka.get(f"/problem/{odd}", role="safety_coordinator")
        assert answer.status_code == 404, odd


async def test_a_line_that_is_none_is_not_opened(tallbacka: Town) -> None:
    for value in STRANGE:
        for form in ({"area": value, "category": "arson"}, {"area": "ruta-1", "category": value}):
            answer = await tallbacka.post("/problem", role="safety_coordinator", **form)
            assert answer.status_code == 422, (form, answer.status_code)
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM problem") == 0
