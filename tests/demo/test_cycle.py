"""The invented cycle: every state of the wheel is there, walled, once, and nobody is written to."""

from datetime import UTC, datetime

import pytest

from service.cycle.measures.status import Status, status_of
from service.cycle.picture.editions.verify import Proof, verify_all
from service.demo.seed import seed
from tenants.scope import fetch, fetch_row, fetch_value, platform_scope, tenant_scope

FULLEST, ORDINARY = "2182", "2081"
EVERYWHERE = (
    "finding", "cause", "cause_assessment", "inquiry_answer", "vote", "reservation", "comment",
    "resource_frame", "working_group", "group_answer", "group_lead", "task", "task_completion",
    "agenda_item", "meeting_decision", "attendance", "edition_approval", "publication",
)  # fmt: skip
# What was done, and when: nothing of it lies ahead.
MOMENTS = {
    "problem": "opened_at",
    "finding": "noted_at",
    "proposal": "proposed_at",
    "decision": "decided_at",
    "vote": "cast_at",
    "follow_up": "followed_up_at",
    "task_completion": "completed_at",
    "minutes": "approved_at",
    "publication": "published_at",
    "audit_event": "at",
}
# What the service never lets happen, and how often it has.
IMPOSSIBLE = {
    "a decision before its proposal": """
        SELECT count(*) FROM decision JOIN proposal ON proposal.id = decision.proposal_id
        WHERE decided_at <= proposed_at""",
    "a vote after the decision": """
        SELECT count(*) FROM vote JOIN decision USING (proposal_id) WHERE cast_at > decided_at""",
    "a reservation by who voted for what was decided": """
        SELECT count(*) FROM reservation JOIN vote USING (proposal_id, person_id)
        JOIN decision USING (proposal_id) WHERE choice = 'for' AND outcome = 'approved'""",
    "votes that the decision did not count": """
        SELECT count(*) FROM decision WHERE votes_for + votes_against + abstained <> (
            SELECT count(*) FROM vote WHERE vote.proposal_id = decision.proposal_id)""",
    "an approval against the majority": """
        SELECT count(*) FROM decision WHERE outcome = 'approved' AND votes_for <= votes_against""",
    "a proposal with two ends": """
        SELECT count(*) FROM decision JOIN proposal_withdrawal USING (proposal_id)""",
    "a measure against a rejected cause": """
        SELECT count(*) FROM measure WHERE (SELECT support FROM cause_assessment
            WHERE cause_id = measure.cause_id ORDER BY assessed_at DESC LIMIT 1) = 'rejected'""",
    "an open problem without its hold": """
        SELECT count(*) FROM problem WHERE (id IN (SELECT problem_id FROM open_problem))
            = (id IN (SELECT problem_id FROM problem_closure))""",
    "paragraphs with gaps": """
        SELECT count(*) FROM (SELECT year FROM decision GROUP BY year
                              HAVING max(paragraph) <> count(*)) AS gap""",
    "a member who came after the deed": """
        SELECT count(*) FROM vote WHERE NOT EXISTS (
            SELECT FROM membership WHERE membership.person_id = vote.person_id
            AND membership.seat = vote.seat AND valid_from <= cast_at)""",
    "more granted than the frame": """
        SELECT count(*) FROM resource_frame WHERE money_kr < (
            SELECT sum(cost_kr) FROM decision WHERE decision.year = resource_frame.year)""",
    "minutes before the meeting": """
        SELECT count(*) FROM minutes JOIN meeting ON meeting.id = meeting_id
        WHERE approved_at < held_at""",
}


@pytest.fixture(scope="module", params=(FULLEST, ORDINARY))
async def seeded(request, neighbourhood):
    """The fullest of the nine, and one of the others."""
    await seed(lambda line: None, codes=[request.param])
    async with platform_scope():
        return await fetch_row("SELECT * FROM municipality WHERE code = $1", request.param)


