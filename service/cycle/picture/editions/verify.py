"""Prove an edition: work it out anew from the counts that it froze, and compare the hashes."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import msgspec

from service.cycle.picture.editions.approve import hashed
from service.cycle.picture.editions.draft import content_of
from service.cycle.picture.editions.frozen_counts import Unreadable, unpack
from service.cycle.picture.editions.period_sums import OutOfReach
from service.cycle.picture.editions.read import EditionHead, read_content, read_editions, read_head
from service.cycle.picture.work_out import METHOD
from service.web.language import later
from tenants.scope import current_tenant, fetch, fetch_value, platform_scope, tenant_scope


class Proof(StrEnum):
    """What came of the proof of an edition."""

    PROVED = "proved"
    CHANGED = "changed"  # what is stored does not have the hash
    DIFFERS = "differs"  # the counts give other numbers
    OTHER_METHOD = "other_method"  # intact, but by a method that this version does not have
    UNPROVED = "unproved"  # frozen without counts


PROOFS: dict[Proof, str] = {
    Proof.PROVED: later("Samma kontrollsumma ur de frysta räkningarna."),
    Proof.CHANGED: later("Det som är sparat har inte utgåvans kontrollsumma. Något är ändrat."),
    Proof.DIFFERS: later("De frysta räkningarna ger andra tal än utgåvan. Något är ändrat."),
    Proof.OTHER_METHOD: later(
        "Det som är sparat är orört. Metoden har ändrats sedan dess, så talen räknas inte om."
    ),
    Proof.UNPROVED: later("Utgåvan är från tiden innan räkningarna frystes, och kan inte prövas."),
}


@dataclass(frozen=True)
class Verdict:
    head: EditionHead
    proof: Proof

    @property
    def holds(self) -> bool:
        return self.proof not in (Proof.CHANGED, Proof.DIFFERS)


async def verify(edition_id: UUID) -> Verdict:
    """The proof of one edition, from its own row alone. Raises NoSuchEdition."""
    head = await read_head(edition_id)
    return Verdict(head, await _prove(head))


async def verify_all() -> list[Verdict]:
    """The proof of every edition of the open scope's municipality."""
    heads = await read_editions(limit=100_000)
    return [Verdict(head, await _prove(head)) for head in heads]


async def _prove(head: EditionHead) -> Proof:
    stored = await fetch_value("SELECT counts FROM edition WHERE id = $1", head.id)
    if stored is None or head.hash is None:
        return Proof.UNPROVED
    content = await read_content(head.id)
    if _hash(head, content) != head.hash:
        return Proof.CHANGED
    if head.method != METHOD:
        return Proof.OTHER_METHOD
    try:
        counts = unpack(stored)
    except Unreadable:
        return Proof.DIFFERS
    # Beside the loop: others are answered meanwhile.
    try:
        worked_out = await asyncio.to_thread(
            content_of, counts, head.period, head.compiled_at, current_tenant()
        )
    except OutOfReach:
        return Proof.DIFFERS
    again = msgspec.json.decode(msgspec.json.encode(worked_out))
    # What was decided in the period is told beside the numbers and not worked out from counts.
    if "work" in content["wide"]:
        again["wide"]["work"] = content["wide"]["work"]
    return Proof.PROVED if _hash(head, again) == head.hash else Proof.DIFFERS


def _hash(head: EditionHead, content: dict[str, object]) -> str:
    return hashed(
        kind=head.kind,
        period=head.period,
        version=head.version,
        method=head.method,
        content=content,
        sections=head.sections,
    )


async def report_all(slug: str | None) -> tuple[bool, list[str]]:
    """Whether every edition holds, and what to say of each, of one municipality or of all.

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
            verdicts = await verify_all()
        broken = sum(not one.holds for one in verdicts)
        sound = sound and not broken
        proved = sum(one.proof is Proof.PROVED for one in verdicts)
        lines.append(f"{row['slug']}: {len(verdicts)} editions, {proved} proved, {broken} broken")
        lines += [
            f"  {one.head.number} {one.head.hash or '-'} {one.proof.value}" for one in verdicts
        ]
    return sound, lines
