"""Our own keys, with which we prove to a provider who we are (`private_key_jwt`, RFC 7523).

The private half is sealed at rest, the public one is served for providers to fetch. A new key is
published before anything is signed with it, and an old one stays published for a while after, so
that a provider that looks only now and then follows.
"""

import json
import time
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from tenants.identity.refusal import LogInRefused
from tenants.identity.sealing import CLIENT_KEYS, seal, unseal
from tenants.scope import execute, fetch, fetch_row, operator_scope

SIZE = 3072
ALGORITHM = "RS256"
"""What Entra, the brokers and every certified provider take."""
KNOWN_BEFORE_USE = timedelta(hours=1)
KNOWN_AFTER_USE = timedelta(days=1)
ASSERTION_LIVES = 60
"""seconds"""
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

# A key is published from when it is made until a day after a later one took over.
_PUBLISHED = """
SELECT kid, published FROM client_key
WHERE withdrawn_at IS NULL OR withdrawn_at > now() - $1::interval ORDER BY made_at DESC
"""
# The newest that has been known long enough; the first of all has nobody to wait for.
_SIGNING = """
SELECT kid, sealed FROM client_key
WHERE withdrawn_at IS NULL OR withdrawn_at > now()
ORDER BY made_at > now() - $1::interval,
         CASE WHEN made_at > now() - $1::interval THEN made_at END, made_at DESC LIMIT 1
"""


async def published_keys() -> dict[str, Any]:
    """Our JWK set, in any scope."""
    rows = await fetch(_PUBLISHED, KNOWN_AFTER_USE)
    return {"keys": [json.loads(row["published"]) for row in rows]}


async def rotate_client_key(secret_key: str) -> str:
    """Make and publish a new key; its name. Opens an operator's scope.

    Earlier keys sign until the new one has been known for an hour, and are published for a day
    after that.
    """
    key = _make_key()
    async with operator_scope():
        await execute(
            """UPDATE client_key SET withdrawn_at = now() + $1::interval
               WHERE withdrawn_at IS NULL OR withdrawn_at > now() + $1::interval""",
            KNOWN_BEFORE_USE,
        )
        await _store(key, secret_key)
    return str(key.kid)


async def ensure_client_key(secret_key: str) -> None:
    """Make the first key where there is none; in the open operator's scope."""
    if await fetch_row("SELECT 1 FROM client_key WHERE withdrawn_at IS NULL") is None:
        await _store(_make_key(), secret_key)


async def signing_client_key(secret_key: str) -> RSAKey:
    """The key to sign with now; LogInRefused when there is none. In any scope."""
    row = await fetch_row(_SIGNING, KNOWN_BEFORE_USE)
    if row is None:
        raise LogInRefused("there is no key of ours to sign with")
    private = json.loads(unseal(row["sealed"], secret_key, CLIENT_KEYS))
    return RSAKey.import_key(private, {"kid": row["kid"]})


def assertion(client_id: str, audience: str, key: RSAKey) -> str:
    """A statement signed by us that we are `client_id`, for `audience`, once, for a minute."""
    now = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": token_urlsafe(24),
        "iat": now,
        "exp": now + ASSERTION_LIVES,
    }
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key)


def _make_key() -> RSAKey:
    return RSAKey.generate_key(SIZE, {"kid": token_urlsafe(12), "use": "sig", "alg": ALGORITHM})


async def _store(key: RSAKey, secret_key: str) -> None:
    await execute(
        "INSERT INTO client_key (kid, published, sealed) VALUES ($1, $2::jsonb, $3)",
        key.kid,
        json.dumps(key.as_dict(private=False)),
        seal(json.dumps(key.as_dict(private=True)), secret_key, CLIENT_KEYS),
    )
