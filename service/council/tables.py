"""The nouns of the council: seats, votes, resources, and the preparatory group's meeting.

Keys that join several columns stand in the migration.
"""

from uuid import uuid4

from piccolo.columns import (
    JSONB,
    UUID,
    Boolean,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
)

from service.cycle.measures.tables import Proposal
from tenants.tables import Person, TenantTable


class Seat(TenantTable, tablename="seat"):
    """A place in the steering group, held by membership; `presides` may close a vote."""

    key = Text(primary_key=True)
    label = Text()
    position = SmallInt()
    presides = Boolean()
    votes = Boolean()


class Vote(TenantTable, tablename="vote"):
    """One seat's word on a proposal, which its holder may change until the decision."""

    proposal_id = ForeignKey(Proposal, primary_key=True, null=False, on_delete=OnDelete.restrict)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    seat = Text()
    choice = Text()
    motive = Text()
    cast_at = Timestamptz()


class Reservation(TenantTable, tablename="reservation"):
    """Somebody who took part in a decision and does not stand behind it."""

    proposal_id = ForeignKey(Proposal, primary_key=True, null=False, on_delete=OnDelete.restrict)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    text = Text()
    made_at = Timestamptz()


class Comment(TenantTable, tablename="comment"):
    id = UUID(primary_key=True, default=uuid4)
    proposal_id = ForeignKey(Proposal, null=False, on_delete=OnDelete.restrict)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    text = Text()
    said_at = Timestamptz()


class ResourceFrame(TenantTable, tablename="resource_frame"):
    """What a year's measures may cost; the latest one of the year holds."""

    id = UUID(primary_key=True, default=uuid4)
    year = SmallInt()
    money_kr = Integer()
    hours = Integer()
    set_by = UUID()
    set_at = Timestamptz()


class Meeting(TenantTable, tablename="meeting"):
    id = UUID(primary_key=True, default=uuid4)
    held_at = Timestamptz()
    place = Text()
    called_by = UUID()
    called_at = Timestamptz()
    cancelled_at = Timestamptz(null=True)


class MeetingChange(TenantTable, tablename="meeting_change"):
    """A meeting was moved, or cancelled where there is no new time; the latest change holds."""

    id = UUID(primary_key=True, default=uuid4)
    meeting_id = ForeignKey(Meeting, null=False, on_delete=OnDelete.restrict)
    held_at = Timestamptz(null=True)
    place = Text(null=True)
    reason = Text()
    changed_by = UUID()
    changed_at = Timestamptz()


class AgendaItem(TenantTable, tablename="agenda_item"):
    """What somebody wants to talk about, beside what the agenda finds by itself."""

    id = UUID(primary_key=True, default=uuid4)
    meeting_id = ForeignKey(Meeting, null=False, on_delete=OnDelete.restrict)
    title = Text()
    raised_by = UUID()
    raised_at = Timestamptz()


class MeetingDecision(TenantTable, tablename="meeting_decision"):
    id = UUID(primary_key=True, default=uuid4)
    meeting_id = ForeignKey(Meeting, null=False, on_delete=OnDelete.restrict)
    about = Text()
    text = Text()
    decided_by = UUID()
    decided_at = Timestamptz()


class Attendance(TenantTable, tablename="attendance"):
    meeting_id = ForeignKey(Meeting, primary_key=True, null=False, on_delete=OnDelete.restrict)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    noted_by = UUID()
    noted_at = Timestamptz()


class Minutes(TenantTable, tablename="minutes"):
    """What was on the agenda and what was decided, as it stood when the minutes were approved."""

    meeting_id = ForeignKey(Meeting, primary_key=True, null=False, on_delete=OnDelete.restrict)
    content = JSONB()
    approved_by = UUID()
    approved_at = Timestamptz()
