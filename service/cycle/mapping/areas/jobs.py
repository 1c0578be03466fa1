"""A worker exchanges the areas.

Whoever confirmed it had the right to; what is begun is brought to its end.
"""

from uuid import UUID

from service.cycle.mapping.areas.exchange import exchange
from service.cycle.mapping.areas.propose import VERB
from tenants.jobs import AskedJob, job
from tenants.scope import tenant_scope

HALF_AN_HOUR = 1800.0


# A minute for a city's three years; nobody waits for it but the last step.
@job(VERB, seconds=HALF_AN_HOUR)
async def exchange_asked(asked: AskedJob) -> None:
    async with tenant_scope(asked.tenant_id):
        await exchange(UUID(asked.arguments["proposal"]))
