"""Reports from files: send one, say what its columns mean, see it checked, take it in, undo it."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4
from zlib import crc32

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from service.cycle.mapping.batches.check import MOST_ERRORS, TooLate, say_meaning
from service.cycle.mapping.batches.forms import (
    LABELS,
    LEFT_OUT,
    field_of_value,
    filled_with,
    read_meaning,
    unknown_places,
)
from service.cycle.mapping.batches.meaning import FIELDS, guess_meaning, values_of
from service.cycle.mapping.batches.read import (
    Batch,
    earlier_meaning,
    first_rows,
    read_batch,
    read_batches,
    read_errors,
)
from service.cycle.mapping.batches.receive import LARGEST_FILE, SameFile, receive_file
from service.cycle.mapping.batches.take_in import take_up
from service.cycle.mapping.batches.undo import ask_to_undo, drop
from service.cycle.mapping.places import read_places
from service.sources.sheets.moments import ORDERS
from service.web.filled import Filled
from service.web.language import _, later
from service.web.may import CurrentMember, may
from service.web.respond import fragment, page
from service.web.spreadsheet import as_csv
from service.web.upload import read_upload
from tenants.members import Member
from tenants.organisations import organisations_that_take_part
from tenants.roles import Permission
from tenants.scope import fetch

MANAGE = may(Permission.SOURCE_MANAGE)
# What surrounds a file in a form is small.
UPLOAD = LARGEST_FILE + 64 * 1024
ROWS_SHOWN = 6

REFUSED = {
    "no_table": later("Filen är ingen tabell. Spara den som CSV eller Excel och försök igen."),
    "encoding": later("Filens teckenkodning går inte att läsa. Spara den som CSV i UTF-8."),
    "quotes": later("Ett citattecken stängs inte, eller står där inget kan stå."),
    "excel": later(
        "Excelfilen är trasig och går inte att öppna. Öppna den, spara om och försök igen."
    ),
    "password": later("Filen är låst med lösenord. Spara en kopia utan."),
    "too_large": later("Filen blir för stor när den packas upp. Dela den i flera."),
    "rows": later("Filen har fler än 200 000 rader. Dela den i flera."),
    "columns": later("Filen har fler än 100 kolumner. Ta bort dem som inte behövs."),
    "empty": later("Filen har ingen rad med rubriker och minst en rad under den."),
}


@get("/{municipality:str}/kallor/filer", opt=MANAGE)
async def files_page(request: Request[Any, Any, Any], member: CurrentMember) -> Template:
    return await _files(request, member, Filled.blank())


@post("/{municipality:str}/kallor/filer", opt=MANAGE, status_code=200, request_max_body_size=UPLOAD)
async def send_file(request: Request[Any, Any, Any], member: CurrentMember) -> Template | Redirect:
    posted = await request.form()
    form = Filled.of(posted)
    name, content = await read_upload(posted)
    organisation = form.key("for_organisation", missing=_("Välj vems rapporter det är."))
    if not content or not name:
        form.refuse("file", _("Välj en fil."))
    if len(content) > LARGEST_FILE:
        form.refuse("file", _("Filen är för stor. Den får vara högst 25 MB."))
    same = None
    if not form.errors and organisation is not None:
        batch_id = form.row_id("batch", organisation, name, crc32(content))
        try:
            await receive_file(
                by=member,
                batch_id=batch_id,
                organisation_id=organisation,
                name=name,
                content=content,
            )
        except SameFile as known:
            same = known.batch_id
            form.refuse(
                "file", _("Samma fil är redan inskickad. Ångra den först om den ska läsas om.")
            )
        except LookupError:
            form.refuse("for_organisation", _("Välj vems rapporter det är."))
        else:
            return _to(member, batch_id)
    return await _files(request, member, form, status=422, same=same)


@get("/{municipality:str}/kallor/filer/{batch:uuid}", opt=MANAGE)
async def batch_page(
    request: Request[Any, Any, Any], member: CurrentMember, batch: FromPath[UUID]
) -> Template:
    found = await _found(batch)
    form = None
    if _is_asked_about(found) or (
        found.state in ("checked", "checking") and request.query_params.get("andra") == "1"
    ):
        form = await _form(found)
    return await _batch(request, member, found, form)


@get("/{municipality:str}/kallor/filer/{batch:uuid}/_lage", opt=MANAGE)
async def batch_fragment(
    request: Request[Any, Any, Any], member: CurrentMember, batch: FromPath[UUID]
) -> Template:
    found = await _found(batch)
    form = await _form(found) if _is_asked_about(found) else None
    return fragment(
        request,
        "cycle/mapping/batches/_batch.html",
        **await _context(member, found, form),
    )


@post("/{municipality:str}/kallor/filer/{batch:uuid}/kolumner", opt=MANAGE, status_code=200)
async def explain_columns(
    request: Request[Any, Any, Any], member: CurrentMember, batch: FromPath[UUID]
) -> Response[Any]:
    found = await _found(batch)
    form = Filled.of(await request.form())
    if found.state not in ("unpacked", "checking", "checked"):
        return _to(member, batch)
    meaning = read_meaning(form, found.columns, await _categories(), await read_places())
    if form.errors:
        return await _batch(request, member, found, form, status=422)
    return await _do(member, batch, lambda: say_meaning(by=member, batch_id=batch, meaning=meaning))


@post("/{municipality:str}/kallor/filer/{batch:uuid}/las-in", opt=MANAGE, status_code=200)
async def take_in(
    request: Request[Any, Any, Any], member: CurrentMember, batch: FromPath[UUID]
) -> Redirect:
    await _found(batch)
    said = str((await request.form()).get("version", ""))
    version = int(said) if said.isdecimal() and len(said) < 9 else 0
    return await _do(member, batch, lambda: take_up(by=member, batch_id=batch, version=version))


@post("/{municipality:str}/kallor/filer/{batch:uuid}/angra", opt=MANAGE, status_code=200)
async def undo(member: CurrentMember, batch: FromPath[UUID]) -> Redirect:
    await _found(batch)
    return await _do(member, batch, lambda: ask_to_undo(by=member, batch_id=batch))


@post("/{municipality:str}/kallor/filer/{batch:uuid}/slang", opt=MANAGE, status_code=200)
async def let_go(member: CurrentMember, batch: FromPath[UUID]) -> Redirect:
    await _found(batch)
    return await _do(member, batch, lambda: drop(by=member, batch_id=batch))


@get("/{municipality:str}/kallor/filer/{batch:uuid}/fel.csv", opt=MANAGE)
async def errors_file(batch: FromPath[UUID]) -> Response[bytes]:
    """What is wrong, to be mended where the file was made."""
    await _found(batch)
    rows = [tuple(row.values()) for row in await read_errors(batch, MOST_ERRORS)]
    return Response(
        as_csv([_("Rad"), _("Kolumn"), _("Står där"), _("Fel")], rows),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="fel.csv"',
            "Cache-Control": "no-store",
        },
    )


async def _do(member: Member, batch_id: UUID, act: Callable[[], Awaitable[None]]) -> Redirect:
    """The act, or nothing where the batch has gone past it: the page then shows how far it is."""
    with suppress(TooLate):
        await act()
    return _to(member, batch_id)


def _to(member: Member, batch_id: UUID) -> Redirect:
    return Redirect(f"/{member.municipality.slug}/kallor/filer/{batch_id}", status_code=303)


async def _found(batch_id: UUID) -> Batch:
    batch = await read_batch(batch_id)
    if batch is None:
        raise NotFoundException()
    return batch


def _is_asked_about(batch: Batch) -> bool:
    return batch.state == "unpacked"


async def _categories() -> dict[str, str]:
    rows = await fetch(
        "SELECT key, label FROM category WHERE hidden_on IS NULL ORDER BY position, key"
    )
    return {row["key"]: _(row["label"]) for row in rows}


async def _form(batch: Batch) -> Filled:
    meaning = batch.meaning or guess_meaning(
        batch.columns, await earlier_meaning(batch), await _categories()
    )
    return filled_with(meaning, batch.columns, await read_places())


async def _files(
    request: Request[Any, Any, Any],
    member: Member,
    form: Filled,
    *,
    status: int = 200,
    same: UUID | None = None,
) -> Template:
    form.typed.setdefault("form_id", str(uuid4()))
    return page(
        request,
        "cycle/mapping/batches/list.html",
        status=status,
        form=form,
        same=same,
        here=f"/{member.municipality.slug}/kallor/filer",
        batches=await read_batches(),
        organisations=[(str(one.id), one.name) for one in await organisations_that_take_part()],
        reasons={key: _(words) for key, words in REFUSED.items()},
    )


async def _batch(
    request: Request[Any, Any, Any],
    member: Member,
    batch: Batch,
    form: Filled | None,
    *,
    status: int = 200,
) -> Template:
    return page(
        request,
        "cycle/mapping/batches/page.html",
        status=status,
        **await _context(member, batch, form),
    )


async def _context(member: Member, batch: Batch, form: Filled | None) -> dict[str, Any]:
    context: dict[str, Any] = {
        "batch": batch,
        "form": form,
        "here": f"/{member.municipality.slug}/kallor/filer/{batch.id}",
        "reasons": {key: _(words) for key, words in REFUSED.items()},
        "errors": await read_errors(batch.id) if batch.wrong and form is None else [],
        "most_errors": MOST_ERRORS,
    }
    if form is None:
        return context
    categories, places = await _categories(), await read_places()
    return context | {
        "labels": {field: _(words) for field, words in LABELS.items()},
        "optional": [field for field in FIELDS if field not in ("category", "day")],
        "column_choices": [("", _("ingen")), *((one["name"],) * 2 for one in batch.columns)],
        "orders": [(key, _(words)) for key, words in ORDERS.items()],
        "category_choices": [("", _("välj")), *categories.items()],
        "value_choices": [("", _("välj")), (LEFT_OUT, _("hoppa över")), *categories.items()],
        "area_choices": [
            ("", _("välj")),
            (LEFT_OUT, _("hoppa över")),
            *((area.key, area.name) for area in places.areas),
        ],
        "values": [
            (field_of_value("category", batch.columns, form.said("category"), value), value, rows)
            for value, rows in values_of(batch.columns, form.said("category")).items()
        ],
        "unknown": [
            (field_of_value("area", batch.columns, form.said("area"), value), value, rows)
            for value, rows in unknown_places(batch.columns, form.said("area"), places).items()
        ],
        "sample": await first_rows(batch.id, ROWS_SHOWN),
    }


routes: list[Any] = [
    files_page,
    send_file,
    batch_page,
    batch_fragment,
    explain_columns,
    take_in,
    undo,
    let_go,
    errors_file,
]
