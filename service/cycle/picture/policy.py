"""Which parts of a picture each view may read; the page never holds the others."""

from tenants.members import Member
from tenants.roles import PictureView, picture_view

PARTS: dict[PictureView, tuple[str, ...]] = {
    # Every count, and the names of those who have not been heard from.
    PictureView.ALL: ("wide", "named"),
    # Areas and categories without thresholds, but nobody's name.
    PictureView.GOVERNING: ("wide",),
    # Four-week sums, small cells merged upwards.
    PictureView.SUMS: ("sums",),
}


def view_of(member: Member) -> PictureView:
    """The widest view that `member` has; the route has already refused who has none."""
    return picture_view(member.permissions) or PictureView.SUMS
