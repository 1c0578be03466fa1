"""Who has been heard from is shown week by week, and who has not is reminded once."""

import re
from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import unquote
from uuid import uuid4

import pytest

from service.cycle.mapping.coverage.cover import read_coverage
from service.cycle.mapping.coverage.period import Period
from service.cycle.mapping.coverage.remind import remind
from service.cycle.mapping.jobs import post_reminders
from service.cycle.mapping.week import STOCKHOLM, now, week_of
from service.web import letters as letters_by_mail
from tenants.jobs import AskedJob
from tenants.scope import execute, fetch, fetch_value
from tests.cycle.mapping.test_hand_in import report


@pytest.fixture
async def town(found, settings, monkeypatch):
    monkeypatch.setattr(letters_by_mail, "settings", lambda: settings)
    return await found(name="Tallbacka", areas=["Torget", "Parken"])


async def letters(town) -> list[dict]:
    async with town.scope():
        rows = await fetch(
            "SELECT person_id, subject, text FROM letter WHERE kind = 'reminder' ORDER BY asked_at"
        )
    return [dict(row) for row in rows]


async def with_address(town, *members: tuple[str, str]) -> None:
    for role, organisation in members:
        person = await town.add_member(role, organisation)
        async with town.scope():
            await execute(
                "UPDATE person SET email = $2 WHERE id = $1", person, f"{person}@exempel.se"
            )


async def test_reported_nothing_and_silent_are_told_apart(town):
    await town.post("/rapportera", role="reporter", organisation="Bostadsbolaget", **report(town))
    week = week_of(now())
    await town.post(
        "/rapportera/inget", role="reporter", organisation="Polisen", week=week.isoformat()
    )
    async with town.scope():
        await execute(
            "UPDATE organisation SET joined_on = $1 WHERE name = 'Kommunen'",
            week - timedelta(days=10),
        )
        coverage = await read_coverage(week)
    marks = {actor.name: actor.marks for actor in coverage.actors}
    assert marks["Bostadsbolaget"] == (*["silent"] * 7, "reported")
    assert marks["Polisen"] == (*["silent"] * 7, "nothing")
    assert marks["Kommunen"] == (*["absent"] * 6, *["silent"] * 2)
    assert coverage.rates[-1] == (week, 2, 4)
    assert [(one.name, one.reported, one.expected) for one in coverage.places] == [
        ("Parken", 0, 0),
        ("Torget", 1, 1),
    ]
    page = await town.get("/tackning", role="safety_coordinator")
    assert page.status_code == 200 and "Bostadsbolaget" in page.text and "2 av 4" in page.text


async def test_who_has_not_been_heard_from_is_reminded_once(town):
    await with_address(town, ("reporter", "Bostadsbolaget"), ("reporter", "Polisen"))
    await town.post("/rapportera", role="reporter", organisation="Polisen", **report(town))
    week = week_of(now())
    for expected in (1, 0):
        async with town.scope():
            assert await remind(week) == expected
    (letter,) = await letters(town)
    assert letter["person_id"] == town.people["reporter", "Bostadsbolaget"]
    assert f"/{town.slug}/rapportera/inget" in letter["text"]
    assert "Bostadsbolaget har inte hörts av" in letter["text"] and "Polisen" not in letter["text"]
    async with town.scope():
        assert await remind(week + timedelta(weeks=1)) == 2


async def test_who_sent_a_report_that_was_rejected_was_heard_from(town):
    await with_address(town, ("reporter", "Bostadsbolaget"))
    sent = report(town)
    await town.post("/rapportera", role="reporter", organisation="Bostadsbolaget", **sent)
    await town.post(f"/inkorg/{sent['report_id']}/avvisa", role="safety_coordinator")
    week = week_of(now())
    async with town.scope():
        coverage = await read_coverage(week)
    reporter = town.people["reporter", "Bostadsbolaget"]
    for weeks, reminded in (([0], False), ([0, 1], False), ([1], True)):
        async with town.scope():
            await remind(*(week + timedelta(weeks=n) for n in weeks))
        assert (reporter in [one["person_id"] for one in await letters(town)]) is reminded
    (actor,) = [one for one in coverage.actors if one.name == "Bostadsbolaget"]
    assert actor.marks == (*["silent"] * 7, "reported")
    assert [(one.name, one.reported, one.expected) for one in coverage.places] == [
        ("Parken", 0, 0),
        ("Torget", 1, 1),
    ]


