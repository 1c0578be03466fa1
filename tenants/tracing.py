"""Traces from request through queue to database, when this process was told where to send them.

A span names routes, verbs and statements; it never holds a value, a person or a municipality.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_tracer = trace.get_tracer("kraftsamling")
_carrier = TraceContextTextMapPropagator()
_on = False


def turn_on() -> None:
    """Spans are made from now on; somebody must have said where they go."""
    global _on
    _on = True


@contextmanager
def span(name: str, *, asked: str | None = None, **attributes: str) -> Iterator[None]:
    """A step of a trace around the block; `asked` goes on with what `carried` wrote down."""
    if not _on:
        yield
        return
    context = _carrier.extract({"traceparent": asked}) if asked else None
    # What an error says may hold values: its kind is enough.
    with _tracer.start_as_current_span(
        name, context, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield
        except BaseException as error:
            current.set_attribute("error.type", type(error).__name__)
            current.set_status(trace.StatusCode.ERROR)
            raise


@contextmanager
def statement(sql: str) -> Iterator[None]:
    """A statement inside a step, called by its verb; values are passed beside it, not in it.

    What beats or looks round outside any step would make a trace of its own each second.
    """
    if not _on or not trace.get_current_span().get_span_context().is_valid:
        yield
        return
    verb = sql.split(None, 1)[0].upper() if sql.strip() else "EMPTY"
    with span(verb, **{"db.query.text": sql}):
        yield


def carried() -> str | None:
    """The running step, to be stored with what is asked for in it."""
    if not _on:
        return None
    carrier: dict[str, str] = {}
    _carrier.inject(carrier)
    return carrier.get("traceparent")
