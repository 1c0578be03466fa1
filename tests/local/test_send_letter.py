"""A letter goes to the local mail box and is shown there as it was written."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from service.local.mailbox import Shelf, create_mailbox, mail_server
from service.settings import Settings, read_settings
from service.web import letters
from service.web.letters import LetterRefused, NotSent, link, send_letter, write_letter
from tests.local.test_run import free_port

BASE = "https://kraftsamling.test"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "letters")


@pytest.fixture
def chosen(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    port = free_port()
    server = mail_server(shelf, port)
    server.start()
    chosen = read_settings(
        {
            "KS_ENV": "test",
            "KS_DATABASE_URL": "postgresql:///none",
            "KS_SECRET_KEY": "k" * 32,
            "KS_BASE_URL": BASE,
            "KS_SMTP_URL": f"smtp://127.0.0.1:{port}",
        }
    )
    monkeypatch.setattr(letters, "settings", lambda: chosen)
    yield chosen
    server.stop()


async def page(shelf: Shelf, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(create_mailbox(shelf, BASE))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://local.test") as client:
        return await client.get(path)


async def test_a_letter_is_shelved_and_shown(chosen, shelf) -> None:
    text = f"Välkommen!\nFölj {link('/inbjudan/abc')} eller http://elak.test/x\n<b>å & ä</b>"
    await send_letter("alma@exempel.test", "Inbjudan till Söderhamn – prov", text)
    listed = await page(shelf, "/brev")
    assert "Inbjudan till Söderhamn – prov" in listed.text
    where = re.findall(r'href="(/brev/[^"]+)"', listed.text)
    shown = (await page(shelf, where[0])).text
    assert f'<a href="{BASE}/inbjudan/abc">' in shown
    assert 'href="http://elak' not in shown
    assert "&lt;b&gt;å &amp; ä&lt;/b&gt;" in shown


async def test_the_newest_letter_stands_first(chosen, shelf) -> None:
    for subject in ("Först", "Sedan"):
        await send_letter("alma@exempel.test", subject, "text")
    listed = (await page(shelf, "/brev")).text
    assert listed.index("Sedan") < listed.index("Först")


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("alma@exempel.test\nBcc: alla@exempel.test", "Hej"),
        ("alma@exempel.test, bo@exempel.test", "Hej"),
        ("alma", "Hej"),
        ("", "Hej"),
        ("alma@exempel.test", "Hej\r\nBcc: alla@exempel.test"),
    ],
)
async def test_nothing_reaches_into_the_headers(chosen, shelf, to, subject) -> None:
    with pytest.raises(LetterRefused):
        await send_letter(to, subject, "text")
    assert shelf.letters() == []


async def test_a_text_cannot_end_the_letter_early(chosen, shelf) -> None:
    await send_letter("alma@exempel.test", "Hej", "rad\n.\nQUIT\nrad efter")
    assert "rad efter" in shelf.letters()[0].text


@pytest.mark.parametrize("path", ["//elak.test/x", "https://elak.test", "/\\elak.test", "/a\nb"])
def test_a_link_leads_to_our_own_pages_only(chosen, path) -> None:
    with pytest.raises(LetterRefused):
        link(path, chosen)


async def test_no_mail_server_is_said(chosen, shelf, monkeypatch) -> None:
    dead = read_settings(
        {
            "KS_DATABASE_URL": "postgresql:///none",
            "KS_SECRET_KEY": "k" * 32,
            "KS_SMTP_URL": f"smtp://127.0.0.1:{free_port() + 2}",
        }
    )
    monkeypatch.setattr(letters, "settings", lambda: dead)
    with pytest.raises(NotSent):
        await send_letter("alma@exempel.test", "Hej", "text")


@pytest.mark.parametrize("name", ["..%2F..%2Fsecret-key", "x", "20260101T000000000000-zzzzzzzz"])
async def test_only_letters_are_served(shelf, name) -> None:
    assert (await page(shelf, f"/brev/{name}")).status_code == 404


def test_a_broken_letter_is_still_listed(shelf) -> None:
    shelf.put(b"\xff\xfe no headers at all")
    assert len(shelf.letters()) == 1


def test_the_sender_is_the_service(chosen) -> None:
    letter: EmailMessage = write_letter("alma@exempel.test", "Hej", "text", chosen)
    assert "ingen-svarar@kraftsamling.test" in str(letter["From"])
