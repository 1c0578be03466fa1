"""Old reports that came in of late, many at a time: what they change is said beside the picture."""

from datetime import date
from typing import Any

import numpy as np

from service.cycle.picture.counts import WEEKS, Counts
from service.cycle.picture.effort import NOW
from service.cycle.picture.rounded import rounded
from service.statistics.completeness import LATEST
from service.web.formats import number, week
from service.web.language import ngettext

TOLD_FROM = 20.0
"""Fewer reports than these change nothing that anybody would notice."""


def find(counts: Counts) -> dict[str, Any] | None:
    """Reports that came in the last four weeks, of weeks more than eight weeks before; or None.

    They teach what is usual, and are never part of this week's count.
    """
    old = (counts.arrived > WEEKS - 1 - NOW) & (counts.arrived - counts.at_week > LATEST)
    total = float(counts.number[old].sum())
    if total < TOLD_FROM:
        return None
    at = counts.at_week[old]
    return {
        "count": rounded(total),
        "first": counts.monday(int(at.min())).isoformat(),
        "last": counts.monday(int(at.max())).isoformat(),
        "actors": int(np.unique(counts.at_organisation[old]).size),
    }


def sentence(wide: dict[str, Any]) -> str:
    """What the page says of them; empty when there were none."""
    found = wide.get("imported")
    if not found:
        return ""
    return ngettext(
        "%(count)s äldre rapporter från en aktör har kommit in de senaste fyra veckorna, om "
        "%(first)s till %(last)s. De har ändrat vad som räknas som vanligt, inte veckans antal.",
        "%(count)s äldre rapporter från %(num)s aktörer har kommit in de senaste fyra veckorna, om "
        "%(first)s till %(last)s. De har ändrat vad som räknas som vanligt, inte veckans antal.",
        found["actors"],
        count=number(found["count"], 0),
        first=_week_and_year(found["first"]),
        last=_week_and_year(found["last"]),
    )


def _week_and_year(iso: str) -> str:
    monday = date.fromisoformat(iso)
    return f"{week(monday)} {monday.isocalendar().year}"
