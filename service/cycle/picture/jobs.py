"""When reports come in, the picture is compiled anew: soon, once, and never twice at a time."""

import asyncio

from service.cycle.mapping.week import now, week_of
from service.cycle.picture.compile import compile_picture
from service.cycle.picture.near_repeat import work_out_near_repeat
from tenants.jobs import AskedJob, finish_waiting, job
from tenants.one_at_a_time import one_at_a_time, turn_is_free
from tenants.scope import fetch_value, tenant_scope

VERB = "picture.compile"
# Reports that come within this time share one compilation.
DEBOUNCE_SECONDS = 0.25


# The week turns and effort grows with the hours, also where nobody reports.
@job(VERB, schedule="1 * * * *")
async def compile_asked(asked: AskedJob) -> None:
    """Compile, unless another job of this municipality is about to begin doing it."""
    async with tenant_scope(asked.tenant_id):
        if await _left_to_another(asked):
            return
    await asyncio.sleep(DEBOUNCE_SECONDS)
    async with tenant_scope(asked.tenant_id):
        await one_at_a_time(VERB)
        # First the waiting jobs, then the counts: whoever asked before this statement has its
        # report in the counts that are read after it.
        if await finish_waiting(VERB):
            await compile_picture()


@job("picture.near_repeat", schedule="40 2 * * 1")
async def near_repeat_asked(asked: AskedJob) -> None:
    """Once a week, at night: whether events follow each other close by."""
    async with tenant_scope(asked.tenant_id):
        await work_out_near_repeat(week_of(now()))


async def _left_to_another(asked: AskedJob) -> bool:
    """Finish this job if one that has not yet read any counts is sure to compile after it.

    While we hold the lock nobody compiles, so a started and unfinished job has its reading still
    to come. Only an earlier one is trusted, or two would leave it to each other; and only within
    its debounce: an older one may have died, and then its message comes back later than a reader
    should wait. To finish in the same transaction keeps later jobs from trusting this one.
    """
    if not await turn_is_free(VERB):
        return False
    return bool(
        await fetch_value(
            """WITH mine AS (SELECT id, started_at FROM job WHERE id = $2)
               UPDATE job SET finished_at = now()
               WHERE id = $2 AND EXISTS (
                   SELECT 1 FROM job AS other, mine
                   WHERE other.verb = $1 AND other.finished_at IS NULL
                     AND (other.started_at, other.id) < (mine.started_at, mine.id)
                     AND other.started_at > clock_timestamp() - make_interval(secs => $3))
               RETURNING true""",
            VERB,
            asked.id,
            DEBOUNCE_SECONDS,
        )
    )
