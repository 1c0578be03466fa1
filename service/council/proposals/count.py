"""What the votes on a proposal amount to. Pure: no database, no web."""

from dataclasses import dataclass
from typing import Literal

Choice = Literal["for", "against", "abstain"]
CHOICES: tuple[Choice, ...] = ("for", "against", "abstain")


@dataclass(frozen=True)
class Count:
    """The votes that count, of `seats` voting seats that are held now."""

    votes_for: int
    votes_against: int
    abstained: int
    seats: int

    @property
    def cast(self) -> int:
        """Who took part, also those who abstained."""
        return self.votes_for + self.votes_against + self.abstained

    @property
    def needed(self) -> int:
        """More than half of the seats must take part (KL 5 kap. 45 §, as for the council)."""
        return self.seats // 2 + 1

    @property
    def enough(self) -> bool:
        return self.cast >= self.needed

    @property
    def tied(self) -> bool:
        return self.votes_for == self.votes_against


def outcome_of(count: Count, presiding: Choice | None) -> Literal["approved", "rejected"] | None:
    """The majority's word; at a tie the presiding person's (utslagsröst, KL 5 kap. 54 §).

    None when it is a tie and who presides has not voted for or against.
    """
    if count.tied:
        return {"for": "approved", "against": "rejected"}.get(presiding or "")  # type: ignore[return-value]
    return "approved" if count.votes_for > count.votes_against else "rejected"
