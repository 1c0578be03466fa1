"""The gate to the public: what it lets through, and that nobody works out what it does not."""

import csv
import io
from collections import defaultdict
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.cycle.feedback.gate import (
    NONE,
    SENSITIVE,
    SENSITIVE_THRESHOLD,
    THRESHOLD,
    Cell,
    PublicNumber,
    bounds,
    pass_one,
    pass_organisations,
    pass_table,
)
from service.cycle.feedback.show_counts import told
from service.cycle.mapping.week import midnight
from service.cycle.picture.close_period import close_period, read_closed
from service.cycle.picture.closed_period import closed_period
from service.statistics.attacker import PROTECTION, Attacker, Told
from service.statistics.cell_key import KEYS, MOST, record_key
from service.web.formats import number
from tenants.identity.sealing import unseal
from tenants.record_secrets import (
    RECORD_SECRETS,
    record_secret,
    reseal_record_secrets,
    rotate_record_secret,
)
from tenants.scope import execute, fetch, fetch_value
from tests.cycle.picture.history import THIS_WEEK, count
from tests.people.cast import SECRET_KEY
from tests.town import Town

ONE, TWO, THREE, FOUR = (UUID(int=number) for number in range(1, 5))
WORDS = {"headline": "Hösten var som vanligt.", "text": "Fler rapporter vid torget på kvällarna."}


def cell(*shares: float, key: int = 128) -> Cell:
    """A cell that so many organisations have reported; key 128 has no noise."""
    given = tuple(zip((ONE, TWO, THREE, FOUR), shares, strict=False))
    return Cell(int(sum(shares) + 0.5), key, given)


def test_enough_reports_from_enough_organisations_pass():
    assert pass_one(cell(3, 2, 2)) == 7
    assert pass_one(cell(2, 1, 1)) is None  # too few reports
    assert pass_one(cell(30, 20)) is None  # two organisations
    assert pass_one(cell(90, 5, 5)) is None  # nearly all from one
    assert pass_one(cell(3, 2, 2), threshold=10) is None


def test_noise_that_brings_a_cell_under_the_threshold_keeps_it_back():
    lowest = next(key for key in range(KEYS) if cell(2, 2, 1, key=key).perturbed == 3)
    assert pass_one(cell(2, 2, 1, key=lowest)) is None


def test_a_rest_of_one_takes_another_along():
    table = pass_table({"a": cell(9, 9, 9), "b": cell(3, 3, 3), "c": cell(2)})
    assert table.named == {"a": 27} and table.rest == 9 == 11 - MOST
    # Two organisations may not be told, however much they reported.
    assert pass_table({"a": cell(9, 9, 9), "b": cell(20, 20)}).named == {}
    assert pass_table({"a": cell(9, 9, 9)}).rest is None


def test_organisations_are_told_when_they_are_not_two():
    assert pass_organisations(2) is None and pass_organisations(3) == 3


def test_a_number_that_did_not_pass_cannot_be_shown():
    assert told(PublicNumber(1240)) == number(1240, 0)
    with pytest.raises(TypeError):
        told(12)  # type: ignore[arg-type]


shares = st.lists(st.integers(0, 6), min_size=4, max_size=4)
tables = st.lists(st.tuples(shares, st.integers(0, KEYS - 1)), min_size=1, max_size=7)


@settings(max_examples=120, deadline=None)
@given(drawn=tables, keep=st.sets(st.integers(0, 6), max_size=2))
def test_whatever_is_reported_no_hidden_part_can_be_worked_out(drawn, keep):
    parts = {
        str(number): cell(*given, key=key)
        for number, (given, key) in enumerate(drawn)
        if any(given)
    }
    table = pass_table(parts, {str(place) for place in keep})
    whole = sum(parts.values(), Cell(0, 0, ()))
    statements = []
    if (total := pass_one(whole)) is not None:
        statements.append(Told(frozenset(parts), *bounds(total)))
    for name, shown in table.named.items():
        low, high = bounds(shown)
        assert low <= parts[name].count <= high and abs(shown - parts[name].count) <= MOST
        statements.append(Told(frozenset([name]), low, high))
    hidden = [name for name in parts if name not in table.named]
    if table.rest is not None:
        statements.append(Told(frozenset(hidden), *bounds(table.rest)))
    attacker = Attacker(statements, [frozenset([name]) for name in hidden])
    for name in hidden:
        if parts[name].may_be_told():  # Kept back by choice: there is nothing to protect.
            continue
        assert attacker.range_of(frozenset([name])).is_wider_than(PROTECTION)


