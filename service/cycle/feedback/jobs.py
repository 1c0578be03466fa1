"""When a picture is approved, the actors are written to."""

from uuid import UUID

from service.cycle.feedback.digest import post_digests
from tenants.jobs import AskedJob, job
from tenants.roles import Permission
from tenants.scope import tenant_scope


@job("digest.post", permission=Permission.EDITION_APPROVE)
async def post_asked(asked: AskedJob) -> None:
    async with tenant_scope(asked.tenant_id):
        await post_digests(UUID(asked.arguments["edition"]))
