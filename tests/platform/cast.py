"""Somebody who runs the platform, logged in like everybody else."""

from uuid import uuid4

import httpx

from service.local.provider_people import LocalPerson
from tenants.operator.appoint import appoint
from tests.entrance.log_in import log_in
from tests.town import Neighbourhood


async def operators_browser(near: Neighbourhood) -> httpx.AsyncClient:
    """A new operator's browser; the subject is in its `headers` for who must dismiss it."""
    subject = f"drift:{uuid4().hex[:8]}"
    near.people.append(LocalPerson(subject, "Prov drift", "platform_operator", ""))
    await appoint(issuer=near.issuer, subject=subject, name="Prov drift")
    client = near.browser()
    async with near.provider_browser() as provider:
        await log_in(client, provider, subject)
    client.headers["x-subject"] = subject
    return client


async def send(client: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    """Post `form` as the browser's own page would."""
    if "__Host-csrf" not in client.cookies:
        await client.get("/")
    return await client.post(
        path, data=form, headers={"x-csrftoken": client.cookies["__Host-csrf"]}
    )
