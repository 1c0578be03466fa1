"""Reading of the form in which somebody says what a file's columns mean."""

from collections.abc import Mapping
from typing import Any

from service.cycle.mapping.batches.meaning import FIELDS, Meaning, values_of
from service.cycle.mapping.places import Places
from service.sources.sheets.moments import ORDERS
from service.web.filled import Filled
from service.web.language import _, later

LABELS = {
    "category": later("Vad det gäller"),
    "day": later("Datum"),
    "time": later("Klockslag"),
    "end": later("Slut, eller när det upptäcktes"),
    "area": later("Område, som namn"),
    "latitude": later("Latitud"),
    "longitude": later("Longitud"),
    "text": later("Beskrivning"),
    "concern": later("Oro, 1 till 4"),
    "reference": later("Ärendets nummer hos er"),
}
NO_COLUMN = ""
LEFT_OUT = "-"
"""What is sent for a value whose rows are left out; an empty answer is none."""
MOST_PLACES = 60
"""More names of places than these are asked about row by row instead."""


def unknown_places(columns: list[dict[str, Any]], name: str, places: Places) -> dict[str, int]:
    """The values of the area column that are called so nowhere here, and how many rows each has."""
    unknown = {
        value: rows for value, rows in values_of(columns, name).items() if not places.named(value)
    }
    return unknown if len(unknown) <= MOST_PLACES else {}


def field_of_value(kind: str, columns: list[dict[str, Any]], column: str, value: str) -> str:
    """The name of the form's field for one value of one column; another column's are others."""
    at = [one["name"] for one in columns].index(column)
    return f"{kind}-{at}-{list(values_of(columns, column)).index(value)}"


def read_meaning(
    form: Filled,
    columns: list[dict[str, Any]],
    categories: Mapping[str, str],
    places: Places,
) -> Meaning:
    """What was said; whatever is wrong is beside its field in `form.errors`."""
    names = [column["name"] for column in columns]
    meaning = Meaning()
    used: dict[str, str] = {}
    for field in FIELDS:
        name = form.said(field)
        if name and name not in names:
            form.refuse(field, _("Välj en av kolumnerna."))
            continue
        if name and name in used:
            form.refuse(
                field, _("Kolumnen är redan vald för %(other)s.", other=_(LABELS[used[name]]))
            )
        used[name] = field
        setattr(meaning, field, name)
    meaning.order = form.choice("order", ORDERS, _("Välj ordning."))
    if not meaning.day and "day" not in form.errors:
        form.refuse("day", _("Välj kolumnen med datum."))
    _read_place(form, meaning, columns, places)
    _read_category(form, meaning, columns, categories)
    return meaning


def _read_place(
    form: Filled, meaning: Meaning, columns: list[dict[str, Any]], places: Places
) -> None:
    if bool(meaning.latitude) != bool(meaning.longitude):
        missing = "longitude" if meaning.latitude else "latitude"
        form.refuse(missing, _("Välj båda koordinaterna, eller ingen."))
    if not (meaning.area or meaning.latitude or meaning.longitude):
        form.refuse("area", _("Välj kolumnen med område, eller de två med koordinater."))
    if not meaning.area or "area" in form.errors:
        return
    for value in unknown_places(columns, meaning.area, places):
        field = field_of_value("area", columns, meaning.area, value)
        said = form.said(field)
        if said == LEFT_OUT:
            meaning.areas[value] = ""
        elif said in places.by_key:
            meaning.areas[value] = said
        else:
            form.refuse(field, _("Välj vilket område %(value)s är.", value=value))


def _read_category(
    form: Filled,
    meaning: Meaning,
    columns: list[dict[str, Any]],
    categories: Mapping[str, str],
) -> None:
    if not meaning.category:
        meaning.one_category = form.choice(
            "one_category", categories, _("Välj en kolumn, eller en kategori för alla rader.")
        )
        return
    if "category" in form.errors:
        return
    values = values_of(columns, meaning.category)
    if not values:
        form.refuse("category", _("Kolumnen är tom eller har fler än hundra olika ord."))
    for value in values:
        field = field_of_value("category", columns, meaning.category, value)
        said = form.said(field)
        if said == LEFT_OUT:
            meaning.categories[value] = ""
        elif said in categories:
            meaning.categories[value] = said
        else:
            form.refuse(field, _("Välj vad %(value)s är.", value=value))


def filled_with(meaning: Meaning, columns: list[dict[str, Any]], places: Places) -> Filled:
    """The form as it is first shown: what is likely, or what was said before."""
    typed = {field: getattr(meaning, field) for field in (*FIELDS, "order", "one_category")}
    for value in values_of(columns, meaning.category):
        if value in meaning.categories:
            field = field_of_value("category", columns, meaning.category, value)
            typed[field] = meaning.categories[value] or LEFT_OUT
    for value in unknown_places(columns, meaning.area, places):
        if value in meaning.areas:
            field = field_of_value("area", columns, meaning.area, value)
            typed[field] = meaning.areas[value] or LEFT_OUT
    return Filled(typed)
