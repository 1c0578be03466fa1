"""Whatever is written into the audit log has a name that the one who reads it understands."""

import ast

import pytest

from service.oversight.words import KINDS, VERBS
from tests.walls.reading import modules

# Helpers that record for the module they stand in, and the place of the verb among their arguments.
HELPERS = {"_tell": 1, "_record": 1}


def recorded(tree: ast.Module) -> dict[str, set[str]]:
    """The verbs and kinds of object that a module names when it records."""
    found: dict[str, set[str]] = {"verb": set(), "object_kind": set()}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        for keyword in node.keywords:
            if keyword.arg in found and isinstance(keyword.value, ast.Constant):
                found[keyword.arg].add(str(keyword.value.value))
        name = getattr(node.func, "id", "")
        if name in HELPERS and len(node.args) > HELPERS[name]:
            verb = node.args[HELPERS[name]]
            if isinstance(verb, ast.Constant):
                found["verb"].add(str(verb.value))
    return found


@pytest.mark.parametrize(("what", "words"), [("verb", VERBS), ("object_kind", KINDS)])
def test_each_is_named(what: str, words: dict[str, str]) -> None:
    seen = 0
    for path, tree in modules("service", "tenants"):
        named = recorded(tree)[what]
        seen += len(named)
        unnamed = sorted(named - words.keys())
        assert not unnamed, f"{path}: {unnamed}: name it in service/oversight/words.py"
    assert seen > 30


def test_an_offender_is_named() -> None:
    tree = ast.parse('record(by=by, verb="roof.mend", object_kind="roof")')
    assert recorded(tree) == {"verb": {"roof.mend"}, "object_kind": {"roof"}}
