"""What everybody may read, as a page and as files: the same numbers, all through the gate."""

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.response import Template

from service.cycle.feedback.lay_out import has_ended, until
from service.cycle.feedback.public_counts import PublicCounts, Table, read_content
from service.cycle.feedback.publish import Publication, read_publication
from service.cycle.feedback.show_counts import protection_note, shown
from service.web.language import _
from service.web.may import PUBLIC
from service.web.respond import page
from service.web.spreadsheet import as_csv

Row = tuple[str, str, str, str, int | None]


@get("/{municipality:str}/tryggt", opt=PUBLIC)
async def public_page(request: Request[Any, Any, Any]) -> Template:
    """What the coordinator approved for everybody; the same for whoever looks."""
    municipality = _municipality(request)
    publication = await read_publication()
    return page(
        request,
        "cycle/feedback/public.html",
        municipality=municipality,
        demonstration=municipality.demonstration,
        publication=publication,
        counts=shown(read_content(publication.content)) if publication else None,
        until=until,
        has_ended=has_ended,
    )


@get("/{municipality:str}/tryggt/siffror.csv", opt=PUBLIC)
async def public_table(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The numbers of the page as CSV; 404 when there are none."""
    municipality = _municipality(request)
    _publication, counts = await _published()
    heads = [_("Från"), _("Till"), _("Tabell"), _("Del"), _("Rapporter")]
    return Response(
        as_csv(heads, [*_rows(counts), ("", "", _("Om siffrorna"), protection_note(), None)]),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="tryggt-{municipality.slug}.csv"'},
    )


@get("/{municipality:str}/tryggt/siffror.json", opt=PUBLIC)
async def public_data(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """The numbers of the page as JSON; 404 when there are none."""
    municipality = _municipality(request)
    publication, counts = await _published()
    return {
        "municipality": municipality.slug,
        "published_at": publication.published_at.isoformat(),
        "note": protection_note(),
        "rows": [
            {"from": first, "to": last, "table": table, "part": part, "reports": count}
            for first, last, table, part, count in _rows(counts)
        ],
    }


def _municipality(request: Request[Any, Any, Any]) -> Any:
    municipality = request.scope["state"]["municipality"]
    if municipality is None:
        raise NotFoundException()
    return municipality


async def _published() -> tuple[Publication, PublicCounts]:
    publication = await read_publication()
    counts = read_content(publication.content) if publication else None
    if publication is None or counts is None:
        raise NotFoundException()
    return publication, counts


def _rows(counts: PublicCounts) -> list[Row]:
    first, last = counts.first.isoformat(), counts.last.isoformat()
    rows: list[Row] = [
        (one.first.isoformat(), one.last.isoformat(), _("Hela kommunen"), _("Alla"), one.count)
        for one in counts.series
        if one.first != counts.first
    ]
    rows.append((first, last, _("Hela kommunen"), _("Alla"), counts.total))
    for name, table in ((_("Område"), counts.areas), (_("Vad det gällde"), counts.groups)):
        rows += [(first, last, name, part.name, part.count) for part in table.parts]
        rows += _rest(first, last, name, table)
    return rows


def _rest(first: str, last: str, name: str, table: Table) -> list[Row]:
    return [] if table.rest is None else [(first, last, name, _("Övriga tillsammans"), table.rest)]


routes = [public_page, public_table, public_data]
