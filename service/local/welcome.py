"""What `kraftsamling run` prints when all is up: where to go and who to log in as."""

from pathlib import Path

from service.demo.cast import OPERATOR, CastMember, people
from service.local.ports import Ports

# One of each, in the order in which a newcomer wants to try them.
SHOWN = (
    "safety_coordinator",
    "reporter",
    "steering_member",
    "municipal_police",
    "org_contact",
    "tenant_admin",
)


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
    cast = _one_of_each()
    if cast:
        municipality = cast[0].municipality
        others = sorted({one.municipality for one in people()} - {municipality})
        width = max(len(one.name) for one in cast)
        lines.append(
            f"Logga in som någon av de påhittade personerna, till exempel i {municipality}:"
        )
        lines += [f"  {one.name:<{width}}  {one.description}" for one in cast]
        lines.append(f"  {OPERATOR[1]:<{width}}  {OPERATOR[2]} ({base_url}/drift)")
        lines += [f"Alla andra står på inloggningssidan, även de i {', '.join(others)}.", ""]
    return "\n".join(lines)


def _one_of_each() -> list[CastMember]:
    found: dict[str, CastMember] = {}
    first = people()[0].municipality
    for one in people():
        if one.municipality == first:
            found.setdefault(str(one.role), one)
    return [found[role] for role in SHOWN if role in found]
