"""A mail box for this machine: takes every letter and sends none on.

Letters are files in DATA_DIR/letters, so that they survive a restart. The page that shows them
belongs to the local process alone and does not exist in production.
"""

import email
import email.policy
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Litestar, MediaType, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from markupsafe import Markup, escape

from service.web import formats, language

LARGEST = 1_000_000
"""Bytes of one letter."""
MOST = 500
"""Letters that are kept; the oldest go first."""
NAME = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-f]{8}")
ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
TEMPLATES = Path(__file__).parents[2] / "templates"


@dataclass(frozen=True)
class Letter:
    """One stored letter, its text as sent (plain, unescaped)."""

    name: str
    to: str
    sender: str
    subject: str
    sent: datetime
    text: str


class Shelf:
    """The letters of one installation, as files named by their time of arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        """Stores the letter whole or not at all, and returns its name."""
        arrival = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        name = f"{arrival}-{secrets.token_hex(4)}"
        half = self.folder / f".{name}"
        half.write_bytes(content)
        half.chmod(0o600)
        half.replace(self.folder / f"{name}.eml")
        for old in self._names()[MOST:]:
            (self.folder / f"{old}.eml").unlink(missing_ok=True)
        return name

    def letters(self) -> list[Letter]:
        """All letters, newest first."""
        return [found for name in self._names() if (found := self.letter(name))]

    def letter(self, name: str) -> Letter | None:
        if not NAME.fullmatch(name):
            return None
        try:
            content = (self.folder / f"{name}.eml").read_bytes()
        except FileNotFoundError:
            return None
        return _read(name, content)

    def _names(self) -> list[str]:
        return sorted((path.stem for path in self.folder.glob("[0-9]*.eml")), reverse=True)


class Intake:
    """What the mail server does with a letter: shelve it, then say that it is taken."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        self.shelf.put(content if isinstance(content, bytes) else content.encode())
        return "250 Lagt i den lokala brevlådan"


def mail_server(shelf: Shelf, port: int) -> Controller:
    """The mail server on loopback; `start()` and `stop()` it."""
    return Controller(Intake(shelf), hostname="127.0.0.1", port=port, data_size_limit=LARGEST)


@get("/brev", sync_to_thread=True)
def show_letters(request: Request[Any, Any, Any]) -> Response[str]:
    return _page(request, "letters.html", letters=_shelf(request).letters())


@get("/brev/{name:str}", sync_to_thread=True)
def show_letter(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[str]:
    letter = _shelf(request).letter(name)
    if letter is None:
        raise NotFoundException()
    text = with_links(letter.text, request.app.state.base_url)
    return _page(request, "letter.html", letter=letter, text=text)


mailbox_routes = [show_letters, show_letter]


def create_mailbox(shelf: Shelf, base_url: str) -> Litestar:
    """The page of letters as an application; only links to `base_url` can be followed from it."""
    app = Litestar(mailbox_routes, openapi_config=None, logging_config=None)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    language.set_up(environment)
    formats.set_up(environment)
    app.state.update({"shelf": shelf, "base_url": base_url, "templates": environment})
    return app


def with_links(text: str, base_url: str) -> Markup:
    """The text escaped, with links where an address of our own service stands in it."""
    parts, last = [], 0
    for match in ADDRESS.finditer(text):
        address = match.group()
        if address == base_url or address.startswith(f"{base_url}/"):
            parts += [escape(text[last : match.start()])]
            parts += [Markup('<a href="{0}">{0}</a>').format(address)]
            last = match.end()
    return Markup("").join([*parts, escape(text[last:])])


def _page(request: Request[Any, Any, Any], template: str, **context: Any) -> Response[str]:
    page = request.app.state.templates.get_template(f"local/{template}")
    headers = {
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'",
    }
    product = f"{request.app.state.base_url}/"
    return Response(
        page.render(product=product, **context), media_type=MediaType.HTML, headers=headers
    )


def _shelf(request: Request[Any, Any, Any]) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf


def _read(name: str, content: bytes) -> Letter:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    try:
        text = str(body.get_content()) if body else ""
    except (LookupError, UnicodeError, KeyError):
        text = content.decode(errors="replace")
    try:
        sent = parsedate_to_datetime(str(message["Date"])).astimezone(UTC)
    except (TypeError, ValueError):
        sent = datetime.strptime(f"{name[:15]}+0000", "%Y%m%dT%H%M%S%z")
    return Letter(
        name=name,
        to=str(message["To"] or ""),
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        sent=sent,
        text=text,
    )
