"""Recording: a line for what was done, in the transaction that did it."""

import json
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from tenants.audit.origin import origin
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
    reason: str | None = None,
) -> None:
    """One line in the open scope's municipality; `detail` names facts, never people or texts.

    `reason` is why, where an act must give one. Where from is known of the running request.
    """
    if reason is None and by is not None and by.glass is not None:
        reason = by.glass.reason
    await record_of_person(
        by.person_id if by else None,
        verb=verb,
        object_kind=object_kind,
        object_id=object_id,
        detail=detail,
        reason=reason,
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
    # A path may hold what no row can (NUL), what breaks a line, and very much of it.
    await record_everywhere(
        person_id, verb="refused", object_kind="municipality", object_id=quote(path)[:LONGEST_PATH]
    )


async def record_everywhere(
    person_id: UUID, *, verb: str, object_kind: str, object_id: str
) -> None:
    """A line in every municipality that `person_id` belongs to; needs that no scope is open."""
    async with platform_scope():
        rows = await fetch("SELECT DISTINCT tenant_id FROM ks.memberships_of($1)", person_id)
    for row in rows:
        async with tenant_scope(row["tenant_id"]):
            await record_of_person(
                person_id, verb=verb, object_kind=object_kind, object_id=object_id
            )


async def record_of_person(
    person_id: UUID | None,
    *,
    verb: str,
    object_kind: str,
    object_id: str | UUID | None = None,
    detail: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """A line in the open scope for who is no member (yet): an invited person, the operator.

    None is for what nobody did: the service itself, or a command from a shell.
    """
    whence = origin()
    await execute(
        """INSERT INTO audit_event (tenant_id, id, person_id, verb, object_kind, object_id, detail,
                                    address, client, reason)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9)""",
        uuid4(),
        person_id,
        verb,
        object_kind,
        None if object_id is None else str(object_id),
        json.dumps(detail or {}),
        whence.address,
        whence.client,
        reason,
    )
