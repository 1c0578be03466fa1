"""What was done and judged in a period: decisions, follow-ups, the level and moved places."""

from datetime import datetime, timedelta
from typing import Any

from service.cycle.mapping.week import midnight
from service.cycle.picture.editions.kinds import Period
from tenants.scope import fetch

_DECISIONS = """
SELECT decision.paragraph, decision.year, decision.outcome, measure.title, proposal.priority,
       problem.title AS problem
FROM decision JOIN proposal ON proposal.id = decision.proposal_id
LEFT JOIN measure ON measure.id = proposal.measure_id
JOIN problem ON problem.id = proposal.problem_id
WHERE decision.decided_at >= $1 AND decision.decided_at < $2
ORDER BY decision.decided_at, decision.paragraph
"""
_FOLLOW_UPS = """
SELECT measure.title, follow_up.outcome, problem.title AS problem
FROM follow_up JOIN measure ON measure.id = follow_up.measure_id
JOIN problem ON problem.id = measure.problem_id
WHERE follow_up.followed_up_at >= $1 AND follow_up.followed_up_at < $2
ORDER BY follow_up.followed_up_at, measure.title
"""
# What held when the period ended, whoever judged it and however long before.
_LEVEL = """
SELECT level, indicators FROM situation_level WHERE settled_at < $1
ORDER BY settled_at DESC LIMIT 1
"""
_MOVED = """
SELECT * FROM (
    SELECT DISTINCT ON (area_id, category_id) area.name AS area, category.label AS category,
           cell_assessment.position, motive
    FROM cell_assessment
    JOIN area ON area.id = area_id JOIN category ON category.id = category_id
    WHERE assessed_at < $1
    ORDER BY area_id, category_id, assessed_at DESC) AS latest
WHERE position <> 'calculated' ORDER BY position, category, area
"""


async def read_work(period: Period) -> dict[str, Any]:
    """What was decided and followed up in the period, in order of time; nobody's name."""
    begin, end = midnight(period.first), midnight(period.last + timedelta(weeks=1))
    return {
        "decisions": await _rows(_DECISIONS, begin, end),
        "follow_ups": await _rows(_FOLLOW_UPS, begin, end),
        "levels": await _rows(_LEVEL, end),
        "moved": await _rows(_MOVED, end),
    }


async def _rows(sql: str, *instants: datetime) -> list[dict[str, Any]]:
    return [dict(row) for row in await fetch(sql, *instants)]
