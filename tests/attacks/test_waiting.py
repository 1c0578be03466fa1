"""When a surface appears that an entry of the catalogue waits for, its attacks are due."""

import re

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from tenants.scope import fetch, platform_scope
from tests.attacks.waiting import WAITING, Waiting


def due(entry: Waiting, paths: list[str], tables: list[str]) -> list[str]:
    """The paths and tables that make the surface of `entry`."""
    return [
        name
        for pattern, names in ((entry.paths, paths), (entry.tables, tables))
        if pattern
        for name in names
        if re.search(pattern, name)
    ]


def paths_of(app: Litestar) -> list[str]:
    """The paths of all routes as they are declared, types of parameters and all."""
    return sorted(
        {
            path
            for route in app.routes
            for handler in getattr(route, "route_handlers", [])
            if isinstance(handler, HTTPRouteHandler)
            for path in (route.path, route.path_format)
            # Built files and the log-in are no surface of a municipality.
            if not path.startswith(("/static", "/auth", "/schema"))
        }
    )


async def test_no_surface_has_appeared_while_its_entry_waits(app: Litestar) -> None:
    async with platform_scope():
        rows = await fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'ks'")
    tables = [row["tablename"] for row in rows]
    appeared = [
        f"{found}: {entry.surface}. Write the attacks {entry.numbers} in tests/attacks/ and take "
        "the entry out of tests/attacks/waiting.py"
        for entry in WAITING
        for found in due(entry, paths_of(app), tables)
    ]
    assert not appeared, "\n".join(appeared)


def test_a_surface_is_recognised() -> None:
    paths = [
        "/{municipality}/bilagor/{key}",
        "/scim/v2/Users",
    ]
    tables = ["tip_code"]
    found = {number for entry in WAITING if due(entry, paths, tables) for number in entry.numbers}
    assert {11, 74, 47} <= found


def test_no_number_waits_twice() -> None:
    numbers = [number for entry in WAITING for number in entry.numbers]
    assert len(numbers) == len(set(numbers))
