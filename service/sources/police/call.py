"""One call to the police's service: short, small, without memory, and led nowhere else."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2

from tenants.identity.addresses import is_loopback
from tenants.identity.calls import public_transport

LARGEST = 5 * 1024 * 1024
"""bytes; 500 events are some 200 kB"""
LONGEST_VALIDATOR = 500


class Silent(Exception):
    """No whole answer came; `reason` is a word of `FAILURES`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    etag: str | None
    last_modified: str | None
    wait: timedelta
    """As long as the service asks us to stay away; nought where it says nothing."""


async def call(
    url: str,
    *,
    agent: str,
    etag: str | None,
    last_modified: str | None,
    deadline: float,
) -> Answer:
    """The answer of `url` by `deadline`, a time of the running loop. Raises `Silent`."""
    headers = {"accept": "application/json", "accept-encoding": "identity", "user-agent": agent}
    if etag:
        headers["if-none-match"] = etag
    if last_modified:
        headers["if-modified-since"] = last_modified
    try:
        async with (
            asyncio.timeout_at(deadline),
            httpx2.AsyncClient(
                transport=None if is_loopback(url) else public_transport(),
                timeout=10.0,
                follow_redirects=False,
                trust_env=False,
            ) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            if response.headers.get("content-encoding", "identity") != "identity":
                raise Silent("unreadable")
            body = bytearray()
            async for part in response.aiter_raw():
                body += part
                if len(body) > LARGEST:
                    raise Silent("large")
            return Answer(
                response.status_code,
                bytes(body),
                _validator(response.headers, "etag"),
                _validator(response.headers, "last-modified"),
                _wait(response.headers.get("retry-after", "")),
            )
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError) as error:
        raise Silent("silent") from error


def _validator(headers: Mapping[str, str], name: str) -> str | None:
    value = headers.get(name, "")
    fits = value and len(value) <= LONGEST_VALIDATOR and value.isascii() and value.isprintable()
    return value if fits else None


def _wait(told: str) -> timedelta:
    """`Retry-After`, as seconds or as a date; nought for what is neither."""
    told = told.strip()
    if told.isascii() and told.isdecimal():
        return timedelta(seconds=int(told[:9]))
    try:
        at = parsedate_to_datetime(told)
    except ValueError:
        return timedelta()
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(at - datetime.now(UTC), timedelta())
