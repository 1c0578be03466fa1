"""Every text goes through gettext, and the translators' list is what the code says."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment

from service.web import language
from tests.look.conftest import ROOT, TEMPLATES

# Names and signs that are written alike in every language.
PAGES = sorted(TEMPLATES.rglob("*.html"))
NEUTRAL = {"Kraftsamling", "Vera", "Exempel", "km", "EST"}


def bare_texts(source: str) -> list[str]:
    """Words of a template, spoken attributes included, outside `_()` and `{% trans %}`."""
    text = re.sub(r"\{#.*?#\}", "", source, flags=re.S)
    text = re.sub(r"\{%-?\s*trans.*?endtrans\s*-?%\}", "", text, flags=re.S)
    text = re.sub(r"\{% block \w+_class %\}.*?\{% endblock %\}", "", text)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S)
    spoken = re.findall(r"\s(?:aria-label|title|placeholder|alt|data-said)=\"([^\"]*)\"", text)
    # Macros give attributes of their own, which are no text either.
    between = re.sub(r"[\w-]+=\"[^\"]*\"", " ", re.sub(r"<[^>]*>", " ", text))
    words = re.findall(r"[A-Za-zÅÄÖåäö]{2,}", " ".join([between, *spoken]))
    return [word for word in words if word not in NEUTRAL]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_holds_a_bare_text(path: Path) -> None:
    found = bare_texts(path.read_text())
    assert not found, f'{path.relative_to(ROOT)}: {" ".join(found[:8])} …: write {{{{ _("…") }}}}'


def test_the_wall_sees_a_bare_text() -> None:
    assert bare_texts("<p>Sidan finns inte</p>") == ["Sidan", "finns", "inte"]
    assert bare_texts('<p aria-label="Meny">{{ _("Meny") }}</p>') == ["Meny"]
    assert not bare_texts('{# note #}<p class="meta">{{ _("Sidan finns inte") }}</p>')
    assert not bare_texts("<p>{% trans %}Ja{% endtrans %}</p>")


def test_the_list_for_translators_is_up_to_date() -> None:
    with language.CATALOGUE.open("rb") as file:
        listed = {message.id for message in read_po(file) if message.id}
    said = {message for _name, message in language.read_texts() if message}
    missing = sorted(map(str, said - listed))
    assert not missing, f"{len(missing)} texts are not listed ({missing[0]}); run: make texts"
    assert not listed - said, "texts are listed that nothing says; run: make texts"


def test_every_text_of_a_template_is_a_sound_format() -> None:
    """In templates every text is a format: a per cent sign is written twice."""
    for name, message in language.read_texts():
        for text in message if isinstance(message, tuple) else (message,):
            if name.startswith("templates/") and text:
                wrong = re.search(r"%(?!\(\w+\)[sd])", text.replace("%%", ""))
                assert not wrong, f"{name}: {text!r} holds a lone per cent sign; write %%"


def test_a_page_speaks_swedish_until_asked_otherwise(templates: Environment) -> None:
    assert language.language() == "sv"
    said = templates.from_string(
        '{{ ngettext("%(num)s rapport", "%(num)s rapporter", 2) }}'
    ).render()
    assert said == "2 rapporter"


def test_a_value_is_escaped_in_a_text(templates: Environment) -> None:
    said = templates.from_string('{{ _("Hej %(name)s", name=name) }}').render(name="<b>")
    assert said == "Hej &lt;b&gt;"


def test_what_is_said_in_english_too_has_a_translation() -> None:
    """Every text that a template shows through `english`, by name or in the table above it."""
    with (language.LOCALE / "en/LC_MESSAGES/kraftsamling.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    said = {message for _name, message in language.read_texts() if isinstance(message, str)}
    # What is no longer said anywhere is not translated either.
    gone = [message.id for message in catalogue if message.id and message.id not in said]
    assert gone == []
    for template in (language.ROOT / "templates").rglob("*.html"):
        source = template.read_text()
        shown = re.findall(r'english\(_\("([^"]+)"\)\)', source)
        if "english(said" in source:
            shown += re.findall(r'_\("([^"]+)"\)', source.partition("{% block title")[0])
        for text in shown:
            assert catalogue.get(text) is not None, f"{template}: {text}"
            assert catalogue[text].string != text, text
