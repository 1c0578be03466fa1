"""When a picture is approved the actors are written to; what the public knows is audited weekly."""

from uuid import UUID

from service.cycle.feedback.digest import post_digests
from service.cycle.feedback.report_disclosure import audit_and_record
from tenants.jobs import AskedJob, job
from tenants.roles import Permission
from tenants.scope import tenant_scope


@job("digest.post", permission=Permission.EDITION_APPROVE)
async def post_asked(asked: AskedJob) -> None:
    async with tenant_scope(asked.tenant_id):
        await post_digests(UUID(asked.arguments["edition"]))


@job("disclosure.audit", schedule="20 3 * * 1")
async def audit_in_time(asked: AskedJob) -> None:
    async with tenant_scope(asked.tenant_id):
        await audit_and_record()
