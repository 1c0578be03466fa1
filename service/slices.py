"""Every slice of the service, in the order of the wheel. A slice is mounted by being named here."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

SLICES = (
    "service.entrance",
    "service.letters",
    "service.sources",
    "service.cycle.mapping",
    "service.cycle.mapping.api",
    "service.cycle.mapping.areas",
    "service.cycle.mapping.batches",
    "service.cycle.mapping.ground",
    "service.cycle.picture",
    "service.cycle.picture.assessment",
    "service.cycle.picture.behind",
    "service.cycle.picture.editions",
    "service.cycle.picture.paper",
    "service.cycle.analysis",
    "service.cycle.measures",
    "service.cycle.measures.group",
    "service.cycle.measures.tasks",
    "service.cycle.followup",
    "service.cycle.feedback",
    "service.cycle.problem",
    "service.council",
    "service.operations",
    "service.operations.retention",
    "service.council.meetings",
    "service.people",
    "service.start",
    "service.oversight",
    "service.platform",
)


def _modules(name: str) -> list[str]:
    return [f"{slice_}.{name}" for slice_ in SLICES if find_spec(f"{slice_}.{name}")]


JOB_MODULES = _modules("jobs")
"""The modules that register the slices' background jobs."""


def all_routes() -> list[Any]:
    """The handlers of every slice, as each exports them from its `pages`."""
    return [route for module in _modules("pages") for route in import_module(module).routes]
