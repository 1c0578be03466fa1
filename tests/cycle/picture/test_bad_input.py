"""What can be wrong with the reports of a municipality: the picture stays right and says so.

Every picture is read from the database and worked out with arithmetic that may not go astray: a
division by nought or what is no number fails here, though numpy would only warn of it.
"""

import json
import math
import re
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.cycle.mapping.spread import spread, weekly
from service.cycle.mapping.week import midnight, now, week_of
from service.cycle.picture.counts import (
    WEEKS,
    AreaRow,
    CategoryRow,
    Counts,
    OrganisationRow,
    read_counts,
)
from service.cycle.picture.work_out import work_out
from tenants.scope import execute, execute_many
from tests.cycle.picture.history import CATEGORIES, THIS_WEEK, compiled, count, live_through

MUNICIPALITY = UUID(int=7)
WHO = ("Polisen", "Bostadsbolaget", "Köpmännen")


async def picture_at(town, at: datetime) -> dict:
    """The picture as it is worked out at `at`, with strict arithmetic, as it would be stored."""
    async with town.scope():
        counts = await read_counts(week_of(at))
    with np.errstate(all="raise", under="ignore"):
        made = work_out(counts, town.id, at)
    # Neither infinity nor what is no number can be stored.
    stored = json.loads(json.dumps(made, allow_nan=False))
    for value in numbers_in(stored):
        assert math.isfinite(value)
    return stored


def numbers_in(part):
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from numbers_in(one)
    elif isinstance(part, int | float):
        yield part


async def page_of(town, role: str = "safety_coordinator") -> str:
    answer = await town.get("/lagesbild", role=role)
    assert answer.status_code == 200
    assert "nan" not in re.findall(r">([^<>]*)<", answer.text)
    return answer.text


async def count_in(town, rows) -> None:
    """Counts of any week: (Monday, area, category, organisation, number)."""
    async with town.scope():
        await execute_many(
            """INSERT INTO weekly_count (tenant_id, week, area_id, category_id, organisation_id,
                                         source, arrival_week, count)
               VALUES (ks.current_tenant(), $1, $2, $3, $4, 'form', $1, $5)""",
            [
                (
                    day,
                    town.areas[area],
                    town.categories[category],
                    town.organisations[who],
                    float(n),
                )
                for day, area, category, who, n in rows
            ],
        )


async def test_no_history_says_that_it_is_too_early(found):
    town = await found("Tallbacka", areas=3)
    await count(town, [(0, "Ruta 1", "graffiti", who, 2) for who in WHO])
    made = await picture_at(town, now())
    assert made["wide"]["begun"] and not made["wide"]["expects"]
    assert made["wide"]["total"]["expected"] is None and made["wide"]["above"] == []
    await compiled(town)
    assert "6 händelser" in await page_of(town)


async def test_nobody_has_reported_anything(found):
    town = await found("Tallbacka", areas=3)
    made = await picture_at(town, now())
    assert made["wide"]["begun"] is False and made["wide"]["above"] == []
    await compiled(town)
    assert "första rapporten" in await page_of(town) or "Ingen" in await page_of(town)


async def test_all_zeros_are_answers_and_no_alarm(found):
    """Everybody has said for two years that there was nothing."""
    town = await found("Tallbacka", areas=3)
    async with town.scope():
        await execute_many(
            """INSERT INTO zero_report (tenant_id, organisation_id, week)
               VALUES (ks.current_tenant(), $1, $2)""",
            [
                (organisation, week_of(now()) - timedelta(weeks=back))
                for organisation in town.organisations.values()
                for back in range(104)
            ],
        )
    made = await picture_at(town, now())
    wide = made["wide"]
    assert wide["actors"]["nothing"] == 4 and wide["total"]["week"] == 0
    assert wide["above"] == [] and wide["priorities"] == [] and wide["clusters"] == []
    await compiled(town)
    await page_of(town)


