""" "Inget att rapportera": once a week and organisation, undone by itself, never contradicted."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from service.cycle.mapping.week import week_of
from tenants.scope import fetch, fetch_value


@pytest.fixture
async def town(found):
    return await found(name="Tallbacka", areas=2, organisations=["Bostadsbolaget", "Polisen"])


def this_week() -> str:
    return week_of(datetime.now(UTC)).isoformat()


async def noted(town) -> list[str]:
    async with town.scope():
        rows = await fetch(
            """SELECT organisation.name FROM zero_report
               JOIN organisation ON organisation.id = zero_report.organisation_id
               ORDER BY organisation.name"""
        )
    return [row["name"] for row in rows]


async def test_it_is_noted_for_the_organisation_and_the_week(town):
    answer = await town.post(
        "/rapportera/inget", role="reporter", organisation="Bostadsbolaget", week=this_week()
    )
    assert answer.status_code == 200
    assert "Noterat för vecka" in answer.text and "Ångra" in answer.text
    assert await noted(town) == ["Bostadsbolaget"]
    page = await town.get("/rapportera", role="reporter", organisation="Bostadsbolaget")
    assert "Noterat för vecka" in page.text
    other = await town.get("/rapportera", role="reporter", organisation="Polisen")
    assert "Noterat för vecka" not in other.text


async def test_said_twice_also_at_once_is_once(town):
    await town.get("/rapportera", role="reporter")
    answers = await asyncio.gather(
        *(town.post("/rapportera/inget", role="reporter", week=this_week()) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len(await noted(town)) == 1
    async with town.scope():
        assert await fetch_value("SELECT count(*) FROM audit_event WHERE verb ~ '^zero'") == 1
        assert await fetch_value("SELECT count(*) FROM job") == 1


async def test_it_can_be_undone_and_said_again(town):
    await town.post("/rapportera/inget", role="reporter", week=this_week())
    answer = await town.post("/rapportera/inget/angra", role="reporter", week=this_week())
    assert answer.status_code == 200 and "Lika viktigt att veta" in answer.text
    assert await noted(town) == []
    await town.post("/rapportera/inget/angra", role="reporter", week=this_week())
    await town.post("/rapportera/inget", role="reporter", week=this_week())
    assert len(await noted(town)) == 1
    async with town.scope():
        verbs = [row["verb"] for row in await fetch("SELECT verb FROM audit_event ORDER BY at")]
    assert [verb for verb in verbs if verb.startswith("zero")] == [
        "zero_report.send",
        "zero_report.take_back",
        "zero_report.send",
    ]


async def test_a_report_later_the_same_week_does_not_contradict_it(town):
    await town.post("/rapportera/inget", role="reporter", week=this_week())
    answer = await town.post(
        "/rapportera",
        role="reporter",
        report_id=str(uuid4()),
        category="noise",
        area=str(town.areas["Ruta 1"]),
    )
    assert answer.status_code == 200
    assert len(await noted(town)) == 1
    async with town.scope():
        assert await fetch_value("SELECT sum(count) FROM weekly_count") == 1


@pytest.mark.parametrize("path", ["/rapportera/inget", "/rapportera/inget/angra"])
async def test_a_form_of_a_week_long_past_or_to_come_changes_nothing(town, path):
    await town.post("/rapportera/inget", role="reporter", week=this_week())
    week_ = week_of(datetime.now(UTC))
    others = [(week_ + timedelta(days=days)).isoformat() for days in (-14, -1, 1, 7)]
    for week in (*others, "", "måndag"):
        answer = await town.post(path, role="reporter", week=week)
        assert answer.status_code == 422
        assert "Den veckan är slut" in answer.text
    assert len(await noted(town)) == 1


@pytest.mark.parametrize("role", ["steering_member", "auditor"])
async def test_who_may_not(town, role):
    answer = await town.post("/rapportera/inget", role=role, week=this_week())
    assert answer.status_code == 403
    assert await noted(town) == []


async def test_the_neighbour_sees_nothing(town, found):
    neighbour = await found(name="Sjöhaga", areas=1, organisations=["Föreningen"])
    await town.post("/rapportera/inget", role="reporter", week=this_week())
    assert await noted(neighbour) == []
    page = await neighbour.get("/rapportera", role="reporter")
    assert "Noterat för vecka" not in page.text


async def test_a_reminder_leads_to_one_press(town):
    page = await town.get("/rapportera/inget", role="reporter")
    assert page.status_code == 200 and "Har ni sett något vecka" in page.text
    assert await noted(town) == []  # Looking says nothing.
    assert page.text.count('form="nothing-form"') == 1
    await town.post("/rapportera/inget", role="reporter", week=this_week())
    page = await town.get("/rapportera/inget", role="reporter")
    assert "Noterat för vecka" in page.text


async def test_a_page_of_last_week_is_answered_for_the_week_that_it_names(town):
    last = week_of(datetime.now(UTC)) - timedelta(weeks=1)
    answer = await town.post("/rapportera/inget", role="reporter", week=last.isoformat())
    assert answer.status_code == 200
    assert f"Noterat för vecka {last.isocalendar().week}" in answer.text
    async with town.scope():
        assert await fetch_value("SELECT week FROM zero_report") == last
    page = await town.get("/rapportera", role="reporter")
    assert "Noterat för vecka" not in page.text
