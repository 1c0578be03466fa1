"""The audit log: what was done, in the transaction that did it."""

import json
from typing import Any
from uuid import UUID, uuid4

from tenants.members import Member
from tenants.scope import execute, tenant_scope


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
