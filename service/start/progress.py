"""How far a municipality has come. It follows from rows, so that one can stop anywhere."""

from dataclasses import dataclass

from tenants.members import Member
from tenants.scope import execute, fetch_row

CONFIRMED = ("log_in", "areas", "categories")
"""Steps that begin with something sensible, and are done when somebody has seen it over."""


@dataclass(frozen=True)
class Progress:
    """What there is, and which steps are done."""

    areas: int
    categories: int
    organisations: int
    people: int
    invited: int
    providers: int
    seats: int
    seats_filled: int
    weeks: int | None
    closes_on: int | None
    log_in_seen: bool
    areas_seen: bool
    categories_seen: bool

    @property
    def done(self) -> dict[str, bool]:
        """By step, in the order in which they are shown."""
        return {
            "log_in": self.log_in_seen,
            "organisations": self.organisations > 1,
            "people": self.people + self.invited > 1,
            "areas": self.areas_seen,
            "categories": self.categories_seen,
            "cycle": self.weeks is not None,
            "seats": self.seats > 0 and self.seats_filled == self.seats,
        }

    @property
    def left(self) -> int:
        return sum(not done for done in self.done.values())


async def progress() -> Progress:
    """Of the open scope's municipality."""
    row = await fetch_row(
        """SELECT
             (SELECT count(*) FROM area WHERE retired_on IS NULL) AS areas,
             (SELECT count(*) FROM category WHERE hidden_on IS NULL) AS categories,
             (SELECT count(*) FROM organisation WHERE left_on IS NULL) AS organisations,
             (SELECT count(DISTINCT person_id) FROM membership
              WHERE valid_to IS NULL OR valid_to > now()) AS people,
             (SELECT count(*) FROM invitation WHERE expires_at > now() AND NOT EXISTS (
                  SELECT 1 FROM invitation_end WHERE invitation_id = invitation.id)) AS invited,
             (SELECT count(*) FROM accepted_provider JOIN provider ON provider.id = provider_id
              WHERE NOT built_in AND withdrawn_at IS NULL) AS providers,
             (SELECT count(*) FROM seat) AS seats,
             (SELECT count(*) FROM seat WHERE EXISTS (
                  SELECT 1 FROM membership WHERE membership.seat = seat.key
                  AND (valid_to IS NULL OR valid_to > now()))
                OR EXISTS (
                  SELECT 1 FROM invitation WHERE invitation.seat = seat.key AND expires_at > now()
                  AND NOT EXISTS (SELECT 1 FROM invitation_end
                                  WHERE invitation_id = invitation.id))) AS seats_filled,
             cycle.weeks, cycle.closes_on,
             EXISTS (SELECT 1 FROM start_step WHERE step = 'log_in') AS log_in_seen,
             EXISTS (SELECT 1 FROM start_step WHERE step = 'areas') AS areas_seen,
             EXISTS (SELECT 1 FROM start_step WHERE step = 'categories') AS categories_seen
           FROM (VALUES (1)) AS one
           LEFT JOIN LATERAL (SELECT weeks, closes_on FROM reporting_cycle
                              ORDER BY set_at DESC LIMIT 1) AS cycle ON true"""
    )
    assert row is not None
    return Progress(**dict(row))


async def confirm(step: str, *, by: Member) -> None:
    """Somebody has seen the step over; again it changes nothing."""
    if step not in CONFIRMED:
        raise ValueError(step)
    await execute(
        """INSERT INTO start_step (tenant_id, step, person_id)
           VALUES (ks.current_tenant(), $1, $2) ON CONFLICT DO NOTHING""",
        step,
        by.person_id,
    )
