"""The log: read by day, person, act and thing; fetched as a file."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.response import Template

from service.oversight.forms import FilterForm
from service.oversight.words import KINDS, VERBS, said
from service.web import limits
from service.web.formats import LOCAL
from service.web.language import _
from service.web.may import CurrentMember, may
from service.web.respond import page
from service.web.spreadsheet import as_csv
from tenants import audit
from tenants.audit.read import Line, choices, read
from tenants.roles import Permission

READ = may(Permission.AUDIT_READ)
TAKE_OUT = may(Permission.AUDIT_READ, sensitive=True)
FIRST = 100
MOST = 2000
IN_A_FILE = 50_000


@get("/{municipality:str}/granskning", opt=READ)
async def log_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    """The newest lines that fit. Reading them is a line of its own, with what was asked for."""
    form = FilterForm.parse(request.query_params)
    wanted = _how_many(request.query_params.get("antal", ""))
    lines = [] if form.errors else await read(form.wanted, limit=wanted + 1)
    if not form.errors:
        await audit.record(
            by=member, verb="audit.read", object_kind="audit_event", detail=form.wanted.facts
        )
    chosen = await choices()
    here = f"/{member.municipality.slug}/granskning"
    more = min(wanted * 2, MOST) if len(lines) > wanted < MOST else 0
    return page(
        request,
        "oversight/log.html",
        status=422 if form.errors else 200,
        form=form,
        lines=lines[:wanted],
        people=[("", _("Alla")), *chosen.people],
        verbs=[("", _("Allt")), *((word, said(VERBS, word)) for word in chosen.verbs)],
        kinds=[("", _("Allt")), *((word, said(KINDS, word)) for word in chosen.kinds)],
        said_verb=lambda word: said(VERBS, word),
        said_kind=lambda word: said(KINDS, word),
        here=here,
        file_address=f"{here}/logg.csv?{urlencode(form.query)}",
        more_address=f"{here}?{urlencode(form.query | {'antal': str(more)})}" if more else "",
    )


@get("/{municipality:str}/granskning/logg.csv", opt=TAKE_OUT)
async def log_file(request: Request[Any, Any, Any], member: CurrentMember) -> Response[bytes]:
    """The same lines as CSV, at most 50 000 of them."""
    form = FilterForm.parse(request.query_params)
    if form.errors:
        text = "\n".join(form.errors.values()).encode()
        return Response(text, status_code=422, media_type="text/plain; charset=utf-8")
    await limits.take(request, "export")
    lines = await read(form.wanted, limit=IN_A_FILE)
    await audit.record(
        by=member,
        verb="audit.export",
        object_kind="audit_event",
        detail=form.wanted.facts | {"lines": len(lines)},
    )
    name = f"logg-{member.municipality.slug}-{datetime.now(UTC):%Y-%m-%d}.csv"
    return Response(
        as_csv(_heads(), map(_row, lines)),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _heads() -> list[str]:
    return [
        _("Tid"),
        _("Person"),
        _("Händelse"),
        _("Sak"),
        _("Sakens id"),
        _("Uppgifter"),
        _("Adress"),
        _("Klient"),
        _("Skäl"),
        _("Sigill"),
    ]


def _row(line: Line) -> list[object]:
    return [
        f"{line.at.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}",
        line.person,
        said(VERBS, line.verb),
        said(KINDS, line.object_kind),
        line.object_id,
        line.detail,
        line.address,
        line.client,
        line.reason,
        line.seal,
    ]


def _how_many(asked: str) -> int:
    return min(max(int(asked), FIRST), MOST) if asked.isdecimal() and len(asked) < 5 else FIRST


routes: list[Any] = [log_page, log_file]
