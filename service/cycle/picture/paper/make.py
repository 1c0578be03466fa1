"""Make the PDF of an edition once for each view, and keep it until it can be forgotten."""

import asyncio
import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from pypdf import PdfReader

from service.cycle.picture.editions.approve import hold_paper
from service.cycle.picture.editions.draft import TOPIC
from service.cycle.picture.editions.read import EditionHead, read_edition, read_head
from service.cycle.picture.paper.document import document_of
from service.cycle.picture.paper.tables import KEPT
from service.cycle.picture.paper.typeset import typeset
from service.web.live import announce
from tenants.jobs import ask
from tenants.members import Member
from tenants.roles import PictureView
from tenants.scope import execute, fetch_row, fetch_value

KIND = "edition.pdf"
VERB = "edition.print"
MEDIA = "application/pdf"


@dataclass(frozen=True)
class Printed:
    """A PDF as a page tells of it: `pages` and `size` in bytes."""

    name: str
    pages: int
    size: int
    sha256: str
    made_at: datetime


async def ask_for_pdf(edition_id: UUID, view: PictureView, *, by: Member) -> None:
    """Ask a worker for it, unless it is there or asked for already."""
    if await is_being_made(edition_id, view) or await find_pdf(edition_id, view) is not None:
        return
    await ask(VERB, by=by, arguments={"edition": str(edition_id), "view": view.value})


async def is_being_made(edition_id: UUID, view: PictureView) -> bool:
    return bool(
        await fetch_value(
            """SELECT EXISTS (
                   SELECT FROM job WHERE verb = $1 AND finished_at IS NULL
                     AND arguments->>'edition' = $2 AND arguments->>'view' = $3)""",
            VERB,
            str(edition_id),
            view.value,
        )
    )


async def make_pdf(edition_id: UUID, view: PictureView) -> None:
    """Typeset the edition as `view` sees it; made again it is the same.

    What is stored says who stands behind the edition when it is stored: signed or replaced
    meanwhile, it is typeset again.
    """
    shown = await read_edition(edition_id, view)
    place = await fetch_row(
        """SELECT municipality.name, municipality.code, slug FROM municipality
           WHERE id = ks.current_tenant()"""
    )
    assert place is not None, "A scope is of a municipality."
    head, content = await read_head(edition_id), None
    while content is None:
        document = await document_of(head, shown, municipality=place["name"], code=place["code"])
        # Beside the loop: the worker's other jobs go on meanwhile.
        content = await asyncio.to_thread(typeset, document, head.frozen_at)
        await hold_paper(edition_id)
        latest = await read_head(edition_id)
        if latest != head:
            head, content = latest, None
    await execute(
        """INSERT INTO file (tenant_id, id, kind, about, view, name, media_type, content, sha256,
                             pages, expires_at)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10)
           ON CONFLICT (tenant_id, kind, about, view) DO UPDATE
           SET content = excluded.content, sha256 = excluded.sha256, pages = excluded.pages,
               name = excluded.name, made_at = now(), expires_at = excluded.expires_at""",
        uuid4(),
        KIND,
        edition_id,
        view.value,
        file_name(head, place["slug"]),
        MEDIA,
        content,
        hashlib.sha256(content).hexdigest(),
        pages_of(content),
        KEPT,
    )
    await announce(TOPIC)


def file_name(head: EditionHead, slug: str, ending: str = "pdf") -> str:
    """``lagesbild-soderhamn-2026-T2.pdf``, in signs that every system takes."""
    number = head.number.replace(" ", "-").replace("Å", "ar")
    return f"lagesbild-{slug}-{number}.{ending}"


def pages_of(content: bytes) -> int:
    """How many pages the PDF says that it has."""
    return len(PdfReader(io.BytesIO(content)).pages)


async def find_pdf(edition_id: UUID, view: PictureView) -> Printed | None:
    row = await fetch_row(
        """SELECT name, pages, length(content) AS size, sha256, made_at FROM file
           WHERE kind = $1 AND about = $2 AND view = $3 AND expires_at > now()""",
        KIND,
        edition_id,
        view.value,
    )
    return Printed(**dict(row)) if row is not None else None


async def read_pdf(edition_id: UUID, view: PictureView) -> tuple[str, bytes] | None:
    """Its name and bytes; None where it has not been made for this view."""
    row: Any = await fetch_row(
        """SELECT name, content FROM file
           WHERE kind = $1 AND about = $2 AND view = $3 AND expires_at > now()""",
        KIND,
        edition_id,
        view.value,
    )
    return (row["name"], bytes(row["content"])) if row is not None else None


async def forget_files() -> None:
    await execute("DELETE FROM file WHERE expires_at < now()")
