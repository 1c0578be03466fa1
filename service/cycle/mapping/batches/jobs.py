"""A worker takes a batch through its steps, a chunk at a time.

Whoever asked had the right to when asking. A batch that is begun is brought to its end, also
when that person leaves meanwhile: half a file helps nobody.
"""

from uuid import UUID

from service.cycle.mapping.batches.check import CHECK, check_chunk
from service.cycle.mapping.batches.receive import UNPACK, unpack
from service.cycle.mapping.batches.take_in import TAKE_IN, take_in_chunk
from service.cycle.mapping.batches.undo import UNDO, forget_batches, undo_some
from tenants.jobs import AskedJob, job
from tenants.scope import tenant_scope


@job(UNPACK)
async def unpack_asked(asked: AskedJob) -> None:
    await unpack(asked.tenant_id, UUID(asked.arguments["batch"]))


@job(CHECK)
async def check_asked(asked: AskedJob) -> None:
    said = asked.arguments
    async with tenant_scope(asked.tenant_id):
        await check_chunk(UUID(said["batch"]), said["version"], said["chunk"])


@job(TAKE_IN)
async def take_in_asked(asked: AskedJob) -> None:
    async with tenant_scope(asked.tenant_id):
        await take_in_chunk(UUID(asked.arguments["batch"]), asked.arguments["chunk"])


@job(UNDO)
async def undo_asked(asked: AskedJob) -> None:
    async with tenant_scope(asked.tenant_id):
        await undo_some(UUID(asked.arguments["batch"]))


@job("batch.forget", schedule="40 3 * * *")
async def forget(asked: AskedJob) -> None:
    async with tenant_scope(asked.tenant_id):
        await forget_batches()
