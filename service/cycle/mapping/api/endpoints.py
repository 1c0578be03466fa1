"""The addresses of the interface, below the municipality that the key belongs to."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.exceptions import NotFoundException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter

from service.cycle.mapping.api import read
from service.cycle.mapping.api.messages import (
    Areas,
    Categories,
    NewReports,
    NothingNoted,
    NothingSeen,
    PlaceTypes,
    ReceivedReports,
    ReportState,
    ReportStates,
)
from service.cycle.mapping.api.once import LONGEST_KEY, once
from service.cycle.mapping.api.receive import receive
from service.cycle.mapping.report_nothing import report_nothing
from service.cycle.mapping.week import local_day, midnight, week_of
from service.web.language import _
from service.web.may import SYSTEM, CurrentMember
from service.web.problems import MEDIA, FieldError, ProblemDetails, Refusal

HERE = "/{municipality:str}/api/v1"
BYTES = 512 * 1024
FIRST, MOST = 50, 200


def _refused(*statuses: int) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(
            data_container=ProblemDetails,
            media_type=MEDIA,
            generate_examples=False,
            description="Problem details (RFC 9457).",
        )
        for status in statuses
    }


READ_REFUSED = _refused(400, 401, 404, 429, 503)
SEND_REFUSED = _refused(400, 401, 404, 409, 413, 415, 422, 429, 503)

IdempotencyKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=1,
        max_length=LONGEST_KEY,
        pattern=r"^[A-Za-z0-9_.:-]+$",
        description="Chosen by the sender; the same request with the same key is done once.",
    ),
]


@post(
    HERE + "/reports",
    opt=SYSTEM,
    operation_id="handInReports",
    summary="Hand in reports",
    tags=["reports"],
    request_max_body_size=BYTES,
    responses=SEND_REFUSED,
    status_code=201,
)
async def hand_in(
    request: Request[Any, Any, Any],
    member: CurrentMember,
    data: JSONBody[NewReports],
    idempotency_key: IdempotencyKey,
) -> ReceivedReports:
    """Up to a hundred at once. All are stored and counted, or none."""
    await _as_described(request, NewReports)
    return await _once(request, member, idempotency_key, lambda: receive(data.reports, by=member))


@post(
    HERE + "/nothing-to-report",
    opt=SYSTEM,
    operation_id="noteNothing",
    summary="Say that there is nothing to report",
    tags=["reports"],
    request_max_body_size=BYTES,
    responses=SEND_REFUSED,
    status_code=201,
)
async def note_nothing(
    request: Request[Any, Any, Any],
    member: CurrentMember,
    data: JSONBody[NothingSeen],
    idempotency_key: IdempotencyKey,
) -> NothingNoted:
    """Without it, calm and silence look the same. For the running week or the one before it."""

    await _as_described(request, NothingSeen)

    async def note() -> NothingNoted:
        today = local_day()
        if not today - timedelta(days=today.weekday() + 7) <= data.day <= today:
            message = _("Dagen ska ligga i den här veckan eller den förra, och inte framåt.")
            raise Refusal(422, errors=[FieldError("/day", message)])
        week = week_of(midnight(data.day))
        return NothingNoted(week, await report_nothing(by=member, week=week))

    return await _once(request, member, idempotency_key, note)


@get(
    HERE + "/reports",
    opt=SYSTEM,
    operation_id="listReports",
    summary="What became of your reports",
    tags=["reports"],
    responses=READ_REFUSED,
)
async def list_reports(
    member: CurrentMember,
    after: Annotated[str | None, QueryParameter(max_length=200, description="A cursor.")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = FIRST,
) -> ReportStates:
    """The organisation's own, newest first, whoever of it handed them in."""
    try:
        return await read.read_states(member, after=after, limit=limit)
    except read.NoSuchCursor:
        raise Refusal(400, _("Värdet i after kommer inte från något svar.")) from None


@get(
    HERE + "/reports/{report:uuid}",
    opt=SYSTEM,
    operation_id="readReport",
    summary="What became of one report",
    tags=["reports"],
    responses=READ_REFUSED,
)
async def read_report(member: CurrentMember, report: FromPath[UUID]) -> ReportState:
    """404 for another organisation's, as for one that does not exist."""
    found = await read.read_state(member, report)
    if found is None:
        raise NotFoundException()
    return found


@get(
    HERE + "/categories",
    opt=SYSTEM,
    operation_id="listCategories",
    summary="Categories",
    tags=["words"],
    responses=READ_REFUSED,
)
async def list_categories(member: CurrentMember) -> Categories:
    """What can be reported in the municipality, by key."""
    return await read.read_categories()


@get(
    HERE + "/areas",
    opt=SYSTEM,
    operation_id="listAreas",
    summary="Areas",
    tags=["words"],
    responses=READ_REFUSED,
)
async def list_areas(member: CurrentMember) -> Areas:
    """The areas in force; a point can be sent instead of an area."""
    return await read.read_areas()


@get(
    HERE + "/place-types",
    opt=SYSTEM,
    operation_id="listPlaceTypes",
    summary="Sorts of place",
    tags=["words"],
    responses=READ_REFUSED,
)
async def list_place_types(member: CurrentMember) -> PlaceTypes:
    return read.place_types()


async def _as_described(request: Request[Any, Any, Any], kind: type[Any]) -> None:
    """Refuse what the framework reads kindly, such as a number sent as text."""
    try:
        msgspec.json.decode(await request.body(), type=kind)
    except msgspec.ValidationError as error:
        message, _at, where = str(error).rpartition(" - at `$")
        parts = where.rstrip("`").replace("[", ".").replace("]", "").split(".")
        pointer = "".join(f"/{part}" for part in parts if part)
        raise Refusal(400, errors=[FieldError(pointer, message or str(error))]) from None


async def _once(
    request: Request[Any, Any, Any], member: CurrentMember, key: str, answer: Any
) -> Any:
    assert member.key_id is not None
    said = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return await once(member.key_id, key, said, answer)


routes: list[Any] = [
    hand_in,
    note_nothing,
    list_reports,
    read_report,
    list_categories,
    list_areas,
    list_place_types,
]