GROUPS_DRAWN = ("damage", "place", "violence")
grids = st.lists(
    st.tuples(st.lists(st.integers(0, 9), min_size=4, max_size=4), st.integers(0, KEYS - 1)),
    min_size=9,
    max_size=9,
)


@settings(max_examples=80, deadline=None)
@given(drawn=grids)
def test_two_tables_of_the_same_reports_give_no_cell_away(drawn):
    """Three areas by three groups, told by area and by group: the attacker has both and the sum."""
    cells = {
        (str(place // 3), GROUPS_DRAWN[place % 3]): cell(*given, key=key)
        for place, (given, key) in enumerate(drawn)
    }
    statements = []
    total = pass_one(sum(cells.values(), NONE))
    if total is None:
        return
    statements.append(Told(frozenset(cells), *bounds(total)))
    hidden = {key: frozenset([key]) for key in cells}
    for axis in (0, 1):
        sums, members = defaultdict(lambda: NONE), defaultdict(set)
        for key, one in cells.items():
            sums[key[axis]] += one
            members[key[axis]].add(key)
        table = pass_table(dict(sums), sensitive=SENSITIVE)
        outside = set(cells)
        for name, shown in table.named.items():
            least = SENSITIVE_THRESHOLD if name in SENSITIVE else THRESHOLD
            statements.append(Told(frozenset(members[name]), *bounds(shown, least)))
            outside -= members[name]
        if table.rest is not None:
            statements.append(Told(frozenset(outside), *bounds(table.rest)))
        hidden |= {name: frozenset(members[name]) for name in sums if name not in table.named}
    attacker = Attacker(statements, hidden.values())
    for name, asked in hidden.items():
        true = sum((cells[key] for key in asked), NONE)
        if true.count and not true.may_be_told():
            assert attacker.range_of(asked).is_wider_than(PROTECTION), name


async def fill(town: Town) -> None:
    """Ten weeks in which Storgatan is busy, Torget is ordinary and two others are quiet."""
    rows = []
    for back in range(10):
        for organisation in ("Polisen", "Bostadsbolaget", "Köpmännen"):
            rows += [(back, "Storgatan", "graffiti", organisation, 5)]
            rows += [(back, "Torget", "littering", organisation, 2)]
    rows += [(back, "Lillgatan", "arson", "Polisen", 1) for back in range(10)]
    rows += [(back, "Tyst", "arson", "Köpmännen", 1) for back in range(10)]
    await count(town, rows)


@pytest.fixture
async def busy(found) -> Town:
    town = await found("Tallbacka", areas=["Storgatan", "Torget", "Lillgatan", "Tyst"])
    await fill(town)
    return town


async def publish(town: Town, **more: str):
    return await town.post("/aterkoppling/publicera", role="safety_coordinator", **WORDS, **more)


async def test_page_table_and_data_tell_the_same_numbers(busy: Town) -> None:
    assert (await busy.anonymous.get(f"/{busy.slug}/tryggt/siffror.csv")).status_code == 404
    assert (await publish(busy)).status_code == 303
    page = (await busy.anonymous.get(f"/{busy.slug}/tryggt")).text
    data = (await busy.anonymous.get(f"/{busy.slug}/tryggt/siffror.json")).json()
    file = await busy.anonymous.get(f"/{busy.slug}/tryggt/siffror.csv")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert [str(row["reports"]) for row in data["rows"]] == [row["Rapporter"] for row in rows[:-1]]
    parts = {(row["table"], row["part"]): row["reports"] for row in data["rows"]}
    assert abs(parts["Område", "Storgatan"] - 60) <= MOST
    assert ("Område", "Lillgatan") not in parts and ("Område", "Tyst") not in parts
    for (table, part), shown in parts.items():
        if table == "Område":
            assert f"<b>{part.replace('Övriga', 'Övriga områden')}</b><span>{shown}</span>" in page
    assert "slumpjusterat" in page and "slumpjusterat" in data["note"]
    assert "slumpjusterat" in rows[-1]["Del"]


async def test_the_same_period_is_told_alike_whatever_comes_later(busy: Town) -> None:
    await publish(busy)
    data = f"/{busy.slug}/tryggt/siffror.json"
    before = (await busy.anonymous.get(data)).json()["rows"]
    # Moved, merged or late: a closed period stays as it was.
    await count(
        busy, [(6, "Storgatan", "graffiti", "Polisen", 9), (6, "Tyst", "arson", "Polisen", 9)]
    )
    await busy.post(
        "/aterkoppling/publicera", role="safety_coordinator", headline="Igen", text="Som förut."
    )
    assert (await busy.anonymous.get(data)).json()["rows"] == before


async def test_what_is_withdrawn_is_not_in_the_files(busy: Town) -> None:
    await publish(busy)
    async with busy.scope():
        publication = await fetch_value("SELECT id FROM publication")
    await busy.post(
        f"/aterkoppling/publicerat/{publication}/dra-tillbaka", role="safety_coordinator"
    )
    assert (await busy.anonymous.get(f"/{busy.slug}/tryggt/siffror.json")).status_code == 404


async def test_numbers_from_before_the_gate_are_not_shown(busy: Town) -> None:
    async with busy.scope():
        await execute(
            """INSERT INTO publication (tenant_id, id, headline, text, content, published_by)
               VALUES (ks.current_tenant(), $1, 'Förut', 'Som det var.', $2::jsonb, $1)""",
            uuid4(),
            '{"first": "2026-01-05", "last": "2026-01-26", "areas": [["Storgatan", 77]],'
            ' "rest": 5, "organisations": 4, "measures": []}',
        )
    page = (await busy.anonymous.get(f"/{busy.slug}/tryggt")).text
    assert "Förut" in page and "Storgatan" not in page and "innan de började skyddas" in page


async def report(town: Town, area: str, category: str, organisation: str, at) -> None:
    await execute(
        """INSERT INTO report (tenant_id, id, organisation_id, category_id, area_id, time_kind,
                               occurred_from, occurred_to, source, received_at)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, 'exact', $5, $5, 'form', $5)""",
        uuid4(),
        town.organisations[organisation],
        town.categories[category],
        town.areas[area],
        at,
    )


async def test_a_cells_key_is_the_sum_of_its_reports_and_outlives_them(found) -> None:
    town = await found("Tallbacka", areas=["Torget"])
    first, _last = closed_period(THIS_WEEK)
    back = (THIS_WEEK - first).days // 7
    await count(town, [(back, "Torget", "graffiti", "Polisen", 3)])
    async with town.scope():
        for day in range(3):
            await report(
                town, "Torget", "graffiti", "Polisen", midnight(first) + timedelta(days=day)
            )
        version, secret = await record_secret(SECRET_KEY)
        ids = [row["id"] for row in await fetch("SELECT id FROM report")]
        closed = await close_period(THIS_WEEK)
        (only,) = closed.cells
        assert only.cell_key == sum(record_key(secret, one.bytes) for one in ids) % KEYS
        assert only.count == 3 and version == 1
        # A new secret is for later periods: this one stays.
        assert await rotate_record_secret(SECRET_KEY) == 2
        assert await close_period(THIS_WEEK) == closed == await read_closed(first)
        assert (await record_secret(SECRET_KEY))[1] != secret


async def test_secrets_are_sealed_and_resealed(found) -> None:
    town = await found("Tallbacka")
    async with town.scope():
        _version, secret = await record_secret(SECRET_KEY)
        stored = await fetch_value("SELECT sealed FROM record_secret")
        assert secret.hex() not in stored
    both = f"a new key that nobody has seen before, 41|{SECRET_KEY}"
    try:
        assert await reseal_record_secrets(both) >= 1
        async with town.scope():
            sealed = await fetch_value("SELECT sealed FROM record_secret")
        assert unseal(sealed, both.partition("|")[0], RECORD_SECRETS) == secret.hex()
    finally:
        await reseal_record_secrets(f"{SECRET_KEY}|{both.partition('|')[0]}")


async def test_a_neighbour_has_a_secret_of_its_own(busy: Town, sjohaga: Town) -> None:
    async with busy.scope():
        ours = await record_secret(SECRET_KEY)
    async with sjohaga.scope():
        assert (await record_secret(SECRET_KEY))[1] != ours[1]
