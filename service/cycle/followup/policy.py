"""Who sees which numbers of a comparison."""

from typing import Any

from service.statistics.disclosure import ACTORS_NEEDED, HAIR, THRESHOLD
from tenants.members import Member
from tenants.roles import Permission

Comparison = dict[str, Any]


def sees_cells(member: Member) -> bool:
    """Whether `member` sees counts of single cells in the picture, and so here."""
    return member.may(Permission.PICTURE_READ_ALL) or member.may(Permission.PICTURE_READ_GOVERNING)


def shown_comparison(comparison: Comparison, member: Member) -> Comparison | None:
    """As much of `comparison` as `member` sees: all, the two sums alone, or (None) nothing.

    Sums are for others only when both windows hold enough reports from enough actors. Single
    weeks and the variant with the same actors are left out then: a difference between two sums
    could be one actor's reports.
    """
    if not comparison.get("weeks") or sees_cells(member):
        return comparison
    windows = comparison["before"], comparison["after"]
    if any(one["count"] < THRESHOLD - HAIR or one["reporters"] < ACTORS_NEEDED for one in windows):
        return None
    return {key: comparison[key] for key in ("weeks", "start", "before", "after")}
