"""What each way of saying when and where means, and what is refused; no database."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from service.cycle.mapping.forms import FIELDS, ReportForm
from service.cycle.mapping.time_buckets import BUCKETS
from service.cycle.mapping.week import STOCKHOLM, instant

AREA = str(uuid4())
# A Sunday in November, 15.03.
AT = instant(datetime(2026, 11, 22, 15, 3))


def read(at: datetime = AT, **typed: str) -> ReportForm:
    filled = {"category": "graffiti", "area": AREA} | typed
    return ReportForm.parse(filled.items(), at)


def period(at: datetime = AT, **typed: str) -> tuple[str, str, str]:
    found = read(at, **typed).observation
    assert found is not None, read(at, **typed).errors
    start, end = found.occurred_from, found.occurred_to
    return (
        found.time_kind,
        f"{start.astimezone(STOCKHOLM):%d %H:%M}",
        f"{end.astimezone(STOCKHOLM):%d %H:%M}",
    )


def test_category_and_place_are_enough_and_mean_now():
    assert period() == ("now", "22 15:03", "22 15:03")


def test_a_part_of_today_ends_at_the_latest_now():
    assert period(when="today", bucket="morning") == ("bucket", "22 08:00", "22 12:00")
    assert period(when="today", bucket="afternoon") == ("bucket", "22 15:00", "22 15:03")
    assert period(when="today") == ("bucket", "22 00:00", "22 15:03")


def test_a_part_of_yesterday_may_reach_past_midnight():
    assert period(when="yesterday", bucket="late_evening") == ("bucket", "21 22:00", "22 01:00")


def test_the_weekend_is_the_one_that_goes_on_or_the_last_one():
    assert period(when="weekend") == ("bucket", "20 18:00", "22 15:03")
    monday = instant(datetime(2026, 11, 23, 9))
    assert period(monday, when="weekend") == ("bucket", "20 18:00", "23 00:00")
    friday_noon = instant(datetime(2026, 11, 27, 12))
    assert period(friday_noon, when="weekend") == ("bucket", "20 18:00", "23 00:00")


def test_an_exact_time_and_an_interval_are_kept_as_they_were_typed():
    assert period(when="exact", exact="2026-11-20T21:40") == ("exact", "20 21:40", "20 21:40")
    assert period(
        when="interval", last_seen_whole="2026-11-20T16:00", discovered="2026-11-22T08:30"
    ) == ("interval", "20 16:00", "22 08:30")


def test_the_hour_that_happened_twice_is_covered_whole_by_an_interval():
    at = instant(datetime(2026, 10, 26, 9))
    found = read(
        at, when="interval", last_seen_whole="2026-10-25T02:30", discovered="2026-10-25T02:30"
    ).observation
    assert found is not None
    assert found.occurred_to - found.occurred_from == timedelta(hours=1)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 1)])
def test_buckets_follow_each_other_also_when_the_clock_is_moved(day):
    edges = [bucket.of(day) for bucket in BUCKETS if bucket.key != "unknown"]
    for (_start, end), (start, _end) in pairwise(edges):
        assert start == end
    whole = next(bucket for bucket in BUCKETS if bucket.key == "unknown").of(day)
    hours = {date(2026, 3, 29): 23, date(2026, 10, 25): 25}.get(day, 24)
    assert whole[1] - whole[0] == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("typed", "question", "words"),
    [
        ({"category": ""}, "category", "Välj vad du har sett"),
        ({"area": ""}, "place", "Välj en plats"),
        ({"area": "'; DROP TABLE report"}, "place", "Välj en plats"),
        ({"place": "moon"}, "place", "Välj en plats"),
        ({"place": "map"}, "place", "Peka ut platsen"),
        ({"place": "map", "latitude": "nan", "longitude": "17"}, "place", "utanför"),
        ({"place": "map", "latitude": "48.9", "longitude": "2.3"}, "place", "utanför"),
        ({"place": "search"}, "place", "Skriv namnet"),
        ({"when": "sometime"}, "when", "Välj när"),
        ({"when": "today", "bucket": "noon"}, "when", "Välj en tid"),
        ({"when": "today", "bucket": "evening"}, "when", "inte varit än"),
        ({"when": "exact"}, "when", "Skriv datum"),
        ({"when": "exact", "exact": "i går"}, "when", "Skriv datum"),
        ({"when": "exact", "exact": "0001-01-01T00:00"}, "when", "Skriv datum"),
        ({"when": "exact", "exact": "2026-11-20T12:00+09:00"}, "when", "Skriv datum"),
        ({"when": "exact", "exact": "2026-11-22T15:30"}, "when", "framåt"),
        ({"when": "exact", "exact": "2025-11-20T12:00"}, "when", "mer än ett år"),
        ({"when": "exact", "exact": "2026-03-29T02:30"}, "when", "fanns inte"),
        ({"when": "interval", "discovered": "2026-11-22T08:00"}, "when", "senast"),
        (
            {
                "when": "interval",
                "last_seen_whole": "2026-11-22T09:00",
                "discovered": "2026-11-22T08:00",
            },
            "when",
            "före",
        ),
        (
            {
                "when": "interval",
                "last_seen_whole": "2026-06-01T09:00",
                "discovered": "2026-11-22T08:00",
            },
            "when",
            "tre månader",
        ),
        ({"text": "x" * 401}, "text", "högst 400"),
        ({"category": "other"}, "text", "Beskriv kort"),
        ({"place_type": "castle"}, "place_type", "i listan"),
        ({"report_id": "1"}, "form", "gick sönder"),
        ({"tenant_id": str(uuid4())}, "form", "inte hör dit"),
    ],
)
def test_what_is_wrong_is_said_beside_its_question(typed, question, words):
    form = read(**typed)
    assert form.observation is None
    assert list(form.errors) == [question]
    assert words in form.errors[question]
    # What was typed is kept, unless it belongs to no field.
    for name in typed.keys() & FIELDS - {"report_id"}:
        assert form.said(name) == typed[name]


def test_a_field_that_is_sent_twice_is_refused():
    form = ReportForm.parse([("category", "arson"), ("category", "noise"), ("area", AREA)], AT)
    assert form.observation is None and "form" in form.errors


def test_a_file_in_place_of_a_text_is_refused():
    assert ReportForm.parse([("text", b"file"), ("category", "noise")], AT).errors["form"]


def test_a_phone_that_is_some_minutes_ahead_means_now():
    found = read(when="exact", exact="2026-11-22T15:06").observation
    assert found is not None and found.occurred_from == AT


def test_a_text_loses_what_no_keyboard_types():
    found = read(text=" Två\x00 rutor\r\nkrossade ").observation
    assert found is not None and found.text == "Två  rutor\nkrossade"


def test_a_point_is_kept_to_ten_metres():
    found = read(place="map", latitude="61.303412", longitude="17.060178").observation
    assert found is not None and (found.latitude, found.longitude) == (61.3034, 17.0602)


def test_every_blank_form_has_an_id_of_its_own():
    assert ReportForm.blank().said("report_id") != ReportForm.blank().said("report_id")
    assert AT.tzinfo is UTC