async def states_of(row) -> dict[Status, int]:
    async with tenant_scope(row["id"]):
        measures = await fetch(
            """SELECT DISTINCT ON (measure.id) starts_on, ends_on, decision.outcome,
                      proposal_withdrawal.proposal_id IS NOT NULL AS withdrawn,
                      EXISTS (SELECT FROM follow_up WHERE measure_id = measure.id) AS followed_up
               FROM measure JOIN proposal ON proposal.measure_id = measure.id
               LEFT JOIN decision ON decision.proposal_id = proposal.id
               LEFT JOIN proposal_withdrawal ON proposal_withdrawal.proposal_id = proposal.id
               ORDER BY measure.id, proposed_at DESC"""
        )
    today = datetime.now(UTC).date()
    states = [status_of(**dict(one), today=today) for one in measures]
    return {state: states.count(state) for state in Status}


async def test_measures_stand_in_every_state(seeded):
    fullest = seeded["code"] == FULLEST
    assert await states_of(seeded) == {
        Status.WAITS: 2,
        Status.WITHDRAWN: 1,
        Status.REJECTED: 1,
        Status.REFERRED_BACK: 1 if fullest else 0,
        Status.APPROVED: 1,
        Status.RUNS: 3 if fullest else 2,
        Status.ENDED: 1,
        Status.FOLLOWED_UP: 3 if fullest else 1,
    }


async def test_every_noun_of_the_cycle_has_rows(seeded):
    fullest = seeded["code"] == FULLEST
    async with tenant_scope(seeded["id"]):
        for table in EVERYWHERE:
            assert await fetch_value(f"SELECT EXISTS (SELECT FROM {table})"), table
        counts = await fetch_row(
            """SELECT (SELECT count(*) FROM problem) AS problems,
                      (SELECT count(*) FROM problem_closure) AS closed,
                      (SELECT count(*) FROM edition) AS editions,
                      (SELECT count(*) FROM minutes) AS minutes,
                      (SELECT count(*) FROM meeting WHERE held_at > now()) AS coming,
                      (SELECT count(*) FROM task WHERE due_on < current_date AND NOT EXISTS (
                           SELECT FROM task_completion WHERE task_id = task.id)) AS late"""
        )
    assert dict(counts) == {
        "problems": 5 if fullest else 3,
        "closed": 1 if fullest else 0,
        "editions": 9 if fullest else 2,
        "minutes": 2,
        "coming": 1,
        "late": 1,
    }


async def test_nothing_is_told_that_the_service_would_not_let_happen(seeded):
    async with tenant_scope(seeded["id"]):
        for what, sql in IMPOSSIBLE.items():
            assert await fetch_value(sql) == 0, what
        for table, moment in MOMENTS.items():
            assert await fetch_value(f"SELECT max({moment}) <= now() FROM {table}"), table


async def test_evidence_is_the_line_of_the_edition_of_then(seeded):
    async with tenant_scope(seeded["id"]):
        rows = await fetch(
            """SELECT opened_at, compiled_at,
                      content->'wide'->'priorities' @> jsonb_build_array(evidence->'line') AS stood
               FROM problem JOIN edition ON edition.week::text = evidence->>'week'
                    AND edition.kind = 'weekly'"""
        )
        problems = await fetch_value("SELECT count(*) FROM problem")
    assert len(rows) == problems
    assert all(row["stood"] and row["compiled_at"] <= row["opened_at"] for row in rows)


async def test_seeded_again_nothing_is_added_and_no_letter_was_posted(seeded):
    async with tenant_scope(seeded["id"]):
        before = await fetch_value("SELECT count(*) FROM audit_event")
    assert await seed(lambda line: None, codes=[seeded["code"]]) == 0
    async with tenant_scope(seeded["id"]):
        assert await fetch_value("SELECT count(*) FROM audit_event") == before
        assert await fetch_value("SELECT count(*) FROM letter") == 0


async def test_the_neighbour_sees_nothing_of_the_cycle(seeded, tallbacka):
    async with tallbacka.scope():
        for table in (*EVERYWHERE, "problem", "measure", "decision", "minutes", "follow_up"):
            assert await fetch_value(f"SELECT count(*) FROM {table}") == 0, table


async def test_every_edition_is_proved_by_the_counts_it_froze(seeded):
    async with tenant_scope(seeded["id"]):
        verdicts = await verify_all()
    assert verdicts and {one.proof for one in verdicts} == {Proof.PROVED}
