"""The invented people whom the local provider can log in."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ELSEWHERE = "Övriga"


@dataclass(frozen=True)
class LocalPerson:
    """Somebody to log in as; `description` says the role, `municipality` is its name."""

    subject: str
    name: str
    description: str
    municipality: str = ELSEWHERE


def local_people(data_dir: Path) -> list[LocalPerson]:
    """The demonstration's cast, and whoever DATA_DIR/people.json lists with the same fields."""
    # The cast brings numpy with it, for which the provider need not wait before it answers.
    from service.demo.cast import OPERATOR, people

    found = [
        LocalPerson(one.subject, one.name, one.description, one.municipality) for one in people()
    ]
    found.append(LocalPerson(*OPERATOR))
    listed = data_dir / "people.json"
    if listed.exists():
        found += [LocalPerson(**entry) for entry in json.loads(listed.read_text())]
    return found


def by_municipality(
    people: Iterable[LocalPerson], wanted: str = ""
) -> list[tuple[str, list[LocalPerson]]]:
    """People whose name, role or municipality holds every word of `wanted`, grouped."""
    words = wanted.casefold().split()
    groups: dict[str, list[LocalPerson]] = {}
    for person in people:
        text = f"{person.name} {person.description} {person.municipality}".casefold()
        if all(word in text for word in words):
            groups.setdefault(person.municipality, []).append(person)
    return sorted(groups.items(), key=lambda group: (group[0] == ELSEWHERE, group[0]))
