"""The main menu: what each member can go to, in the order of the wheel."""

from typing import Any

from service.web.language import _, later
from tenants.members import Member
from tenants.roles import Permission

# Path, label, what it needs, and whether it is a stage of the wheel, drawn as a chain.
_PLACES = (
    ("rapportera", later("Rapportera"), Permission.REPORT_HAND_IN, False),
    ("lagesbild", later("Lägesbild"), Permission.PICTURE_READ, False),
    ("rapporter", later("Kartläggning"), Permission.REPORT_READ, True),
    ("rapporter", later("Våra rapporter"), Permission.REPORT_READ_OWN, False),
    ("problem", later("Analys"), Permission.PROBLEM_READ_ALL, True),
    ("insatser", later("Insatser"), Permission.PROBLEM_READ_ALL, True),
    ("uppfoljning", later("Uppföljning"), Permission.PROBLEM_READ_ALL, True),
    ("uppdrag", later("Mina uppdrag"), Permission.TASK_WORK, False),
    ("aterkoppling", later("Återkoppling"), Permission.FEEDBACK_READ, True),
    ("moten", later("Möten"), Permission.MEETING_TAKE_PART, False),
    ("styrgrupp", later("Styrgrupp"), Permission.DASHBOARD_READ, False),
    ("inloggning", later("Inloggning"), Permission.PROVIDER_MANAGE, False),
    ("personer", later("Personer"), Permission.PEOPLE_MANAGE, False),
    ("kallor", later("Källor"), Permission.SOURCE_MANAGE, False),
    ("gallring", later("Gallring"), Permission.RETENTION_SET, False),
    ("granskning", later("Granskning"), Permission.AUDIT_READ, False),
)


def navigation(member: Member) -> list[dict[str, Any]]:
    """The places that `member` may open, each with `href`, `label` and `step`."""
    slug = member.municipality.slug
    found: dict[str, dict[str, Any]] = {}
    for path, label, needed, step in _PLACES:
        # Whoever reads all problems finds the own tasks there.
        if path == "uppdrag" and member.may(Permission.PROBLEM_READ_ALL):
            continue
        if member.may(needed):
            found.setdefault(path, {"href": f"/{slug}/{path}", "label": _(label), "step": step})
    return list(found.values())
