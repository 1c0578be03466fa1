"""Letters by mail: plain text, one addressee, no header that a value could reach into."""

import asyncio
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit
from uuid import UUID

from service.settings import Settings, settings

TIMEOUT = 10.0
"""Seconds for each step of the conversation with the mail server."""


class LetterRefused(ValueError):
    """The address, the subject or a link cannot be sent; nothing was sent."""


class NotSent(RuntimeError):
    """The mail server did not take the letter; trying again later may help."""


async def send_letter(to: str, subject: str, text: str, *, message_id: UUID | None = None) -> None:
    """Hands one letter to the mail server of KS_SMTP_URL. Raises LetterRefused or NotSent.

    Call it from a job and outside a scope, since no transaction may wait for another server. What
    may be sent twice gives its `message_id`, so that the receiver's mail system knows it again.
    """
    chosen = settings()
    letter = write_letter(to, subject, text, chosen)
    if message_id is not None:
        host = urlsplit(chosen.base_url).hostname or "localhost"
        letter.replace_header("Message-ID", f"<{message_id}@{host}>")
    await asyncio.to_thread(_deliver, letter, chosen.smtp_url)


def write_letter(to: str, subject: str, text: str, chosen: Settings) -> EmailMessage:
    """The letter as it goes out. Line breaks in address or subject are refused, not repaired."""
    for name, value in (("address", to), ("subject", subject)):
        if not value.strip() or any(ord(sign) < 32 or ord(sign) == 127 for sign in value):
            raise LetterRefused(f"The {name} is empty or holds control characters.")
    host = urlsplit(chosen.base_url).hostname or "localhost"
    letter = EmailMessage()
    try:
        # Parsed strictly as one address: a comma would add a receiver.
        letter["To"] = Address(addr_spec=to.strip())
    except (ValueError, IndexError) as error:
        raise LetterRefused("The address is not one mail address.") from error
    letter["From"] = Address("Kraftsamling", "ingen-svarar", host)
    letter["Subject"] = subject.strip()[:200]
    letter["Date"] = format_datetime(datetime.now(UTC))
    letter["Message-ID"] = make_msgid(domain=host)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text.replace("\r\n", "\n").replace("\r", "\n"))
    return letter


def link(path: str, chosen: Settings | None = None) -> str:
    """The whole address of a page of ours. Raises LetterRefused for anything but a path.

    Letters take links from here alone, never from a request's host, which its sender chooses.
    """
    if not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        raise LetterRefused(f"{path!r} is not a path of this service.")
    return f"{(chosen or settings()).base_url}{path}"


def try_server(smtp_url: str) -> None:
    """Log in at the mail server without sending anything. Blocks; raises NotSent."""
    with _connected(smtp_url) as server:
        server.noop()


def _deliver(letter: EmailMessage, smtp_url: str) -> None:
    with _connected(smtp_url) as server:
        server.send_message(letter)


@contextmanager
def _connected(smtp_url: str) -> Iterator[smtplib.SMTP]:
    parts = urlsplit(smtp_url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise NotSent("KS_SMTP_URL is not set to smtp://host:port or smtps://host:port.")
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    port = parts.port or (465 if parts.scheme == "smtps" else 25)
    try:
        with kind(parts.hostname, port, timeout=TIMEOUT) as server:
            if parts.username:
                if parts.scheme == "smtp":
                    server.starttls()
                server.login(unquote(parts.username), unquote(parts.password or ""))
            yield server
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"The mail server did not take the letter: {type(error).__name__}") from error
