"""Note what is known or assumed about a problem, and take it back."""

import asyncio
from uuid import uuid4

import httpx

from tenants.scope import fetch, fetch_value
from tests.cycle.cases import opened_problem
from tests.town import Town

KNOWN = {"kind": "known", "text": "Kiosken stänger 18.30.", "source": "Rond 12 november"}


async def note(town: Town, path: str, **changed: str) -> httpx.Response:
    values = KNOWN | {"form_id": str(uuid4())} | changed
    return await town.post(f"{path}/notera", role="preparatory_member", **values)


async def test_what_is_known_stands_on_the_page_with_its_source(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    answer = await note(tallbacka, path)
    assert answer.status_code == 303
    page = await tallbacka.get(path, role="steering_member")
    assert "Kiosken stänger 18.30." in page.text and "Rond 12 november" in page.text
    # Who only reads is not offered to write.
    assert "ta-tillbaka" not in page.text and "/notera" not in page.text
    async with tallbacka.scope():
        detail = await fetch_value("SELECT detail FROM audit_event WHERE verb = 'finding.note'")
    assert "Kiosken" not in detail


async def test_taken_back_it_is_gone_from_the_page_and_kept_as_a_row(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    await note(tallbacka, path)
    async with tallbacka.scope():
        finding = await fetch_value("SELECT id FROM finding")
    for _ in range(2):
        answer = await tallbacka.post(
            f"{path}/notera/{finding}/ta-tillbaka", role="safety_coordinator"
        )
        assert answer.status_code == 303
    assert "Kiosken" not in (await tallbacka.get(path, role="preparatory_member")).text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM finding") == 1
        lines = await fetch("SELECT FROM audit_event WHERE verb = 'finding.retract'")
    assert len(lines) == 1


async def test_a_double_click_notes_once_and_a_change_is_kept(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    one = str(uuid4())
    await asyncio.gather(*(note(tallbacka, path, form_id=one) for _ in range(3)))
    await note(tallbacka, path, form_id=one, text="Kiosken stänger 19.")
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM finding") == 2


async def test_two_who_write_at_once_are_both_kept(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    await asyncio.gather(
        note(tallbacka, path, text="Häcken skymmer."),
        tallbacka.post(
            f"{path}/notera", role="municipal_police", **KNOWN | {"text": "Lampan är trasig."}
        ),
    )
    section = await tallbacka.get(f"{path}/_fakta", role="steering_member")
    assert "Häcken skymmer." in section.text and "Lampan är trasig." in section.text


async def test_unfinished_is_told_and_kept(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    answer = await note(tallbacka, path, source="")
    assert answer.status_code == 422
    assert "Skriv varifrån ni vet det" in answer.text and "Kiosken stänger 18.30." in answer.text
    empty = await tallbacka.post(f"{path}/notera", role="preparatory_member")
    assert empty.status_code == 422 and "Skriv vad det är" in empty.text
    long = await note(tallbacka, path, text="å" * 601)
    assert long.status_code == 422 and "601 tecken" in long.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM finding") == 0


async def test_who_may_not(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    for role in ("reporter", "steering_member", "steering_co_opted", "working_group_lead"):
        assert (await tallbacka.post(f"{path}/notera", role=role, **KNOWN)).status_code == 403
        assert (await tallbacka.get(f"{path}/notera", role=role)).status_code == 403


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    path = await opened_problem(tallbacka)
    await note(tallbacka, path)
    async with tallbacka.scope():
        finding = await fetch_value("SELECT id FROM finding")
    there = await opened_problem(sjohaga)
    for address in (f"{path}/notera/{finding}/ta-tillbaka", f"{there}/notera/x/ta-tillbaka"):
        answer = await sjohaga.post(address, role="preparatory_member")
        assert answer.status_code == 404
    assert "Kiosken" not in (await sjohaga.get(there, role="preparatory_member")).text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM finding_retraction") == 0
