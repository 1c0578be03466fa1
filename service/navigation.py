"""The main menu: what each member can go to, in the order of the wheel."""

from typing import Any

from service.web.language import _
from tenants.members import Member
from tenants.roles import Permission

_PLACES = (
    ("rapportera", "Rapportera", Permission.REPORT_HAND_IN),
    ("lagesbild", "Lägesbild", Permission.PICTURE_READ),
    ("rapporter", "Rapporter", Permission.REPORT_READ_OWN),
    ("styrgrupp", "Styrgrupp", Permission.DASHBOARD_READ),
)


def navigation(member: Member) -> list[dict[str, Any]]:
    """The places that `member` may open, each with `href` and `label`."""
    slug = member.municipality.slug
    return [
        {"href": f"/{slug}/{path}", "label": _(label)}
        for path, label, needed in _PLACES
        if member.may(needed)
    ]
