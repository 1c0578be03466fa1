"""Verifying: whether the log is as it was when it was sealed, and what is not sealed yet."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tenants.audit.seal import LINE, START, chained
from tenants.scope import fetch, platform_scope, tenant_scope

PAGE = 5000


@dataclass
class Verdict:
    """What a municipality's log was found to be.

    `faults` says of each broken seal what is wrong with it; `head` is the last seal's number and
    hash, to be noted elsewhere: only that shows if the chain's end was cut off. `unsealed` are the
    lines that no seal covers yet, oldest first.
    """

    sealed: int = 0
    head: str = "0:"
    faults: list[str] = field(default_factory=list)
    unsealed: list[UUID] = field(default_factory=list)


async def verify(expected_head: str | None = None) -> Verdict:
    """Read through the open scope's whole log. `expected_head` is a head that was noted before."""
    verdict = Verdict()
    number, before = 0, START
    noted = expected_head.partition(":") if expected_head else None
    while rows := await _page(number):
        for row in rows:
            if row["number"] != number + 1:
                verdict.faults.append(f"seals {number + 1} to {row['number'] - 1} are missing")
            number = row["number"]
            if row["id"] is None:
                verdict.faults.append(f"seal {number}: its line {row['event_id']} is removed")
            elif chained(before, number, row) != row["hash"]:
                verdict.faults.append(
                    f"seal {number}: its line {row['event_id']} is changed or moved"
                )
            # Go on from what is stored: one broken line is one fault, not all that follow.
            before = row["hash"]
            verdict.sealed += 1
            if noted and str(number) == noted[0] and before.hex() != noted[2]:
                verdict.faults.append(f"seal {number} is not the one that was noted")
    verdict.head = f"{number}:{before.hex() if number else ''}"
    if noted and int(noted[0]) > number:
        verdict.faults.append(f"seals {number + 1} to {noted[0]} were noted and are missing")
    verdict.unsealed = await _unsealed()
    return verdict


async def report_all(slug: str | None, expected_head: str | None) -> tuple[bool, list[str]]:
    """Whether all is sound, and what to say of it line by line, of one municipality or of all.

    Opens scopes of its own. No lines when there is no such municipality.
    """
    async with platform_scope():
        rows = await fetch(
            "SELECT id, slug FROM municipality WHERE $1::text IS NULL OR slug = $1 ORDER BY slug",
            slug,
        )
    sound, lines = True, []
    for row in rows:
        async with tenant_scope(row["id"]):
            verdict = await verify(expected_head)
        sound = sound and not verdict.faults
        state = "BROKEN" if verdict.faults else "whole"
        lines.append(f"{row['slug']}: {verdict.sealed} lines sealed, {state}; head {verdict.head}")
        lines += [f"  {fault}" for fault in verdict.faults]
        if verdict.unsealed:
            first = verdict.unsealed[0]
            lines.append(f"  not sealed yet: {len(verdict.unsealed)} lines from {first} on")
    return sound, lines


async def _page(after: int) -> list[Any]:
    return await fetch(
        f"""SELECT number, hash, event_id, {LINE} FROM audit_seal
            LEFT JOIN audit_event AS event ON event.id = event_id
            WHERE number > $1 ORDER BY number LIMIT {PAGE}""",
        after,
    )


async def _unsealed() -> list[UUID]:
    rows = await fetch(
        """SELECT id FROM audit_event
           WHERE NOT EXISTS (SELECT 1 FROM audit_seal WHERE event_id = audit_event.id)
           ORDER BY at, id"""
    )
    return [row["id"] for row in rows]
