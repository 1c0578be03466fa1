"""The audit over all publications: planted leaks are found, honest ones pass, and none is added."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest

from service.cycle.feedback.disclosure import audit_publications
from service.cycle.feedback.public_counts import public_counts
from service.cycle.feedback.report_disclosure import audit_and_record, report_all
from service.cycle.picture.closed_period import closed_period
from service.statistics.attacker import PROTECTION
from tenants.record_secrets import record_secret
from tenants.scope import execute, execute_many, fetch_value
from tests.cycle.picture.history import THIS_WEEK, count
from tests.people.cast import SECRET_KEY
from tests.town import Town

WORDS = {"headline": "Hösten var som vanligt.", "text": "Fler rapporter vid torget på kvällarna."}
REPORTERS = ("Polisen", "Bostadsbolaget", "Köpmännen")
PERIOD = closed_period(THIS_WEEK)
LAST = (THIS_WEEK - PERIOD[1]).days // 7


@pytest.fixture
async def busy(found) -> Town:
    """Storgatan and Torget are told; Lillgatan, Tyst and Vid ån are too small to be."""
    town = await found("Tallbacka", areas=["Storgatan", "Torget", "Lillgatan", "Tyst", "Vid ån"])
    rows = []
    for back in range(LAST, LAST + 9):
        for who in REPORTERS:
            rows += [
                (back, "Storgatan", "graffiti", who, 5),
                (back, "Torget", "littering", who, 2),
            ]
        rows.append((back, "Lillgatan", "graffiti", "Polisen", 1))
        rows.append((back, "Tyst", "littering", "Köpmännen", 1))
        rows.append((back, "Vid ån", "littering", "Bostadsbolaget", 1))
    await count(town, rows)
    return town


async def test_what_came_through_the_gate_is_safe(busy: Town) -> None:
    answer = await busy.post("/aterkoppling/publicera", role="safety_coordinator", **WORDS)
    assert answer.status_code == 303
    async with busy.scope():
        found = await audit_publications()
    assert found.publications == 1 and found.told >= 4 and found.hidden >= 3
    assert found.sound


async def test_a_total_that_leaves_one_small_part_over_is_found(busy: Town) -> None:
    """Four weeks in which all areas but one, and all of them together, were told: 4 are left."""
    first, last = PERIOD
    areas = {"Storgatan": 60, "Torget": 24, "Tyst": 4, "Vid ån": 4}
    async with busy.scope():
        await told_before(first, last, areas, rest=4)
        found = await audit_publications()
        assert await audit_and_record() == found
        line = await fetch_value("SELECT detail FROM audit_event WHERE verb = 'disclosure.audit'")
    named = {leak.area for leak in found.leaks}
    assert {"Lillgatan", "Tyst", "Vid ån"} <= named
    for leak in found.leaks:
        assert leak.found.high - leak.found.low < PROTECTION
    assert json.loads(line)["leaks"] == len(found.leaks)


async def test_windows_that_overlap_are_subtracted(busy: Town) -> None:
    """Five weeks and four of them: what Torget had in the fifth lies between two numbers."""
    first, last = PERIOD
    week = first - timedelta(weeks=1)
    async with busy.scope():
        await told_before(first, last, {"Torget": 24})
        assert not [
            leak for leak in (await audit_publications()).leaks if leak.hidden.first < first
        ]
        await told_before(week, last, {"Torget": 25})
        found = await audit_publications()
    assert any(
        (leak.hidden.first, leak.hidden.last, leak.area) == (week, week, "Torget")
        for leak in found.leaks
    )


async def told_before(first: date, last: date, areas: dict[str, int], rest: int | None = None):
    """A publication from before there was a gate: exact numbers, any window."""
    await execute(
        """INSERT INTO publication (tenant_id, id, headline, text, content, published_by)
           VALUES (ks.current_tenant(), $1, 'Hej', 'Hej.', $2::jsonb, $1)""",
        uuid4(),
        json.dumps(
            {
                "first": first.isoformat(),
                "last": last.isoformat(),
                "areas": [list(pair) for pair in areas.items()],
                "rest": rest,
            }
        ),
    )


@pytest.fixture
async def nearly(found) -> Town:
    """Torget is told with two more than it has, and Vid ån has one report."""
    town = await found("Tallbacka", areas=["Storgatan", "Torget", "Lillgatan", "Tyst", "Vid ån"])
    async with town.scope():
        await record_secret(SECRET_KEY)
        await execute(
            """INSERT INTO closed_period (tenant_id, first, last, secret_version, organisations)
               VALUES (ks.current_tenant(), $1, $2, 1, 4)""",
            *PERIOD,
        )
        await execute_many(
            """INSERT INTO closed_count (tenant_id, first, area_id, category_id, organisation_id,
                                         count, cell_key)
               VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6)""",
            [
                (
                    PERIOD[0],
                    town.areas[area],
                    town.categories[category],
                    town.organisations[who],
                    float(number),
                    key,
                )
                for area, category, number, key, reporters in (
                    ("Storgatan", "littering", 20, 0, REPORTERS),
                    # 3 · 85 = 255, the noise of which is + 2.
                    ("Torget", "littering", 8, 85, REPORTERS),
                    ("Lillgatan", "graffiti", 3, 0, REPORTERS[:1]),
                    ("Tyst", "graffiti", 3, 0, REPORTERS[1:2]),
                    ("Vid ån", "littering", 1, 0, REPORTERS[2:]),
                )
                for who in reporters
            ],
        )
    return town


async def test_a_publication_that_would_give_away_is_refused_and_says_what_to_merge(
    nearly: Town,
) -> None:
    async with nearly.scope():
        counts = await public_counts()
        assert {(part.name, int(part.count)) for part in counts.areas.parts} >= {("Torget", 26)}
        # Torget and Vid ån have been told together: 25. With 26 for Torget alone, which has at
        # least 24, Vid ån has at most 2.
        await told_before(*PERIOD, {"Storgatan": 60, "Lillgatan": 3, "Tyst": 3}, rest=25)
    answer = await nearly.post("/aterkoppling/publicera", role="safety_coordinator", **WORDS)
    assert answer.status_code == 422
    assert "Inget är publicerat" in answer.text and "Vid ån" in answer.text
    assert "Visa Torget tillsammans" in answer.text and WORDS["text"] in answer.text
    together = str(nearly.areas["Torget"])
    assert f'name="together" value="{together}"' in answer.text
    async with nearly.scope():
        assert await fetch_value("SELECT count(*) FROM publication") == 1
    again = await nearly.post(
        "/aterkoppling/publicera", role="safety_coordinator", **WORDS, together=together
    )
    assert again.status_code == 303
    page = (await nearly.anonymous.get(f"/{nearly.slug}/tryggt")).text
    assert "Storgatan" in page and "Torget" not in page


async def test_the_command_names_what_can_be_worked_out(busy: Town, sjohaga: Town) -> None:
    await busy.post("/aterkoppling/publicera", role="safety_coordinator", **WORDS)
    sound, lines = await report_all(busy.slug)
    assert sound and len(lines) == 1 and lines[0].endswith("hidden counts, safe")
    async with busy.scope():
        await told_before(*PERIOD, {"Lillgatan": 4})
    sound, lines = await report_all(busy.slug)
    assert not sound and "NOT SAFE" in lines[0] and any("Lillgatan: 3–5" in one for one in lines)
    assert (await report_all(sjohaga.slug))[0]
    assert await report_all("ingenstans") == (True, [])
