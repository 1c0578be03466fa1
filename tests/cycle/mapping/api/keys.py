"""A system with a key, as the interface meets it: no browser, no cookie."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from tests.town import Town


@dataclass
class Caller:
    """Calls below ``/api/v1`` of its municipality with its key."""

    client: httpx.AsyncClient
    slug: str
    secret: str

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self._call("GET", path, **more)

    async def post(self, path: str, *, once: str | None = None, **more: Any) -> httpx.Response:
        headers = dict(more.pop("headers", {}))
        if once is not None:
            headers["idempotency-key"] = once
        return await self._call("POST", path, headers=headers, **more)

    async def send(self, *reports: dict[str, Any], once: str | None = None) -> httpx.Response:
        return await self.post("/reports", once=once or str(uuid4()), json={"reports": reports})

    async def _call(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.secret}"} | dict(more.pop("headers", {}))
        if "content" in more:
            headers.setdefault("content-type", "application/json")
        return await self.client.request(
            method,
            f"/{self.slug}/api/v1{path}",
            headers={key: value.encode() for key, value in headers.items()},
            **more,
        )


async def make(town: Town, role: str = "safety_coordinator", **form: str) -> httpx.Response:
    values = {
        "name": "Felanmälan",
        "for_organisation": str(town.organisations["Bostadsbolaget"]),
        "lasts": "365",
    }
    return await town.post("/nycklar", role=role, **(values | form))


def shown(page: str) -> str:
    """The key that the page shows."""
    found = re.search(r"kraft_[A-Za-z0-9_-]{43}_[0-9a-f]{8}", page)
    assert found, page
    return found[0]


async def a_key(town: Town, organisation: str) -> Caller:
    answer = await make(town, for_organisation=str(town.organisations[organisation]))
    assert answer.status_code == 200, answer.text
    return Caller(town.anonymous, town.slug, shown(answer.text))
