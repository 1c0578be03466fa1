"""Entries of the catalogue of attacks whose surface does not exist yet, and what each waits for.

The catalogue is `attacks.md` in the folder of KS_REFERENCE; the tests here name its entries by
number. `test_waiting.py` fails when a surface appears: then the entry's attack is written as a
test in this folder, and its line here goes.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Waiting:
    """What the numbered entries wait for.

    `paths` is a pattern of routes' paths and `tables` one of tables' names that would make the
    surface; each is searched for anywhere in a path or name, and empty matches nothing.
    """

    numbers: tuple[int, ...]
    surface: str
    paths: str = ""
    tables: str = ""


WAITING = (
    Waiting(
        (11, 12, 13, 38, 78, 79, 80),
        "attachments: files that people add, their previews and downloads",
        paths=r"/(bilag|bild)",
        tables=r"^attachment",
    ),
    Waiting((36,), "the end of a municipality's stay, with its data", paths=r"avveckla|radera"),
    Waiting((44,), "roles mapped from a provider's claims", tables=r"role_mapping|claim"),
    Waiting((47,), "tips from citizens and their codes", paths=r"tips", tables=r"^tip"),
    Waiting((74,), "SCIM", paths=r"scim", tables=r"^scim"),
    Waiting(
        (94,),
        "webhooks, letters in, geocoders, Open311",
        paths=r"webhook|open311|geocode",
        tables=r"^webhook",
    ),
)
