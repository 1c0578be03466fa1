"""Every text goes through here: Swedish is the source, other languages are catalogues beside it.

In Python: ``_("Sparat")``, ``_("Vecka %(week)s", week=47)``, ``ngettext("%(num)s rapport", …, n)``.
In templates the same calls, and ``{% trans %}``. A text that is given values is a format, and so is
every text in a template: there a per cent sign is written ``%%``.
``python -m service.web.language extract`` (``make texts``) renews the list that translators get.
A catalogue is ``locale/<language>/LC_MESSAGES/kraftsamling.po``, read as it is.
"""

import gettext as standard
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from jinja2 import Environment

SOURCE = "sv"
LOCALE = Path(__file__).parent / "locale"
CATALOGUE = LOCALE / "kraftsamling.pot"
ROOT = Path(__file__).parents[2]
# Where texts live, and who reads them out (babel's method map). Templates come first, so that the
# list follows the pages.
PLACES: tuple[tuple[str, str, str], ...] = (
    ("templates", "**.html", "jinja2"),
    ("templates", "**.txt", "jinja2"),
    ("service", "**.py", "python"),
    ("tenants", "**.py", "python"),
)
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "later": None}

_chosen: ContextVar[str] = ContextVar("language", default=SOURCE)


def language() -> str:
    """The language of this request: ``sv`` unless ``use`` said otherwise."""
    return _chosen.get()


def use(chosen: str) -> None:
    """Answer the rest of this request or job in ``chosen``, in Swedish when it has no catalogue."""
    _chosen.set(chosen if chosen in languages() else SOURCE)


@cache
def languages() -> tuple[str, ...]:
    """The languages that can be chosen, Swedish first."""
    found = LOCALE.glob("*/LC_MESSAGES/kraftsamling.po")
    return (SOURCE, *sorted(path.parts[-3] for path in found))


@cache
def _catalogue(chosen: str) -> standard.NullTranslations:
    path = LOCALE / chosen / "LC_MESSAGES" / "kraftsamling.po"
    if chosen == SOURCE or not path.is_file():
        return standard.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=chosen))
    compiled.seek(0)
    return standard.GNUTranslations(compiled)


def gettext(message: str) -> str:
    """The text in the language of the request, values not yet set in."""
    return _catalogue(_chosen.get()).gettext(message)


def plural(singular: str, several: str, number: float) -> str:
    """As ``gettext`` for a counted thing; 1,5 counts as several."""
    whole = 1 if number == 1 else 2
    return _catalogue(_chosen.get()).ngettext(singular, several, whole)


def _(message: str, /, **values: Any) -> str:
    """The text in the language of the request; with values it is a %(name)s format."""
    text = gettext(message)
    return text % values if values else text


def ngettext(singular: str, several: str, number: float, /, **values: Any) -> str:
    """A text for one or several; ``%(num)s`` is the number itself."""
    return plural(singular, several, number) % {"num": number, **values}


def english(message: str) -> str:
    """The text in English, beside the Swedish one: for pages that also strangers must understand.

    The Swedish one again where the catalogue has none; tests/look holds that it has.
    """
    return _catalogue("en").gettext(message)


def later(message: str) -> str:
    """Mark a text of a module constant for translators; show it with ``_`` at request time."""
    return message


def set_up(environment: Environment) -> None:
    """Give templates ``_``, ``ngettext`` and ``{% trans %}``. Values are escaped, texts are not."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals["english"] = english
    environment.install_gettext_callables(gettext, plural, newstyle=True)  # type: ignore[attr-defined]


def read_texts() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Every text in the code as (file, text or (singular, plural)), in the order of the files."""
    from babel.messages.extract import extract_from_dir

    for place, pattern, method in PLACES:
        if not (ROOT / place).is_dir():
            continue
        found = extract_from_dir(
            ROOT / place,
            method_map=[(pattern, method)],
            options_map={
                pattern: {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
            },
            keywords=KEYWORDS,
        )
        for name, _line, message, _comments, _context in sorted(found, key=lambda one: one[:2]):
            yield f"{place}/{name}", message


def extract() -> int:
    """Write the list of texts for translators (POT); the number of texts in it.

    File names without line numbers and no date, so that the list changes when a text does.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    catalogue = Catalog(project="Kraftsamling", charset="utf-8")
    for name, message in read_texts():
        catalogue.add(message, locations=[(name, 0)])
    with CATALOGUE.open("wb") as out:
        write_po(
            out, catalogue, omit_header=True, include_lineno=False, sort_output=False, width=100
        )
    return len(catalogue)


if __name__ == "__main__":
    if sys.argv[1:] != ["extract"]:
        raise SystemExit("python -m service.web.language extract")
    sys.stdout.write(f"{extract()} texts in {CATALOGUE.relative_to(ROOT)}\n")
