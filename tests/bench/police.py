"""Import of police events, against COPY into a temporary table and INSERT SELECT."""

import csv
import gzip
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from service.sources.police.importing import COLUMNS, import_file
from tests.bench.figure import Figure
from tests.bench.stage import Stage

REPEATS = 3
EVENTS = 20_000


def write_archive(path: Path, place: str, events: int = EVENTS) -> None:
    """An archive of the real one's shape in which every event is the measured municipality's."""
    at = datetime(2025, 9, 1, tzinfo=UTC)
    with gzip.open(path, "wt", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            ["id", "published", "occurred", "type", "place", "api_area", "lat", "lon", "summary"]
        )
        for number in range(events):
            when = at - timedelta(minutes=17 * number)
            writer.writerow(
                [
                    10_000_000 + number,
                    (when + timedelta(minutes=40)).isoformat(),
                    f"{when:%Y-%m-%dT%H:%M}",
                    ("Rån", "Misshandel", "Stöld", "Skadegörelse")[number % 4],
                    place,
                    place,
                    "55.604981",
                    "13.003822",
                    "En påhittad händelse, för mätning.",
                ]
            )


async def measure(stage: Stage, folder: Path) -> list[Figure]:
    archive = folder / "events.csv.gz"
    write_archive(archive, stage.name)
    at = datetime(2025, 9, 1, tzinfo=UTC)
    rows = [(10_000_000 + number, at, at, "Rån", "robbery") for number in range(EVENTS)]
    connection = await asyncpg.connect(stage.database.app)
    owner = await asyncpg.connect(stage.database.superuser)
    imported, copied, again = [], [], []
    try:
        for _ in range(REPEATS):
            began = time.perf_counter()
            await connection.execute(f"BEGIN; SET LOCAL ks.tenant_id = '{stage.tenant_id}'")
            await connection.execute(
                """CREATE TEMPORARY TABLE arriving (id bigint, published_at timestamptz,
                   occurred_at timestamptz, type text, category_key text) ON COMMIT DROP"""
            )
            await connection.copy_records_to_table("arriving", columns=COLUMNS, records=rows)
            await connection.execute(
                """INSERT INTO police_event
                       (tenant_id, id, published_at, occurred_at, type, category_key)
                   SELECT ks.current_tenant(), * FROM arriving"""
            )
            await connection.execute("COMMIT")
            copied.append(EVENTS / (time.perf_counter() - began))
            await owner.execute("DELETE FROM ks.police_event")

            began = time.perf_counter()
            summary = await import_file(archive)
            imported.append(EVENTS / (time.perf_counter() - began))
            assert summary.taken == EVENTS, summary.as_json()
            began = time.perf_counter()
            summary = await import_file(archive)
            again.append(EVENTS / (time.perf_counter() - began))
            assert summary.known == EVENTS, summary.as_json()
            await owner.execute("DELETE FROM ks.police_event")
    finally:
        await connection.close()
        await owner.close()
    floor = statistics.median(copied)
    return [
        Figure(
            "import police events", statistics.median(imported), "rows/s", floor,
            note="floor: COPY of ready rows into a temporary table + INSERT SELECT",
        ),
        Figure("import police events, all known", statistics.median(again), "rows/s", floor),
    ]  # fmt: skip
