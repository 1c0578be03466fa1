"""A file's text, packed or not, whole or cut short."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from service.sources.police.event import BrokenFile
from service.web.language import _


@contextmanager
def opened(path: Path) -> Iterator["Text"]:
    try:
        raw: IO[bytes] = path.open("rb")
    except OSError as error:
        raise BrokenFile(
            _("%(path)s: filen kan inte öppnas (%(why)s).", path=path, why=error.strerror)
        ) from error
    with raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream: Any = gzip.GzipFile(fileobj=raw) if packed else raw
        # A byte that is no UTF-8 becomes U+FFFD, which the record's reader then points out.
        yield Text(io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline=""))


class Text:
    """Text that ends where a broken gzip stream ends, and remembers that it was cut short."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self.cut_short = False
        self.pushed_back = ""

    def read(self, size: int) -> str:
        given, self.pushed_back = self.pushed_back[:size], self.pushed_back[size:]
        if given:
            return given
        try:
            return self._stream.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            self.cut_short = True
            return ""

    def lines(self) -> Iterator[str]:
        """Lines with their ends; the last one may have none."""
        kept = ""
        while block := self.read(1 << 16):
            kept += block
            # Not splitlines(): a summary may hold U+2028, which ends no line of a CSV.
            *whole, kept = kept.split("\n")
            yield from (line + "\n" for line in whole)
        if kept:
            yield kept


def first_character(text: Text) -> str:
    start = text.read(1 << 12)
    text.pushed_back = start
    if not start.strip():
        raise BrokenFile(_("Rad 1: filen är tom eller går inte att packa upp."))
    return start.lstrip()[0]