async def test_a_person_in_two_organisations_gets_one_letter(town):
    await with_address(town, ("reporter", "Bostadsbolaget"))
    async with town.scope():
        await execute(
            """INSERT INTO membership (tenant_id, id, person_id, organisation_id, role)
               SELECT ks.current_tenant(), gen_random_uuid(), $1, $2, 'org_contact'""",
            town.people["reporter", "Bostadsbolaget"],
            town.organisations["Köpmännen"],
        )
        assert await remind(week_of(now())) == 1
    (letter,) = await letters(town)
    assert "Bostadsbolaget, Köpmännen har inte hörts av" in letter["text"]


async def test_who_declines_is_left_in_peace_and_may_change_their_mind(town):
    await with_address(town, ("reporter", "Bostadsbolaget"))
    for _ in range(2):
        answer = await town.post("/rapportera/paminnelser", role="reporter", reminders="no")
        assert answer.status_code == 303
    assert "Du får inga påminnelser." in (await town.get("/rapportera/inget", role="reporter")).text
    async with town.scope():
        assert await remind(week_of(now())) == 0
    await town.post("/rapportera/paminnelser", role="reporter", reminders="kanske")
    await town.post("/rapportera/paminnelser", role="reporter", reminders="yes")
    async with town.scope():
        assert await remind(week_of(now())) == 1


@pytest.mark.parametrize("role", ["reporter", "municipal_police", "steering_member", "dpo"])
async def test_who_may_not(town, role):
    assert (await town.get("/tackning", role=role)).status_code == 403


async def test_the_neighbour_sees_nothing(town, sjohaga):
    await with_address(town, ("reporter", "Bostadsbolaget"))
    await town.post("/rapportera", role="reporter", **report(town))
    async with sjohaga.scope():
        assert await remind(week_of(now())) == 0
        coverage = await read_coverage(week_of(now()))
        assert await fetch_value("SELECT count(*) FROM letter") == 0
    assert all(actor.heard == 0 for actor in coverage.actors)
    page = await sjohaga.get("/tackning", role="safety_coordinator")
    assert "Torget" not in page.text


MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("closes_on", "reminder", "about"),
    [
        # The last working day before; the week that most of the seven days belong to.
        (1, date(2026, 11, 20), date(2026, 11, 16)),
        (2, date(2026, 11, 23), date(2026, 11, 16)),
        (3, date(2026, 11, 24), date(2026, 11, 16)),
        (4, date(2026, 11, 25), MONDAY),
        (5, date(2026, 11, 26), MONDAY),
        (6, date(2026, 11, 27), MONDAY),
        (7, date(2026, 11, 27), MONDAY),
    ],
)
def test_the_reminder_comes_before_the_last_day(closes_on, reminder, about):
    period = Period(1, closes_on)
    assert period.due_on(reminder) == [about]
    # Once a week, always on that day of the week.
    days = [reminder + timedelta(days=n) for n in range(-10, 60)]
    assert [day for day in days if period.due_on(day)] == [
        day for day in days if day.weekday() == reminder.weekday()
    ]


def test_two_weeks_are_asked_about_together_every_other_week():
    days = [MONDAY + timedelta(days=n) for n in range(56)]
    asked = [week for day in days for week in Period(2, 5).due_on(day)]
    assert len(asked) == 8 and len(set(asked)) == 8
    assert all((later - one).days == 7 for one, later in pairwise(asked))


async def test_the_municipalitys_own_period_is_kept(town):
    """What the administrator decides is what the morning's job goes by; the last word counts."""
    await with_address(town, ("reporter", "Bostadsbolaget"))
    today = now().astimezone(STOCKHOLM).date()
    weekly = [day for day in range(1, 8) if Period(1, day).due_on(today)]
    other = next(day for day in range(1, 8) if day not in weekly)
    for closes_on, letters_by_then in ((other, 0), *((day, 1) for day in weekly[:1])):
        answer = await town.post(
            "/kom-igang/period", role="tenant_admin", weeks=1, closes_on=closes_on
        )
        assert answer.status_code == 303
        await post_reminders(AskedJob(uuid4(), town.id, "reminder.post", {}, None))
        assert len(await letters(town)) == letters_by_then


