"""`kraftsamling signals`: weekly series in, limits and alarms out, so that anyone can check us."""

import csv
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO, TextIO

import numpy as np

from service.statistics import ears
from service.statistics.farrington import METHODS, POWERS, Settings, farrington

COLUMNS = ("series", "t", "date", "observed", "exposure")
PRINTED = (
    "series", "method", "config", "t", "observed", "upperbound", "alarm", "expected", "pvalue",
    "phi",
)  # fmt: skip
EARS = {
    f"{variant}_{name}": (variant, weeks, least)
    for variant in ears.ALPHA
    for name, weeks, least in (("b7_s0", 7, 0.0), ("b8_s05", 8, 0.5))
}
DEFAULT = "default"
FEWEST_YEARS, MOST_YEARS = 2, 5
MOST = 1e12
HALF_WIDTH = {52: 3, 12: 1}


class Malformed(Exception):
    """What is wrong, with the number of the line."""


@dataclass
class Series:
    name: str
    counts: list[float] = field(default_factory=list)
    exposure: list[float] = field(default_factory=list)
    dates: list[date] = field(default_factory=list)
    first: int = 0  # t of the first row


@dataclass(frozen=True)
class Asked:
    """What the command's options say; None where its default is taken."""

    years: int | None = None
    half_width: int | None = None
    frequency: int = 52
    last: int = 104


def read_series(stream: BinaryIO) -> list[Series]:
    """The series of a CSV file in order of appearance. Raises Malformed."""
    found: dict[str, Series] = {}
    rows = _rows(stream)
    number, header = next(rows, (1, []))
    if missing := [name for name in COLUMNS if name not in header]:
        raise Malformed(f"rad {number}: kolumnen {missing[0]} saknas")
    for number, row in rows:
        if len(row) != len(header):
            raise Malformed(f"rad {number}: {len(row)} fält i stället för {len(header)}")
        try:
            _add(found, dict(zip(header, row, strict=True)))
        except ValueError as error:
            raise Malformed(f"rad {number}: {error}") from None
    if not found:
        raise Malformed(f"rad {number}: filen har inga värden")
    return list(found.values())


