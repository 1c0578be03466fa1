"""The nouns of assessment. Each act is a row; the latest one holds."""

from uuid import uuid4

from piccolo.columns import (
    UUID,
    DoublePrecision,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
)

from service.cycle.mapping.tables import Area, Category
from tenants.tables import TenantTable


class CellAssessment(TenantTable, tablename="cell_assessment"):
    """How much the group can influence a category in an area, and whether it moves it in the list.

    `influence` is 1 (little) to 3 (much) or not judged; a `position` other than the calculated one
    has a motive.
    """

    id = UUID(primary_key=True, default=uuid4)
    area_id = ForeignKey(Area, null=False, on_delete=OnDelete.restrict)
    category_id = ForeignKey(Category, null=False, on_delete=OnDelete.restrict)
    influence = SmallInt(null=True, default=None)
    position = Text()
    motive = Text()
    assessed_by = UUID()
    assessed_at = Timestamptz()


class SeverityWeighting(TenantTable, tablename="severity_weighting"):
    """What light, medium and severe weigh against each other, from this version on."""

    version = Integer(primary_key=True)
    light = DoublePrecision()
    medium = DoublePrecision()
    severe = DoublePrecision()
    motive = Text()
    set_by = UUID()
    set_at = Timestamptz()


class SituationLevel(TenantTable, tablename="situation_level"):
    """The group's own word for the whole: green, yellow, orange or red, and what it rests on."""

    id = UUID(primary_key=True, default=uuid4)
    level = Text()
    indicators = Text()
    settled_by = UUID()
    settled_at = Timestamptz()
