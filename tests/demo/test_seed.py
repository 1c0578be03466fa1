"""A demonstration municipality is written whole, once, and counted as reports are counted."""

from collections import defaultdict
from datetime import UTC, datetime

import pytest

from service.cycle.mapping.spread import spread, weekly
from service.cycle.mapping.week import week_of
from service.cycle.picture.compile import compile_picture
from service.demo.cast import SHARED_SUBJECT, people
from service.demo.generate import generate
from service.demo.nine import NINE
from service.demo.planted import planted_rises
from service.demo.seed import seed
from service.geography import areas_of, base_map
from service.local.provider_people import LocalPerson
from tenants.scope import fetch, fetch_row, fetch_value, platform_scope, tenant_scope
from tests.entrance.log_in import log_in

NOW = datetime(2026, 11, 19, 10, tzinfo=UTC)


def names_that_are_no_area(code: str) -> set[str]:
    """Real places on the base map that the invented municipality has not made areas of."""
    ours = {area.locality for area in areas_of(code)}
    return {one.name for one in base_map(code).localities} - ours


@pytest.fixture(scope="module")
async def seeded(neighbourhood):
    """One of the smaller of the nine that no other test has founded."""
    async with platform_scope():
        taken = {row["code"] for row in await fetch("SELECT code FROM municipality")}
    town = next(
        town for town in NINE if town.code not in taken and names_that_are_no_area(town.code)
    )
    lines: list[str] = []
    assert await seed(lines.append, codes=[town.code], now=NOW) == 1
    assert town.name in lines[0]
    async with platform_scope():
        row = await fetch_row("SELECT * FROM municipality WHERE code = $1", town.code)
    return town, row


async def test_it_is_marked_as_a_demonstration_and_done_once(seeded):
    town, row = seeded
    assert row["demonstration"] and row["name"] == town.name
    assert await seed(lambda line: None, codes=[town.code], now=NOW) == 0
    async with tenant_scope(row["id"]):
        stored = await fetch_value("SELECT count(*) FROM report")
    assert stored == len(generate(town.code, NOW).reports.area)


async def test_counts_equal_counts_recomputed_from_the_reports(seeded):
    _, row = seeded
    async with tenant_scope(row["id"]):
        reports = await fetch("SELECT * FROM report")
        weekly_rows = await fetch("SELECT * FROM weekly_count")
        hourly_rows = await fetch("SELECT * FROM hourly_count")
    by_week, by_hour = defaultdict(float), defaultdict(float)
    for report in reports:
        pieces = spread(report["occurred_from"], report["occurred_to"])
        place = report["area_id"], report["category_id"]
        for week, share in weekly(pieces):
            arrival = week_of(report["received_at"])
            key = (week, *place, report["organisation_id"], report["source"], arrival)
            by_week[key] += share
        for week, hour, share in pieces:
            by_hour[(week, *place, hour)] += share
    stored = {
        (
            one["week"],
            one["area_id"],
            one["category_id"],
            one["organisation_id"],
            one["source"],
            one["arrival_week"],
        ): one["count"]
        for one in weekly_rows
    }
    assert stored == pytest.approx(by_week)
    stored_hours = {
        (one["week"], one["area_id"], one["category_id"], one["hour_of_week"]): one["count"]
        for one in hourly_rows
    }
    assert stored_hours == pytest.approx(by_hour)


async def test_areas_categories_people_and_a_compile_job_are_there(seeded):
    town, row = seeded
    async with tenant_scope(row["id"]):
        assert await fetch_value("SELECT count(*) FROM category") == 38
        assert await fetch_value("SELECT count(*) FROM area WHERE kind = 'rest'") == 1
        assert await fetch_value("SELECT count(*) FROM zero_report") > 20
        # Who is in a working group has a membership for that, too.
        members = await fetch(
            """SELECT role, seat FROM membership
               WHERE id NOT IN (SELECT membership_id FROM group_member
                                UNION SELECT membership_id FROM group_lead)"""
        )
        waiting = await fetch_value("SELECT count(*) FROM job WHERE verb = 'picture.compile'")
    assert waiting == 1
    cast = [one for one in people() if one.code == town.code]
    assert sorted((one["role"], one["seat"] or "") for one in members) == sorted(
        (one.role, one.seat or "") for one in cast
    )
    assert any(one.subject == SHARED_SUBJECT for one in people())


async def test_planted_rises_stand_out_in_the_stored_counts(seeded):
    town, row = seeded
    for rise in planted_rises(week_of(NOW)):
        if rise.municipality != town.code:
            continue
        async with tenant_scope(row["id"]):
            during, before = await fetch_row(
                """SELECT sum(count) FILTER (WHERE week >= $3 AND week < $4),
                          sum(count) FILTER (WHERE week < $3) / 152.0
                   FROM weekly_count JOIN area ON area.id = area_id
                   JOIN category ON category.id = category_id
                   WHERE area.key = $1 AND category.key = $2""",
                rise.area,
                rise.category,
                rise.from_week,
                week_of(NOW),
            )
        assert during > 4 * (before or 0.0) * (week_of(NOW) - rise.from_week).days / 7


async def test_the_neighbour_sees_nothing_of_it(seeded, tallbacka):
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM report") == 0
        assert await fetch_value("SELECT count(*) FROM area WHERE key = 'ovriga-kommunen'") == 0


async def test_its_coordinator_logs_in_and_the_page_says_it_is_generated(seeded, neighbourhood):
    town, row = seeded
    subject = f"{row['slug']}-samordnare"
    one = next(one for one in people() if one.subject == subject)
    neighbourhood.people.append(LocalPerson(subject, one.name, one.description, town.name))
    async with tenant_scope(row["id"]):
        await compile_picture()
    async with neighbourhood.browser() as browser, neighbourhood.provider_browser() as provider:
        await log_in(browser, provider, subject)
        page = await browser.get(f"/{row['slug']}/lagesbild")
    assert page.status_code == 200
    assert 'class="map' in page.text
    # No real neighbourhood stands beside an invented incident.
    for name in names_that_are_no_area(town.code):
        assert f">{name}<" not in page.text
    assert town.name in page.text
    assert "påhitta" in page.text.lower() or "genererad" in page.text.lower()
