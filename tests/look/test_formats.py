"""Numbers, dates and times as they are written in Swedish."""

from datetime import UTC, date, datetime

import pytest

from service.web import formats


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4.2, "4,2"),
        (4.0, "4"),
        (-3, "−3"),
        (1240, "1\u00a0240"),
        (0.04, "0"),
        (-0.01, "0"),
        (None, "–"),
        (float("nan"), "–"),
    ],
)
def test_a_number(value: float | None, text: str) -> None:
    assert formats.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(2.1, "+2,1"), (-0.7, "−0,7"), (0, "±0"), (0.02, "±0")]
)
def test_a_change(value: float, text: str) -> None:
    assert formats.signed(value) == text


def test_shares_and_ranges() -> None:
    assert formats.percent(0.62) == "62\u00a0%"
    assert formats.span(12, 22) == "12–22"
    assert formats.span(3, 3) == "3"
    assert formats.span(-1, 4) == "−1 till 4"
    assert formats.listing(["Torget", "Parken", "Stationen"]) == "Torget, Parken och Stationen"


def test_dates_and_times() -> None:
    monday = date(2026, 11, 16)
    assert formats.week_days(monday) == "vecka 47, 16–22 november 2026"
    assert formats.days(date(2026, 11, 30), date(2026, 12, 6)) == "30 november – 6 december 2026"
    assert formats.days(date(2026, 12, 28), date(2027, 1, 3)) == "28 december 2026 – 3 januari 2027"
    assert formats.week(date(2026, 12, 28)) == "vecka 53"
    # Stored in UTC, shown in local time.
    assert formats.moment(datetime(2026, 11, 22, 13, 32, tzinfo=UTC)) == "22 november 14.32"


def test_a_long_compound_may_be_broken() -> None:
    assert formats.soften("Otrygghetsskapande") == "Otrygghets\u00adskapande"
    assert formats.soften("Krossade rutor") == "Krossade rutor"
