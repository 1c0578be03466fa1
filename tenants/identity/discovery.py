"""What a provider says about itself, and its signing keys; both kept for ten minutes.

A withdrawn key is trusted no longer than the cache lives: a failed refresh is a refused log-in,
never a reason to go on with old keys.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from joserfc import jwk
from joserfc.errors import JoseError

from tenants.identity import strict_json
from tenants.identity.addresses import check_endpoint, check_issuer
from tenants.identity.calls import call
from tenants.identity.refusal import LogInRefused, ProviderSilent

KEPT = 600.0
"""seconds that metadata and keys are trusted"""
UNKNOWN_KEY_PAUSE = 10.0
"""seconds between two looks for a key that was not in the set"""
MOST_KEYS = 100

PublicKey = jwk.RSAKey | jwk.ECKey | jwk.OKPKey


@dataclass(frozen=True)
class Metadata:
    """The part of OpenID Connect Discovery 1.0 that is used here."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    names_itself: bool
    """The provider promises RFC 9207's `iss` in every answer."""


@dataclass
class _Known:
    """What one event loop remembers of one issuer."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    metadata: Metadata | None = None
    metadata_at: float = 0.0
    keys: dict[str, PublicKey] = field(default_factory=dict)
    keys_at: float = float("-inf")
    searched_at: float = float("-inf")


_known: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Known]] = WeakKeyDictionary()


def forget() -> None:
    """Drop everything that is remembered of providers."""
    _known.clear()


async def discover(issuer: str, *, production: bool) -> Metadata:
    check_issuer(issuer, production=production)
    known = _of(issuer)
    async with known.lock:
        if known.metadata is None or time.monotonic() - known.metadata_at > KEPT:
            known.metadata = None
            known.metadata = await _fetch_metadata(issuer)
            known.metadata_at = time.monotonic()
        return known.metadata


async def signing_key(metadata: Metadata, kid: str) -> PublicKey:
    """The provider's key named exactly `kid`.

    An unknown name is looked for at the provider, so that a new key works at once, but only
    every ten seconds, so that made-up names do not make us call it again and again.
    """
    known = _of(metadata.issuer)
    async with known.lock:
        now = time.monotonic()
        if now - known.keys_at > KEPT:
            known.keys = {}
            known.keys = await _fetch_keys(metadata.jwks_uri)
            known.keys_at = now
        elif kid not in known.keys and now - known.searched_at >= UNKNOWN_KEY_PAUSE:
            known.searched_at = now
            known.keys = await _fetch_keys(metadata.jwks_uri)
            known.keys_at = now
    if kid not in known.keys:
        raise LogInRefused("signed with a key that the provider does not publish")
    return known.keys[kid]


def _of(issuer: str) -> _Known:
    return _known.setdefault(asyncio.get_running_loop(), {}).setdefault(issuer, _Known())


async def _fetch_metadata(issuer: str) -> Metadata:
    document = await _document(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if document.get("issuer") != issuer:
        raise LogInRefused("discovery names another issuer")

    def endpoint(name: str) -> str:
        url = document.get(name)
        if not isinstance(url, str):
            raise LogInRefused(f"discovery lacks {name}")
        check_endpoint(url, issuer=issuer)
        return url

    return Metadata(
        issuer=issuer,
        authorization_endpoint=endpoint("authorization_endpoint"),
        token_endpoint=endpoint("token_endpoint"),
        jwks_uri=endpoint("jwks_uri"),
        userinfo_endpoint=endpoint("userinfo_endpoint")
        if "userinfo_endpoint" in document
        else None,
        end_session_endpoint=endpoint("end_session_endpoint")
        if "end_session_endpoint" in document
        else None,
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


async def _fetch_keys(url: str) -> dict[str, PublicKey]:
    keys = (await _document(url)).get("keys")
    if not isinstance(keys, list) or len(keys) > MOST_KEYS:
        raise LogInRefused("not a key set")
    usable: dict[str, PublicKey] = {}
    for entry in keys:
        key = _public_key(entry)
        if key is not None:
            usable[entry["kid"]] = key
    return usable


def _public_key(entry: Any) -> PublicKey | None:
    """The key, or None for one that cannot verify a signature of ours."""
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str):
        return None
    if entry.get("kty") not in ("RSA", "EC", "OKP") or entry.get("use", "sig") != "sig":
        return None
    try:
        key = jwk.import_key(entry)
    except (JoseError, ValueError, TypeError):
        return None
    if isinstance(key, jwk.RSAKey) and key.raw_value.key_size < 2048:
        return None
    return key if isinstance(key, PublicKey) else None


async def _document(url: str) -> dict[str, Any]:
    status, body = await call("GET", url)
    if status != 200:
        raise ProviderSilent(f"the provider answered {status}")
    try:
        return strict_json.read_object(body)
    except ValueError as error:
        raise ProviderSilent("the provider's document is not readable") from error
