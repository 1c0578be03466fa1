"""Every record of a file becomes an event or a problem that names its line and field."""

import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.sources.police.event import BrokenFile, Event, Problem
from service.sources.police.parse import read_events
from tests.reference import reference
from tests.sources.files import ANSWER, ARCHIVE

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = "id,published,occurred,type,place,api_area,lat,lon,summary\n"
GOOD = '7,2025-05-01T12:00:00+02:00,2025-05-01T11:30,Rån,Malmö,Malmö,55.6,13.0,"Ett rån, kort."\n'


def read(path: Path) -> tuple[list[Event], list[Problem]]:
    events, problems = [], []
    for found in read_events(path, NOW):
        (problems if isinstance(found, Problem) else events).append(found)
    return events, problems  # type: ignore[return-value]


def archive(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(header + "".join(lines), encoding="utf-8")
    return path


def answer(tmp_path: Path, *objects: Any) -> Path:
    path = tmp_path / "events.json"
    path.write_text(json.dumps(list(objects), ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def an_object(**changes: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "datetime": "2025-05-01 12:00:00 +02:00",
        "name": "1 maj 11.30, Rån, försök, Malmö",
        "summary": "Ett rånförsök.",
        "url": "/x",
        "type": "Rån, försök",
        "location": {"name": "Malmö", "gps": "55.6,13.0"},
    } | changes


def test_the_real_archive_is_read_to_its_last_line() -> None:
    events, problems = read(reference(ARCHIVE))
    assert not problems
    assert len(events) == len({event.id for event in events}) == 63_607
    assert all(event.occurred_at <= event.published_at for event in events)
    at_their_publication = sum(event.occurred_at == event.published_at for event in events)
    assert at_their_publication == pytest.approx(1_069, abs=40)


def test_the_real_answer_says_the_same_as_the_archive() -> None:
    answered, problems = read(reference(ANSWER))
    assert not problems
    assert len(answered) == 500
    archived = {event.id: event for event in read(reference(ARCHIVE))[0]}
    for event in answered:
        same = archived[event.id]
        assert (event.place, event.type, event.published_at) == (
            same.place, same.type, same.published_at
        )  # fmt: skip
        assert event.occurred_at == same.occurred_at, event


@pytest.mark.parametrize("written", [
    "2025-05-01 12:00:00 +02:00",
    "2025-05-01  12:00:00 +02:00",
    "2025-05-01T10:00:00Z",
    "2025-05-01 12:00",
    "2025-05-01 12:00:00+0200",
])  # fmt: skip
def test_the_ways_to_write_a_time(tmp_path: Path, written: str) -> None:
    events, problems = read(answer(tmp_path, an_object(datetime=written)))
    assert not problems
    assert events[0].published_at == datetime(2025, 5, 1, 10, tzinfo=UTC)
    assert events[0].occurred_at == datetime(2025, 5, 1, 9, 30, tzinfo=UTC)


def test_an_hour_of_one_digit_and_two_blanks(tmp_path: Path) -> None:
    events, _ = read(answer(tmp_path, an_object(datetime="2025-05-01  9:05:03 +02:00")))
    assert events[0].published_at == datetime(2025, 5, 1, 7, 5, 3, tzinfo=UTC)
    # Half past eleven had not been yet.
    assert events[0].occurred_at == events[0].published_at


def test_a_title_of_december_published_in_january(tmp_path: Path) -> None:
    published = {"datetime": "2025-01-01 0:20:00 +01:00", "name": "31 december 23.50, Rån, Malmö"}
    events, _ = read(answer(tmp_path, an_object(**published)))
    assert events[0].occurred_at == datetime(2024, 12, 31, 22, 50, tzinfo=UTC)


@pytest.mark.parametrize(("line", "field", "message"), [
    ("x" + GOOD, "id", "id ska vara ett heltal"),
    (GOOD.replace("2025-05-01T12:00:00+02:00", ""), "published", "är ingen tid: tomt"),
    (GOOD.replace("2025-05-01T12:00:00+02:00", "igår"), "published", "är ingen tid: 'igår'"),
    (GOOD.replace("2025-05-01T12:00", "2025-13-01T12:00"), "published", "är ingen tid"),
    (GOOD.replace("2025-05-01T12:00", "2031-05-01T12:00"), "published", "ligger i framtiden"),
    (GOOD.replace("Rån", ""), "type", "type saknas"),
    (GOOD.replace(",Malmö,Malmö", ",Malmö"), "", "raden har 8 fält, väntat 9"),
    (GOOD[:50].rstrip() + "\n", "", "fält, väntat 9"),
    (GOOD[:-8] + "\n", "", "avbruten inne i ett citat"),
])  # fmt: skip
def test_a_broken_line_costs_itself_alone(
    tmp_path: Path, line: str, field: str, message: str
) -> None:
    after = GOOD.replace("7,", "8,", 1)
    events, problems = read(archive(tmp_path, GOOD, line, after))
    assert [event.id for event in events] == [7, 8]
    assert [(problem.line, problem.field) for problem in problems] == [(3, field)]
    assert message in problems[0].message


def test_a_future_clock_in_the_title_is_told_and_not_used(tmp_path: Path) -> None:
    events, problems = read(archive(tmp_path, GOOD.replace("2025-05-01T11:30", "2044-05-01T11:30")))
    assert events[0].occurred_at == events[0].published_at
    assert (problems[0].line, problems[0].field, problems[0].lost) == (2, "occurred", False)


def test_a_quotation_over_several_lines_is_one_record(tmp_path: Path) -> None:
    events, problems = read(archive(tmp_path, GOOD.replace(", kort", ",\nkort"), GOOD))
    assert (len(events), problems) == (2, [])
    assert [event.line for event in events] == [2, 4]


@pytest.mark.parametrize(("changes", "field"), [
    ({"id": "sju"}, "id"),
    ({"id": True}, "id"),
    ({"id": None}, "id"),
    ({"id": -3}, "id"),
    ({"datetime": 17}, "datetime"),
    ({"datetime": "2031-05-01 12:00:00 +02:00"}, "datetime"),
    ({"name": ""}, "name"),
    ({"type": None}, "type"),
])  # fmt: skip
def test_a_broken_object_names_its_field(
    tmp_path: Path, changes: dict[str, Any], field: str
) -> None:
    events, problems = read(answer(tmp_path, an_object(**changes), an_object(id=8)))
    assert [event.id for event in events] == [8]
    assert [(problem.line, problem.field) for problem in problems] == [(2, field)]


def test_an_object_that_is_no_json_costs_itself_alone(tmp_path: Path) -> None:
    path = answer(tmp_path, *(an_object(id=number) for number in (1, 2, 3)))
    path.write_text(path.read_text().replace('"id": 2,', '"id": 2, "half": "writt,', 1))
    events, problems = read(path)
    assert [event.id for event in events] == [1, 3]
    half_written = path.read_text().split('"half"')[0].count("\n") + 1
    assert [problem.line for problem in problems] == [half_written]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.999])
def test_a_file_that_breaks_off_gives_all_that_is_whole(tmp_path: Path, share: float) -> None:
    whole = answer(tmp_path, *(an_object(id=number) for number in range(1, 40))).read_bytes()
    path = tmp_path / "half.json"
    path.write_bytes(whole[: int(len(whole) * share)])
    events, problems = read(path)
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    assert len(events) >= int(39 * share) - 1
    assert "tar slut mitt i listan" in problems[-1].message


def test_a_packed_file_that_breaks_off(tmp_path: Path) -> None:
    lines = [GOOD.replace("7,", f"{number},", 1) for number in range(1, 5000)]
    packed = gzip.compress((HEADER + "".join(lines)).encode())
    path = tmp_path / "half.csv.gz"
    path.write_bytes(packed[: len(packed) // 2])
    events, problems = read(path)
    assert len(events) > 1000
    assert "den packade filen tar slut" in problems[-1].message


@pytest.mark.parametrize("content", [b"", b"   \n", b"<html>", b"\x1f\x8b\x00trash", b"a,b\n1,2\n"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(BrokenFile, match="Rad 1"):
        read(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match=r"saknas\.json"):
        read(tmp_path / "saknas.json")


def test_an_other_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes((HEADER + GOOD).encode("latin-1"))
    events, problems = read(path)
    assert not events
    assert Counter(problem.field for problem in problems) == {"type": 1}
    assert "UTF-8" in problems[0].message
