"""The nouns of an import: the batch, its file and chunks while they are read, and what is wrong."""

from uuid import uuid4

from piccolo.columns import (
    JSONB,
    UUID,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
)

from service.cycle.mapping.week import now
from tenants.tables import Organisation, TenantTable


class ReportBatch(TenantTable, tablename="report_batch"):
    """A file that somebody sent; the times tell how far it has come.

    `columns` is what is known of its columns, `meaning` what somebody said that they mean, and
    `version` counts how often that was said. `repeats` are the rows that were seen to tell of the
    same case as an earlier row, or as a report that is there.
    """

    id = UUID(primary_key=True, default=uuid4)
    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    file_name = Text()
    sheet = Text()
    sha256 = Bytea()
    made_by = UUID()
    made_at = Timestamptz(default=now)
    unpacked_at = Timestamptz(null=True, default=None)
    refused = Text(null=True, default=None)
    refused_row = Integer(null=True, default=None)
    columns = JSONB(null=True, default=None)
    total = Integer(null=True, default=None)
    meaning = JSONB(null=True, default=None)
    version = Integer(default=0)
    checked_at = Timestamptz(null=True, default=None)
    repeats = Integer(null=True, default=None)
    taken_up_at = Timestamptz(null=True, default=None)
    taken_in_at = Timestamptz(null=True, default=None)
    undo_at = Timestamptz(null=True, default=None)
    undone_at = Timestamptz(null=True, default=None)
    dropped_at = Timestamptz(null=True, default=None)


class BatchFile(TenantTable, tablename="batch_file"):
    """The bytes, until they are unpacked."""

    batch_id = ForeignKey(ReportBatch, primary_key=True, null=False, on_delete=OnDelete.restrict)
    content = Bytea()


class BatchChunk(TenantTable, tablename="batch_chunk"):
    """Some of its rows as they came, and as `ready` reports once they are checked.

    `version` is that of the meaning they were checked by; `taken_in` how many new reports they
    gave. Then both rows and reports are gone from here.
    """

    batch_id = ForeignKey(ReportBatch, null=False, on_delete=OnDelete.restrict)
    number = Integer(primary_key=True)
    size = Integer()
    rows = JSONB(null=True, default=None)
    version = Integer(default=0)
    ready = JSONB(null=True, default=None)
    good = Integer(default=0)
    wrong = Integer(default=0)
    skipped = Integer(default=0)
    cleaned = Integer(default=0)
    held = Integer(default=0)
    taken_in = Integer(null=True, default=None)


class BatchError(TenantTable, tablename="batch_error"):
    """What is wrong with a row: in which columns, what stands there, and why that cannot be."""

    batch_id = ForeignKey(ReportBatch, null=False, on_delete=OnDelete.restrict)
    chunk = Integer()
    row = Integer(primary_key=True)
    place = Integer()
    columns = Text()
    value = Text()
    message = Text()
