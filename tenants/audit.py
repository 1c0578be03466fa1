"""The audit log: what was done, in the transaction that did it."""

import json
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from tenants.members import Member
from tenants.scope import execute, fetch, platform_scope, tenant_scope

LONGEST_PATH = 300


async def record(
    *,
    by: Member | None,
    verb: str,
    object_kind: str,
    object_id: str | UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """One line in the open scope's municipality; `detail` names facts, never people or texts."""
    await execute(
        """INSERT INTO audit_event (tenant_id, id, person_id, verb, object_kind, object_id, detail)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6::jsonb)""",
        uuid4(),
        by.person_id if by else None,
        verb,
        object_kind,
        None if object_id is None else str(object_id),
        json.dumps(detail or {}),
    )


async def record_refusal(member: Member, permission: str) -> None:
    """The line of an act that `member` may not do, in a transaction of its own."""
    async with tenant_scope(member.municipality.id):
        await record(by=member, verb="refused", object_kind="permission", object_id=permission)


async def record_attempt_across(person_id: UUID, path: str) -> None:
    """The line of an attempt on a municipality where `person_id` is no member.

    It is kept with the one who tried, in every municipality that person belongs to, and never
    with the one that was tried.
    """
    async with platform_scope():
        rows = await fetch("SELECT DISTINCT tenant_id FROM ks.memberships_of($1)", person_id)
    for row in rows:
        async with tenant_scope(row["tenant_id"]):
            await execute(
                """INSERT INTO audit_event (tenant_id, id, person_id, verb, object_kind, object_id)
                   VALUES (ks.current_tenant(), $1, $2, 'refused', 'municipality', $3)""",
                uuid4(),
                person_id,
                # A path may hold what no row can (NUL), what breaks a line, and very much of it.
                quote(path)[:LONGEST_PATH],
            )
