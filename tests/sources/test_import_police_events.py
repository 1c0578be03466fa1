"""Police events land in the municipality they name, once, and nowhere in the picture."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from migrations.run import migrate
from service.cycle.mapping.week import now, week_of
from service.geography.municipalities import municipalities
from service.sources.police.importing import import_file
from service.sources.police.series import latest_series, weekly_series
from tenants.bootstrap import bootstrap
from tenants.scope import fetch
from tests.cycle.picture.history import compiled, live_through
from tests.database import Database
from tests.reference import ROOT, reference
from tests.sources.files import ANSWER, ARCHIVE

NINE = [
    "Malmö",
    "Örebro",
    "Växjö",
    "Norrköping",
    "Borlänge",
    "Borås",
    "Botkyrka",
    "Söderhamn",
    "Sollentuna",
]
HEADER = "id,published,occurred,type,place,api_area,lat,lon,summary\n"


def line(number: int, place: str, event_type: str = "Rån", day: str = "2025-05-05") -> str:
    return (
        f'{number},{day}T12:00:00+02:00,{day}T11:30,"{event_type}",{place},{place},55.6,13.0,Text\n'
    )


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def written(*lines: str) -> Path:
        path = tmp_path / f"{token_hex(4)}.csv"
        path.write_text(HEADER + "".join(lines), encoding="utf-8")
        return path

    return written


@pytest.fixture
async def tallbacka(found: Any) -> Any:
    return await found(name=f"Tallbacka {token_hex(3)}")


@pytest.fixture
async def sjohaga(found: Any) -> Any:
    return await found(name=f"Sjöhaga {token_hex(3)}")


async def events_of(town: Any) -> list[tuple[int, str, datetime]]:
    async with town.scope():
        rows = await fetch("SELECT id, category_key, occurred_at FROM police_event ORDER BY id")
    return [tuple(row) for row in rows]


async def test_an_event_lands_in_its_own_municipality_only(
    tallbacka: Any, sjohaga: Any, write: Any
) -> None:
    summary = await import_file(write(line(1, tallbacka.name), line(2, sjohaga.name.upper())))
    assert summary.per_tenant == {tallbacka.slug: 1, sjohaga.slug: 1}
    at = datetime(2025, 5, 5, 9, 30, tzinfo=UTC)
    assert await events_of(tallbacka) == [(1, "robbery", at)]
    assert await events_of(sjohaga) == [(2, "robbery", at)]


async def test_a_second_import_finds_everything_known(tallbacka: Any, write: Any) -> None:
    first = write(line(1, tallbacka.name), line(2, tallbacka.name), line(2, tallbacka.name))
    summary = await import_file(first)
    assert (summary.read, summary.taken, summary.known) == (3, 2, 1)
    # Published again with another text and type, under the same id.
    again = write(line(1, tallbacka.name, "Misshandel"), line(3, tallbacka.name))
    summary = await import_file(again)
    assert (summary.taken, summary.known) == (1, 1)
    assert [key for _, key, _ in await events_of(tallbacka)] == ["robbery"] * 3


async def test_what_is_skipped_is_counted_with_its_reason(tallbacka: Any, write: Any) -> None:
    summary = await import_file(
        write(
            line(1, tallbacka.name),
            line(2, "Skåne län"),
            line(3, "Atlantis"),
            line(4, "Kiruna"),
            line(5, tallbacka.name, "Sammanfattning natt"),
            line(6, tallbacka.name, "Meteoritnedslag"),
            line(7, tallbacka.name, day="2071-05-05"),
            "8,2025-05-0",
        )
    )
    assert (summary.read, summary.taken) == (8, 1)
    assert summary.read == summary.taken + summary.known + summary.skipped.total()
    assert summary.skipped == {
        "gäller hela länet, ingen kommun utpekad": 1,
        "okänd kommun": 1,
        "kommunen finns inte i Kraftsamling": 1,
        "sammanfattning av flera händelser": 1,
        "okänd händelsetyp": 1,
        "posten kan inte läsas": 2,
    }
    said = {(one.line, one.field): one.message for one in summary.problems}
    assert "Atlantis" in said[4, "place"]
    assert "Meteoritnedslag" in said[7, "type"]
    assert "framtiden" in said[8, "published"]
    assert "väntat 9" in said[9, ""]
    assert "Rad 4, place" in summary.as_text()


async def test_a_stop_between_municipalities_leaves_whole_ones(
    tallbacka: Any, sjohaga: Any, write: Any, database: Database
) -> None:
    first, second = sorted((tallbacka, sjohaga), key=lambda town: town.slug)
    path = write(*(line(n, town.name) for n, town in enumerate((second, first, second, first))))
    # The database refuses the second municipality's rows, as if the power had gone before them.
    connection = await asyncpg.connect(database.superuser)
    try:
        await connection.execute(
            f"""ALTER TABLE ks.police_event ADD CONSTRAINT stopped_here
                CHECK (tenant_id <> '{second.id}') NOT VALID"""
        )
        with pytest.raises(asyncpg.CheckViolationError):
            await import_file(path)
    finally:
        await connection.execute("ALTER TABLE ks.police_event DROP CONSTRAINT stopped_here")
        await connection.close()
    assert (len(await events_of(first)), len(await events_of(second))) == (2, 0)
    summary = await import_file(path)
    assert (summary.taken, summary.known) == (2, 2)
    assert (len(await events_of(first)), len(await events_of(second))) == (2, 2)


async def test_nothing_that_the_picture_rests_on_changes(tallbacka: Any, write: Any) -> None:
    async def everything() -> dict[str, list[tuple[Any, ...]]]:
        tables = ("report", "zero_report", "weekly_count", "hourly_count", "picture", "job")
        async with tallbacka.scope():
            return {
                table: [tuple(row) for row in await fetch(f"SELECT * FROM {table} ORDER BY 1, 2")]
                for table in tables
            }

    before = await everything()
    await import_file(write(*(line(number, tallbacka.name) for number in range(50))))
    assert await everything() == before


async def test_a_picture_compiled_after_an_import_is_the_same(tallbacka: Any, write: Any) -> None:
    await live_through(tallbacka, weeks=60)
    before = await compiled(tallbacka)
    monday_of_this_week = week_of(now()).isoformat()
    await import_file(
        write(*(line(n, tallbacka.name, "Misshandel", monday_of_this_week) for n in range(200)))
    )
    assert len(await events_of(tallbacka)) > 0
    assert without_time(await compiled(tallbacka)) == without_time(before)


def without_time(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if not key.startswith("compiled")}


async def test_the_picture_page_shows_the_series_with_its_weaknesses(
    tallbacka: Any, sjohaga: Any, write: Any
) -> None:
    await import_file(write(*(line(number, tallbacka.name) for number in range(7))))
    own = await tallbacka.get("/lagesbild", role="safety_coordinator")
    assert own.status_code == 200
    assert "7 händelser" in own.text
    assert "data slutar 5 maj 2025" in own.text
    assert "Jämför aldrig kommuner" in own.text
    neighbours = await sjohaga.get("/lagesbild", role="safety_coordinator")
    assert "Inga händelser är hämtade för kommunen." in neighbours.text
    assert "data slutar" not in neighbours.text


async def test_no_text_or_position_is_kept(database: Database) -> None:
    connection = await asyncpg.connect(database.superuser)
    try:
        columns = await connection.fetch(
            """SELECT column_name FROM information_schema.columns
               WHERE table_schema = 'ks' AND table_name = 'police_event'"""
        )
    finally:
        await connection.close()
    assert {row["column_name"] for row in columns} == {
        "tenant_id", "id", "published_at", "occurred_at", "type", "category_key", "imported_at"
    }  # fmt: skip


async def test_the_series_counts_by_week_and_knows_where_its_data_ends(
    tallbacka: Any, sjohaga: Any, write: Any
) -> None:
    monday = date(2025, 5, 5)
    await import_file(
        write(
            line(1, tallbacka.name),
            line(2, tallbacka.name, "Misshandel"),
            line(3, tallbacka.name, "Misshandel", day="2025-05-25"),
        )
    )
    weeks = [monday + timedelta(weeks=number) for number in range(-1, 4)]
    async with tallbacka.scope():
        series = await weekly_series(weeks)
        latest = await latest_series(2)
    assert series.totals == [None, 2, 0, 1, None]
    assert [(one.key, one.counts) for one in series.categories] == [
        ("violence", [None, 1, 0, 1, None]),
        ("robbery", [None, 1, 0, 0, None]),
    ]
    assert series.last == datetime(2025, 5, 25, 10, tzinfo=UTC)
    assert latest.weeks == weeks[2:4]
    async with sjohaga.scope():
        assert (await weekly_series(weeks)).empty
        assert (await latest_series()).empty


# --- The real files, through the command, in a database of their own ---------------------------


@pytest.fixture(scope="module")
async def the_nine(database: Database) -> AsyncIterator[Database]:
    """A database that holds the nine municipalities and nothing else, on the tests' server."""
    name = f"kraftsamling_police_{os.getpid()}"
    server = urlunsplit(urlsplit(database.superuser)._replace(path="/postgres"))
    await bootstrap(server, name)
    own = replace(
        database,
        **{
            role: urlunsplit(urlsplit(getattr(database, role))._replace(path=f"/{name}"))
            for role in ("app", "owner", "operator", "superuser")
        },
    )
    await migrate(own.owner)
    connection = await asyncpg.connect(own.superuser)
    await connection.executemany(
        "INSERT INTO ks.municipality (id, code, slug, name) VALUES (gen_random_uuid(), $1, $2, $3)",
        [(one.code, one.slug, one.name) for one in municipalities() if one.name in NINE],
    )
    await connection.close()
    yield own
    connection = await asyncpg.connect(server)
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()


