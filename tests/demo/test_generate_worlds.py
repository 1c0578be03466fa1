"""The invented worlds, before anything is written."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from service.cycle.mapping.categories import DEFAULT_CATEGORIES
from service.cycle.mapping.spread import monday
from service.cycle.mapping.week import week_of
from service.demo.cast import HOUSING, SEATS, people
from service.demo.count import count
from service.demo.generate import CATEGORIES, TIME_KINDS, WEEKS, World, generate
from service.demo.nine import BY_CODE, NINE
from service.demo.planted import planted_rises
from service.demo.rhythm import RHYTHMS
from service.geography import base_map
from tenants.roles import Role

NOW = datetime(2026, 11, 19, 10, tzinfo=UTC)
_worlds: dict[str, World] = {}


def world_of(code: str) -> World:
    if code not in _worlds:
        _worlds[code] = generate(code, NOW)
    return _worlds[code]


def test_the_same_week_gives_the_same_world_and_each_town_its_own():
    first, again = generate("2182", NOW), generate("2182", NOW)
    assert first.fingerprint() == again.fingerprint()
    assert first.fingerprint() != generate("2182", NOW + timedelta(weeks=1)).fingerprint()
    assert first.fingerprint() != world_of("2081").fingerprint()


def test_every_category_has_a_rhythm():
    assert set(RHYTHMS) == {one.key for one in DEFAULT_CATEGORIES} == set(CATEGORIES)


@pytest.mark.parametrize("code", BY_CODE)
def test_a_world_is_whole(code):
    world = world_of(code)
    reports = world.reports
    weekly = len(reports.area) / WEEKS
    assert 0.85 < weekly / BY_CODE[code].weekly < 1.15
    assert 20 <= weekly <= 430
    assert np.all(reports.occurred_from <= reports.occurred_to)
    assert np.all(reports.occurred_to <= reports.received)
    assert np.all(reports.received <= NOW.timestamp())
    assert reports.received.max() > NOW.timestamp() - 2 * 86400  # alive up to now
    assert set(reports.kind.tolist()) == set(range(len(TIME_KINDS)))
    asks_for_text = reports.category == CATEGORIES.index("other")
    assert np.all(reports.text[asks_for_text] >= 0)
    late = reports.received - reports.occurred_to > 2 * 86400
    assert 0.01 < late.mean() < 0.08


@pytest.mark.parametrize("code", BY_CODE)
def test_reports_lie_within_their_municipality(code):
    west, south, east, north = base_map(code).bounds
    reports = world_of(code).reports
    known = ~np.isnan(reports.latitude)
    assert 0.15 < known.mean() < 0.35
    assert np.all((reports.longitude[known] > west) & (reports.longitude[known] < east))
    assert np.all((reports.latitude[known] > south) & (reports.latitude[known] < north))


@pytest.mark.parametrize("code", BY_CODE)
def test_organisations_are_many_kinds_some_silent_some_new(code):
    world = world_of(code)
    actors = world.organisations
    assert 12 <= len(actors) <= 40
    assert len({actor.name for actor in actors}) == len(actors)
    assert len({actor.actor_type for actor in actors}) >= 12
    assert {actor.is_authority for actor in actors} == {"yes", "equated", "no"}
    heard = set(world.reports.organisation.tolist())
    silent = [k for k, actor in enumerate(actors) if actor.silent]
    assert len(silent) == 1 and not heard & set(silent)
    this_week = week_of(NOW)
    assert sum(actor.joined_on > this_week - timedelta(weeks=52) for actor in actors) >= 2
    for k, actor in enumerate(actors):
        of_it = world.reports.organisation == k
        if of_it.any():
            first = datetime.fromtimestamp(world.reports.occurred_from[of_it].min(), UTC)
            assert week_of(first) >= actor.joined_on - timedelta(days=7)
    assert len(world.zero_reports.week) > 20


def test_season_and_weekday_show():
    reports = world_of("1280").reports
    month = np.array(
        [datetime.fromtimestamp(at, UTC).month for at in reports.occurred_from.tolist()]
    )
    of_darkness = month[reports.category == CATEGORIES.index("poor_lighting")]
    assert np.isin(of_darkness, (11, 12, 1)).sum() > 2 * np.isin(of_darkness, (5, 6, 7)).sum()
    fights = reports.occurred_from[reports.category == CATEGORIES.index("fight")]
    days = [datetime.fromtimestamp(at, UTC).weekday() for at in fights.tolist()]
    assert days.count(5) > 2 * days.count(1)


def test_planted_rises_stand_out_and_some_are_current():
    rises = planted_rises(week_of(NOW))
    assert len(rises) == 5
    assert sum(rise.until_week == week_of(NOW) for rise in rises) >= 3
    for rise in rises:
        world = world_of(rise.municipality)
        weekly, _ = count(world.reports)
        cell = (
            (weekly.area == [area.key for area in world.areas].index(rise.area))
            & (weekly.category == CATEGORIES.index(rise.category))
        )  # fmt: skip
        per_week = dict.fromkeys(range(WEEKS), 0.0)
        for week, amount in zip(
            weekly.week[cell].tolist(), weekly.amount[cell].tolist(), strict=True
        ):
            index = (monday(week) - world.first_week).days // 7
            if 0 <= index < WEEKS:
                per_week[index] += amount
        begin = (rise.from_week - world.first_week).days // 7
        # The week under way is not over, and its reports not all in.
        end = min((rise.until_week - world.first_week).days // 7, WEEKS - 2)
        during = np.array([per_week[i] for i in range(begin, end + 1)])
        before = np.array([per_week[i] for i in range(begin - 26, begin)])
        assert during.mean() > 3 * before.mean() + 1, rise
        assert during.mean() > before.mean() + 0.5 * rise.extra, rise


@pytest.mark.parametrize("code", ["2182", "1280"])
def test_counts_hold_every_report_once(code):
    reports = world_of(code).reports
    weekly, hourly = count(reports)
    assert np.isclose(weekly.amount.sum(), len(reports.area))
    assert np.isclose(hourly.amount.sum(), len(reports.area))
    assert np.all((hourly.hour >= 0) & (hourly.hour < 168))


def test_the_cast_fills_every_seat_of_every_group():
    cast = people()
    for town in NINE:
        here = [one for one in cast if one.code == town.code]
        assert {one.role for one in here} == set(Role) - {Role.PLATFORM_OPERATOR}
        seats = [one.seat for one in here if one.role == Role.STEERING_MEMBER]
        assert len(seats) == len(set(seats)) == 7
        assert {one.organisation for one in here if one.seat == "housing_company"} == {town.housing}
        known = {
            word
            for actor in world_of(town.code).organisations
            for word in (actor.name, actor.actor_type)
        }
        assert {one.organisation for one in here} <= known
    assert HOUSING in {seat[3] for seat in SEATS}
    twice = [one for one in cast if sum(other.subject == one.subject for other in cast) == 2]
    assert {one.municipality for one in twice} == {"Söderhamn", "Borlänge"}
    assert len({one.name for one in cast}) == len(cast) - 1


def test_no_text_names_or_numbers_anybody():
    from service.demo.texts import TEXTS

    for texts in TEXTS.values():
        for text in texts:
            assert len(text) <= 400 and not any(letter.isdigit() for letter in text)
            assert not any(word[0].isupper() for word in text.split()[1:])
