"""Answer a request once: sent again with the same key it gets the same answer, and does nothing.

The answer is stored in the transaction that it tells of. Of two that come at once the second waits
for the first; when that is refused, nothing is stored and the second is the first.
"""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response

from service.web.language import _
from service.web.problems import FieldError, Refusal
from tenants.scope import execute, fetch_row, fetch_value

LONGEST_KEY = 128
REPLAYED = "Idempotency-Replayed"


async def once(
    key_id: UUID, idempotency_key: str, request: bytes, answer: Callable[[], Awaitable[Any]]
) -> Response[Any]:
    """The answer to `request` (method, path and body) under the sender's `idempotency_key`.

    Raises Refusal (422) where the key was used for another request.
    """
    hashed = sha256(request).digest()
    new = await fetch_value(
        """INSERT INTO api_answer (tenant_id, key_id, idempotency_key, request_hash)
           VALUES (ks.current_tenant(), $1, $2, $3)
           ON CONFLICT (tenant_id, key_id, idempotency_key) DO NOTHING RETURNING true""",
        key_id,
        idempotency_key,
        hashed,
    )
    if not new:
        return await _again(key_id, idempotency_key, hashed)
    body = msgspec.json.encode(await answer())
    await execute(
        """UPDATE api_answer SET status = 201, body = $3
           WHERE key_id = $1 AND idempotency_key = $2""",
        key_id,
        idempotency_key,
        body,
    )
    return _json(body, 201)


async def _again(key_id: UUID, idempotency_key: str, hashed: bytes) -> Response[Any]:
    row = await fetch_row(
        """SELECT request_hash, status, body FROM api_answer
           WHERE key_id = $1 AND idempotency_key = $2""",
        key_id,
        idempotency_key,
    )
    if row is None:  # It was forgotten between the two questions, a day after it was given.
        raise Refusal(409, _("Svaret är för gammalt. Skicka med en ny Idempotency-Key."))
    if row["request_hash"] != hashed:
        message = _("Nyckeln i Idempotency-Key är redan använd för ett annat anrop.")
        raise Refusal(422, message, [FieldError("/Idempotency-Key", message)])
    answer = _json(row["body"], row["status"])
    answer.headers[REPLAYED] = "true"
    return answer


def _json(body: bytes, status: int) -> Response[Any]:
    return Response(
        body,
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
