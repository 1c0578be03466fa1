"""A worker reads a map. Whoever sent it had the right to when sending."""

from uuid import UUID

from service.cycle.mapping.ground.send import READ
from service.cycle.mapping.ground.take_in import take_in
from tenants.jobs import AskedJob, job


@job(READ)
async def read_asked(asked: AskedJob) -> None:
    await take_in(asked.tenant_id, UUID(asked.arguments["map"]))
