"""The nouns of triage. A review and a merge are rows that an undo takes away; corrections stay."""

from uuid import uuid4

from piccolo.columns import UUID, ForeignKey, OnDelete, Text, Timestamptz

from service.cycle.mapping.tables import Report
from service.cycle.mapping.week import now
from tenants.tables import TenantTable


class Review(TenantTable, tablename="review"):
    """Somebody has read the report: it is approved, or rejected and counted no more."""

    report_id = ForeignKey(Report, primary_key=True, null=False, on_delete=OnDelete.restrict)
    outcome = Text()
    person_id = UUID()
    reviewed_at = Timestamptz(default=now)


class ReportMerge(TenantTable, tablename="report_merge"):
    """Two reports tell of one event: together they count as one, and each actor keeps its part."""

    report_id = ForeignKey(Report, primary_key=True, null=False, on_delete=OnDelete.restrict)
    into_id = ForeignKey(Report, null=False, on_delete=OnDelete.restrict)
    person_id = UUID()
    merged_at = Timestamptz(default=now)


class ReportCorrection(TenantTable, tablename="report_correction"):
    """What was put right: ids of category or area, and for a text only that it was."""

    id = UUID(primary_key=True, default=uuid4)
    report_id = ForeignKey(Report, null=False, on_delete=OnDelete.restrict)
    field = Text()
    was = UUID(null=True, default=None)
    became = UUID(null=True, default=None)
    person_id = UUID()
    corrected_at = Timestamptz(default=now)
