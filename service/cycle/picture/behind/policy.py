"""Who may look behind a number: those who see areas and categories one by one."""

from service.cycle.picture.policy import view_of
from tenants.members import Member
from tenants.roles import PictureView


def looks_behind(member: Member) -> bool:
    """Whoever sees merged sums alone sees nothing of a single area."""
    return view_of(member) is not PictureView.SUMS
