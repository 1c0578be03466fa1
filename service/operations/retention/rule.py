"""How many months a municipality keeps what its reports say of people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from tenants import audit
from tenants.members import Member
from tenants.scope import execute, fetch

# Where a municipality has decided nothing.
UNLESS_SET = {"report.words": 24, "report.point": 24, "report.reporter": 24}
FEWEST, MOST = 1, 120


@dataclass(frozen=True)
class Rule:
    """In force for one kind of record; `set_at` is None where nothing has been decided."""

    record: str
    months: int
    set_by: str | None = None
    set_at: datetime | None = None


async def rules() -> list[Rule]:
    """What is in force in the open scope's municipality, one rule for each kind of record."""
    rows = await fetch(
        """SELECT DISTINCT ON (record) record, months, person.name, set_at
           FROM retention_rule JOIN person ON person.id = set_by
           ORDER BY record, set_at DESC"""
    )
    decided = {row["record"]: Rule(*row.values()) for row in rows}
    return [decided.get(record, Rule(record, months)) for record, months in UNLESS_SET.items()]


async def set_rules(*, by: Member, months: Mapping[str, int]) -> None:
    """Decide on `months` by kind of record; what is in force already is not decided anew."""
    for rule in await rules():
        if months[rule.record] == rule.months:
            continue
        await execute(
            """INSERT INTO retention_rule (tenant_id, id, record, months, set_by)
               VALUES (ks.current_tenant(), $1, $2, $3, $4)""",
            uuid4(),
            rule.record,
            months[rule.record],
            by.person_id,
        )
        await audit.record(
            by=by,
            verb="retention.set",
            object_kind="retention_rule",
            object_id=rule.record,
            detail={"months": months[rule.record], "before": rule.months},
        )
