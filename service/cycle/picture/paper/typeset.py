"""Typeset a document as PDF/UA-1, the same bytes for the same document."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parents[4] / "templates" / "cycle" / "picture" / "paper"


def typeset(document: dict[str, Any], at: datetime) -> bytes:
    """The PDF of what `document_of` gives. A figure without words for it fails.

    `at` is when the document says that it was made. Nothing outside the folder of its template can
    be read, and no font but those that the typesetter brings is used.
    """
    return typst.compile(
        FOLDER / "document.typ",
        root=FOLDER,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(document, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=int(at.timestamp()),
        format="pdf",
    )
