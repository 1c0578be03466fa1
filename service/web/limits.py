"""How often one may do a thing: per person, municipality and address, over all processes."""

from typing import Any

from litestar import Request
from litestar.exceptions import TooManyRequestsException

from service.web.may import person_of
from tenants.identity import bucket
from tenants.scope import platform_scope

# For each act: how many at once and how many an hour afterwards, for a person, a municipality and
# an address. A whole town hall may sit behind one address.
LIMITS: dict[str, dict[str, tuple[int, int]]] = {
    "export": {"person": (10, 30), "municipality": (40, 120)},
    "proof": {"person": (5, 30), "municipality": (15, 90)},
    "invitation": {"person": (60, 120), "municipality": (300, 600)},
    "invitation.open": {"address": (60, 600)},
    "passkey": {"address": (60, 600)},
    "sign_up": {"address": (10, 20)},
    "sign_up.open": {"address": (60, 600)},
    "glass": {"person": (5, 10)},
}
RETRY_SECONDS = "60"


async def take(request: Request[Any, Any, Any], what: str) -> None:
    """Count one `what` in the open scope; raise 429 when the one who asks has had their share.

    It counts what is done: an act that is refused for another reason is rolled back, and its
    count with it. What must be counted even then is asked with `may_try`.
    """
    if not await _take(request, what):
        raise TooManyRequestsException(headers={"Retry-After": RETRY_SECONDS})


async def may_try(request: Request[Any, Any, Any], what: str) -> bool:
    """Count one try at `what`, whatever comes of it; False when there were too many.

    Needs that no scope is open: the count stays when the request is refused.
    """
    async with platform_scope():
        return await _take(request, what)


async def _take(request: Request[Any, Any, Any], what: str) -> bool:
    person, municipality = person_of(request), request.scope["state"].get("municipality")
    who = {
        "person": str(person) if person else None,
        "municipality": str(municipality.id) if municipality else None,
        "address": bucket.sender_of(request.client.host if request.client else None),
    }
    for kind, (size, per_hour) in LIMITS[what].items():
        key = who[kind]
        if key is not None and not await bucket.take(
            f"{what} {kind}", key, size=size, per_second=per_hour / 3600
        ):
            return False
    return True
