"""Calls to providers: one shared client per event loop, short, small, without memory.

Building a client costs about 15 ms for its TLS context, so it is shared; a shared client would
keep a provider's cookies for the next person, so its jar stores nothing.
"""

import asyncio
import logging
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from weakref import WeakKeyDictionary

import httpx2

from tenants.identity.addresses import PublicAddresses, is_loopback
from tenants.identity.refusal import ProviderSilent

LARGEST_ANSWER = 512 * 1024
"""bytes"""
WHOLE_CALL = 10.0
"""seconds"""

# The client logs every address at INFO; an address can hold a one-time code.
logging.getLogger("httpx2").setLevel(logging.WARNING)

_transport: httpx2.AsyncBaseTransport | None = None
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[bool, httpx2.AsyncClient]] = (
    WeakKeyDictionary()
)


def set_transport(transport: httpx2.AsyncBaseTransport | None) -> None:
    """Send every call through `transport` instead of the network; None restores the network.

    Lets a test mount a provider in its own process while everything else stays the real path.
    """
    global _transport
    _transport = transport
    _clients.clear()


async def close_calls() -> None:
    """Close the running loop's clients."""
    for client in _clients.pop(asyncio.get_running_loop(), {}).values():
        await client.aclose()


async def call(method: str, url: str, **options: Any) -> tuple[int, bytes]:
    """Status and body of one call; ProviderSilent when it fails, drags on or is too large."""
    client = _client(local=is_loopback(url))
    try:
        async with asyncio.timeout(WHOLE_CALL), client.stream(method, url, **options) as response:
            if response.headers.get("content-encoding", "identity") != "identity":
                raise ProviderSilent("an answer was compressed unasked")
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise ProviderSilent("an answer was too large")
            return response.status_code, bytes(body)
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError) as error:
        raise ProviderSilent(f"{type(error).__name__} at the provider") from error


def _client(*, local: bool) -> httpx2.AsyncClient:
    clients = _clients.setdefault(asyncio.get_running_loop(), {})
    if local not in clients:
        clients[local] = httpx2.AsyncClient(
            transport=_transport or (None if local else public_transport()),
            timeout=5.0,
            follow_redirects=False,
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"accept": "application/json", "accept-encoding": "identity"},
        )
    return clients[local]


def public_transport() -> httpx2.AsyncHTTPTransport:
    """A way out to public addresses only."""
    transport = httpx2.AsyncHTTPTransport(trust_env=False)
    # The transport has no argument for the network below it; the pool that it made has.
    transport._pool._network_backend = PublicAddresses()
    return transport
