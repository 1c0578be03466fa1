"""Our public keys, for providers that know us by them."""

from typing import Any

from litestar import Response, get

from service.web.may import PUBLIC
from tenants.identity.client_keys import published_keys


@get("/auth/jwks", opt=PUBLIC, media_type="application/json")
async def our_keys() -> Response[dict[str, Any]]:
    """The JWK set that a provider reads a `private_key_jwt` with; RFC 7517."""
    return Response(await published_keys(), headers={"Cache-Control": "public, max-age=300"})
