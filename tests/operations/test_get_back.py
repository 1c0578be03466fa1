"""A backup is brought back, to a point in time, and one municipality of it into what is running."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from migrations.run import migrate
from service.operations.drill import Backup, brought_back
from service.settings import Settings
from tenants.bootstrap import bootstrap
from tests.database import Database
from tests.operations.backed_up import PROGRAMS, STANZA, BackedUp, backed_up_server, why_not
from tests.operations.conftest import Installation

pytestmark = pytest.mark.skipif(bool(why_not()), reason=str(why_not()))

TOWNS = ("tallbacka", "sjohaga")


@dataclass
class Kept:
    """An installation on a server whose changes are kept, with two municipalities in it."""

    server: BackedUp
    installation: Installation
    tenants: dict[str, str]

    async def ask(self, sql: str, *arguments: object) -> object:
        connection = await asyncpg.connect(self.installation.database.superuser)
        try:
            return await connection.fetchval(sql, *arguments)
        finally:
            await connection.close()

    async def report(self, slug: str, words: str) -> None:
        """A report as the table holds it, in that municipality."""
        await self.ask(
            """INSERT INTO ks.report (tenant_id, id, organisation_id, category_id, area_id,
                                      time_kind, occurred_from, occurred_to, text)
               SELECT o.tenant_id, $2, o.id, c.id, a.id, 'now', now(), now(), $3
               FROM ks.organisation o JOIN ks.category c USING (tenant_id)
               JOIN ks.area a USING (tenant_id) WHERE o.tenant_id = $1""",
            self.tenants[slug],
            uuid4(),
            words,
        )

    async def words(self, slug: str) -> str:
        return str(
            await self.ask(
                """SELECT coalesce(string_agg(text, ',' ORDER BY text), '') FROM ks.report
                   WHERE tenant_id = $1""",
                self.tenants[slug],
            )
        )

    async def print_of(self, slug: str) -> str:
        """A hash of all that a municipality has in the tables of this test."""
        return str(
            await self.ask(
                """SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
                       SELECT r::text AS line FROM ks.report r WHERE tenant_id = $1
                       UNION ALL SELECT w::text FROM ks.weekly_count w WHERE tenant_id = $1
                       UNION ALL SELECT e::text FROM ks.audit_event e WHERE tenant_id = $1
                       UNION ALL SELECT m::text FROM ks.membership m WHERE tenant_id = $1) AS x""",
                self.tenants[slug],
            )
        )


FURNISH = """
INSERT INTO ks.organisation (tenant_id, id, name, actor_type, is_authority, joined_on)
    VALUES ('{t}', gen_random_uuid(), 'Kommunen', 'municipal_other', 'yes', '2020-01-01');
INSERT INTO ks.category (tenant_id, id, key, label, group_key, kind, severity, position)
    VALUES ('{t}', gen_random_uuid(), 'arson', 'Anlagd brand', 'x', 'x', 2, 1);
INSERT INTO ks.area (tenant_id, id, key, name, kind, locality, latitude, longitude, boundary)
    VALUES ('{t}', gen_random_uuid(), 'a', 'Torget', 'rest', 'Orten', 61, 17, '{{}}');
INSERT INTO ks.person (id, name) VALUES ('{p}', 'Prov Person');
INSERT INTO ks.membership (tenant_id, id, person_id, organisation_id, role)
    SELECT tenant_id, gen_random_uuid(), '{p}', id, 'reporter' FROM ks.organisation
    WHERE tenant_id = '{t}';
INSERT INTO ks.audit_event (tenant_id, id, verb, object_kind)
    VALUES ('{t}', gen_random_uuid(), 'before', 'test');
