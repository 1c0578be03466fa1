"""Takes a file of police events into the municipalities that work here."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from service.geography.municipalities import municipalities
from service.sources.choose import choice
from service.sources.police.event import BrokenFile, Event, Problem
from service.sources.police.event_types import LeftOut, meaning_of
from service.sources.police.parse import read_events
from service.sources.police.places import UNKNOWN, Places
from service.web.language import _, later
from tenants import audit
from tenants.members import MunicipalityRef
from tenants.municipalities import all_municipalities
from tenants.scope import copy_records, execute, fetch_value, platform_scope, tenant_scope

__all__ = ["BrokenFile", "Summary", "import_file", "take_in"]

UNREADABLE: Final = later("posten kan inte läsas")
UNKNOWN_TYPE: Final = later("okänd händelsetyp")
NOT_WANTED: Final = later("kommunen har stängt av källan")

COLUMNS: Final = ("id", "published_at", "occurred_at", "type", "category_key")

Row = tuple[int, datetime, datetime, str, str]


@dataclass
class Summary:
    """What became of a file: read = taken + known + the sum of skipped.

    `skipped` counts by reason in Swedish, `per_tenant` what was taken by slug. `known` are events
    that were stored before or stood earlier in the same file, whatever their text says now.
    """

    read: int = 0
    taken: int = 0
    known: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    per_tenant: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The summary as `--json` prints it, the commonest reasons first."""
        return {
            "read": self.read,
            "taken": self.taken,
            "known": self.known,
            "skipped": dict(self.skipped.most_common()),
            "per_tenant": dict(sorted(self.per_tenant.items())),
            "problems": [asdict(problem) for problem in self.problems],
        }

    def as_text(self, *, most_problems: int = 20) -> str:
        """The summary as a person reads it in a shell."""
        lines = [
            _(
                "Lästa %(n)s, nya %(taken)s, redan kända %(known)s.",
                n=self.read,
                taken=self.taken,
                known=self.known,
            ),
            *(f"  {slug}: {count}" for slug, count in sorted(self.per_tenant.items())),
            _("Överhoppade %(n)s:", n=self.skipped.total()),
            *(f"  {count:>6}  {reason}" for reason, count in self.skipped.most_common()),
        ]
        for problem in self.problems[:most_problems]:
            at = f"{problem.line}, {problem.field}" if problem.field else str(problem.line)
            lines.append(_("Rad %(at)s: %(message)s", at=at, message=problem.message))
        if (more := len(self.problems) - most_problems) > 0:
            lines.append(_("… och %(n)s till; --json visar alla.", n=more))
        return "\n".join(lines)


async def import_file(path: Path, *, now: datetime | None = None) -> Summary:
    """Read `path` to its end, then take it in.

    Raises `BrokenFile` for a file of another kind, before anything is stored.
    """
    return await take_in(read_events(Path(path), now or datetime.now(UTC)))


async def take_in(events: Iterable[Event | Problem]) -> Summary:
    """Store each municipality's events in one transaction each.

    Needs an open pool and no open scope. Killed in the middle, it leaves whole municipalities
    behind, and the next run adds the rest.
    """
    async with platform_scope():
        tenants = await all_municipalities()
    places = Places(tenants, (known.name for known in municipalities()))
    summary = Summary()
    rows = _sorted_out(events, places, summary)
    by_id = {tenant.id: tenant for tenant in tenants}
    for tenant_id in sorted(rows, key=lambda one: by_id[one].slug):
        await _store(by_id[tenant_id], rows[tenant_id], summary)
    return summary


def _sorted_out(
    events: Iterable[Event | Problem], places: Places, summary: Summary
) -> dict[UUID, list[Row]]:
    """The rows to store by municipality; all else is counted in `summary` with its reason."""
    rows: dict[UUID, list[Row]] = defaultdict(list)
    seen: set[int] = set()
    for found in events:
        if isinstance(found, Problem):
            summary.problems.append(found)
            summary.read += found.lost
            summary.skipped[_(UNREADABLE)] += found.lost
            continue
        summary.read += 1
        tenant = places.find(found.place, found.area)
        if isinstance(tenant, str):
            _skip(summary, found, tenant, "place" if tenant == UNKNOWN else None)
            continue
        meaning = meaning_of(found.type)
        if meaning is None:
            _skip(summary, found, UNKNOWN_TYPE, "type")
        elif isinstance(meaning, LeftOut):
            _skip(summary, found, meaning.reason, None)
        elif found.id in seen:
            summary.known += 1
        else:
            seen.add(found.id)
            rows[tenant.id].append(
                (found.id, found.published_at, found.occurred_at, found.type, meaning)
            )
    # A counter that was only ever raised by nought is no reason.
    summary.skipped = +summary.skipped
    return rows


def _skip(summary: Summary, event: Event, reason: str, wrong_field: str | None) -> None:
    summary.skipped[_(reason)] += 1
    if wrong_field is not None:
        value = getattr(event, wrong_field) or event.area
        message = _("%(reason)s: %(value)s", reason=_(reason), value=repr(value))
        summary.problems.append(Problem(event.line, wrong_field, message))


async def _store(tenant: MunicipalityRef, rows: list[Row], summary: Summary) -> None:
    async with tenant_scope(tenant.id):
        if not (await choice("police")).taken:
            summary.skipped[_(NOT_WANTED)] += len(rows)
            return
        taken = await store_events(rows)
        if taken:
            await audit.record(
                by=None,
                verb="police.import",
                object_kind="police_event",
                detail={"taken": taken, "known": len(rows) - taken},
            )
    summary.taken += taken
    summary.known += len(rows) - taken
    summary.per_tenant[tenant.slug] = taken


async def store_events(rows: list[Row]) -> int:
    """Add the rows whose id is new to the open scope's municipality; how many were."""
    await execute(
        """CREATE TEMPORARY TABLE arriving_event
               (id bigint, published_at timestamptz, occurred_at timestamptz, type text,
                category_key text) ON COMMIT DROP"""
    )
    await copy_records(table="arriving_event", columns=COLUMNS, records=rows)
    return await fetch_value(
        """WITH added AS (
               INSERT INTO police_event
                   (tenant_id, id, published_at, occurred_at, type, category_key)
               SELECT ks.current_tenant(), id, published_at, occurred_at, type, category_key
               FROM arriving_event
               ON CONFLICT (tenant_id, id) DO NOTHING
               RETURNING 1)
           SELECT count(*) FROM added"""
    )
