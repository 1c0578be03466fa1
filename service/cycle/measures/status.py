"""Where a measure stands, as its rows say."""

from datetime import date
from enum import StrEnum

from service.web.language import later


class Status(StrEnum):
    """From the proposal to the follow-up."""

    WAITS = "waits"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    REFERRED_BACK = "referred_back"
    APPROVED = "approved"
    RUNS = "runs"
    ENDED = "ended"
    FOLLOWED_UP = "followed_up"


WORDS: dict[Status, str] = {
    Status.WAITS: later("Väntar på beslut"),
    Status.WITHDRAWN: later("Tillbakadragen"),
    Status.REJECTED: later("Avslagen"),
    Status.REFERRED_BACK: later("Återremitterad"),
    Status.APPROVED: later("Beslutad"),
    Status.RUNS: later("Pågår"),
    Status.ENDED: later("Ska följas upp"),
    Status.FOLLOWED_UP: later("Uppföljd"),
}
TAGS: dict[Status, str] = {
    Status.WAITS: "waits",
    Status.REFERRED_BACK: "waits",
    Status.RUNS: "going",
    Status.ENDED: "waits",
}
"""How a status is marked in a list; one that is not here is said without a mark of its own."""
DIAMONDS: dict[Status, str] = {
    Status.RUNS: "now",
    Status.ENDED: "late",
    Status.FOLLOWED_UP: "done",
}


def status_of(
    *,
    withdrawn: bool,
    outcome: str | None,
    starts_on: date,
    ends_on: date,
    followed_up: bool,
    today: date,
) -> Status:
    """`withdrawn` and `outcome` are those of the measure's latest proposal."""
    if withdrawn:
        return Status.WITHDRAWN
    if outcome is None:
        return Status.WAITS
    if outcome != "approved":
        return Status(outcome)
    if followed_up:
        return Status.FOLLOWED_UP
    if today < starts_on:
        return Status.APPROVED
    return Status.RUNS if today <= ends_on else Status.ENDED