async def test_one_actor_alone_is_doubted(found):
    town = await found("Tallbacka", areas=2)
    await live_through(town, weeks=110, skip=lambda back, who: who != "Polisen")
    await count(town, [(back, "Ruta 1", "arson", "Polisen", 6) for back in range(2)])
    made = await picture_at(town, now())
    assert all(row["actors"] <= 1 for row in made["wide"]["priorities"])
    # Sums are told of no cell that one actor alone has filled.
    assert made["sums"]["groups"] == [] and made["sums"]["running"] is None
    await compiled(town)
    assert "en aktör" in (await page_of(town)).lower() or "1 av 4" in await page_of(town)


async def test_a_mean_of_a_million_is_still_a_picture(found):
    town = await found("Tallbacka", areas=2)
    rows = [(back, "Ruta 1", "littering", who, 350_000) for back in range(110) for who in WHO]
    await count(town, rows)
    wide = (await picture_at(town, now()))["wide"]
    assert wide["expects"]
    cells = dict(zip(wide["cells"]["area"], wide["cells"]["at_most"], strict=True))
    # About three and a half weeks of them, since the running week is not over.
    assert 3_000_000 < cells[0] < 6_000_000
    assert all(not row["sure"] or row["count"] > row["expected"] for row in wide["above"])
    await compiled(town)
    await page_of(town)


async def test_two_old_years_in_the_middle_of_a_period_change_the_usual_and_are_said(found):
    town = await found("Tallbacka", areas=3)
    await live_through(town, weeks=30)
    before = (await picture_at(town, now()))["wide"]
    assert before["imported"] is None
    random = np.random.default_rng(5)
    rows = [
        (back, area, category, "Köpmännen", int(random.integers(1, 3)), 1)
        for back in range(31, 135)
        for area in town.areas
        for category in CATEGORIES
    ]
    await count(town, rows)
    after = (await picture_at(town, now()))["wide"]
    # The weeks now are what they were, and so is how much of them can have come in.
    assert after["total"]["week"] == before["total"]["week"]
    assert after["by_area"]["four"] == before["by_area"]["four"]
    assert after["by_area"]["coverage"][0] > 0
    assert after["history_weeks"] > before["history_weeks"]
    assert after["imported"]["count"] == sum(row[4] for row in rows)
    assert after["imported"]["actors"] == 1
    await compiled(town)
    page = await page_of(town)
    assert "äldre rapporter från en aktör har kommit in" in page
    assert "har ändrat vad som räknas som vanligt" in page


@pytest.mark.parametrize(
    ("monday", "name"),
    [
        (date(2020, 12, 28), "week 53"),
        (date(2021, 1, 4), "the week after it"),
        (date(2024, 12, 23), "Christmas"),
        (date(2025, 4, 14), "Easter"),
        (date(2025, 6, 16), "midsummer"),
        (date(2025, 3, 24), "the night without an hour"),
        (date(2025, 10, 20), "the night with an hour twice"),
    ],
)
async def test_odd_weeks_are_weeks_as_others(found, monday, name):
    town = await found("Tallbacka", areas=2)
    rows = [
        (monday - timedelta(weeks=back), area, category, who, 1)
        for back in range(110)
        for area in town.areas
        for category in CATEGORIES[:2]
        for who in WHO
    ]
    await count_in(town, rows)
    for day in (0, 3, 6):
        for hour in (0, 2, 3, 22):
            at = midnight(monday + timedelta(days=day)) + timedelta(hours=hour, minutes=30)
            wide = (await picture_at(town, at))["wide"]
            assert wide["week"] == monday.isoformat()
            assert 0 < wide["elapsed"] <= 1
            assert wide["total"]["week"] == 12, name
    # At the end of a week as steady as all the others nothing stands out.
    assert not [row for row in wide["above"] if row["sure"]]
    assert len(wide["series"]["counts"]) == 52 and set(wide["series"]["counts"]) == {12.0}