async def imported(path: Path, database: Database, *options: str) -> tuple[int, str, str]:
    """Run the command as an operator would; its code, answer and complaint."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service.cli", "import", "police", str(path), *options),
        cwd=ROOT,
        env=os.environ
        | {
            "KS_ENV": "test",
            "KS_DATABASE_URL": database.app,
            "KS_SECRET_KEY": token_hex(32),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_the_real_files_are_imported_and_then_known(the_nine: Database) -> None:
    archive, answer = reference(ARCHIVE), reference(ANSWER)
    code, out, err = await imported(archive, the_nine, "--json")
    assert code == 0, err
    first = json.loads(out)
    assert first["read"] == 63_607
    assert first["read"] == first["taken"] + first["known"] + sum(first["skipped"].values())
    assert first["known"] == 0
    assert len(first["per_tenant"]) == 9
    assert sum(first["per_tenant"].values()) == first["taken"]
    assert first["problems"] == []
    outside = (
        first["skipped"]["kommunen finns inte i Kraftsamling"]
        + first["skipped"]["gäller hela länet, ingen kommun utpekad"]
    )
    assert first["read"] - outside == 5_457

    second = json.loads((await imported(archive, the_nine, "--json"))[1])
    assert (second["taken"], second["known"]) == (0, first["taken"])
    assert second["skipped"] == first["skipped"]
    newest = json.loads((await imported(answer, the_nine, "--json"))[1])
    assert (newest["read"], newest["taken"]) == (500, 0)
    assert newest["known"] > 0

    connection = await asyncpg.connect(the_nine.superuser)
    stored = await connection.fetch(
        """SELECT municipality.slug, count(*) FROM ks.police_event
           JOIN ks.municipality ON municipality.id = tenant_id GROUP BY slug"""
    )
    await connection.close()
    assert dict(tuple(row) for row in stored) == first["per_tenant"]


async def test_a_file_of_another_kind_is_one_line(the_nine: Database, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html>Service unavailable</html>")
    code, out, err = await imported(path, the_nine, "--json")
    assert (code, out) == (2, "")
    assert "Rad 1" in err
    assert "Traceback" not in err


async def test_without_a_scope_nothing_shows(the_nine: Database) -> None:
    connection = await asyncpg.connect(the_nine.app)
    try:
        assert await connection.fetchval("SELECT count(*) FROM ks.police_event") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                """INSERT INTO ks.police_event
                       (tenant_id, id, published_at, occurred_at, type, category_key)
                   SELECT id, 1, now(), now(), 'Rån', 'robbery' FROM ks.municipality LIMIT 1"""
            )
    finally:
        await connection.close()
