"""Attack 96: no value becomes SQL, no connection is opened outside `tenants/`, and none of the ways
that leave a scope is used.
"""

import ast
from pathlib import Path

import pytest

from tests.walls.reading import ROOT, modules

# Local PostgreSQL is asked whether it answers before roles and scopes exist.
MAY_CONNECT = {Path("service/local/postgres.py")}

REMEDIES = {
    "connect": "open a scope: `async with tenant_scope(id):`",
    "create_pool": "tenants.scope.open_pool is the one pool of a process",
    "PostgresBroker": "tenants.broker.embedded_broker makes it",
    "PostgresEngine": "tenants.engine.DB is the one engine",
    "run_sync": "await the query: run_sync runs in another thread, without a tenant",
    "batch": "page with where(id > last).limit(n): batch() leaves the transaction",
}
MODULES = {"asyncpg", "psycopg", "psycopg_pool", "sqlalchemy"}


def ways_out(tree: ast.Module) -> list[tuple[int, str]]:
    """Line and name of each call that would reach data past the open scope."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        call = node.func
        if isinstance(call, ast.Attribute):
            owner = call.value.id if isinstance(call.value, ast.Name) else ""
            if (call.attr in ("connect", "create_pool") and owner in MODULES) or call.attr in (
                "run_sync",
                "batch",
            ):
                found.append((node.lineno, call.attr))
        elif isinstance(call, ast.Name) and call.id in ("PostgresBroker", "PostgresEngine"):
            found.append((node.lineno, call.id))
    return found


def test_only_tenants_opens_connections() -> None:
    seen = 0
    for path, tree in modules("service", "migrations"):
        seen += 1
        if path in MAY_CONNECT:
            continue
        complaints = [f"{path}:{line}: {name}: {REMEDIES[name]}" for line, name in ways_out(tree)]
        assert not complaints, "\n".join(complaints)
    assert seen > 20


@pytest.mark.parametrize(
    "offence",
    [
        "asyncpg.connect(dsn)",
        "psycopg.connect(dsn)",
        "asyncpg.create_pool(dsn)",
        "Report.select().run_sync()",
        "Report.select().batch()",
        "PostgresBroker(url=url)",
    ],
)
def test_an_offender_is_named(offence: str) -> None:
    assert ways_out(ast.parse(offence))


MARK = "# wall: made of constants"
MARKED = 6
"""How many lines carry the mark: a new one is a decision."""


def statements_with_holes(tree: ast.Module) -> list[int]:
    """Lines where values are set into SQL by formatting instead of by parameters."""
    verbs = {"fetch", "fetch_row", "fetch_value", "execute", "execute_many", "raw"}
    lines = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        sql = node.args[0]
        if name in verbs and (
            (isinstance(sql, ast.JoinedStr) and any(map(_is_hole, sql.values)))
            or (isinstance(sql, ast.BinOp) and isinstance(sql.op, ast.Mod))
        ):
            lines.append(node.lineno)
    return lines


def _is_hole(part: ast.expr) -> bool:
    """Whether something other than a module's constant is set in."""
    if not isinstance(part, ast.FormattedValue):
        return False
    name = part.value.id if isinstance(part.value, ast.Name) else ""
    return not name.isupper()


def test_no_value_is_formatted_into_sql() -> None:
    marked = 0
    for path, tree in modules("service"):
        text = (ROOT / path).read_text().splitlines()
        holes = statements_with_holes(tree)
        lines = [line for line in holes if MARK not in text[line - 1]]
        marked += len(holes) - len(lines)
        assert not lines, f"{path}:{lines}: pass values as $1, $2 … after the statement"
    assert marked <= MARKED
    assert statements_with_holes(ast.parse('fetch(f"SELECT {x}")')) == [1]
