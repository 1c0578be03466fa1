"""Reading of the log's filter: dates in local time, the rest as it was chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from service.web.formats import LOCAL
from service.web.language import _
from tenants.audit.read import Filter

LONGEST = 120
FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass
class FilterForm:
    """`typed` goes back into the fields; `errors` maps a field to its message."""

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    wanted: Filter = field(default_factory=Filter)

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> "FilterForm":
        """Read the address' query; never raises."""
        names = ("fran", "till", "person", "verb", "sak", "id")
        form = cls({name: query.get(name, "").strip()[:LONGEST] for name in names})
        until = form._day("till")
        form.wanted = Filter(
            since=form._day("fran"),
            until=until + timedelta(days=1) if until else None,
            person_id=form._person(),
            verb=form._word("verb"),
            object_kind=form._word("sak"),
            object_id=form._word("id"),
        )
        if form.wanted.since and form.wanted.until and form.wanted.since >= form.wanted.until:
            form.errors["till"] = _("Sista dagen ligger före den första.")
        return form

    def said(self, name: str) -> str:
        return self.typed.get(name, "")

    def wrong(self, name: str) -> str:
        return self.errors.get(name, "")

    @property
    def query(self) -> dict[str, str]:
        """What was asked for, for an address."""
        return {name: value for name, value in self.typed.items() if value}

    def _day(self, name: str) -> datetime | None:
        if not self.typed[name]:
            return None
        try:
            day = date.fromisoformat(self.typed[name])
        except ValueError:
            day = date.min
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.errors[name] = _("Skriv dagen som ÅÅÅÅ-MM-DD.")
            return None
        return datetime.combine(day, time(), LOCAL)

    def _person(self) -> UUID | None:
        if not self.typed["person"]:
            return None
        try:
            return UUID(self.typed["person"])
        except ValueError:
            self.errors["person"] = _("Välj en person i listan.")
            return None

    def _word(self, name: str) -> str | None:
        return self.typed[name].replace("\0", "") or None
