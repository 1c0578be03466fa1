"""An edition is proved from what it froze: when reports are gone, late ones in, or one changed."""

import json

import pytest

from service.cycle.mapping.week import now, week_of
from service.cycle.picture.counts import read_counts
from service.cycle.picture.editions.fingerprint import canonical, fingerprint
from service.cycle.picture.editions.frozen_counts import Unreadable, pack, unpack
from service.cycle.picture.editions.verify import Proof, verify_all
from tenants.scope import execute, fetch_row, fetch_value
from tests.cycle.picture.editions.test_draft import COORDINATOR, approved
from tests.cycle.picture.history import compiled, count, live_through
from tests.database import Database
from tests.operations.conftest import Installation
from tests.town import Town

KINDS = ("weekly", "monthly", "statutory")


async def frozen(town: Town, kind: str) -> str:
    if kind != "weekly":
        return await approved(town, kind)
    await compiled(town)
    assert (await town.post("/lagesbild/utgava", role=COORDINATOR)).status_code == 303
    async with town.scope():
        return f"/lagesbild/utgavor/{await fetch_value('SELECT id FROM edition')}"


async def proofs(town: Town) -> list[Proof]:
    async with town.scope():
        return [verdict.proof for verdict in await verify_all()]


@pytest.mark.parametrize("kind", KINDS)
async def test_the_same_hash_when_the_reports_are_gone_and_late_ones_in(
    tallbacka: Town, kind: str
) -> None:
    await live_through(tallbacka, weeks=130)
    path = await frozen(tallbacka, kind)
    await count(tallbacka, [(back, "Ruta 2", "arson", "Polisen", 9, 0) for back in range(12)])
    async with tallbacka.scope():
        await execute("UPDATE area SET name = name || ' (nytt namn)'")
        await execute("UPDATE category SET severity = 3")
    assert await proofs(tallbacka) == [Proof.PROVED]
    async with tallbacka.scope():
        await execute("DELETE FROM weekly_count")
        await execute("DELETE FROM hourly_count")
    assert await proofs(tallbacka) == [Proof.PROVED]
    page = await tallbacka.post(f"{path}/prova", role="preparatory_member")
    assert page.status_code == 200 and "Samma kontrollsumma" in page.text


@pytest.mark.parametrize("what", ["content", "counts", "text"])
async def test_what_was_changed_is_found(tallbacka: Town, database: Database, what: str) -> None:
    await live_through(tallbacka, weeks=60)
    await frozen(tallbacka, "monthly")
    async with tallbacka.scope():
        row = await fetch_row("SELECT content, counts, sections FROM edition")
    assert row is not None
    content, sections, counts = (
        json.loads(row["content"]),
        json.loads(row["sections"]),
        row["counts"],
    )
    if what == "content":
        content["wide"]["period"]["total"] += 1
    elif what == "text":
        sections["summary"] = "Allt är lugnt."
    else:
        changed = unpack(counts)
        changed.number[0] += 1
        counts = pack(changed)
    # The application itself may not: it takes the owner of the tables.
    import asyncpg

    owner = await asyncpg.connect(database.superuser)
    await owner.execute(
        "UPDATE ks.edition SET content = $2, sections = $3, counts = $4 WHERE tenant_id = $1",
        tallbacka.id,
        json.dumps(content),
        json.dumps(sections),
        counts,
    )
    await owner.close()
    expected = Proof.DIFFERS if what == "counts" else Proof.CHANGED
    assert await proofs(tallbacka) == [expected]


async def test_the_command_says_what_holds(tallbacka: Town, database: Database, settings) -> None:
    await live_through(tallbacka, weeks=20)
    await frozen(tallbacka, "weekly")
    run = Installation(database, settings).run
    code, out, _err = await run("editions", "verify", "--tenant", tallbacka.slug)
    assert code == 0 and "1 editions, 1 proved, 0 broken" in out
    missing, _out, err = await run("editions", "verify", "--tenant", "finns-inte")
    assert missing != 0 and "finns-inte" in err


async def test_counts_come_back_as_they_were(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=30)
    async with tallbacka.scope():
        counts = await read_counts(week_of(now()))
    again = unpack(pack(counts))
    assert pack(again) == pack(counts)
    assert (again.cells() == counts.cells()).all() and (again.hours == counts.hours).all()
    assert again.areas == counts.areas and again.weights == counts.weights
    with pytest.raises(Unreadable):
        unpack(b"not packed")


def test_the_last_bits_of_a_number_say_nothing() -> None:
    one, other = 0.1 + 0.2, 0.3
    assert one != other and fingerprint({"a": one}) == fingerprint({"a": other})
    assert fingerprint({"a": 1}) == fingerprint({"a": 1.0}) != fingerprint({"a": 1.000001})
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert canonical(-0.0) == "0" and canonical(True) is True
