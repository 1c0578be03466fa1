"""The nouns of mapping: where, what, the reports, and the counts that pictures are made from.

The counts have keys of several columns, made by the migration; the class names one of them as
its primary key only because Piccolo wants one.
"""

from uuid import uuid4

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    Boolean,
    Date,
    DoublePrecision,
    ForeignKey,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
)

from service.cycle.mapping.week import now
from tenants.tables import Organisation, TenantTable


class Area(TenantTable, tablename="area"):
    """A place that counts are kept for; `boundary` is a GeoJSON geometry."""

    id = UUID(primary_key=True, default=uuid4)
    key = Text()
    name = Text()
    kind = Text()
    locality = Text()
    latitude = DoublePrecision()
    longitude = DoublePrecision()
    boundary = JSONB()
    retired_on = Date(null=True, default=None)
    replaced_by = UUID(null=True, default=None)


class Category(TenantTable, tablename="category"):
    """What can be reported, as this municipality names and weighs it."""

    id = UUID(primary_key=True, default=uuid4)
    key = Text()
    label = Text()
    group_key = Text()
    kind = Text()
    severity = SmallInt()
    position = SmallInt()
    hidden_on = Date(null=True, default=None)


class Report(TenantTable, tablename="report"):
    """What one actor saw, some time in [occurred_from, occurred_to)."""

    id = UUID(primary_key=True, default=uuid4)
    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    person_id = UUID(null=True, default=None)
    category_id = ForeignKey(Category, null=False, on_delete=OnDelete.restrict)
    area_id = ForeignKey(Area, null=False, on_delete=OnDelete.restrict)
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    place_type = Text(null=True, default=None)
    time_kind = Text()
    occurred_from = Timestamptz()
    occurred_to = Timestamptz()
    text = Text(null=True, default=None)
    source = Text(default="form")
    received_at = Timestamptz(default=now)
    concern = SmallInt(null=True, default=None)
    seen_before = Boolean(null=True, default=None)
    action_taken = Boolean(null=True, default=None)
    police_report = Text(null=True, default=None)
    batch_id = UUID(null=True, default=None)


class HeldText(TenantTable, tablename="held_text"):
    """A report's text that may point out somebody; `kinds` says what was found in it."""

    report_id = ForeignKey(Report, primary_key=True, null=False, on_delete=OnDelete.restrict)
    text = Text()
    kinds = Array(base_column=Text())
    held_at = Timestamptz(default=now)


class ZeroReport(TenantTable, tablename="zero_report"):
    """An organisation's word that it had nothing to report in a week (its Monday)."""

    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    week = Date(primary_key=True)
    person_id = UUID(null=True, default=None)
    received_at = Timestamptz(default=now)


class WeeklyCount(TenantTable, tablename="weekly_count"):
    """Reports, in fractions, per week of occurrence and week of arrival."""

    week = Date(primary_key=True)
    area_id = ForeignKey(Area, null=False, on_delete=OnDelete.restrict)
    category_id = ForeignKey(Category, null=False, on_delete=OnDelete.restrict)
    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    source = Text()
    arrival_week = Date()
    # `count` is a method of every Piccolo table.
    amount = DoublePrecision(db_column_name="count")


class HourlyCount(TenantTable, tablename="hourly_count"):
    """Reports, in fractions, per week and hour of the week (0 is Monday 00–01)."""

    week = Date(primary_key=True)
    area_id = ForeignKey(Area, null=False, on_delete=OnDelete.restrict)
    category_id = ForeignKey(Category, null=False, on_delete=OnDelete.restrict)
    hour_of_week = SmallInt()
    # `count` is a method of every Piccolo table.
    amount = DoublePrecision(db_column_name="count")
