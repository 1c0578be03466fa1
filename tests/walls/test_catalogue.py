"""The database is the wall: every tenant table, key, role and door is as it must be.

Attacks 23, 29 and 99 have no way in while these hold: nothing cascades past a municipality, no
role of the service reaches past the wall, and nothing but walled tables holds tenant rows.
"""

from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from piccolo.columns import ForeignKey, OnDelete
from piccolo.table import Table

from tenants.inspection import unwalled
from tenants.restoring import BROUGHT_BACK, LEFT_ALONE
from tests.database import Database
from tests.walls import catalogue

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[Any]:
    """The superuser, in a transaction that never stays: offenders are built and gone again."""
    connection = await asyncpg.connect(database.superuser)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("SET LOCAL search_path = pg_catalog")
    yield connection
    await transaction.rollback()
    await connection.close()


QUESTIONS = [
    unwalled,
    catalogue.keys_without_tenant,
    catalogue.roles_that_reach_too_far,
    catalogue.doors_past_the_wall,
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.__name__)
async def test_nothing_stands_outside_the_wall(owner: Any, question: Any) -> None:
    assert len(await catalogue.tenant_tables(owner)) >= 13
    assert await question(owner) == []


OFFENDERS = [
    (unwalled, "CREATE TABLE ks.loose (tenant_id uuid, id uuid)"),
    (
        unwalled,
        """CREATE TABLE ks.loose (tenant_id uuid); ALTER TABLE ks.loose ENABLE ROW LEVEL SECURITY;
           CREATE POLICY tenant ON ks.loose USING (tenant_id = (SELECT ks.current_tenant()))""",
    ),
    (unwalled, "CREATE POLICY open ON ks.report USING (true)"),
    (unwalled, "ALTER TABLE ks.report NO FORCE ROW LEVEL SECURITY"),
    (unwalled, "CREATE VIEW ks.peep AS SELECT * FROM ks.report"),
    (unwalled, "CREATE MATERIALIZED VIEW ks.peep AS SELECT * FROM ks.report"),
    (catalogue.keys_without_tenant, "ALTER TABLE ks.area ADD UNIQUE (name, id)"),
    (catalogue.keys_without_tenant, "CREATE UNIQUE INDEX ON ks.area (id)"),
    (
        catalogue.keys_without_tenant,
        "CREATE TABLE ks.loose (tenant_id uuid, id uuid PRIMARY KEY)",
    ),
    (
        catalogue.keys_without_tenant,
        """CREATE TABLE ks.loose (
               tenant_id uuid, id uuid, area_id uuid, PRIMARY KEY (tenant_id, id),
               FOREIGN KEY (tenant_id, area_id) REFERENCES ks.area (tenant_id, id)
                   ON DELETE CASCADE)""",
    ),
    (catalogue.roles_that_reach_too_far, "GRANT ks_owner TO ks_app"),
    (catalogue.roles_that_reach_too_far, "ALTER ROLE ks_app BYPASSRLS"),
    (catalogue.roles_that_reach_too_far, "GRANT SELECT ON ks.report TO ks_operator"),
    (catalogue.roles_that_reach_too_far, "GRANT UPDATE ON ks.audit_event TO ks_app"),
    (
        catalogue.doors_past_the_wall,
        """CREATE FUNCTION ks.peep() RETURNS bigint LANGUAGE sql SECURITY DEFINER
           AS 'SELECT count(*) FROM ks.report'""",
    ),
]


@pytest.mark.parametrize(("question", "offence"), OFFENDERS)
async def test_an_offender_is_named(owner: Any, question: Any, offence: str) -> None:
    await owner.execute(offence)
    assert await question(owner) != []


def table_classes() -> list[type[Table]]:
    """Every Piccolo class of the project, found by importing every `tables` module."""
    for path in sorted([*ROOT.glob("tenants/**/tables.py"), *ROOT.glob("service/**/tables.py")]):
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found, waiting = [], list(Table.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith(("tenants.", "service.")) and one.__name__ != "TenantTable":
            found.append(one)
    return found


async def test_classes_and_tables_agree(owner: Any) -> None:
    there = await catalogue.columns(owner)
    for one in table_classes():
        name = one._meta.tablename
        declared = {column._meta.db_column_name for column in one._meta.columns}
        # Tables whose key is composite have no id of their own; Piccolo declares one regardless.
        declared -= {"id"} - there.get(name, set())
        assert there.get(name) == declared, (
            f"{one.__module__}.{one.__name__}: columns differ from table {name}; "
            "change the class or write a migration"
        )


async def test_every_table_has_a_class(owner: Any) -> None:
    named = {one._meta.tablename for one in table_classes()}
    unnamed = set(await catalogue.columns(owner)) - named - {"migration"}
    assert unnamed == set(), "declare a Piccolo class in the slice's tables.py"


def test_no_foreign_key_of_a_class_takes_rows_along() -> None:
    for one in table_classes():
        for column in one._meta.columns:
            if isinstance(column, ForeignKey):
                meta = column._foreign_key_meta
                assert meta.on_delete is OnDelete.restrict and not column._meta.null, (
                    f"{one.__name__}.{column._meta.name}: write null=False, "
                    "on_delete=OnDelete.restrict"
                )


def test_every_migration_has_an_id_of_its_own() -> None:
    """Of two with one id the second would be taken for one that has run."""
    histories = sorted((ROOT / "migrations" / "history").glob("*_20*.py"))
    ids = [import_module(f"migrations.history.{path.stem}").ID for path in histories]
    assert len(ids) == len(set(ids)) > 1, "give the newer migration a later ID"


async def test_of_every_table_it_is_decided_what_a_restored_municipality_gets(owner: Any) -> None:
    tables = {name.removeprefix("ks.") for name in await catalogue.tenant_tables(owner)}
    assert not BROUGHT_BACK & LEFT_ALONE
    assert tables - BROUGHT_BACK - LEFT_ALONE == set(), (
        "add the table to BROUGHT_BACK or LEFT_ALONE in tenants/restoring.py"
    )
    assert (BROUGHT_BACK | LEFT_ALONE) - tables == set(), "no such table any more"


async def test_what_a_restored_municipality_keeps_refers_to_nothing_that_is_replaced(
    owner: Any,
) -> None:
    rows = await owner.fetch(
        """SELECT conrelid::regclass::text AS source, confrelid::regclass::text AS target
           FROM pg_constraint WHERE contype = 'f'"""
    )
    for row in rows:
        source, target = (row[end].removeprefix("ks.") for end in ("source", "target"))
        assert not (source in LEFT_ALONE and target in BROUGHT_BACK), f"{source} → {target}"
