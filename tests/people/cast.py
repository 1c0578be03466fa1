"""Inviting and being invited, over HTTP as a browser would."""

import json
from typing import Any
from uuid import UUID

import httpx

from tenants.people.tokens import token_of
from tenants.scope import fetch_value
from tests.people.authenticator import Device
from tests.town import Town

SECRET_KEY = "for tests alone, and long enough to be one"
BASE = "https://kraftsamling.test"


async def invited(
    town: Town,
    email: str = "vera.exempel@exempel.test",
    *,
    role: str = "reporter",
    organisation: str = "Bostadsbolaget",
    by: str = "safety_coordinator",
) -> str:
    """The link's path, of an invitation that `by` has sent."""
    answer = await send_invitation(town, email, role=role, organisation=organisation, by=by)
    assert answer.status_code == 303, answer.text
    return await link_of(town, email)


async def send_invitation(
    town: Town, emails: str, *, role: str, organisation: str | UUID, by: str
) -> httpx.Response:
    client = await town.client(by)
    where = town.organisations.get(str(organisation), organisation)
    form = {"emails": emails, "role": role, "organisation": str(where)}
    return await send(client, f"/{town.slug}/personer/bjud-in", **form)


async def link_of(town: Town, email: str) -> str:
    """Where the letter to `email` leads; its word is made anew, as the letter's job does."""
    async with town.scope():
        invitation_id = await fetch_value(
            "SELECT id FROM invitation WHERE email = $1 ORDER BY invited_at DESC LIMIT 1", email
        )
    return f"/{town.slug}/inbjudan/{token_of('invitation', invitation_id, SECRET_KEY)}"


async def send(client: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    """Post `form` as the browser's own page would."""
    if "__Host-csrf" not in client.cookies:
        await client.get("/")
    return await client.post(
        path, data=form, headers={"x-csrftoken": client.cookies["__Host-csrf"]}
    )


async def ask(client: httpx.AsyncClient, path: str, **form: str) -> dict[str, Any]:
    answer = await send(client, path, **form)
    assert answer.status_code == 200, answer.text
    return dict(json.loads(answer.text))


async def join(
    client: httpx.AsyncClient, link: str, device: Device, name: str = "Vera Exempel"
) -> httpx.Response:
    """Make a passkey on `device` and accept with it."""
    options = await ask(client, f"{link}/fraga", name=name)
    return await send(client, f"{link}/nyckel", name=name, credential=device.make(options))


async def log_in(client: httpx.AsyncClient, device: Device, next_page: str = "/") -> httpx.Response:
    options = await ask(client, "/auth/nyckel/fraga")
    return await send(client, "/auth/nyckel", credential=device.show(options), next=next_page)
