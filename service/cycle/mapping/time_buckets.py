"""The parts of a day that a reporter can point at without knowing the minute.

A bucket is only a way to say an interval: what is stored is the interval's real beginning and
end, so that buckets can change without touching reports.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from service.cycle.mapping.week import instant
from service.web.language import later as _


@dataclass(frozen=True)
class Bucket:
    """Local hours; `until` over 24 reaches into the next day."""

    key: str
    label: str
    hours: str
    start: int
    until: int

    def of(self, day: date) -> tuple[datetime, datetime]:
        """The interval [from, to) of this bucket on a local day, as instants in UTC."""
        midnight = datetime.combine(day, time())
        # 01 and 05 are never moved by the change of clocks (it falls between 02 and 03), so
        # every edge of a bucket exists on every day, and happens once.
        return (
            instant(midnight + timedelta(hours=self.start)),
            instant(midnight + timedelta(hours=self.until)),
        )


BUCKETS = (
    Bucket("night", _("Natt"), "01–05", 1, 5),
    Bucket("early_morning", _("Tidig morgon"), "05–08", 5, 8),
    Bucket("morning", _("Förmiddag"), "08–12", 8, 12),
    Bucket("early_afternoon", _("Tidig eftermiddag"), "12–15", 12, 15),
    Bucket("afternoon", _("Eftermiddag"), "15–18", 15, 18),
    Bucket("evening", _("Kväll"), "18–22", 18, 22),
    Bucket("late_evening", _("Sen kväll"), "22–01", 22, 25),
    Bucket("unknown", _("Vet inte när"), "", 0, 24),
)

BY_KEY = {bucket.key: bucket for bucket in BUCKETS}
