"""What is done for every municipality at night."""

from service.operations.dispose import dispose
from tenants.jobs import AskedJob, job
from tenants.scope import tenant_scope


@job("records.dispose", schedule="40 3 * * *")
async def dispose_in_time(asked: AskedJob) -> None:
    async with tenant_scope(asked.tenant_id):
        await dispose()
