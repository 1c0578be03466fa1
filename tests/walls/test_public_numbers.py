"""No public page, file or template tells a count that has not passed the one gate."""

import ast
import inspect
import re

from jinja2 import nodes
from litestar import Litestar

from service.cycle.feedback import show_counts
from service.web.may import PUBLIC
from tests.walls.reading import ROOT, modules
from tests.walls.test_routes import routes_of

GATE = "service/cycle/feedback/gate.py"
COUNTED = re.compile(r"\b(weekly_count|hourly_count|closed_count)\b|\bFROM report\b")
# What turns a value into digits, or counts something.
FILTERS = {"number", "signed", "percent", "span", "length", "count", "sum", "round", "int", "float"}
CALLS = {"number", "signed", "percent", "span"}


def of_municipalities(app: Litestar):
    """The public handlers of a municipality's own pages, apart from an invitation's."""
    return [
        (path, handler)
        for path, handler in routes_of(app)
        if handler.opt.get("permission") == PUBLIC["permission"]
        and path.startswith("/{municipality}/")
        and "/inbjudan/" not in path
    ]


def templates_of(handler) -> set[str]:
    return set(re.findall(r'"([\w/]+\.html)"', inspect.getsource(handler.fn)))


def with_included(app: Litestar, name: str) -> set[str]:
    found = {name}
    tree = app.template_engine.engine.parse((ROOT / "templates" / name).read_text())
    for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport)):
        if isinstance(node.template, nodes.Const) and isinstance(node, nodes.Include):
            found |= with_included(app, node.template.value)
    return found


def test_public_templates_turn_nothing_into_digits(app: Litestar) -> None:
    handlers = of_municipalities(app)
    assert {path for path, _ in handlers} >= {"/{municipality}/tryggt"}
    templates = {
        inner
        for _, handler in handlers
        for name in templates_of(handler)
        for inner in with_included(app, name)
    }
    assert "cycle/feedback/_public_counts.html" in templates
    for name in templates:
        tree = app.template_engine.engine.parse((ROOT / "templates" / name).read_text())
        used = {node.name for node in tree.find_all(nodes.Filter)} & FILTERS
        used |= {
            node.node.name
            for node in tree.find_all(nodes.Call)
            if isinstance(node.node, nodes.Name)
        } & CALLS
        assert not used, f"{name}: {used} would show a number past the gate; see show_counts.told"


def test_public_handlers_live_where_nothing_is_counted(app: Litestar) -> None:
    for path, handler in of_municipalities(app):
        source = inspect.getsource(inspect.getmodule(handler.fn))
        assert not COUNTED.search(source), f"{path}: read counts through public_counts alone"


def test_only_the_gate_makes_public_numbers() -> None:
    for path, tree in modules("service", "tenants"):
        if str(path) == GATE:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "PublicNumber", (
                    f"{path}:{node.lineno}: pass it through {GATE}"
                )


def test_what_is_shown_is_checked() -> None:
    assert "isinstance(count, PublicNumber)" in inspect.getsource(show_counts.told)
