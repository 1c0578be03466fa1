"""Who does what in the invented cycle, and when: the cast by its keys, and times of a workday."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from service.cycle.mapping.week import STOCKHOLM, instant
from service.demo.cycle.stories import HOUSING

VOTING_SEATS = {
    "board_chair": "ordforande",
    "board_first_vice": "forste-vice",
    "board_second_vice": "andre-vice",
    "education_chair": "barn-utbildning",
    "culture_chair": "kultur-samhall",
    "social_chair": "arbetsmarknad-social",
    "housing_company": "bostadsbolaget",
}
PREPARING = ("samordnare", "kommunpolis", "bered-skola", "bered-social", "bered-kultur")


@dataclass(frozen=True)
class Cast:
    """The people of one municipality by the key of their subject, and its organisations."""

    persons: dict[str, UUID]
    names: dict[str, tuple[str, str]]  # name and organisation
    organisations: dict[str, UUID]
    housing: str

    def organisation(self, name: str) -> UUID:
        return self.organisations[self.organisation_name(name)]

    def organisation_name(self, name: str) -> str:
        return self.housing if name == HOUSING else name


@dataclass(frozen=True)
class Calendar:
    """Moments before and after `now`, on workdays, as the local clock tells them."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(STOCKHOLM).date()

    def day(self, offset: int) -> date:
        """The workday `offset` days from today; of a weekend the Friday before."""
        day = self.today + timedelta(days=offset)
        return day - timedelta(days=max(day.weekday() - 4, 0))

    def at(self, offset: int, hour: int, minute: int = 0) -> datetime:
        return instant(datetime.combine(self.day(offset), time(hour, minute)))
