"""The attacker's ranges against the reference pack (disclosure/), and against trying everything."""

import csv
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.statistics.attacker import Attacker, Contradiction, Range, Told, leaks
from tests.reference import reference as find


def rows(name):
    with find(f"stats/disclosure/{name}").open(newline="") as lines:
        return list(csv.DictReader(lines))


def tables():
    found = {}
    for row in rows("tables.csv"):
        place = int(row["row"]), int(row["col"])
        found.setdefault(row["table"], {})[place] = int(row["count"])
    return found


def exactly(cells, counts):
    total = sum(counts[cell] for cell in cells)
    return Told(frozenset(cells), total, total)


def with_margins(counts, hidden):
    """Everything told exactly but the hidden inner cells; all margins are public."""
    told = [exactly([cell], counts) for cell in counts if cell not in hidden]
    for axis in (0, 1):
        for line in {cell[axis] for cell in counts}:
            told.append(exactly([cell for cell in counts if cell[axis] == line], counts))
    return told


def primary(counts):
    return {cell for cell, count in counts.items() if 1 <= count <= 4}


def extra_cells(row):
    return {tuple(map(int, one.split(":"))) for one in row["extra_cells"].split("|") if one}


def test_the_range_of_every_suppressed_cell_is_the_reference():
    extra = {row["table"]: extra_cells(row) for row in rows("secondary_optimum.csv")}
    every, checked = tables(), 0
    known = {}
    for row in rows("audit_intervals.csv"):
        counts = every[row["table"]]
        hidden = primary(counts)
        if row["pattern"] == "optimal_secondary":
            hidden = hidden | extra[row["table"]]
        cell = int(row["row"]), int(row["col"])
        key = row["table"], row["pattern"]
        if key not in known:
            known[key] = Attacker(with_margins(counts, hidden), [frozenset([c]) for c in hidden])
        found = known[key].range_of(frozenset([cell]))
        assert (found.low, found.high) == (int(row["low"]), int(row["high"]))
        assert (found.low == found.high) == (row["exactly_disclosed"] == "1")
        checked += 1
    assert checked == 72


def test_the_reference_suppression_is_clean_and_none_of_it_is_too_much():
    for row in rows("secondary_optimum.csv"):
        extra = extra_cells(row)
        if not extra:
            continue
        counts = tables()[row["table"]]

        def found(more, counts=counts):
            hidden = primary(counts)
            return leaks(with_margins(counts, hidden | more), {c: frozenset([c]) for c in hidden})

        assert found(extra) == []
        for one in extra:
            assert found(extra - {one})


def test_overlapping_editions_give_away_what_the_reference_says():
    editions = {}
    for row in rows("differencing_editions.csv"):
        editions.setdefault(row["case"], []).append(row)
    given_away = 0
    expected = rows("differencing_intervals.csv")
    for row in expected:
        told = []
        for edition in editions[row["case"]]:
            weeks = frozenset(range(int(edition["first_week"]), int(edition["last_week"]) + 1))
            if edition["published"]:
                told.append(Told(weeks, int(edition["published"]), int(edition["published"])))
            elif len(weeks) == 1:  # The reference's attacker knows this of weeks, not of sums.
                told.append(Told(weeks, 1, 4))
        week = frozenset([int(row["week"])])
        found = Attacker(told, [week]).range_of(week)
        assert (found.low, found.high) == (int(row["low"]), int(row["high"]))
        given_away += found.low == found.high
    assert given_away == sum(row["exactly_disclosed"] == "1" for row in expected) > 0


MOST = 4
cells = st.sampled_from(range(4))
asked = st.lists(
    st.tuples(st.frozensets(cells, min_size=1), st.integers(0, 2), st.integers(0, 2)),
    min_size=1,
    max_size=5,
)


@settings(max_examples=150, deadline=None)
@given(
    truth=st.tuples(*[st.integers(0, MOST)] * 4),
    sums=asked,
    target=st.frozensets(cells, min_size=1),
)
def test_who_tries_every_table_finds_the_same_range(truth, sums, target):
    """Sums around a true table of four cells, each of which is also known to be at most four."""
    told = [Told(frozenset([cell]), 0, MOST) for cell in range(4)]
    for chosen, below, above in sums:
        total = sum(truth[cell] for cell in chosen)
        told.append(Told(chosen, max(total - below, 0), total + above))
    possible = [
        sum(table[cell] for cell in target)
        for table in product(range(MOST + 1), repeat=4)
        if all(
            one.low <= sum(table[cell] for cell in one.cells) <= one.high for one in told
        )
    ]  # fmt: skip
    found = Attacker(told, [target]).range_of(target)
    assert found == Range(min(possible), max(possible))


@settings(max_examples=80, deadline=None)
@given(
    truth=st.tuples(*[st.integers(0, MOST)] * 4),
    sums=asked,
    targets=st.lists(st.frozensets(cells, min_size=1), min_size=2, max_size=8),
    protection=st.integers(1, 4),
)
def test_what_is_found_of_one_sum_never_makes_another_look_safe(truth, sums, targets, protection):
    told = [Told(frozenset([cell]), 0, MOST) for cell in range(4)]
    for chosen, below, above in sums:
        total = sum(truth[cell] for cell in chosen)
        told.append(Told(chosen, max(total - below, 0), total + above))
    ranges = [Attacker(told, targets).range_of(target) for target in targets]
    asked_in_turn = Attacker(told, targets)
    asked_in_turn.find_tables(protection, targets)
    for target, whole in zip(targets, ranges, strict=True):
        closer = asked_in_turn.closer_than(protection, target)
        assert closer == (None if whole.is_wider_than(protection) else whole)


def test_a_total_and_all_but_one_of_its_parts_give_the_last_one_away():
    told = [Told(frozenset("abc"), 20, 20), Told(frozenset("a"), 9, 9), Told(frozenset("b"), 8, 8)]
    (leak,) = leaks(told, {"Lillgatan": frozenset("c")})
    assert leak.hidden == "Lillgatan" and leak.found == Range(3, 3)
    # With noise of two either way on each, three may be anything from none to nine.
    noisy = [Told(one.cells, one.low - 2, one.high + 2) for one in told]
    assert leaks(noisy, {"Lillgatan": frozenset("c")}) == []


def test_what_nobody_has_told_anything_of_has_no_limit():
    told = [Told(frozenset("ab"), 3, 3)]
    assert Attacker(told).range_of(frozenset("x")) == Range(0, None)
    asked = Attacker(told, [frozenset("x")])
    asked.find_tables(4, [frozenset("x")])
    assert asked.closer_than(4, frozenset("x")) is None
    assert asked.range_of(frozenset("x")) == Range(0, None)
    assert Attacker([Told(frozenset("ab"), 3, None)]).range_of(frozenset("ab")) == Range(3, None)


def test_what_cannot_be_is_said():
    with pytest.raises(Contradiction):
        Attacker([Told(frozenset("a"), 5, 5), Told(frozenset("ab"), 3, 3)]).range_of(frozenset("a"))