async def test_the_hours_of_the_odd_nights_are_counted_once(found):
    """A report of a whole night is one report, also when the clock is moved in it."""
    for day, hours in ((date(2025, 3, 29), 23), (date(2025, 10, 25), 25), (date(2025, 6, 1), 24)):
        begin, end = midnight(day + timedelta(days=1)), midnight(day + timedelta(days=2))
        assert (end - begin) == timedelta(hours=hours)
        pieces = spread(begin, end)
        assert sum(share for _week, _hour, share in pieces) == pytest.approx(1.0)
        assert sum(share for _week, share in weekly(pieces)) == pytest.approx(1.0)
    assert await found("Tallbacka")


async def test_a_category_that_is_split_keeps_its_history_apart(found):
    """Hidden and replaced by another: what was reported as the old one is still counted."""
    town = await found("Tallbacka", areas=2)
    await live_through(town, weeks=110)
    before = (await picture_at(town, now()))["wide"]
    async with town.scope():
        await execute("UPDATE category SET hidden_on = current_date WHERE key = 'graffiti'")
    await count(town, [(0, "Ruta 1", "vandalism_other", who, 1) for who in WHO])
    after = (await picture_at(town, now()))["wide"]
    assert after["total"]["week"] == before["total"]["week"] + 3
    keys = [one["key"] for one in after["categories"]]
    assert "graffiti" in keys
    at = keys.index("graffiti")
    assert after["by_category"]["four"][at] == before["by_category"]["four"][at]


async def test_an_area_that_is_retired_keeps_its_counts(found):
    town = await found("Tallbacka", areas=3)
    await live_through(town, weeks=110)
    before = (await picture_at(town, now()))["wide"]
    async with town.scope():
        await execute(
            "UPDATE area SET retired_on = current_date WHERE id = $1", town.areas["Ruta 2"]
        )
    after = (await picture_at(town, now()))["wide"]
    assert after["total"] == before["total"]
    assert after["by_area"]["four"] == before["by_area"]["four"]


history = st.lists(
    st.tuples(
        st.integers(0, 155),  # weeks ago
        st.integers(0, 1),  # area
        st.integers(0, 2),  # category
        st.integers(0, 2),  # organisation
        st.sampled_from([0.001, 0.5, 1, 2, 9, 400, 1e6]),
        st.integers(0, 155),  # arrived weeks ago
    ),
    max_size=25,
)


def drawn_counts(drawn) -> Counts:
    def ints(values):
        return np.array(list(values), dtype=np.intp)

    places = [AreaRow(UUID(int=i), f"a{i}", f"A{i}", "X", 60.0 + i / 50, 17.0) for i in range(2)]
    kinds = [CategoryRow(UUID(int=i), f"c{i}", f"C{i}", 1 + i) for i in range(3)]
    actors = [OrganisationRow(UUID(int=i), f"O{i}", date(2020, 1, 1), None) for i in range(3)]
    return Counts(
        week=THIS_WEEK,
        areas=places,
        categories=kinds,
        organisations=actors,
        at_week=ints(WEEKS - 1 - row[0] for row in drawn),
        at_area=ints(row[1] for row in drawn),
        at_category=ints(row[2] for row in drawn),
        at_organisation=ints(row[3] for row in drawn),
        # Nothing comes in before it happens.
        arrived=ints(WEEKS - 1 - min(row[5], row[0]) for row in drawn),
        number=np.array([float(row[4]) for row in drawn]),
        said_nothing=np.zeros((3, WEEKS), dtype=bool),
        hours=np.zeros((2, 3, 168)),
    )


@settings(max_examples=25, deadline=None)
@given(drawn=history)
def test_whatever_was_counted_gives_a_picture_of_finite_numbers(drawn):
    """The same arithmetic on counts drawn at random, without a database between."""
    counts = drawn_counts(drawn)
    with np.errstate(all="raise", under="ignore"):
        made = work_out(counts, MUNICIPALITY, midnight(counts.week) + timedelta(days=3))
    text = json.dumps(made, allow_nan=False)
    assert all(math.isfinite(value) for value in numbers_in(json.loads(text)))
    total = sum(float(row[4]) for row in drawn if row[0] < 4)
    assert sum(made["wide"]["by_area"]["four"]) == pytest.approx(total, abs=0.01)
