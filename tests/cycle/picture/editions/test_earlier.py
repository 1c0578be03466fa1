"""An edition of a period that has ended tells of that period, whenever it is worked out."""

import json
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from service.cycle.mapping.week import now, week_of
from service.cycle.picture.counts import read_counts
from service.cycle.picture.editions.kinds import Period, ended_periods
from service.cycle.picture.editions.period_sums import OutOfReach, sum_period
from service.cycle.picture.editions.verify import Proof, verify_all
from tenants.scope import execute, fetch_row, fetch_value
from tests.cycle.picture.editions.test_draft import COORDINATOR, approved, begun
from tests.cycle.picture.history import compiled, count, live_through, monday
from tests.database import Database
from tests.town import Town

BACK = 3


async def approved_weeks_ago(town: Town, database: Database) -> str:
    """The path of the weekly edition of the week `BACK` weeks ago."""
    await compiled(town)
    assert (await town.post("/lagesbild/utgava", role=COORDINATOR)).status_code == 303
    # The application itself may not: it takes the owner of the tables.
    owner = await asyncpg.connect(database.superuser)
    edition = await owner.fetchval(
        "UPDATE ks.edition SET week = $2, last_week = $2 WHERE tenant_id = $1 RETURNING id",
        town.id,
        monday(BACK),
    )
    await owner.close()
    return f"/lagesbild/utgavor/{edition}"


async def drawn(town: Town) -> dict[str, Any]:
    """The content of the open draft."""
    async with town.scope():
        found = await fetch_value("SELECT content FROM edition_draft WHERE ended_at IS NULL")
    content: dict[str, Any] = json.loads(found)
    return content


async def test_a_month_is_worked_out_for_its_last_week(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=60)
    period = ended_periods("monthly", week_of(now()))[0]
    back = (week_of(now()) - period.last).days // 7
    # What stands out now was not there then.
    await count(tallbacka, [(0, "Ruta 2", "arson", who, 9) for who in tallbacka.organisations])
    await begun(tallbacka)
    content = await drawn(tallbacka)
    assert content["wide"]["week"] == period.last.isoformat() == monday(back).isoformat()
    assert content["wide"]["elapsed"] == 1
    labels = [one["key"] for one in content["wide"]["categories"]]
    assert "arson" not in {labels[row["category"]] for row in content["wide"]["above"]}
    assert content["sums"]["last"] < period.last.isoformat()


async def test_a_corrected_week_is_that_week_with_its_late_reports(
    tallbacka: Town, database: Database
) -> None:
    await live_through(tallbacka, weeks=60)
    edition = await approved_weeks_ago(tallbacka, database)
    async with tallbacka.scope():
        known = await fetch_value(
            "SELECT sum(count) FROM weekly_count WHERE week = $1", monday(BACK)
        )
    await count(tallbacka, [(BACK, "Ruta 1", "graffiti", "Polisen", 7, 0)])
    begun = await tallbacka.post(
        f"{edition}/ratta", role=COORDINATOR, reason="Sena rapporter.", form_id=str(uuid4())
    )
    path = begun.headers["location"].removeprefix(f"/{tallbacka.slug}")
    content = await drawn(tallbacka)
    assert content["wide"]["week"] == monday(BACK).isoformat()
    assert round(content["wide"]["total"]["week"]) == round(known) + 7
    done = await tallbacka.post(f"{path}/faststall", role=COORDINATOR, revision="1")
    assert done.status_code == 303
    second = done.headers["location"].removeprefix(f"/{tallbacka.slug}")
    page = (await tallbacka.get(second, role=COORDINATOR)).text
    assert "hittills i veckan" not in page
    async with tallbacka.scope():
        proofs = {one.head.version: one.proof for one in await verify_all()}
    assert proofs[2] is Proof.PROVED


async def test_without_an_expectation_a_finished_week_is_no_week_so_far(
    tallbacka: Town, database: Database
) -> None:
    await live_through(tallbacka, weeks=5)
    edition = await approved_weeks_ago(tallbacka, database)
    begun = await tallbacka.post(
        f"{edition}/ratta", role=COORDINATOR, reason="Fel.", form_id=str(uuid4())
    )
    path = begun.headers["location"].removeprefix(f"/{tallbacka.slug}")
    done = await tallbacka.post(f"{path}/faststall", role=COORDINATOR, revision="1")
    second = done.headers["location"].removeprefix(f"/{tallbacka.slug}")
    page = (await tallbacka.get(second, role=COORDINATOR)).text
    assert "under veckan" in page and "hittills i veckan" not in page


async def test_late_reports_do_not_change_sums_that_were_closed_when_drawn(
    tallbacka: Town,
) -> None:
    """No compilation came between the end of the period and the draft."""
    await live_through(tallbacka, weeks=60)
    path = await begun(tallbacka)
    first = (await drawn(tallbacka))["sums"]["groups"]
    async with tallbacka.scope():
        assert await fetch_row("SELECT FROM closed_period") is not None
        await execute("UPDATE weekly_count SET count = count * 3")
    again = await tallbacka.post(f"{path}/tal", role=COORDINATOR, revision="1")
    assert again.status_code == 303
    assert (await drawn(tallbacka))["sums"]["groups"] == first


async def test_longer_than_a_year_is_not_said_to_lack_a_year_before(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=150)
    page = (await tallbacka.get(await begun(tallbacka, "statutory"), role=COORDINATOR)).text
    assert "längre än 52 veckor" in page and "Det finns inget år före" not in page


async def test_a_period_outside_the_counts_is_refused(tallbacka: Town) -> None:
    async with tallbacka.scope():
        counts = await read_counts(monday(10))
    for first, last in ((9, 9), (200, 12), (12, 14)):
        with pytest.raises(OutOfReach):
            sum_period(counts, Period(monday(first), monday(last)))


async def test_what_was_made_by_the_running_week_is_still_proved(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=60)
    await approved(tallbacka)
    await compiled(tallbacka)
    assert (await tallbacka.post("/lagesbild/utgava", role=COORDINATOR)).status_code == 303
    async with tallbacka.scope():
        assert {one.proof for one in await verify_all()} == {Proof.PROVED}