async def test_heard_in_one_of_two_weeks_is_heard(town):
    await with_address(town, ("reporter", "Bostadsbolaget"), ("reporter", "Polisen"))
    week = week_of(now())
    await town.post("/rapportera", role="reporter", organisation="Polisen", **report(town))
    async with town.scope():
        assert await remind(week, week + timedelta(weeks=1)) == 1
    (letter,) = await letters(town)
    assert letter["person_id"] == town.people["reporter", "Bostadsbolaget"]
    assert " och vecka " in letter["text"] and " och vecka " in letter["subject"]


async def test_the_letters_one_press_is_noted_for_the_weeks_that_it_is_about(town):
    """Also when they are over by the time that it is read, and for all of them."""
    await with_address(town, ("reporter", "Bostadsbolaget"))
    reader = {"role": "reporter", "organisation": "Bostadsbolaget"}
    this_week = week_of(now())
    await town.post("/kom-igang/period", role="tenant_admin", weeks=2, closes_on=2)
    # The last two weeks that end a period before this one.
    ended = this_week - timedelta(weeks=1 if this_week.toordinal() // 7 % 2 else 2)
    weeks = [ended - timedelta(weeks=1), ended]
    async with town.scope():
        assert await remind(*weeks) == 1
    (letter,) = await letters(town)
    address = re.search(rf"/{town.slug}(/rapportera/inget\S*)", letter["text"])[1]
    # Who is not logged in comes to the same page after it.
    asked = await town.anonymous.get(f"/{town.slug}{address}")
    assert unquote(asked.headers["location"]).endswith(address)
    page = await town.get(address, **reader)
    said = " och ".join(f"vecka {week.isocalendar().week}" for week in weeks)
    assert f"Har ni sett något {said}?" in page.text
    form = re.search(r'<form id="nothing-form".*?</form>', page.text)[0]
    sent = re.findall(r'name="week" value="([^"]+)"', form)
    # Looked at from the page, the choice about reminders leads back to it.
    answer = await town.post("/rapportera/paminnelser", **reader, reminders="no", week=sent)
    assert answer.headers["location"] == f"/{town.slug}{address}"
    answer = await town.post("/rapportera/inget", **reader, week=sent)
    assert answer.status_code == 200 and f"Noterat för {said}" in answer.text
    assert f"Noterat för {said}" in (await town.get(address, **reader)).text
    async with town.scope():
        rows = await fetch("SELECT week FROM zero_report ORDER BY week")
        assert [row["week"] for row in rows] == weeks
        assert await remind(*weeks) == 0
    answer = await town.post("/rapportera/inget/angra", **reader, week=sent)
    assert answer.status_code == 200 and "Lika viktigt att veta" in answer.text
    async with town.scope():
        assert await fetch_value("SELECT count(*) FROM zero_report") == 0


async def test_a_letter_of_weeks_long_past_leads_to_the_present_one(town):
    this_week = week_of(now())
    old = (this_week - timedelta(weeks=2)).isoformat()
    page = await town.get(f"/rapportera/inget?vecka={old}", role="reporter")
    present = f"vecka {this_week.isocalendar().week}"
    assert f"Den veckan är slut. Nu gäller det {present}." in page.text
    assert f'value="{this_week.isoformat()}"' in page.text and old not in page.text


@pytest.mark.parametrize(
    ("weeks", "ends_a_period", "back"),
    [(1, False, 1), (1, True, 1), (2, False, 2), (2, True, 3)],
)
def test_a_period_is_answered_for_until_the_next_one_is_over(weeks, ends_a_period, back):
    week = next(
        MONDAY + timedelta(weeks=n) for n in range(2) if (Period(2, 7).due_on(
            MONDAY + timedelta(weeks=n, days=4)) != []) is ends_a_period)  # fmt: skip
    opened = Period(weeks, 5).open_in(week)
    assert opened == [week - timedelta(weeks=n) for n in range(back, -1, -1)]
