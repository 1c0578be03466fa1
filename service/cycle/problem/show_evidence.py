"""The evidence of a problem: the picture's line of then, frozen, and what is reported now."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from markupsafe import Markup

from service.cycle.analysis.find import FoundProblem
from service.cycle.picture import explain
from service.cycle.picture.show import Shown, read_picture
from service.statistics.expectation import GUARD_WEEKS, HISTORY_NEEDED
from service.statistics.series import Band, expected_band
from service.web.draw import WeeklySeries, weekly_series
from service.web.formats import number, percent, span, week_days
from service.web.language import _
from tenants.members import Member
from tenants.roles import PictureView, picture_view
from tenants.scope import fetch

NAMED_MEASURES = 3


@dataclass(frozen=True)
class Facts:
    """What the line of the picture said when the problem was opened, in words."""

    level: str
    likely: str
    increase: str
    usual: str
    actors: int
    asked: int
    hot: str
    doubts: list[str]


async def evidence_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/problem/_evidence.html`.

    Who sees counts without thresholds sees the frozen figures and the weeks of now. Others are
    told the place in words, and the sum that the picture's own rules publish for the cell.
    """
    view = picture_view(by.permissions) or PictureView.SUMS
    wide = view is not PictureView.SUMS
    context: dict[str, Any] = {
        "wide": wide,
        "evidence_week": date.fromisoformat(problem.evidence["week"]),
        "method": problem.evidence["method"],
        "rank": problem.evidence["line"]["place"],
        "facts": facts(problem.evidence) if wide else None,
        "series": Markup(),
        "series_rows": [],
        "sum": None,
        "expects": False,
    }
    shown = await read_picture(view)
    if shown is None:
        return context
    if wide:
        return context | await _weeks(problem, shown)
    return context | {"sum": published_sum(problem, shown)}


def facts(evidence: dict[str, Any]) -> Facts:
    line = evidence["line"]
    change = line["increase"]
    hot = line["hot"]
    return Facts(
        level=number(line["level"], 1),
        likely=span(line["level_low"], line["level_high"], 1),
        increase=_("okänd") if change is None else ("+" if change > 0 else "") + number(change, 1),
        usual="" if line["usual"] is None else number(line["usual"], 1),
        actors=line["actors"],
        asked=evidence["actors_of_municipality"]["asked"],
        hot=explain.when(hot) if hot else "",
        doubts=explain.doubts(line),
    )


def published_sum(problem: FoundProblem, shown: Shown) -> dict[str, Any] | None:
    """The count of the cell over the closed four weeks, when the sums hold it by itself."""
    sums = shown.sums or {}
    for group in sums.get("groups", ()):
        if (group["area"], group["category"]) == (problem.area, problem.category):
            return {"count": group["count"], "last": date.fromisoformat(sums["last"])}
    return None


async def _weeks(problem: FoundProblem, shown: Shown) -> dict[str, Any]:
    """The cell's counts week by week as they are known now, beside what was usual before."""
    coverage = np.array((shown.wide or {})["series"]["coverage"], dtype=float)
    heard = np.flatnonzero(coverage > 0)
    if not heard.size:
        return {}
    # Before anybody reported there is nothing to see.
    weeks, coverage = shown.weeks[heard[0] :], coverage[heard[0] :]
    rows = await fetch(
        """SELECT week, sum(count) AS count FROM weekly_count
           WHERE area_id = $1 AND category_id = $2 AND week BETWEEN $3 AND $4 GROUP BY week""",
        problem.area_id,
        problem.category_id,
        weeks[0],
        weeks[-1],
    )
    counts = {row["week"]: float(row["count"]) for row in rows}
    observed = np.array([counts.get(monday, 0.0) for monday in weeks])
    opened = date.fromisoformat(problem.evidence["week"])
    band = expected_before(observed, coverage, weeks, opened)
    series = WeeklySeries(
        weeks=weeks,
        observed=[round(count) for count in observed],
        low=() if band is None else band.at_least.tolist(),
        middle=() if band is None else band.expected.tolist(),
        high=() if band is None else band.at_most.tolist(),
        coverage=coverage.tolist(),
        measures=await _begun(problem, weeks),
    )
    return {
        "series": weekly_series(series, "cell", _("Händelser per vecka på platsen")),
        "series_rows": [
            [
                week_days(monday),
                number(observed[i], 0),
                "–" if band is None else span(band.at_least[i], band.at_most[i], 0),
                percent(coverage[i]),
            ]
            for i, monday in reversed(list(enumerate(weeks)))
        ],
        "expects": band is not None,
    }


def expected_before(
    observed: np.ndarray, coverage: np.ndarray, weeks: list[date], opened: date
) -> Band | None:
    """What the weeks before the problem was opened let one expect; None when they are too few.

    Arrays (T,) beside the Mondays. Coverage is the effort. The last weeks before the opening
    do not teach, since they are why it was opened.
    """
    until = sum(monday < opened - timedelta(weeks=GUARD_WEEKS) for monday in weeks)
    heard = np.flatnonzero(coverage[:until] > 0)
    if heard.size < HISTORY_NEEDED or observed[:until].sum() <= 0:
        return None
    return expected_band(
        observed, coverage, np.arange(float(len(weeks))), slice(int(heard[0]), until)
    )


async def _begun(problem: FoundProblem, weeks: list[date]) -> list[tuple[date, str]]:
    """The measures that were decided, at the week they began; the latest three have room."""
    rows = await fetch(
        """SELECT DISTINCT ON (measure.id) measure.starts_on, measure.title FROM measure
           JOIN proposal ON proposal.measure_id = measure.id
           JOIN decision ON decision.proposal_id = proposal.id AND decision.outcome = 'approved'
           WHERE measure.problem_id = $1 AND measure.starts_on BETWEEN $2 AND $3
           ORDER BY measure.id""",
        problem.id,
        weeks[0],
        weeks[-1] + timedelta(days=6),
    )
    latest = sorted(rows, key=lambda row: row["starts_on"])[-NAMED_MEASURES:]
    return [
        (row["starts_on"] - timedelta(days=row["starts_on"].weekday()), row["title"][:24])
        for row in latest
    ]
