"""Reading of the report form: what was typed, what it means, and what is wrong with it, in Swedish.

Whether a category or an area exists is asked of the database by the verb, in the statement that
stores the report: an id of another municipality is then as unknown as an invented one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID, uuid4

from service.cycle.mapping import time_buckets, week
from service.cycle.mapping.categories import NEEDS_TEXT
from service.cycle.mapping.place_types import PLACE_TYPES
from service.web.clean import clean
from service.web.language import _, later, ngettext

T = TypeVar("T")

TEXT_LIMIT = 400
OLDEST = timedelta(days=365)
LONGEST = timedelta(days=92)
# Phones are seldom more than some minutes ahead: what lies within is read as now.
CLOCK_SLACK = timedelta(minutes=5)

# A point outside Sweden is a slip of the finger or a forgery, never a place to report about.
LATITUDES = (55.0, 69.2)
LONGITUDES = (10.5, 24.3)


class When(StrEnum):
    """The ways to say when; a weekend is a bucket too."""

    NOW = "now"
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEKEND = "weekend"
    EXACT = "exact"
    INTERVAL = "interval"


class PlaceBy(StrEnum):
    """The three tabs that a place can be chosen in."""

    USUAL = "usual"
    MAP = "map"
    SEARCH = "search"


QUEUED = "filled_at"
"""The field that a report brings which has waited in a phone for the network."""
# A phone keeps what it could not send for a week.
LONGEST_WAIT = timedelta(days=8)

CONCERNS = {
    "1": later("Knappt"),
    "2": later("Något"),
    "3": later("Tydligt"),
    "4": later("Mycket"),
}
YES_NO = {"yes": later("Ja"), "no": later("Nej")}
KNOWN = YES_NO | {"unknown": later("Vet inte")}

OPTIONAL = ("place_type", "concern", "seen_before", "action_taken", "police_report")

FIELDS = frozenset(
    {
        "_csrf_token",
        "report_id",
        "category",
        "place",
        "area",
        "latitude",
        "longitude",
        "area_name",
        "place_type",
        "when",
        "bucket",
        "exact",
        "last_seen_whole",
        "discovered",
        "text",
        "concern",
        "seen_before",
        "action_taken",
        "police_report",
        "anyway",
        "take_out",
        "more",
        "filled_at",
    }
)


class Wrong(ValueError):
    """What is wrong with a field, in words for the one who typed it."""


@dataclass(frozen=True)
class Observation:
    """A form without errors. Exactly one of `area_id`, `area_name` and the point is set."""

    report_id: UUID
    category: str
    area_id: UUID | None
    area_name: str | None
    latitude: float | None
    longitude: float | None
    place_type: str | None
    time_kind: str
    occurred_from: datetime
    occurred_to: datetime
    text: str | None
    concern: int | None = None
    seen_before: bool | None = None
    action_taken: bool | None = None
    police_report: str | None = None
    filled_at: datetime | None = None


@dataclass
class ReportForm:
    """`typed` goes back into the fields as it came; `errors` maps a question to its message.

    The questions are category, place, when, place_type, text, concern, seen_before, action_taken,
    police_report, and form for the whole.
    """

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    observation: Observation | None = None

    @classmethod
    def blank(cls) -> "ReportForm":
        """An unfilled form with an id of its own, so that sending it twice is sending it once."""
        return cls({"report_id": str(uuid4()), "when": When.NOW, "place": PlaceBy.USUAL})

    @classmethod
    def parse(cls, items: Iterable[tuple[str, object]], at: datetime) -> "ReportForm":
        """Read the posted pairs as they stand at the instant `at`; never raises."""
        form = cls()
        items = list(items)
        waited = any(name == QUEUED and value for name, value in items)
        for name, value in items:
            if name not in FIELDS and waited:
                continue  # A report that waited in a phone may come from an older or newer form.
            if name not in FIELDS or name in form.typed or not isinstance(value, str):
                form.errors["form"] = _("Formuläret innehöll något som inte hör dit.")
            else:
                form.typed[name] = clean(value)
        form.typed.setdefault("when", When.NOW)
        form.typed.setdefault("place", PlaceBy.USUAL)
        if not form.typed.get("report_id"):
            form.typed["report_id"] = str(uuid4())
        form._read(at)
        return form

    def refuse(self, question: str, message: str) -> None:
        self.errors[question] = message
        self.observation = None

    def said(self, name: str) -> str:
        """What stands in a field."""
        return self.typed.get(name, "")

    def wrong(self, question: str) -> str:
        """The message beside a question; empty when there is none."""
        return self.errors.get(question, "")

    def next_one(self) -> "ReportForm":
        """A form for one more observation at the same place and time."""
        kept = ("place", "area", "latitude", "longitude", "area_name", "place_type",
                "when", "bucket", "exact", "last_seen_whole", "discovered")  # fmt: skip
        form = ReportForm({name: self.said(name) for name in kept if name in self.typed})
        form.renew()
        return form

    def take_out(self, text: str) -> None:
        """The form with this text, not yet sent: what else is wrong is said when it is."""
        self.typed["text"] = text
        self.typed.pop("take_out")
        self.errors.clear()

    def renew(self) -> None:
        """A new id: what is sent next is another report."""
        self.typed["report_id"] = str(uuid4())

    def _read(self, at: datetime) -> None:
        filled_at = self._ask("form", lambda: self._filled_at(at))
        at = filled_at or at
        report_id = self._ask("form", self._report_id)
        what = self._ask("category", self._category)
        place = self._ask("place", self._place)
        place_type = self._ask("place_type", self._place_type)
        period = self._ask("when", lambda: self._period(at))
        text = self._ask("text", self._text)
        concern = self._ask("concern", lambda: self._one_of("concern", CONCERNS))
        seen_before = self._ask("seen_before", lambda: self._one_of("seen_before", YES_NO))
        action_taken = self._ask("action_taken", lambda: self._one_of("action_taken", YES_NO))
        police_report = self._ask("police_report", lambda: self._one_of("police_report", KNOWN))
        if self.errors or not (report_id and what and place and period):
            return
        area_id, area_name, latitude, longitude = place
        time_kind, occurred_from, occurred_to = period
        self.observation = Observation(
            report_id=report_id,
            category=what,
            area_id=area_id,
            area_name=area_name,
            latitude=latitude,
            longitude=longitude,
            place_type=place_type or None,
            time_kind=time_kind,
            occurred_from=occurred_from,
            occurred_to=occurred_to,
            text=text or None,
            concern=int(concern) if concern else None,
            seen_before=seen_before == "yes" if seen_before else None,
            action_taken=action_taken == "yes" if action_taken else None,
            police_report=police_report or None,
            filled_at=filled_at,
        )

    def _filled_at(self, at: datetime) -> datetime | None:
        """When a report that waited in a phone was filled in: what "now" and "today" mean in it."""
        # A form whose time can not be comes back without it, so that one can be chosen anew.
        typed = self.typed.pop(QUEUED, "")
        if not typed:
            return None
        try:
            found = datetime.fromisoformat(typed)
        except ValueError:
            raise Wrong(_("Formuläret gick sönder. Inget har skickats. Försök igen.")) from None
        if found.tzinfo is None or not at - LONGEST_WAIT <= found:
            raise Wrong(_("Rapporten har väntat för länge. Välj tiden på nytt."))
        self.typed[QUEUED] = typed
        return min(found, at)

    def _one_of(self, name: str, offered: Iterable[str]) -> str:
        """The answer to a question that need not be answered."""
        value = self.typed.get(name, "")
        if value and value not in offered:
            raise Wrong(_("Välj ett av svaren."))
        return value

    def _ask(self, question: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except Wrong as wrong:
            self.errors[question] = str(wrong)
            return None

    def _report_id(self) -> UUID:
        try:
            return UUID(self.typed["report_id"])
        except ValueError:
            self.renew()
            raise Wrong(_("Formuläret gick sönder. Inget har skickats. Försök igen.")) from None

    def _category(self) -> str:
        key = self.typed.get("category", "")
        if not key or len(key) > 80:
            raise Wrong(_("Välj vad du har sett."))
        return key

    def _place(self) -> tuple[UUID | None, str | None, float | None, float | None]:
        match self.typed["place"]:
            case PlaceBy.USUAL:
                return self._area_id(), None, None, None
            case PlaceBy.MAP:
                return None, None, *self._point()
            case PlaceBy.SEARCH:
                return None, self._area_name(), None, None
        raise Wrong(_("Välj en plats."))

    def _area_id(self) -> UUID:
        try:
            return UUID(self.typed.get("area", ""))
        except ValueError:
            raise Wrong(_("Välj en plats.")) from None

    def _point(self) -> tuple[float, float]:
        try:
            latitude = float(self.typed.get("latitude", ""))
            longitude = float(self.typed.get("longitude", ""))
        except ValueError:
            raise Wrong(_("Peka ut platsen på kartan.")) from None
        return checked_point(latitude, longitude)

    def _area_name(self) -> str:
        name = self.typed.get("area_name", "")
        if not name or len(name) > 200:
            raise Wrong(_("Skriv namnet på platsen."))
        return name

    def _place_type(self) -> str:
        key = self.typed.get("place_type", "")
        if key and key not in PLACE_TYPES:
            raise Wrong(_("Välj en sorts plats i listan."))
        return key

    def _text(self) -> str:
        text = self.typed.get("text", "")
        checked_text(text, self.typed.get("category", ""))
        return text

    def _period(self, at: datetime) -> tuple[str, datetime, datetime]:
        """(time_kind, from, to) with both ends within the last year and not after `at`."""
        today = at.astimezone(week.STOCKHOLM).date()
        match self.typed["when"]:
            case When.NOW:
                return "now", at, at
            case When.TODAY:
                kind, (start, end) = "bucket", self._bucket().of(today)
            case When.YESTERDAY:
                kind, (start, end) = "bucket", self._bucket().of(today - timedelta(days=1))
            case When.WEEKEND:
                kind, (start, end) = "bucket", latest_weekend(at)
            case When.EXACT:
                start = end = self._instant("exact", _("Skriv datum och klockslag."), at)
                kind = "exact"
            case When.INTERVAL:
                start = self._instant(
                    "last_seen_whole", _("Skriv när det senast var som det skulle."), at
                )
                end = self._instant("discovered", _("Skriv när du upptäckte det."), at, later=True)
                kind = "interval"
            case _:
                raise Wrong(_("Välj när det var."))
        return kind, *checked_period(start, end, at)

    def _bucket(self) -> time_buckets.Bucket:
        bucket = time_buckets.BY_KEY.get(self.typed.get("bucket") or "unknown")
        if bucket is None:
            raise Wrong(_("Välj en tid på dagen."))
        return bucket

    def _instant(self, name: str, missing: str, at: datetime, later: bool = False) -> datetime:
        """A local time as an instant; within the slack of a phone's clock it is `at` itself."""
        try:
            wall = datetime.fromisoformat(self.typed.get(name, ""))
        except ValueError:
            raise Wrong(missing) from None
        if wall.tzinfo is not None or wall.year < 2000 or wall.year > 2100:
            raise Wrong(missing)
        try:
            found = week.instant(wall, later=later)
        except week.NoSuchTime:
            raise Wrong(_("Klockan ställdes fram den natten, så den tiden fanns inte.")) from None
        if found > at + CLOCK_SLACK:
            raise Wrong(_("Tiden ligger framåt. Skriv när det hände."))
        return min(found, at)


