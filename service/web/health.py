"""Whether this process lives, and whether the service as a whole can do its work."""

import asyncio
import logging
from typing import Any
from urllib.request import urlopen

import asyncpg
from litestar import Request, Response, get, post

from service.web.may import UNSEEN
from tenants.processes import worker_beats
from tenants.scope import OutsideScope, fetch_value, outside_scope

logger = logging.getLogger(__name__)


@get("/health/live", opt=UNSEEN, sync_to_thread=False, media_type="text/plain")
def live() -> str:
    return "ok"


@get("/health/ready", opt=UNSEEN, media_type="text/plain")
async def ready(request: Request[Any, Any, Any]) -> Response[str]:
    """200 only when database, migrations, a worker's heartbeat and local provider answer."""
    missing = await _missing(request)
    if missing:
        return Response(f"waiting for {missing}", status_code=503)
    return Response("ok")


async def _missing(request: Request[Any, Any, Any]) -> str | None:
    try:
        if not await fetch_value("SELECT count(*) FROM migration"):
            return "migrations"
        if not await worker_beats():
            return "worker"
        issuers = await fetch_value(
            """SELECT array_agg(issuer) FROM provider
               WHERE withdrawn_at IS NULL AND issuer LIKE 'http://%'"""
        )
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, OutsideScope):
        logger.exception("The database does not answer.")
        return "database"
    if request.app.state.settings.env == "local":
        async with outside_scope():
            for issuer in issuers or ():
                address = f"{issuer}/.well-known/openid-configuration"
                if not await asyncio.to_thread(_answers, address):
                    return "provider"
    return None


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


@post("/csp-report", opt=UNSEEN, status_code=204, sync_to_thread=False)
def csp_report() -> None:
    """One line in the log when a browser refused to load something; the report names pages that
    somebody read, so it is not kept.
    """
    logger.warning("A browser reported a breach of the content security policy.")


routes = [live, ready, csp_report]
