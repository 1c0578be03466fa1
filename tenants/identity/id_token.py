"""Checks of an id_token and of a back-channel logout token, in the order of OpenID Connect Core
section 3.1.3.7, without trusting anything that the token says about its own key or algorithm.
"""

import base64
import binascii
import hashlib
import hmac
import re
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from tenants.identity import strict_json
from tenants.identity.discovery import Metadata, signing_key
from tenants.identity.refusal import ClockWrong, LogInRefused, NotSureEnough

LARGEST_TOKEN = 64 * 1024
"""characters"""
OLDEST = 15 * 60
"""seconds since a token was issued"""
LEEWAY = 60
"""seconds that clocks may differ"""
LOG_OUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

KEY_TYPES = {
    "RS256": "RSA",
    "RS384": "RSA",
    "RS512": "RSA",
    "PS256": "RSA",
    "PS384": "RSA",
    "PS512": "RSA",
    "ES256": "EC",
    "ES384": "EC",
    "ES512": "EC",
    "EdDSA": "OKP",
}
"""Signatures with a public key; a provider's pinned list is a part of these."""

_CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521", "EdDSA": "Ed25519"}
_OWN_KEYS = frozenset({"jwk", "jku", "x5u"})
_SUBJECT = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True)
class Expected:
    """What a token must say."""

    client_id: str
    algorithms: Collection[str]
    nonce: str | None = None
    max_age: int | None = None


async def verify(
    token: Any, metadata: Metadata, expected: Expected, *, access_token: Any = None
) -> dict[str, Any]:
    """The claims of a valid id_token; LogInRefused otherwise."""
    algorithm, claims = await _signed_claims(token, metadata, expected, types=("", "JWT"))
    _check_addressee(claims, metadata, expected)
    _check_times(claims, exp_required=True)
    _require("events" not in claims, "an event is not an id_token")
    _require(_same(claims.get("nonce"), expected.nonce), "another nonce")
    _require(is_subject(claims.get("sub")), "no usable subject")
    if "at_hash" in claims:
        _require(
            isinstance(access_token, str)
            and _same(claims["at_hash"], _half_hash(access_token, algorithm)),
            "at_hash is of another access token",
        )
    if expected.max_age is not None:
        at = _number(claims, "auth_time")
        if time.time() - at > expected.max_age + LEEWAY:
            raise NotSureEnough("the log-in is too old")
    return claims


async def verify_log_out(token: Any, metadata: Metadata, expected: Expected) -> dict[str, Any]:
    """The claims of a valid logout token (OpenID Connect Back-Channel Logout 1.0, 2.6)."""
    _, claims = await _signed_claims(token, metadata, expected, types=("logout+jwt",))
    _check_addressee(claims, metadata, expected)
    _check_times(claims, exp_required=False)
    events = claims.get("events")
    _require(
        isinstance(events, dict) and isinstance(events.get(LOG_OUT_EVENT), dict),
        "not a log-out event",
    )
    _require("nonce" not in claims, "a logout token has no nonce")
    _require(isinstance(claims.get("jti"), str) and 0 < len(claims["jti"]) <= 500, "no jti")
    for name in ("sid", "sub"):
        _require(name not in claims or is_subject(claims[name]), f"not a usable {name}")
    _require("sid" in claims or "sub" in claims, "neither session nor subject")
    return claims


def is_subject(value: Any) -> bool:
    """1 to 255 visible ASCII characters."""
    return isinstance(value, str) and _SUBJECT.fullmatch(value) is not None


def unverified_claims(token: Any) -> dict[str, Any]:
    """What a token says before anybody has checked it: only to find out whom to ask."""
    return _part(_parts(token)[1])


async def _signed_claims(
    token: Any, metadata: Metadata, expected: Expected, *, types: tuple[str, ...]
) -> tuple[str, dict[str, Any]]:
    parts = _parts(token)
    header = _part(parts[0])
    algorithm = header.get("alg")
    _require(
        isinstance(algorithm, str) and algorithm in KEY_TYPES and algorithm in expected.algorithms,
        "an algorithm that is not pinned",
    )
    assert isinstance(algorithm, str)
    _require("crit" not in header and "b64" not in header, "critical headers are not known")
    _require(not _OWN_KEYS & header.keys(), "the token brings its own key")
    kind = header.get("typ", "")
    _require(isinstance(kind, str) and _kind(kind) in tuple(map(_kind, types)), "another type")
    kid = header.get("kid")
    _require(isinstance(kid, str) and 0 < len(kid) <= 255, "the key is not named")
    assert isinstance(kid, str)
    key = await signing_key(metadata, kid)
    published = key.as_dict(private=False)
    _require(
        key.key_type == KEY_TYPES[algorithm]
        and published.get("alg", algorithm) == algorithm
        and _CURVES.get(algorithm, published.get("crv")) == published.get("crv"),
        "the key is for another algorithm",
    )
    try:
        jws.deserialize_compact(token, key, algorithms=[algorithm])
    except (JoseError, ValueError, TypeError) as error:
        raise LogInRefused("the signature does not hold") from error
    return algorithm, _part(parts[1])


def _kind(value: str) -> str:
    return value.lower().removeprefix("application/")


def _check_addressee(claims: dict[str, Any], metadata: Metadata, expected: Expected) -> None:
    _require(claims.get("iss") == metadata.issuer, "another issuer")
    us, audience, party = expected.client_id, claims.get("aud"), claims.get("azp")
    _require("azp" not in claims or party == us, "for another party")
    alone = audience in (us, [us])
    among = isinstance(audience, list) and us in audience and party == us
    _require(alone or among, "for another audience")


def _check_times(claims: dict[str, Any], *, exp_required: bool) -> None:
    now = time.time()
    issued = _number(claims, "iat")
    if not now - OLDEST <= issued <= now + LEEWAY:
        raise ClockWrong(f"issued {now - issued:+.0f} s ago by our clock")
    if (exp_required or "exp" in claims) and _number(claims, "exp") <= now - LEEWAY:
        raise ClockWrong("expired when it came")
    if "nbf" in claims and _number(claims, "nbf") > now + LEEWAY:
        raise ClockWrong("not valid yet by our clock")


def _parts(token: Any) -> list[str]:
    _require(isinstance(token, str) and 0 < len(token) <= LARGEST_TOKEN, "no usable token")
    parts = str(token).split(".")
    _require(len(parts) == 3 and all(parts), "not three parts")
    return parts


def _part(encoded: str) -> dict[str, Any]:
    try:
        padded = encoded.encode("ascii") + b"=" * (-len(encoded) % 4)
        return strict_json.read_object(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error) as error:
        raise LogInRefused("a part of the token is not readable") from error


def _number(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise LogInRefused(f"{name} is not a time")
    return float(value)


def _half_hash(access_token: str, algorithm: str) -> str:
    bits = "512" if algorithm == "EdDSA" else algorithm[-3:]
    digest = hashlib.new(f"sha{bits}", access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def _same(one: Any, other: Any) -> bool:
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    return hmac.compare_digest(one.encode(), other.encode())


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise LogInRefused(otherwise)
