"""The day is the one in Sweden: a session's own zone is UTC, which is behind after midnight."""

import re

import asyncpg
import pytest

from tests.database import Database
from tests.walls.reading import ROOT, kept_files

OTHER_DAY = re.compile(r"\bcurrent_date\b|now\(\)::date|\bdate\.today\(\)", re.IGNORECASE)


def test_no_statement_asks_for_the_sessions_own_day() -> None:
    rooms = ("service", "tenants")
    asked = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in kept_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in rooms
        for found in OTHER_DAY.finditer(path.read_text())
    ]
    assert asked == []


@pytest.mark.parametrize("role", ["app", "operator"])
async def test_the_database_knows_the_swedish_day(database: Database, role: str) -> None:
    connection = await asyncpg.connect(getattr(database, role))
    try:
        today, stockholm = await connection.fetchrow(
            "SELECT ks.today(), (now() AT TIME ZONE 'Europe/Stockholm')::date"
        )
    finally:
        await connection.close()
    assert today == stockholm
