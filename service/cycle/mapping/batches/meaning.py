"""What the columns of a file mean, as somebody said it or as their names suggest."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from msgspec import Struct

from service.cycle.mapping.week import local_day
from service.sources.sheets.moments import guess_order, read_moment

# The field of a report, and words that stand in a heading over it.
HEADINGS = {
    "reference": r"ärende(?:nr|nummer|id)?|diarie(?:nr|nummer)|löpnr|löpnummer",
    "category": r"kategori|typ|ärendetyp|händelsetyp|händelse|rubrik|orsak|skadetyp",
    "day": r"datum|dag|date|tidpunkt|starttid|start|inträffat|inträffade|skapad|inkom|från",
    "time": r"tid|klockslag|klockan|kl",
    "end": r"till|slut|sluttid|slutdatum|upptäckt|upptäcktes",
    "area": r"område|plats|stadsdel|ort|delområde|bostadsområde|kvarter",
    "latitude": r"lat|latitud|latitude",
    "longitude": r"long|lon|lng|longitud|longitude",
    "text": r"beskrivning|text|fritext|kommentar|anteckning|notering",
    "concern": r"oro|allvar|konsekvens",
}
FIELDS = tuple(HEADINGS)
# Alone in a heading they mean the case; beside another word a house, a flat or a person.
ALONE = {"reference": r"id|nr|nummer"}
ALIKE = 0.84


class Meaning(Struct, forbid_unknown_fields=True):
    """For each field the column that holds it, empty for none.

    `one_category` is the category of every row where no column says it. `categories` and `areas`
    say what the values of their columns are called here: a category's key and an area's key,
    or empty where such rows are left out.
    """

    category: str = ""
    one_category: str = ""
    categories: dict[str, str] = {}
    area: str = ""
    areas: dict[str, str] = {}
    latitude: str = ""
    longitude: str = ""
    day: str = ""
    time: str = ""
    end: str = ""
    order: str = "ymd"
    text: str = ""
    concern: str = ""
    reference: str = ""


def guess_meaning(
    columns: list[dict[str, Any]], earlier: Meaning | None, categories: Mapping[str, str]
) -> Meaning:
    """What is likely: what was said of the organisation's last file, and else by the headings.

    `columns` as Columns tells of them; `categories` maps keys to labels.
    """
    names = [column["name"] for column in columns]
    guessed = Meaning()
    taken: set[str] = set()
    for field in FIELDS:
        said = getattr(earlier, field) if earlier else ""
        name = said if said in names else _by_heading(field, names, taken)
        taken.add(name)
        setattr(guessed, field, name)
    if earlier:
        guessed.one_category = earlier.one_category
        guessed.categories, guessed.areas = dict(earlier.categories), dict(earlier.areas)
    samples = {column["name"]: column["samples"] for column in columns}
    days = [sample for sample in samples.get(guessed.day, ()) if sample]
    if earlier and all(read_moment(day, earlier.order) for day in days):
        guessed.order = earlier.order
    else:
        guessed.order = guess_order(days, local_day())
    for value in values_of(columns, guessed.category):
        if value not in guessed.categories and (key := alike(value, categories)):
            guessed.categories[value] = key
    return guessed


def values_of(columns: Iterable[Mapping[str, Any]], name: str) -> dict[str, int]:
    """The values of a column and how many rows hold each; empty where there are too many."""
    return next((one["values"] or {} for one in columns if one["name"] == name), {})


def alike(value: str, named: Mapping[str, str]) -> str:
    """The key of what is called nearly so; empty when nothing is."""
    by_label = {label.casefold(): key for key, label in named.items()}
    found = get_close_matches(value.casefold(), [*by_label, *named], n=1, cutoff=ALIKE)
    return by_label.get(found[0], found[0]) if found else ""


def _by_heading(field: str, names: list[str], taken: set[str]) -> str:
    words = HEADINGS[field]
    free = [name for name in names if name not in taken]
    alone = f"{words}|{ALONE[field]}" if field in ALONE else words
    whole = [name for name in free if re.fullmatch(alone, name.casefold())]
    part = [name for name in free if re.search(rf"\b(?:{words})\b", name.casefold())]
    return next(iter([*whole, *part]), "")
