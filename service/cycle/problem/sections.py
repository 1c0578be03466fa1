"""The sections of a problem's page: each stage brings its own, which is fetched again alone."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Protocol

from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.show_analysis import (
    causes_section,
    findings_section,
    inquiries_section,
)
from service.cycle.followup.show_follow_ups import follow_ups_section
from service.cycle.measures.show_group import group_section
from service.cycle.measures.show_measures import measures_section
from service.cycle.measures.show_tasks import tasks_section
from service.cycle.problem.course import head_section, next_section
from service.cycle.problem.show_events import events_section
from service.cycle.problem.show_evidence import evidence_section
from tenants.members import Member


class Read(Protocol):
    def __call__(self, problem: FoundProblem, *, by: Member) -> Awaitable[dict[str, Any]]: ...


@dataclass(frozen=True)
class Section:
    """A template with one root that fetches itself, and what it is drawn from.

    The names that `read` gives are the section's own: all of them meet in one page.
    """

    template: str
    read: Read


# The address of a section is the problem's and this name.
SECTIONS: dict[str, Section] = {
    "_huvud": Section("cycle/problem/_head.html", head_section),
    "_underlag": Section("cycle/problem/_evidence.html", evidence_section),
    "_fakta": Section("cycle/analysis/_findings.html", findings_section),
    "_orsaker": Section("cycle/analysis/_causes.html", causes_section),
    "_fragor": Section("cycle/analysis/_inquiries.html", inquiries_section),
    "_insatser": Section("cycle/measures/_measures.html", measures_section),
    "_uppgifter": Section("cycle/measures/_tasks.html", tasks_section),
    "_uppfoljning": Section("cycle/followup/_follow_ups.html", follow_ups_section),
    "_nasta": Section("cycle/problem/_next.html", next_section),
    "_grupp": Section("cycle/measures/_group.html", group_section),
    "_handelser": Section("cycle/problem/_events.html", events_section),
}


async def read_section(name: str, problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of one section; `here` is the problem's address."""
    return await SECTIONS[name].read(problem, by=by) | {
        "problem": problem,
        "here": f"/{by.municipality.slug}/problem/{problem.label}",
    }


async def read_sections(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of the whole page."""
    context: dict[str, Any] = {}
    for name in SECTIONS:
        context |= await read_section(name, problem, by=by)
    return context