"""


@pytest.fixture
async def kept(settings: Settings) -> AsyncIterator[Kept]:
    with backed_up_server() as server:
        await bootstrap(server.dsn())
        roles = {
            role: server.dsn(role, "kraftsamling") for role in ("ks_app", "ks_owner", "ks_operator")
        }
        await migrate(roles["ks_owner"])
        installation = Installation(
            Database(
                roles["ks_app"],
                roles["ks_owner"],
                operator=roles["ks_operator"],
                superuser=server.dsn("postgres", "kraftsamling"),
            ),
            replace(
                settings,
                database_url=roles["ks_app"],
                owner_database_url=roles["ks_owner"],
                operator_database_url=roles["ks_operator"],
                broker_url=roles["ks_app"],
                live_url=roles["ks_app"],
            ),
        )
        tenants = {}
        for number, slug in enumerate(TOWNS):
            tenants[slug] = str(uuid4())
            await installation.as_superuser(
                f"""INSERT INTO ks.municipality (id, code, slug, name)
                    VALUES ('{tenants[slug]}', '000{number}', '{slug}', '{slug}')""",
                FURNISH.format(t=tenants[slug], p=uuid4()),
            )
        yield Kept(server, installation, tenants)


async def _archived(kept: Kept) -> None:
    """Until all that is committed now lies in the repository."""
    segment = await kept.ask("SELECT pg_walfile_name(pg_switch_wal())")
    for _ in range(300):
        last = await kept.ask("SELECT last_archived_wal FROM pg_stat_archiver")
        if last and str(last) >= str(segment):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("Nothing was archived.")


async def test_the_drill_proves_itself_on_a_copy(kept: Kept) -> None:
    await kept.report("tallbacka", "före")
    await asyncio.to_thread(kept.server.pgbackrest, "backup", "--type=full")
    await kept.report("tallbacka", "efter")
    await kept.report("sjohaga", "efter")
    await _archived(kept)
    arguments = [
        *("drill", "--config", str(kept.server.configuration)),
        *("--programs", str(PROGRAMS), "--user", kept.server.user),
    ]
    code, out, err = await kept.installation.run(*arguments)
    assert code == 0, out + err
    assert "2 kommuner, 3 rapporter" in out and "murar i kopian är hela" in out
    assert "Kopian är borttagen" in out
    assert await asyncio.to_thread(lambda: not list(Path("/tmp").glob("ks-drill-*")))

    # A copy whose wall has fallen is no proof.
    await kept.installation.as_superuser("ALTER TABLE ks.report NO FORCE ROW LEVEL SECURITY")
    await _archived(kept)
    code, out, err = await kept.installation.run(*arguments)
    assert code == 1 and "mur" in err
    await kept.installation.as_superuser("ALTER TABLE ks.report FORCE ROW LEVEL SECURITY")

    code, out, err = await kept.installation.run(*arguments, "--stanza", "borta")
    assert code == 1 and "pgbackrest" in err and "Traceback" not in err


async def test_one_municipality_comes_back_and_the_others_are_not_touched(kept: Kept) -> None:
    await kept.report("tallbacka", "ett")
    await asyncio.to_thread(kept.server.pgbackrest, "backup", "--type=full")
    await kept.report("tallbacka", "två")
    # A backup's end is known to the second.
    await asyncio.sleep(2.1)
    until = await kept.ask("SELECT clock_timestamp()")
    await asyncio.sleep(1.1)
    # The mistake, and what the neighbour did meanwhile.
    tenant = kept.tenants["tallbacka"]
    await kept.installation.as_superuser(
        f"DELETE FROM ks.report WHERE tenant_id = '{tenant}'",
        f"DELETE FROM ks.membership WHERE tenant_id = '{tenant}'",
        f"""INSERT INTO ks.audit_event (tenant_id, id, verb, object_kind)
            VALUES ('{tenant}', gen_random_uuid(), 'mistake', 'test')""",
        f"""INSERT INTO ks.audit_seal (tenant_id, number, event_id, hash)
            SELECT tenant_id, 1, id, sha256('mistake') FROM ks.audit_event
            WHERE tenant_id = '{tenant}' AND verb = 'mistake'""",
        "INSERT INTO ks.platform_operator (person_id) SELECT id FROM ks.person LIMIT 1",
        f"""INSERT INTO ks.broken_glass (tenant_id, id, person_id, reason, ends_at)
            SELECT '{tenant}', gen_random_uuid(), person_id, 'Felsökning av ett fel',
                   now() + interval '1 hour' FROM ks.platform_operator""",
    )
    await kept.report("sjohaga", "granne")
    await _archived(kept)
    before = await kept.print_of("sjohaga")

    backup = Backup(STANZA, kept.server.configuration, PROGRAMS, kept.server.user, until)  # type: ignore[arg-type]
    async with brought_back(backup) as folder:
        copy = kept.server.dsn("ks_owner", "kraftsamling", folder)
        code, out, err = await kept.installation.run(
            "restore", "--tenant", "tallbacka", "--copy", copy
        )
    assert code == 0, err
    assert "tallbacka är återställd" in out
    assert await kept.words("tallbacka") == "ett,två"
    assert await kept.print_of("sjohaga") == before
    assert await kept.words("sjohaga") == "granne"
    lines = await kept.ask(
        "SELECT string_agg(verb, ',' ORDER BY at, verb) FROM ks.audit_event WHERE tenant_id = $1",
        tenant,
    )
    assert lines == "before,mistake,municipality.restore"
    for trace in ("audit_seal", "broken_glass"):
        assert await kept.ask(f"SELECT count(*) FROM ks.{trace} WHERE tenant_id = $1", tenant) == 1
    assert await kept.ask("SELECT count(*) FROM ks.membership WHERE tenant_id = $1", tenant) == 1
    assert await kept.ask("SELECT suspended_at FROM ks.municipality WHERE id = $1", tenant) is None
    waiting = "SELECT count(*) FROM ks.job WHERE tenant_id = $1 AND finished_at IS NULL"
    # The picture is compiled anew, and what has come back too old is disposed of.
    assert await kept.ask(waiting, tenant) == 2


async def test_what_does_not_fit_changes_nothing(kept: Kept) -> None:
    await kept.report("tallbacka", "ett")
    await kept.installation.as_superuser("CREATE DATABASE kopia OWNER ks_owner TEMPLATE template0")
    whole = kept.installation.database.owner
    code, _, err = await kept.installation.run("restore", "--tenant", "borta", "--copy", whole)
    assert code == 2 and "finns inte" in err
    connection = await asyncpg.connect(kept.server.dsn("postgres", "kopia"))
    await connection.execute("CREATE SCHEMA ks; CREATE TABLE ks.migration (name text)")
    await connection.execute(
        "GRANT ALL ON SCHEMA ks TO ks_owner; GRANT ALL ON ks.migration TO ks_owner"
    )
    await connection.close()
    other = kept.server.dsn("ks_owner", "kopia")
    code, _, err = await kept.installation.run("restore", "--tenant", "tallbacka", "--copy", other)
    assert code == 2 and "annan version" in err
    assert await kept.words("tallbacka") == "ett"
    assert await kept.ask("SELECT count(*) FROM ks.municipality WHERE suspended_at IS NULL") == 2
