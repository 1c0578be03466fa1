"""What is sent and answered. The types are the description: what does not fit is refused."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from service.cycle.mapping.forms import TEXT_LIMIT

MOST_AT_ONCE = 100

Instant = Annotated[datetime, Meta(tz=True, description="ISO 8601 with an offset.")]


class Point(Struct, forbid_unknown_fields=True):
    """WGS 84 in degrees. Kept to four decimals, about ten metres."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]


class NewReport(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What was seen. One of `area`, `place_name` and `point` says where.

    `occurred_to` makes an interval of `occurred_from`: whole then, discovered at the end.
    `sent_knowingly` hands in a text of which the guard is not sure, for the coordinator to read
    before anybody else.
    """

    category: Annotated[str, Meta(min_length=1, max_length=80, description="A category's key.")]
    occurred_from: Instant
    occurred_to: Instant | None = None
    area: Annotated[str, Meta(max_length=200, description="An area's key.")] | None = None
    place_name: Annotated[str, Meta(max_length=200)] | None = None
    point: Point | None = None
    place_type: Annotated[str, Meta(max_length=80)] | None = None
    text: Annotated[str, Meta(max_length=TEXT_LIMIT)] | None = None
    concern: Annotated[int, Meta(ge=1, le=4)] | None = None
    seen_before: bool | None = None
    action_taken: bool | None = None
    police_report: Literal["yes", "no", "unknown"] | None = None
    id: UUID | None = None
    sent_knowingly: bool = False


class NewReports(Struct, forbid_unknown_fields=True):
    """All are stored, or none."""

    reports: Annotated[list[NewReport], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class ReceivedReport(Struct):
    """`held` says that the coordinator reads the text before anybody else does."""

    id: UUID
    received_at: datetime
    category: str
    area: str
    held: bool


class ReceivedReports(Struct):
    reports: list[ReceivedReport]


class ReportState(Struct):
    """What became of a report: waiting, approved, merged with another, or rejected."""

    id: UUID
    received_at: datetime
    category: str
    area: str
    occurred_from: datetime
    occurred_to: datetime
    state: Literal["waiting", "approved", "merged", "rejected"]


class ReportStates(Struct):
    """Newest first; `next` is the cursor of the page after this one."""

    reports: list[ReportState]
    next: str | None = None


class NothingSeen(Struct, forbid_unknown_fields=True):
    """The organisation has nothing to report in the week of this day, this week or the last."""

    day: date


class NothingNoted(Struct):
    week: date
    first_time: bool


class CategoryEntry(Struct):
    key: str
    label: str
    needs_text: bool


class Categories(Struct):
    categories: list[CategoryEntry]


class AreaEntry(Struct):
    key: str
    name: str
    locality: str
    latitude: float
    longitude: float


class Areas(Struct):
    areas: list[AreaEntry]


class PlaceTypeEntry(Struct):
    key: str
    label: str


class PlaceTypes(Struct):
    place_types: list[PlaceTypeEntry]
