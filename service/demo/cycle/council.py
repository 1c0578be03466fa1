"""What the steering group has made of the proposals: votes, decisions, reservations, a frame."""

from datetime import datetime
from uuid import uuid4

from service.council.proposals.count import CHOICES, Choice
from service.cycle.mapping.week import STOCKHOLM
from service.demo.cycle.course import Asking
from service.demo.cycle.ledger import Ledger
from service.demo.cycle.people import VOTING_SEATS, Calendar, Cast

MOTIVES = {
    "approved": "Insatsen svarar mot en orsak som flera källor stöder, och kostnaden ryms i ramen.",
    "rejected": "Effekten är för osäker i förhållande till kostnaden. Orsaken bör prövas mer.",
    "referred_back": "Ansvaret för driften efter insatsens slut behöver klaras ut före beslut.",
}
PRIORITY_MOTIVE = "Läget har bestått över tid och rapporteras av flera oberoende aktörer."
RESERVATION = "Jag anser att kostnaden borde ha delats med fastighetsägaren och reserverar mig."
COMMENT = "Polisen ser samma läge och kan delta från start. Resurserna är planerade."
SPLITS: dict[str, tuple[tuple[Choice, ...], ...]] = {
    "approved": (
        ("for",) * 7,
        ("for", "for", "for", "for", "for", "against", "for"),
        ("for", "for", "abstain", "for", "for", "for", "for"),
    ),
    "rejected": (("against", "against", "against", "for", "against", "for", "abstain"),),
    "referred_back": (("for", "abstain", "against", "for", "abstain", "for", "against"),),
}
BEGUN: tuple[Choice, ...] = ("for", "for", "against")


class Council:
    """Votes on and decides proposals; paragraphs are numbered when all are known."""

    def __init__(self, ledger: Ledger, cast: Cast, calendar: Calendar):
        self.ledger, self.cast, self.calendar = ledger, cast, calendar
        self.turns = 0

    def decide(self, asking: Asking, outcome: str, day: int) -> None:
        """The seats vote in the days before, and the chair closes the vote on `day`."""
        splits = SPLITS[outcome]
        choices = splits[self.turns % len(splits)]
        self.turns += 1
        self._vote(asking, choices, day - 2)
        chair, at = self.cast.persons["ordforande"], self.calendar.at(day, 15, 10)
        asking.ended, asking.outcome = at, outcome
        granted = asking.plan if outcome == "approved" else None
        self.ledger.write(
            "decision",
            proposal_id=asking.id,
            year=at.astimezone(STOCKHOLM).year,
            paragraph=0,
            outcome=outcome,
            motive=MOTIVES[outcome] if asking.plan else PRIORITY_MOTIVE,
            cost_kr=granted.cost_kr if granted else 0,
            hours=granted.hours if granted else 0,
            **{
                column: choices.count(choice)
                for column, choice in zip(
                    ("votes_for", "votes_against", "abstained"), CHOICES, strict=True
                )
            },
            decided_by=chair,
            decided_at=at,
        )
        self.ledger.audit(
            "proposal.decide", "proposal", asking.id, by=chair, at=at, outcome=outcome
        )
        if outcome == "approved" and granted and "against" in choices:
            self._reserve(asking, list(VOTING_SEATS)[choices.index("against")], day)

    def begin(self, asking: Asking, day: int) -> None:
        """Some seats have voted; the proposal still waits."""
        self._vote(asking, BEGUN, day)

    def _vote(self, asking: Asking, choices: tuple[Choice, ...], day: int) -> None:
        for number, ((seat, key), choice) in enumerate(
            zip(VOTING_SEATS.items(), choices, strict=False)
        ):
            person, at = self.cast.persons[key], self.calendar.at(day, 10, 7 * number)
            self.ledger.write(
                "vote",
                proposal_id=asking.id,
                person_id=person,
                seat=seat,
                choice=choice,
                motive="",
                cast_at=at,
            )
            self.ledger.audit(
                "proposal.vote", "proposal", asking.id, by=person, at=at, choice=choice, seat=seat
            )

    def _reserve(self, asking: Asking, seat: str, day: int) -> None:
        person, at = self.cast.persons[VOTING_SEATS[seat]], self.calendar.at(day, 15, 40)
        self.ledger.write(
            "reservation", proposal_id=asking.id, person_id=person, text=RESERVATION, made_at=at
        )
        self.ledger.audit("proposal.reserve", "proposal", asking.id, by=person, at=at)

    def comment(self, asking: Asking, day: int) -> None:
        """The co-opted police chief has no vote, and says so much."""
        person, at = self.cast.persons["polischef"], self.calendar.at(day, 11, 20)
        self.ledger.write(
            "comment", id=uuid4(), proposal_id=asking.id, person_id=person, text=COMMENT, said_at=at
        )
        self.ledger.audit("proposal.comment", "proposal", asking.id, by=person, at=at)

    def frame(self, year: int, money_kr: int, hours: int, at: datetime) -> None:
        """What the measures of a year may cost."""
        owner = self.cast.persons["kommunchef"]
        self.ledger.write(
            "resource_frame",
            id=uuid4(),
            year=year,
            money_kr=money_kr,
            hours=hours,
            set_by=owner,
            set_at=at,
        )
        self.ledger.audit(
            "resources.set", "resource_frame", str(year), by=owner, at=at,
            money_kr=money_kr, hours=hours,
        )  # fmt: skip

    def number(self) -> None:
        """Paragraphs of a year in the order of deciding, without gaps."""
        number_by_year(self.ledger, "decision", "decided_at", "paragraph")


def number_by_year(ledger: Ledger, table: str, moment: str, column: str) -> None:
    last: dict[int, int] = {}
    for row in sorted(ledger.rows[table], key=lambda row: row[moment]):
        last[row["year"]] = row[column] = last.get(row["year"], 0) + 1
