"""What changes something comes from our own pages: by their token and by the browser's word."""

from typing import Any
from urllib.parse import urlsplit

from litestar.enums import ScopeType
from litestar.exceptions import PermissionDeniedException
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import HTTPScope, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN = frozenset({b"same-origin", b"none"})


class OwnPagesOnly(CSRFMiddleware):
    """Litestar's check of the token, and beside it where the browser says that a request began.

    The token is a pair that is not bound to a session, so that whoever could plant a cookie would
    own both halves; what a browser says about itself no page can write.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == ScopeType.HTTP
            and scope["method"] not in SAFE
            and not scope["route_handler"].opt.get(self.config.exclude_from_csrf_key)
            and _from_elsewhere(scope)
        ):
            raise PermissionDeniedException("The request began on another site.")
        await super().__call__(scope, receive, send)

    def _csrf_tokens_match(self, request_csrf_token: Any, cookie_csrf_token: Any) -> bool:
        # Litestar compares whatever was sent and fails on a file, or on what is not ASCII.
        sent = (request_csrf_token, cookie_csrf_token)
        return all(isinstance(one, str) and one.isascii() for one in sent) and (
            super()._csrf_tokens_match(*sent)
        )


def _from_elsewhere(scope: HTTPScope) -> bool:
    """Whether the browser says so; what is no browser says nothing, and needs the token alone."""
    own = urlsplit(scope["litestar_app"].state.settings.base_url)
    ours = f"{own.scheme}://{own.netloc}".lower().encode()
    return any(
        (name == b"sec-fetch-site" and value not in OWN)
        or (name == b"origin" and value.lower() != ours)
        for name, value in scope["headers"]
    )
