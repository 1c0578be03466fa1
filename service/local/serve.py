"""The local process: the OpenID provider and the mail box, on loopback."""

from typing import Any

import uvicorn
from litestar.types import ASGIApp, Receive, Scope, Send

from service.local.mailbox import Shelf, create_mailbox, mail_server
from service.local.ports import Ports
from service.local.provider import create_provider
from service.settings import Settings


def serve(settings: Settings) -> None:
    """Serves provider, letters and SMTP until told to stop. Raises NotHere in production."""
    provider = create_provider(settings)
    ports = Ports(settings.port)
    shelf = Shelf(settings.data_dir / "letters")
    mail = mail_server(shelf, ports.mail)
    mail.start()
    try:
        uvicorn.run(
            beside(provider, create_mailbox(shelf, settings.base_url)),
            host="127.0.0.1",
            port=ports.provider,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
            server_header=False,
        )
    finally:
        mail.stop()


def beside(provider: Any, mailbox: Any) -> ASGIApp:
    """One application of two: what lies under /brev is the mail box, the rest the provider."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        chosen = mailbox if path == "/brev" or path.startswith("/brev/") else provider
        await chosen(scope, receive, send)

    return application
