"""The nouns of this stage: the working picture, made from counts, its editions and signals."""

from uuid import uuid4

from piccolo.columns import (
    JSONB,
    UUID,
    Bytea,
    Date,
    DoublePrecision,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
)

from service.cycle.mapping.tables import Area, Category
from service.cycle.mapping.week import now
from tenants.tables import Organisation, TenantTable


class Picture(TenantTable, tablename="picture"):
    """The working picture of a municipality, of `week` (its Monday).

    `content` has one part for each view level (`wide`, `named`, `sums`), so that a page
    reads only what its reader may see. It holds numbers; the sentences are made when shown.
    """

    id = UUID(primary_key=True, default=uuid4)
    kind = Text()
    week = Date()
    compiled_at = Timestamptz(default=now)
    method = Text()
    content = JSONB()


class Edition(TenantTable, tablename="edition"):
    """A picture of `week` to `last_week` as it stood when it was approved; it never changes again.

    `counts` is what its numbers were worked out from, `hash` is over numbers and texts. A later
    `version` of the same period stands in its place and says why.
    """

    id = UUID(primary_key=True, default=uuid4)
    kind = Text()
    week = Date()
    last_week = Date(null=True)
    version = SmallInt()
    supersedes = UUID(null=True)
    reason = Text(null=True)
    compiled_at = Timestamptz()
    method = Text()
    content = JSONB()
    sections = JSONB()
    counts = Bytea(null=True)
    code = Text()
    hash = Text(null=True)
    frozen_at = Timestamptz()


class EditionDraft(TenantTable, tablename="edition_draft"):
    """An edition that is being written; of a period there is one at a time.

    Whoever changes it names the `revision` that was read, so that nobody writes over another.
    """

    id = UUID(primary_key=True, default=uuid4)
    kind = Text()
    week = Date()
    last_week = Date()
    supersedes = UUID(null=True)
    reason = Text(null=True)
    drawn_at = Timestamptz()
    method = Text()
    content = JSONB()
    counts = Bytea()
    sections = JSONB()
    revision = Integer()
    begun_by = UUID()
    begun_at = Timestamptz()
    changed_by = UUID()
    changed_at = Timestamptz()
    outcome = Text(null=True)
    ended_at = Timestamptz(null=True)


class EditionComment(TenantTable, tablename="edition_comment"):
    """What somebody of the preparatory group says about a draft, until it is seen to."""

    id = UUID(primary_key=True, default=uuid4)
    draft_id = ForeignKey(EditionDraft, null=False, on_delete=OnDelete.restrict)
    text = Text()
    person_id = UUID()
    written_at = Timestamptz()
    resolved_by = UUID(null=True)
    resolved_at = Timestamptz(null=True)


class EditionApproval(TenantTable, tablename="edition_approval"):
    """Who stands behind an edition, as safety coordinator or as municipal police officer."""

    edition_id = UUID(primary_key=True)
    capacity = Text()
    person_id = UUID()
    approved_at = Timestamptz()


class Signal(TenantTable, tablename="signal"):
    """A category in an area that stood out from `first_week` to `last_week`.

    `weeks`, `counted` and `expected` are those of the window that stood out when it last did.
    """

    id = UUID(primary_key=True, default=uuid4)
    area_id = ForeignKey(Area, null=False, on_delete=OnDelete.restrict)
    category_id = ForeignKey(Category, null=False, on_delete=OnDelete.restrict)
    first_week = Date()
    last_week = Date()
    method = Text()
    weeks = SmallInt()
    counted = DoublePrecision()
    expected = DoublePrecision()
    raised_at = Timestamptz()


class NearRepeatRow(TenantTable, tablename="near_repeat"):
    """Pairs of a category's events close in place and time, beside what chance would give."""

    week = Date(primary_key=True)
    category_id = ForeignKey(Category, null=False, on_delete=OnDelete.restrict)
    events = Integer()
    observed = DoublePrecision()
    expected = DoublePrecision()
    p = DoublePrecision()
    worked_out_at = Timestamptz()


class SignalMark(TenantTable, tablename="signal_mark"):
    """What somebody made of a signal; the latest one holds."""

    id = UUID(primary_key=True, default=uuid4)
    signal_id = ForeignKey(Signal, null=False, on_delete=OnDelete.restrict)
    verdict = Text()
    marked_by = UUID()
    marked_at = Timestamptz()


class ClosedPeriod(TenantTable, tablename="closed_period"):
    """Four weeks, from the Monday `first` to the Monday `last`, as they stood when they ended."""

    first = Date(primary_key=True)
    last = Date()
    secret_version = SmallInt()
    organisations = SmallInt()
    closed_at = Timestamptz(default=now)


class ClosedCount(TenantTable, tablename="closed_count"):
    """What a closed period counted; `cell_key` is the sum of its reports' keys, modulo 256."""

    first = Date(primary_key=True)
    area_id = ForeignKey(Area, null=False, on_delete=OnDelete.restrict)
    category_id = ForeignKey(Category, null=False, on_delete=OnDelete.restrict)
    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    # `count` is a method of every Piccolo table.
    amount = DoublePrecision(db_column_name="count")
    cell_key = SmallInt()
