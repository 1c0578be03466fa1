"""What `kraftsamling run` prints when all is up: where to go and who to log in as."""

from pathlib import Path

from service.local.ports import Ports
from service.local.provider_people import LocalPerson, by_municipality, local_people

SHOWN = 2
"""Municipalities whose people are listed; the log-in page lists them all."""


def welcome(base_url: str, ports: Ports, folder: Path) -> str:
    """Several lines of Swedish."""
    lines = [
        "",
        "Kraftsamling är igång.",
        "",
        f"  Sidan      {base_url}",
        f"  Brevlådan  http://127.0.0.1:{ports.provider}/brev",
        f"  Data       {folder}",
        f"  Loggar     {folder / 'log'}",
        "",
    ]
    groups = by_municipality(local_people(folder))
    if groups:
        lines.append("Logga in som någon av de påhittade personerna; inget lösenord behövs:")
        for municipality, people in groups[:SHOWN]:
            lines += ["", f"  {municipality}", *_listed(people)]
        rest = [municipality for municipality, _ in groups[SHOWN:]]
        if rest:
            lines += ["", f"  … och lika många i {', '.join(rest)}."]
        lines.append("")
    return "\n".join(lines)


def _listed(people: list[LocalPerson]) -> list[str]:
    width = max(len(person.name) for person in people)
    return [f"    {person.name:<{width}}  {person.description}" for person in people]
