"""The scheduled work of mapping."""

from service.cycle.mapping.coverage.remind import remind
from service.cycle.mapping.week import now, week_of
from tenants.jobs import AskedJob, job
from tenants.scope import tenant_scope


@job("reminder.post", schedule="0 7 * * 4")
async def post_reminders(asked: AskedJob) -> None:
    """On Thursdays, before the week is over; run again it sends to nobody twice."""
    async with tenant_scope(asked.tenant_id):
        await remind(week_of(now()))
