"""The main menu: what each member can go to, in the order of the wheel."""

from typing import Any

from service.web.language import _, later
from tenants.members import Member
from tenants.roles import Permission

_PLACES = (
    ("rapportera", later("Rapportera"), Permission.REPORT_HAND_IN),
    ("lagesbild", later("Lägesbild"), Permission.PICTURE_READ),
    ("inkorg", later("Inkorg"), Permission.REPORT_TRIAGE),
    ("rapporter", later("Rapporter"), Permission.REPORT_READ),
    ("rapporter", later("Våra rapporter"), Permission.REPORT_READ_OWN),
    ("tackning", later("Täckning"), Permission.REPORT_READ_REPORTER),
    ("problem", later("Problem"), Permission.PROBLEM_READ),
    ("aterkoppling", later("Återkoppling"), Permission.FEEDBACK_READ),
    ("styrgrupp", later("Styrgrupp"), Permission.DASHBOARD_READ),
)


def navigation(member: Member) -> list[dict[str, Any]]:
    """The places that `member` may open, each with `href` and `label`."""
    slug = member.municipality.slug
    found: dict[str, str] = {}
    for path, label, needed in _PLACES:
        if member.may(needed):
            found.setdefault(path, _(label))
    return [{"href": f"/{slug}/{path}", "label": label} for path, label in found.items()]
