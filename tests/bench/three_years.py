"""Three years of a steering group: problems, proposals, votes, decisions and follow-ups as rows."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np

from service.council.resources.show import this_year
from service.cycle.picture.compile import compile_picture
from tenants.scope import execute_many, fetch, tenant_scope
from tests.bench.stage import Stage

PROBLEMS = 60
MEASURES = 300
SEATS = 6  # votes on each

EVIDENCE = json.dumps({"line": {"place": 3, "level": 2.4, "usual": 1.1, "actors": 4}})
COMPARISON = json.dumps(
    {
        "weeks": 12,
        "before": {"count": 34.0, "actors": 6, "reporters": 4},
        "after": {"count": 21.0, "actors": 5, "reporters": 4},
    }
)


# Numbers of problems and paragraphs go on after those of the seeded world.
AFTER = 100


async def live_three_years(stage: Stage, *, waiting: int) -> list[UUID]:
    """Fill the stage's municipality; returns `waiting` proposals with votes enough to decide."""
    draw = np.random.default_rng(11)
    async with tenant_scope(stage.tenant_id):
        await compile_picture()
        sitting = await fetch(
            """SELECT person_id, seat FROM membership JOIN seat ON seat.key = membership.seat
               WHERE seat.votes AND membership.role = 'steering_member' ORDER BY seat.position"""
        )
        by = sitting[0]["person_id"]
        problems = await _problems(stage, by)
        measures = await _measures(stage, by, problems, MEASURES + waiting, draw)
        proposals = [(uuid4(), *one) for one in measures]
        await _write(
            "proposal", "id, measure_id, problem_id, kind, proposed_by, proposed_at",
            [
                (proposal, measure, problem, "measure", by, decided - timedelta(days=30))
                for proposal, measure, problem, decided in proposals
            ],
        )  # fmt: skip
        await _write(
            "vote", "proposal_id, person_id, seat, choice",
            [
                (proposal, one["person_id"], one["seat"], "for" if place != 3 else "against")
                for proposal, *_ in proposals
                for place, one in enumerate(sitting[:SEATS])
            ],
        )  # fmt: skip
        await _decisions(by, proposals[:MEASURES], draw)
        await _write(
            "resource_frame", "id, year, money_kr, hours, set_by",
            [(uuid4(), this_year() - back, 9_000_000, 9000, by) for back in range(3)],
        )  # fmt: skip
    return [proposal for proposal, *_ in proposals[MEASURES:]]


async def _problems(stage: Stage, by: UUID) -> list[tuple[UUID, UUID]]:
    """Problems with a named cause each; half of them are still open."""
    taken = {
        (row["area_id"], row["category_id"])
        for row in await fetch("SELECT area_id, category_id FROM open_problem")
    }
    cells = [
        (area, category)
        for category in list(stage.categories.values())[:3]
        for area in stage.areas[:40]
        if (area, category) not in taken
    ][:PROBLEMS]
    problems = [(uuid4(), uuid4()) for _ in cells]
    await _write(
        "problem", "id, year, number, title, area_id, category_id, evidence, opened_by",
        [
            (problem, this_year() - 2 + number // 25, number % 25 + AFTER, "Samlingar vid torget",
             *cell, EVIDENCE, by)
            for number, ((problem, _), cell) in enumerate(zip(problems, cells, strict=True))
        ],
    )  # fmt: skip
    half = len(problems) // 2
    await _write(
        "open_problem", "problem_id, area_id, category_id",
        [(one[0], *cell) for one, cell in zip(problems[half:], cells[half:], strict=True)],
    )  # fmt: skip
    await _write(
        "problem_closure", "problem_id, motive, closed_by",
        [(problem, "Målet är nått.", by) for problem, _ in problems[:half]],
    )  # fmt: skip
    await _write(
        "cause", "id, problem_id, letter, side, title, named_by",
        [(cause, problem, "A", "place", "Ingången är mörk", by) for problem, cause in problems],
    )  # fmt: skip
    return problems


async def _measures(
    stage: Stage, by: UUID, problems: list[tuple[UUID, UUID]], number: int, draw: Any
) -> list[tuple[UUID, UUID, Any]]:
    """(measure, problem, when it is decided), the oldest first."""
    rows, made = [], []
    present = (await fetch("SELECT now() AS now"))[0]["now"]
    for place in range(number):
        problem, cause = problems[place % len(problems)]
        decided = present - timedelta(days=max(1095 * (1 - place / number), 1))
        begins = decided.date() + timedelta(days=14)
        measure = uuid4()
        rows.append(
            (measure, problem, cause, f"Insats {place + 1}", "situational", "Färre samlingar.",
             "short", "Rapporter i veckan", begins, begins + timedelta(days=90),
             stage.organisations[place % len(stage.organisations)],
             int(draw.integers(5, 90)) * 1000, int(draw.integers(5, 90)), by)
        )  # fmt: skip
        made.append((measure, problem, decided))
    await _write(
        "measure",
        "id, problem_id, cause_id, title, kind, expected_effect, horizon, indicator, starts_on, "
        "ends_on, organisation_id, cost_kr, hours, planned_by",
        rows,
    )
    return made


async def _decisions(by: UUID, proposals: list[tuple[UUID, UUID, UUID, Any]], draw: Any) -> None:
    numbers: dict[int, int] = {}
    decisions, follow_ups = [], []
    for proposal, measure, _problem, decided in proposals:
        year = decided.year
        numbers[year] = numbers.get(year, AFTER) + 1
        outcome = str(draw.choice(["approved", "approved", "approved", "rejected"]))
        granted = (40_000, 40) if outcome == "approved" else (0, 0)
        decisions.append(
            (proposal, year, numbers[year], outcome, "Behövs före vintern.", *granted, 5, 1, 0, by,
             decided)
        )  # fmt: skip
        if outcome == "approved" and draw.random() < 0.8:
            follow_ups.append(
                (uuid4(), measure, "done", date.today(), "Klart.", 38_000, 41, COMPARISON, by)
            )
    await _write(
        "decision",
        "proposal_id, year, paragraph, outcome, motive, cost_kr, hours, votes_for, votes_against, "
        "abstained, decided_by, decided_at",
        decisions,
    )
    await _write(
        "follow_up",
        "id, measure_id, outcome, done_on, text, used_kr, used_hours, comparison, followed_up_by",
        follow_ups,
    )


async def _write(table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    places = ", ".join(f"${number + 1}" for number in range(len(columns.split(","))))
    await execute_many(
        f"INSERT INTO {table} (tenant_id, {columns}) VALUES (ks.current_tenant(), {places})", rows
    )
