"""Where an act came from: the address and the kind of client, for the lines of one request."""

import re
from contextvars import ContextVar
from dataclasses import dataclass

LONGEST_ADDRESS = 60


@dataclass(frozen=True)
class Origin:
    """Both are None for what the service does by itself."""

    address: str | None = None
    client: str | None = None


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)

# The first that fits: every browser also claims to be the ones before it.
_BROWSERS = (
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/(\d+)")),
    ("Firefox", re.compile(r"(?:Firefox|FxiOS)/(\d+)")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/(\d+)")),
    ("Chrome", re.compile(r"(?:Chrome|CriOS|Chromium)/(\d+)")),
    ("Safari", re.compile(r"Version/(\d+)[\d.]* (?:Mobile/\w+ )?Safari/")),
)
_SYSTEMS = (
    ("Android", re.compile(r"Android")),
    ("iOS", re.compile(r"iPhone|iPad")),
    ("Windows", re.compile(r"Windows")),
    ("macOS", re.compile(r"Macintosh")),
    ("ChromeOS", re.compile(r"CrOS")),
    ("Linux", re.compile(r"Linux")),
)


def origin() -> Origin:
    """Where the act of the running request came from."""
    return _origin.get() or Origin()


def come_from(address: str | None, user_agent: str) -> None:
    """Say for the rest of this request where it came from."""
    _origin.set(Origin((address or "")[:LONGEST_ADDRESS] or None, kind_of_client(user_agent)))


def kind_of_client(user_agent: str) -> str | None:
    """`Firefox 128, Windows` of a User-Agent; None when it says nothing that is known.

    Only words of our own come out, so that nobody writes into the log by a header.
    """
    seen = user_agent[:500]
    browser = next(
        (f"{name} {found[1][:4]}" for name, known in _BROWSERS if (found := known.search(seen))),
        None,
    )
    system = next((name for name, known in _SYSTEMS if known.search(seen)), None)
    return ", ".join(part for part in (browser, system) if part) or None
