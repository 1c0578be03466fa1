"""One host for all: a request that names another is answered 400 before anything else."""

from litestar.types import ASGIApp, Receive, Scope, Send

_BODY = "Okänd adress.".encode()


class OwnHostOnly:
    """ASGI wrapper around the whole application, so that it also covers unknown paths."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self.app = app
        self.host = host.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_ours(scope):
            await send(
                {
                    "type": "http.response.start",
                    "status": 400,
                    "headers": [
                        (b"content-type", b"text/plain; charset=utf-8"),
                        (b"content-length", str(len(_BODY)).encode()),
                    ],
                }
            )
            await send({"type": "http.response.body", "body": _BODY, "more_body": False})
            return
        await self.app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            return False
        # Probes ask by address from inside, and learn only up or down.
        return hosts[0].lower() == self.host or scope["path"].startswith("/health/")
