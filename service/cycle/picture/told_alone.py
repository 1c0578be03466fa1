"""The cells that the partners' sums of a closed period tell by themselves."""

from uuid import UUID

import numpy as np

from service.cycle.picture.close_period import Closed
from service.statistics.disclosure import merge_upwards
from tenants.scope import fetch

Cell = tuple[UUID, UUID]


async def told_alone(closed: Closed) -> dict[Cell, float]:
    """Count by area and category, of those that were not merged with others in the picture.

    Whoever tells these and no others tells nothing that could not be read there already.
    """
    # In the picture's order, so that the same cells are merged.
    areas = [row["id"] for row in await fetch("SELECT id FROM area ORDER BY key")]
    categories = [
        row["id"] for row in await fetch("SELECT id FROM category ORDER BY position, key")
    ]
    organisations = sorted({cell.organisation_id for cell in closed.cells})
    counts = np.zeros((len(areas), len(categories)))
    who = np.zeros((*counts.shape, len(organisations)), dtype=bool)
    for cell in closed.cells:
        at = areas.index(cell.area_id), categories.index(cell.category_id)
        counts[at] += cell.count
        who[(*at, organisations.index(cell.organisation_id))] = True
    return {
        (areas[group.area], categories[group.category]): group.count
        for group in merge_upwards(counts.round(9), who)
        if group.area is not None and group.category is not None
    }
