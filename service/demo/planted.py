"""The rises that are planted in the invented reports, read from planted.json."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("planted.json")


class PlantedRise(NamedTuple):
    """`extra` more reports a week of a category in an area, between two Mondays inclusive."""

    municipality: str
    area: str
    category: str
    from_week: date
    until_week: date
    extra: float


def planted_rises(this_week: date) -> list[PlantedRise]:
    """All of them, as dates; this_week is the current week's Monday."""
    return [
        PlantedRise(
            rise["municipality"],
            rise["area"],
            rise["category"],
            this_week - timedelta(weeks=rise["from_weeks_ago"]),
            this_week - timedelta(weeks=rise["until_weeks_ago"]),
            rise["extra"],
        )
        for rise in json.loads(FILE.read_text(encoding="utf-8"))["rises"]
    ]
