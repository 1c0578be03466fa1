"""A worker typesets what was asked for."""

from uuid import UUID

from service.cycle.picture.paper.make import VERB, make_pdf
from tenants.jobs import AskedJob, job
from tenants.roles import Permission, PictureView
from tenants.scope import tenant_scope


@job(VERB, permission=Permission.PICTURE_READ)
async def print_asked(asked: AskedJob) -> None:
    async with tenant_scope(asked.tenant_id):
        await make_pdf(UUID(asked.arguments["edition"]), PictureView(asked.arguments["view"]))
