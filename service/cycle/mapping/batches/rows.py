"""Read a row of a file as a report, or say what is wrong with it in the file's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct

from service.cycle.mapping.batches.meaning import Meaning
from service.cycle.mapping.check_text import check_among
from service.cycle.mapping.forms import CONCERNS, Wrong, checked_period, checked_point, checked_text
from service.cycle.mapping.places import Area, Places
from service.cycle.mapping.week import NoSuchTime, instant, midnight
from service.geography import sweref
from service.sources.sheets.columns import LONGEST_VALUE
from service.sources.sheets.moments import ORDERS, Moment, read_moment, read_time
from service.web.language import _, ngettext

OLDEST = timedelta(days=5 * 365 + 2)
"""Older systems hold older reports than a form takes; what is older than this teaches nothing."""
# Degrees are smaller; metres of a plane grid are larger.
NO_DEGREE = 1_000
LONGEST_SHOWN = 80


class Ready(Struct, array_like=True):
    """A report that can be stored; `kinds` says what its text may point out."""

    report_id: UUID
    category_id: UUID
    area_id: UUID
    latitude: float | None
    longitude: float | None
    kind: str
    start: datetime
    end: datetime
    text: str | None
    concern: int | None
    kinds: list[str]
    cleaned: bool


@dataclass(frozen=True)
class Fault:
    """`columns` are the headings over `value`, which is what stands there."""

    columns: str
    value: str
    message: str


@dataclass(frozen=True)
class Category:
    id: UUID
    key: str


class Rows:
    """Reads the rows of one batch. `at` is the instant when it is read.

    `clocks` says whether the column of days holds times of day, and not only the noughts that
    programs write behind a day.
    """

    def __init__(
        self,
        *,
        batch_id: UUID,
        organisation_id: UUID,
        names: list[str],
        meaning: Meaning,
        categories: Mapping[str, Category],
        places: Places,
        names_of_places: list[str],
        clocks: bool,
        at: datetime,
    ) -> None:
        self.batch_id = batch_id
        self.organisation_id = organisation_id
        self.meaning = meaning
        self.categories = categories
        self.places = places
        self.names_of_places = names_of_places
        self.clocks = clocks
        self.at = at
        self._at = {name: number for number, name in enumerate(names, start=1)}

    def read(self, row: list[Any]) -> Ready | list[Fault] | None:
        """The report; what is wrong, field by field; or None for a row that is to be left out."""
        faults: list[Fault] = []
        category = self._category(row, faults)
        area, point = self._place(row, faults)
        if category == "" or area == "":
            return None
        period = self._period(row, faults)
        concern = self._concern(row, faults)
        text, kinds, cleaned = self._text(row, category, faults)
        if faults or not (isinstance(category, Category) and isinstance(area, Area) and period):
            return faults
        start, end = period
        return Ready(
            report_id=self._id(row),
            category_id=category.id,
            area_id=area.id,
            latitude=point[0] if point else None,
            longitude=point[1] if point else None,
            kind="exact" if start == end else "interval",
            start=start,
            end=end,
            text=text or None,
            concern=concern,
            kinds=kinds,
            cleaned=cleaned,
        )

    def _said(self, row: list[Any], field: str) -> str:
        """What stands in the column of `field`; empty where there is no such column."""
        at = self._at.get(getattr(self.meaning, field))
        return row[at] if at is not None else ""

    def _fault(self, faults: list[Fault], row: list[Any], message: str, *fields: str) -> None:
        named = [getattr(self.meaning, field) for field in fields if getattr(self.meaning, field)]
        values = " ".join(self._said(row, field) for field in fields).strip()
        if fields == ("text",):
            # Nobody has read it, and what is wrong with it is not what it says.
            shown = ngettext("%(num)s tecken", "%(num)s tecken", len(values))
        else:
            shown = values if len(values) <= LONGEST_SHOWN else f"{values[:LONGEST_SHOWN]}…"
            checked = check_among(shown, self.names_of_places)
            shown = checked.without_finds() if checked.certain else shown
        faults.append(Fault(", ".join(named), shown, message))

    def _id(self, row: list[Any]) -> UUID:
        """The same for the same row, and for the same reference of the organisation."""
        reference = self._said(row, "reference")
        if reference:
            return uuid5(self.organisation_id, reference)
        return uuid5(self.batch_id, str(row[0]))

    def _category(self, row: list[Any], faults: list[Fault]) -> Category | str | None:
        """Empty for a row that is to be left out."""
        key: str | None = self.meaning.one_category
        if self.meaning.category:
            said = self._said(row, "category")
            if not said:
                self._fault(faults, row, _("Raden säger inte vad som hänt."), "category")
                return None
            key = self.meaning.categories.get(said[:LONGEST_VALUE])
            if key == "":
                return ""
        category = self.categories.get(key or "")
        if category is None:
            self._fault(faults, row, _("Det ordet är inte kopplat till en kategori."), "category")
        return category

    def _place(
        self, row: list[Any], faults: list[Fault]
    ) -> tuple[Area | str | None, tuple[float, float] | None]:
        """The area, and the point where there is one; empty for a row that is to be left out."""
        written = (self._said(row, "latitude"), self._said(row, "longitude"))
        if any(written):
            return self._point(row, written, faults)
        name = self._said(row, "area")
        if not name:
            columns = ("area", "latitude", "longitude")
            self._fault(faults, row, _("Raden säger inte var det var."), *columns)
            return None, None
        if name[:LONGEST_VALUE] in self.meaning.areas:
            key = self.meaning.areas[name[:LONGEST_VALUE]]
            area = self.places.by_key.get(key) if key else None
            if not key:
                return "", None
        else:
            area = self.places.named(name)
        if area is None:
            self._fault(faults, row, _("Inget område heter så, eller flera gör det."), "area")
        return area, None

    def _point(
        self, row: list[Any], written: tuple[str, str], faults: list[Fault]
    ) -> tuple[Area | None, tuple[float, float] | None]:
        try:
            point = _degrees(*(float(one.replace(",", ".").replace(" ", "")) for one in written))
        except Wrong as wrong:
            message = str(wrong)
        except ValueError:
            message = _("Koordinaterna är inte två tal.")
        else:
            if (area := self.places.at(*point)) is not None:
                return area, point
            message = _("Punkten ligger utanför kommunen.")
        self._fault(faults, row, message, "latitude", "longitude")
        return None, None

    def _period(self, row: list[Any], faults: list[Fault]) -> tuple[datetime, datetime] | None:
        day = self._moment(row, "day", faults)
        end = self._end(row, day, faults) if self._said(row, "end") else None
        if day is None or (self._said(row, "end") and end is None):
            return None
        at = day.at if self.clocks or day.at != time() else None
        fields = ["day"]
        if at in (None, time()) and (said := self._said(row, "time")):
            at = read_time(said)
            fields = ["time"]
            if at is None:
                self._fault(faults, row, _("Det är inget klockslag."), "time")
                return None
        try:
            start, until = self._stretch(day, at)
            if end is not None:
                fields = ["end"]
                until = self._stretch(end, end.at)[1]
                fields = ["day", "time", "end"]
            return checked_period(start, until, self.at, oldest=OLDEST)
        except NoSuchTime:
            message = _("Klockan ställdes fram den natten, så den tiden fanns inte.")
        except (Wrong, OverflowError) as wrong:
            message = str(wrong)
        self._fault(faults, row, message, *fields)
        return None

    def _end(self, row: list[Any], day: Moment | None, faults: list[Fault]) -> Moment | None:
        """A time of day alone is of the day when it began, or of the night that followed."""
        at = read_time(self._said(row, "end"))
        if at is None or day is None:
            return self._moment(row, "end", faults)
        began = read_time(self._said(row, "time")) or day.at
        later = timedelta(days=1 if began is not None and at < began else 0)
        return Moment(day.day + later, at)

    def _moment(self, row: list[Any], field: str, faults: list[Fault]) -> Moment | None:
        said = self._said(row, field)
        moment = read_moment(said, self.meaning.order)
        if moment is not None and 2000 <= moment.day.year <= 2100:
            return moment
        if not said:
            message = _("Raden saknar datum.")
        elif any(read_moment(said, order) for order in ORDERS):
            message = _("Datumet står inte i den ordning som är vald.")
        else:
            message = _("Datumet går inte att läsa.")
        self._fault(faults, row, message, field)
        return None

    @staticmethod
    def _stretch(moment: Moment, at: time | None) -> tuple[datetime, datetime]:
        """A day without a time is the whole day: counted over its hours, not at an invented one."""
        if at is None:
            return midnight(moment.day), midnight(moment.day + timedelta(days=1))
        wall = datetime.combine(moment.day, at)
        if moment.offset is not None:
            found = (wall - moment.offset).replace(tzinfo=UTC)
            return found, found
        found = instant(wall)
        return found, found

    def _concern(self, row: list[Any], faults: list[Fault]) -> int | None:
        said = self._said(row, "concern")
        if not said:
            return None
        if said not in CONCERNS:
            self._fault(faults, row, _("Oron anges som 1, 2, 3 eller 4."), "concern")
            return None
        return int(said)

    def _text(
        self, row: list[Any], category: Category | str | None, faults: list[Fault]
    ) -> tuple[str, list[str], bool]:
        """The text without what certainly points out a person, and what else may do so in it."""
        text = self._said(row, "text")
        key = category.key if isinstance(category, Category) else ""
        try:
            checked_text(text, key)
        except Wrong as wrong:
            self._fault(faults, row, str(wrong), "text")
            return "", [], False
        checked = check_among(text, self.names_of_places)
        if checked.certain:
            text = checked.without_finds()
            try:
                checked_text(text, key)
            except Wrong as wrong:  # Nothing is left where something must be said.
                self._fault(faults, row, str(wrong), "text")
            return text, [], True
        return text, checked.kinds, False


def _degrees(latitude: float, longitude: float) -> tuple[float, float]:
    """The point in degrees, to four decimals; metres are those of SWEREF 99 TM. Raises Wrong."""
    if abs(latitude) <= NO_DEGREE and abs(longitude) <= NO_DEGREE:
        return checked_point(latitude, longitude)
    if sweref.is_in_sweden(latitude, longitude):
        return checked_point(*sweref.to_degrees(latitude, longitude))
    if sweref.is_in_sweden(longitude, latitude):
        raise Wrong(_("Norr och öster har bytt plats. Byt om dem."))
    raise Wrong(_("Koordinaterna är varken grader eller SWEREF 99 TM. Räkna om dem först."))
