"""The page's own drawings made ready for paper: whole SVG files with the light colours written out.

On a page a drawing takes its colours from the stylesheet. On paper there is none, so the rules of
its `charts` layer go into the file, with every variable replaced by its light value.
"""

import re
from functools import cache

from markupsafe import Markup

from service.web.assets import OWN

FONT = "Libertinus Serif"
_VARIABLE = re.compile(r"--([\w-]+):\s*(?:light-dark\((#[0-9a-fA-F]+),[^)]*\)|(#[0-9a-fA-F]+))\s*;")
_USE = re.compile(r"var\(--([\w-]+)\)")
_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_DESCRIPTION = re.compile(r"<desc[^>]*>(.*?)</desc>", re.DOTALL)
_LINK = re.compile(r"<a\b([^>]*)>")
_CLASS = re.compile(r'class="[^"]*"')


def for_paper(drawn: Markup | None) -> str | None:
    """The wide one of what a page draws, as an SVG file of its own; None where nothing is drawn."""
    found = _SVG.search(str(drawn or ""))
    if found is None:
        return None
    svg = _LINK.sub(_as_group, found.group()).replace("</a>", "</g>")
    return svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1).replace(
        ">", f"><style>{style()}</style>", 1
    )


def _as_group(link: re.Match[str]) -> str:
    """What is a link on a page only belongs together on paper."""
    style_of = _CLASS.search(link.group(1))
    return f"<g {style_of.group()}>" if style_of else "<g>"


def described(drawn: Markup | None) -> str:
    """What the drawing says of itself in words, unescaped."""
    found = _DESCRIPTION.search(str(drawn or ""))
    return Markup(found.group(1)).unescape() if found else ""


@cache
def style() -> str:
    """The rules of the stylesheet's charts, with light colours."""
    text = (OWN / "kraftsamling.css").read_text()
    values = {name: light or plain for name, light, plain in _VARIABLE.findall(text)}
    begin = text.index("@layer charts {") + len("@layer charts {")
    rules = text[begin : text.index("@layer pages {")].rpartition("}")[0]
    values |= {"sans": f'"{FONT}"', "paper": "#ffffff"}
    return _USE.sub(lambda one: values.get(one.group(1), "#000000"), rules)
