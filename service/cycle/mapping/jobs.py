"""The scheduled work of mapping."""

from service.cycle.mapping.coverage.period import read_period
from service.cycle.mapping.coverage.remind import remind
from service.cycle.mapping.week import STOCKHOLM, now
from tenants.jobs import AskedJob, job
from tenants.scope import tenant_scope


@job("reminder.post", schedule="0 7 * * *")
async def post_reminders(asked: AskedJob) -> None:
    """Every morning, and on most there is none to send; run again it sends to nobody twice."""
    async with tenant_scope(asked.tenant_id):
        period = await read_period()
        if weeks := period.due_on(now().astimezone(STOCKHOLM).date()):
            await remind(*weeks)
