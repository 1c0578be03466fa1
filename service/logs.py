"""The log: what happened and where in the code, never to whom or with which words.

What an exception says may quote a row, a form or an address: its kind and its place are logged,
with PostgreSQL's error code, and its text is not.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType

from tenants.tracing import carried

# These log addresses and queries, which may hold codes.
NOISY = ("httpx", "httpx2", "httpcore2", "periodiq", "psycopg.pool", "asyncio", "opentelemetry")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Discreet(logging.Formatter):
    """Exceptions as a chain of kinds and places."""

    def format(self, record: logging.LogRecord) -> str:
        # Another handler's formatter may have left the whole text there, which would be used.
        left, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = left

    def formatException(self, ei: ExcInfo) -> str:
        return "\n".join(_told(ei[1])) if ei[1] is not None else ""


class Plain(_Discreet):
    """One line for a person who looks."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")


class Structured(_Discreet):
    """One JSON object for a collector: time, level, logger, message, trace and error."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if trace := carried():
            line["trace"] = trace.split("-")[1]
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _told(error: BaseException) -> Iterator[str]:
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in chain:
        chain.append(following)
        following = following.__cause__ or (
            None if following.__suppress_context__ else following.__context__
        )
    for one in reversed(chain):
        code = getattr(one, "sqlstate", None)
        yield f"{type(one).__module__}.{type(one).__qualname__}" + (f" [{code}]" if code else "")
        for frame in traceback.extract_tb(one.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} {frame.name}"
        for inner in getattr(one, "exceptions", ()):
            yield from _told(inner)


def start_logging(*, structured: bool) -> logging.Handler:
    """Everything that is logged goes to standard error in one of the two forms."""
    handler = logging.StreamHandler()
    handler.setFormatter(Structured() if structured else Plain())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Each loss of a connection in ten lines; who uses it says it in one.
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    return handler
