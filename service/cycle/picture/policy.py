"""Which parts of a picture each view may read; the page never holds the others."""

from tenants.members import Member
from tenants.roles import Permission, PictureView, picture_view

PARTS: dict[PictureView, tuple[str, ...]] = {
    # Every count.
    PictureView.ALL: ("wide",),
    # Areas and categories without thresholds, but nobody's name.
    PictureView.GOVERNING: ("wide",),
    # Four-week sums, small cells merged upwards.
    PictureView.SUMS: ("sums",),
}


def view_of(member: Member) -> PictureView:
    """The widest view that `member` has; the route has already refused who has none."""
    return picture_view(member.permissions) or PictureView.SUMS


def sees_names(member: Member) -> bool:
    """Whether `member` is told by name who has not been heard from.

    Only who may know who reported: a name that leaves that list as a report comes in has sent it.
    """
    return member.may(Permission.REPORT_READ_REPORTER)
