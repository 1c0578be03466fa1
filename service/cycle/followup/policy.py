"""Who sees which numbers of a comparison."""

from typing import Any

from tenants.members import Member
from tenants.roles import Permission

Comparison = dict[str, Any]


def sees_cells(member: Member) -> bool:
    """Whether `member` sees counts of single cells in the picture, and so here."""
    return member.may(Permission.PICTURE_READ_ALL) or member.may(Permission.PICTURE_READ_GOVERNING)


def shown_comparison(comparison: Comparison, member: Member) -> Comparison | None:
    """As much of `comparison` as `member` sees: all, its two sums alone, or (None) nothing.

    Single weeks and the variant with the same actors are not among the sums: a difference between
    two of them could be one actor's reports.
    """
    if not comparison.get("weeks") or sees_cells(member):
        return comparison
    return comparison.get("sums")
