"""What no template may hold under the strict Content-Security-Policy."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

from tests.look.conftest import ROOT, TEMPLATES

BANNED = {
    "style=": (r"\sstyle\s*=", "move it to a class in kraftsamling.css"),
    "style element": (r"<style[\s>]", "move it to kraftsamling.css"),
    "inline script": (r"<script(?![^>]*\ssrc=)[^>]*>", "move it to a file in service/web/static/"),
    "hx-on": (r"\s(data-)?hx-on[:\s=]", "listen in a file in service/web/static/"),
    "on… handler": (r"\son[a-z]+\s*=\s*[\"'{]", "listen in a file in service/web/static/"),
    "js: value": (r"=\s*[\"']\s*(js|javascript):", "send the value in a form field"),
    "trigger filter": (
        r"hx-trigger\s*=\s*[\"'][^\"']*\w\[",
        "choose the event in a script of our own",
    ),
    "address elsewhere": (r"(src|href)\s*=\s*[\"'](https?:)?//", "serve it ourselves"),
}
OFFENDERS = {
    "style=": '<p style="color: red">',
    "style element": "<style>p {}</style>",
    "inline script": "<script>alert(1)</script>",
    "hx-on": '<p hx-on:click="go()">',
    "on… handler": '<p onclick="go()">',
    "js: value": '<p hx-vals="js:{a: 1}">',
    "trigger filter": '<p hx-trigger="click[ctrlKey]">',
    "address elsewhere": '<script src="https://example.org/x.js"></script>',
}
PAGES = sorted(TEMPLATES.rglob("*.html"))


def found_in(text: str) -> list[str]:
    """The banned things in a template, comments apart."""
    bare = re.sub(r"\{#.*?#\}", "", text, flags=re.S)
    return [name for name, (pattern, _remedy) in BANNED.items() if re.search(pattern, bare)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_holds_what_the_policy_blocks(path: Path) -> None:
    for name in found_in(path.read_text()):
        pytest.fail(f"{path.relative_to(ROOT)} holds {name}: {BANNED[name][1]}")


@pytest.mark.parametrize("name", BANNED)
def test_the_ban_sees_an_offender(name: str) -> None:
    assert name in found_in(OFFENDERS[name])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_template_compiles(path: Path, templates: Environment) -> None:
    templates.get_template(str(path.relative_to(TEMPLATES)))


def test_every_class_in_a_template_has_a_rule() -> None:
    """A class without a rule is a part that nobody has drawn."""
    sheets = " ".join(path.read_text() for path in (ROOT / "service/web/static").glob("*.css"))
    drawn = set(re.findall(r"\.([a-zA-Z][\w-]*)", sheets))
    for path in PAGES:
        if path.name.startswith("local_provider"):
            continue  # The local provider is somebody else's site, with a sheet of its own.
        bare = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
        for names in re.findall(r'class="([^"]*)"', bare):
            for name in re.sub(r"\{[{%].*?[%}]\}", " ", names).split():
                assert name in drawn, (
                    f"{path.relative_to(ROOT)}: class {name} has no rule in kraftsamling.css"
                )
