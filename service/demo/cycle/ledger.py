"""Rows as they are written down, table by table, each act with its line in the audit log."""

import json
from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tenants.scope import execute_many

# In the order in which keys allow them to be written.
TABLES = (
    "membership",
    "edition",
    "edition_approval",
    "edition_draft",
    "edition_comment",
    "problem",
    "open_problem",
    "problem_closure",
    "finding",
    "cause",
    "cause_assessment",
    "inquiry",
    "inquiry_answer",
    "measure",
    "measure_partner",
    "proposal",
    "proposal_withdrawal",
    "decision",
    "follow_up",
    "vote",
    "reservation",
    "comment",
    "resource_frame",
    "working_group",
    "group_member",
    "group_answer",
    "group_lead",
    "problem_reader",
    "task",
    "task_assignment",
    "task_completion",
    "meeting",
    "agenda_item",
    "meeting_decision",
    "attendance",
    "minutes",
    "publication",
    "audit_event",
)
JSON = frozenset({"evidence", "content", "sections", "comparison", "detail"})


class Ledger:
    """Collects a municipality's rows, so that each table is written in one statement."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def write(self, table: str, **values: Any) -> UUID:
        """One row; returns its `id`, made now where the caller has no use for choosing it."""
        assert table in TABLES
        self.rows[table].append(values)
        given = values.get("id")
        return given if isinstance(given, UUID) else UUID(int=0)

    def audit(
        self,
        verb: str,
        kind: str,
        object_id: UUID | str,
        /,
        *,
        by: UUID,
        at: datetime,
        **detail: Any,
    ) -> None:
        """The line that the act itself would have written at that time."""
        self.write(
            "audit_event",
            id=uuid4(),
            at=at,
            person_id=by,
            verb=verb,
            object_kind=kind,
            object_id=str(object_id),
            detail=detail,
        )

    async def store(self) -> None:
        """Write everything into the open scope's municipality."""
        for table in TABLES:
            rows = self.rows[table]
            if rows:
                columns = list(rows[0])
                values = [[_value(name, row[name]) for name in columns] for row in rows]
                await execute_many(_insert(table, columns), values)


def _insert(table: str, columns: list[str]) -> str:
    places = ", ".join(
        f"${i}::jsonb" if name in JSON else f"${i}" for i, name in enumerate(columns, start=1)
    )
    return (
        f"INSERT INTO {table} (tenant_id, {', '.join(columns)}) "
        f"VALUES (ks.current_tenant(), {places})"
    )


def _value(name: str, value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if name in JSON else value
