"""Which planted rises the picture finds, when, and by which method: it is replayed week by week."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from service.cycle.mapping.week import midnight, now, week_of
from service.cycle.picture.counts import WEEKS, Counts, read_counts
from service.cycle.picture.work_out import work_out
from service.demo.planted import PlantedRise, planted_rises
from tenants.scope import fetch, platform_scope, tenant_scope

Numbers = dict[str, Any]
# So long after its end a rise may still be found; then it counts as missed.
AFTERWARDS = 4
METHODS = ("above", "watched", "clusters", "second_opinion")


@dataclass(frozen=True)
class Found:
    """A planted rise, and for each of METHODS the Monday of the week that first found it."""

    rise: PlantedRise
    municipality: str
    area: str
    category: str
    weeks: dict[str, date]
    place: int  # in the list of signals when it first was one, 0 if never

    def waited(self, method: str) -> int | None:
        """1 in the very week in which it began; None when it was not found."""
        week = self.weeks.get(method)
        return None if week is None else (week - self.rise.from_week).days // 7 + 1


async def find_rises(progress: Callable[[str], None]) -> list[Found]:
    """Of every founded municipality; each week is seen at its end, with what had arrived then."""
    async with platform_scope():
        towns = await fetch("SELECT id, code, name FROM municipality WHERE demonstration")
    ids = {town["code"]: (town["id"], town["name"]) for town in towns}
    found = []
    for rise in planted_rises(week_of(now())):
        if rise.municipality in ids:
            progress(ids[rise.municipality][1])
            found.append(await _follow(rise, *ids[rise.municipality]))
    return found


async def _follow(rise: PlantedRise, tenant: UUID, name: str) -> Found:
    weeks: dict[str, date] = {}
    place, area, category = 0, rise.area, rise.category
    week = rise.from_week
    last = min(rise.until_week + timedelta(weeks=AFTERWARDS), week_of(now()))
    while week <= last:
        async with tenant_scope(tenant):
            counts = _as_known(await read_counts(week))
        wide = work_out(counts, tenant, _end_of(week))["wide"]
        keys = (
            [one["key"] for one in wide["areas"]].index(rise.area),
            [one["key"] for one in wide["categories"]].index(rise.category),
        )
        area, category = wide["areas"][keys[0]]["name"], wide["categories"][keys[1]]["label"]
        for method in METHODS:
            at = _place(method, wide, *keys)
            if at and method not in weeks:
                weeks[method] = week
                place = at if method == "above" else place
        week += timedelta(weeks=1)
    return Found(rise, name, area, category, weeks, place)


def _as_known(counts: Counts) -> Counts:
    """Without what arrived after the week."""
    kept = counts.arrived <= WEEKS - 1
    return replace(
        counts,
        at_week=counts.at_week[kept],
        at_area=counts.at_area[kept],
        at_category=counts.at_category[kept],
        at_organisation=counts.at_organisation[kept],
        arrived=counts.arrived[kept],
        number=counts.number[kept],
    )


def _end_of(week: date) -> datetime:
    return min(midnight(week + timedelta(weeks=1)), now())


def _place(method: str, wide: Numbers, area: int, category: int) -> int:
    """The place among what the method found, from 1; 0 when it is not there."""
    for place, row in enumerate(wide[method] or (), start=1):
        if row["category"] != category and (method != "second_opinion" or row["area"] != area):
            continue
        if method == "clusters" and area not in row["areas"]:
            continue
        if method in ("above", "watched") and row["area"] != area:
            continue
        return place
    return 0


def table(found: list[Found]) -> str:
    """As Markdown: each rise, the week planted, and the week in which each method found it."""
    lines = [
        "| Rise | Planted | Signal | Watched before | Scan of areas | Farrington on sums |",
        "|---|---|---|---|---|---|",
    ]
    for one in found:
        rise = one.rise
        iso = rise.from_week.isocalendar()
        cells = []
        for method in METHODS:
            week, waited = one.weeks.get(method), one.waited(method)
            if week is None:
                # What is a signal is watched no longer.
                told = method == "watched" and "above" in one.weeks
                cells.append("–" if told else "not found")
            else:
                nth = f"{week.isocalendar().year}-W{week.isocalendar().week:02}, week {waited}"
                cells.append(nth + (f", place {one.place}" if method == "above" else ""))
        lines.append(
            f"| {one.municipality}: {one.category}, {one.area}, +{rise.extra:g} a week"
            f" | {iso.year}-W{iso.week:02} | " + " | ".join(cells) + " |"
        )
    return "\n".join(lines)
