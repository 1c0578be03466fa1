"""Which addresses a provider may live at.

A provider's documents name further addresses, and whoever writes them could name one inside our
own network. A provider on the open net must therefore be https and resolve to public addresses
only, checked on the very connection that is used so that a name cannot be re-bound in between;
one on this machine (development, tests) may only name its own origin.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore2

from tenants.identity.refusal import LogInRefused

_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


def is_loopback(url: str) -> bool:
    """True when the host of `url` is this machine."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback or address.is_unspecified)


def check_issuer(issuer: str, *, production: bool) -> None:
    """Refuse an issuer that this installation must not trust."""
    parts = _plain(issuer)
    if parts.query:
        raise LogInRefused("an issuer has no query")
    if is_loopback(issuer):
        if production:
            raise LogInRefused("a loopback issuer in production")
        return
    if parts.scheme != "https":
        raise LogInRefused("an issuer must be https")
    _refuse_private_literal(parts)


def check_endpoint(url: str, *, issuer: str) -> None:
    """Refuse an endpoint that the provider `issuer` has no business to name."""
    parts = _plain(url)
    if is_loopback(issuer):
        own = urlsplit(issuer)
        if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
            raise LogInRefused("a loopback provider names another origin")
        return
    if parts.scheme != "https" or is_loopback(url):
        raise LogInRefused("an endpoint must be https on a public address")
    _refuse_private_literal(parts)


def _plain(url: str) -> SplitResult:
    if not isinstance(url, str) or len(url) > 2000 or not url.isascii() or not url.isprintable():
        raise LogInRefused("not a plain address")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise LogInRefused("not an address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in url or "\\" in url:
        raise LogInRefused("not a web address")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise LogInRefused("an address with user or fragment")
    return parts


def _refuse_private_literal(parts: SplitResult) -> None:
    try:
        address = ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return
    if not is_public(address):
        raise LogInRefused("a private address")


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped or address.sixtofour or address.teredo:
            return False
        if any(address in network for network in _TRANSLATED):
            return False
    return address.is_global and not address.is_multicast


class PublicAddresses(httpcore2.AsyncNetworkBackend):
    """Connects to public addresses only, and to the very address that was checked."""

    def __init__(self) -> None:
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface is httpcore2's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore2.ConnectError("the name does not resolve") from error
        addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]
        if not addresses or not all(is_public(address) for address in addresses):
            raise httpcore2.ConnectError("the name resolves to an address that is not public")
        return await self._inner.connect_tcp(
            str(addresses[0]), port, timeout, local_address, socket_options
        )

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        raise httpcore2.ConnectError("no sockets of files")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)