def checked_point(latitude: float, longitude: float) -> tuple[float, float]:
    """The point to four decimals; raises Wrong for one that is not in Sweden."""
    # Not-a-number fails every comparison.
    if _within(latitude, LONGITUDES) and _within(longitude, LATITUDES):
        raise Wrong(_("Latitud och longitud har bytt plats. Byt om dem."))
    if not (_within(latitude, LATITUDES) and _within(longitude, LONGITUDES)):
        raise Wrong(_("Punkten ligger utanför kommunen."))
    # Four decimals are about ten metres: enough for a place, too coarse for a doorway.
    return round(latitude, 4), round(longitude, 4)


def checked_text(text: str, category: str) -> None:
    """Raises Wrong for a text that is too long, or for none where the category needs one."""
    if len(text) > TEXT_LIMIT:
        raise Wrong(
            _(
                "Texten är %(length)s tecken. Den får vara högst %(limit)s.",
                length=len(text),
                limit=TEXT_LIMIT,
            )
        )
    if not text and category in NEEDS_TEXT:
        raise Wrong(_("Beskriv kort vad det gäller."))


def checked_period(
    start: datetime, end: datetime, at: datetime, *, oldest: timedelta = OLDEST
) -> tuple[datetime, datetime]:
    """Both ends as they count at the instant `at`; raises Wrong for a time that can not be."""
    start = min(start, at) if start - at <= CLOCK_SLACK else start
    if start > at:
        raise Wrong(_("Den tiden har inte varit än."))
    end = min(end, at)
    if start > end:
        raise Wrong(_("Upptäckten ligger före den tid då det senast var som det skulle."))
    if at - start > oldest:
        raise Wrong(
            ngettext(
                "Tiden ligger mer än ett år tillbaka.",
                "Tiden ligger mer än %(num)s år tillbaka.",
                oldest.days // 365,
            )
        )
    if end - start > LONGEST:
        raise Wrong(_("Tiden mellan de båda får vara högst tre månader."))
    return start, end


def latest_weekend(at: datetime) -> tuple[datetime, datetime]:
    """Friday 18 to Sunday midnight, local: the weekend that is going on, or else the last one."""
    local = at.astimezone(week.STOCKHOLM)
    friday = local.date() - timedelta(days=(local.weekday() - 4) % 7)
    if local.weekday() == 4 and local.hour < 18:
        friday -= timedelta(days=7)
    return (
        week.instant(datetime.combine(friday, time(18))),
        week.midnight(friday + timedelta(days=3)),
    )


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]