def _rows(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_lines(stream), strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Malformed(f"rad {max(reader.line_num, 1)}: {error}") from None
        if row:
            yield reader.line_num, row


def _lines(stream: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(stream, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise Malformed(f"rad {number}: inte UTF-8") from None


def _add(found: dict[str, Series], row: dict[str, str]) -> None:
    if not row["series"]:
        raise ValueError("serien har inget namn")
    position = _whole(row["t"], "t")
    one = found.setdefault(row["series"], Series(row["series"], first=position))
    if position != one.first + len(one.counts):
        raise ValueError(f"t är {position}, väntade {one.first + len(one.counts)}")
    if one.counts and bool(row["date"]) != bool(one.dates):
        raise ValueError("serien har datum på vissa rader men inte på andra")
    observed, exposure = _number(row["observed"], "observed"), _number(row["exposure"], "exposure")
    if exposure == 0:
        raise ValueError("exposure är 0")
    if row["date"]:
        try:
            day = date.fromisoformat(row["date"])
        except ValueError:
            raise ValueError(f"{row['date']!r} är inget datum") from None
        if one.dates and day <= one.dates[-1]:
            raise ValueError(f"datumet {day} kommer inte efter {one.dates[-1]}")
        one.dates.append(day)
    one.counts.append(observed)
    one.exposure.append(exposure)


def _whole(text: str, column: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()):
        raise ValueError(f"{column} är {text!r}, inte ett heltal")
    return int(text)


def _number(text: str, column: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{column} är {text!r}, inte ett tal") from None
    if not (math.isfinite(value) and 0 <= value <= MOST):
        raise ValueError(f"{column} är {text!r}, utanför 0–10^12")
    return value


def read_settings(path: Path, config: str, asked: Asked) -> Settings:
    """One row of a settings file with the columns of farrington_configs.csv. Raises Malformed."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = {row.get("config"): row for row in csv.DictReader(lines)}
        row = rows[config]
    except KeyError:
        raise Malformed(f"{path}: ingen inställning heter {config}") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Malformed(f"{path}: {error}") from None
    try:
        return _settings(row, asked)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"{path}: {config} kan inte läsas ({error})") from None


def _settings(row: dict[str, str], asked: Asked) -> Settings:
    # `applies` may say that months are split otherwise: "monthly with noPeriods=4 …".
    monthly = row["applies"].partition("monthly with")[2] if asked.frequency == 12 else ""
    row = row | dict(re.findall(r"(noPeriods|pastWeeksNotIncluded)=(\d+)", monthly))
    half_width = _half_width(asked)
    past = row["pastWeeksNotIncluded"]
    cases, in_weeks = row["limit54"].split(";")
    chosen = Settings(
        half_width=half_width,
        a_year=asked.frequency,
        periods=int(row["noPeriods"]),
        left_out=half_width if past == "w" else int(past),
        weights_threshold=float(row["weightsThreshold"]),
        trend_threshold=float(row["pThresholdTrend"]),
        method=row["thresholdMethod"],
        power=row["powertrans"] or "2/3",
        alpha=float(row["alpha"]),
        cases=float(cases),
        in_weeks=int(in_weeks),
        reweight=row["reweight"].lower() == "true",
        trend=row["trend"].lower() == "true",
        offset=row["populationOffset"].lower() == "true",
    )
    if chosen.method not in METHODS or chosen.power not in POWERS or not 0 < chosen.alpha < 1:
        raise ValueError("okänd metod")
    return chosen


def _half_width(asked: Asked) -> int:
    return HALF_WIDTH[asked.frequency] if asked.half_width is None else asked.half_width


def standard(asked: Asked) -> Settings:
    """The settings of statistics.md 1.3."""
    weekly = Settings(half_width=_half_width(asked), a_year=asked.frequency, offset=True)
    return replace(weekly, periods=4, left_out=6) if asked.frequency == 12 else weekly


def farrington_rows(
    series: list[Series], settings: Settings, config: str, asked: Asked
) -> Iterator[tuple[str, ...]]:
    """Printed rows of every series. Raises Malformed where the settings do not suit a series."""
    for one in series:
        weeks = _last(one, asked)
        years = asked.years or _years(int(weeks[0]), settings)
        chosen = replace(settings, years=years)
        if config == DEFAULT and years < 3 and asked.frequency == 52:
            chosen = replace(chosen, periods=4)
        try:
            result = farrington(
                np.array(one.counts), weeks, chosen, np.array(one.exposure), one.dates or None
            )
        except ValueError as error:
            raise Malformed(f"{one.name}: {error}") from None
        values = zip(
            weeks.tolist(), result.upper, result.alarm, result.expected, result.p, result.phi,
            strict=True,
        )  # fmt: skip
        for week, upper, alarm, expected, p, phi in values:
            yield _row(one, "farringtonFlexible", config, week, upper, int(alarm), expected, p, phi)


def ears_rows(series: list[Series], asked: Asked) -> Iterator[tuple[str, ...]]:
    """Printed rows of every series and EARS configuration."""
    for one in series:
        counts = np.array(one.counts)
        for config, (variant, weeks, least) in EARS.items():
            limits = ears.ears(counts, variant, weeks, least)
            for week in _last(one, asked).tolist():
                upper, expected = limits.upper[week], limits.expected[week]
                yield _row(one, "earsC", config, week, upper, _above(counts[week], upper), expected)


def _last(one: Series, asked: Asked) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    weeks = len(one.counts)
    return np.arange(max(weeks - asked.last, 0), weeks)


def _years(first: int, settings: Settings) -> int:
    """As many years as the first week looked at can be compared with."""
    whole = (first - settings.half_width) // settings.a_year
    return min(max(whole, FEWEST_YEARS), MOST_YEARS)


def _row(one: Series, method: str, config: str, week: int, *values: float) -> tuple[str, ...]:
    numbers = [_text(value) for value in (one.counts[week], *values)]
    numbers += [""] * (len(PRINTED) - 4 - len(numbers))
    return (one.name, method, config, str(one.first + week), *numbers)


def _above(count: float, upper: float) -> float:
    return math.nan if math.isnan(upper) else float(count > upper)


def _text(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.12g}"


def write(rows: Iterable[tuple[str, ...]], out: TextIO) -> None:
    """Print rows as CSV under their header."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(PRINTED)
    writer.writerows(rows)
