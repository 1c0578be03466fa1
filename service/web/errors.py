"""What is shown when something is refused or fails: what happened and what to do, never how."""

import logging
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import asyncpg
from litestar import Request, Response
from litestar.exceptions import HTTPException, PermissionDeniedException
from litestar.response import Redirect
from litestar.types import Receive, Scope, Send

from service.web.formats import day, moment
from service.web.language import _
from service.web.may import StepUpNeeded
from service.web.problems import MEDIA, problem_answer, problem_of
from service.web.respond import is_fragment, page
from tenants.identity import passkeys
from tenants.identity.next_page import own_path
from tenants.scope import Busy

logger = logging.getLogger(__name__)

FOR_SYSTEMS = re.compile(r"/[^/]+/api/v1/")
LOG_IN_PATH = "/logga-in"
# An answer that is not swapped in may say why, in words for the person; live.js shows them.
SAID_HEADER = "X-Said"


class NotForYou(PermissionDeniedException):
    """A 403 with a sentence for the person, such as what the person's seat does not allow."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.said = said


def show_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The answer to any exception of a handler, a guard or the framework."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 500 and (wait := _wait_for_database(error)):
        logger.warning("The database did not serve a request: %s.", type(error).__name__)
        if _for_systems(request):
            return problem_answer(503, headers={"Retry-After": str(wait)})
        return _come_back(request, wait)
    if status >= 500:
        logger.exception("A request failed.", exc_info=error)
    if _for_systems(request):
        return problem_of(error, status)
    if isinstance(error, StepUpNeeded):
        return _ask_for_more(request, error)
    if status == 401:
        return _ask_for_log_in(request)
    headers = dict(getattr(error, "headers", None) or {})
    said = error.said if isinstance(error, NotForYou) else _ended(request, status)
    if said:
        headers[SAID_HEADER] = quote(said)
    try:
        answer = page(
            request,
            "layout/error.html",
            status=status,
            status_code=status,
            stale=_stale(request),
            detail=said,
        )
    except Exception:  # The page itself must not be what fails.
        logger.exception("The error page failed.")
        return Response(_PLAIN, status_code=status, media_type="text/html")
    answer.headers.update(headers)
    return answer


def _for_systems(request: Request[Any, Any, Any]) -> bool:
    # By the address, since what leads to no route has none that could say.
    return FOR_SYSTEMS.match(request.url.path) is not None


def _wait_for_database(error: Exception) -> int:
    """After how many seconds the same request may work, when all that failed is the database."""
    if isinstance(error, asyncpg.QueryCanceledError | asyncpg.TooManyConnectionsError | Busy):
        return 10
    gone = (
        OSError,
        asyncpg.InterfaceError,
        # What asyncpg raises when the connection dies within a statement.
        asyncpg.InternalClientError,
        asyncpg.PostgresConnectionError,
        asyncpg.OperatorInterventionError,
    )
    return 5 if isinstance(error, gone) else 0


def _come_back(request: Request[Any, Any, Any], seconds: int) -> Response[Any]:
    detail = _(
        "Tjänsten hinner inte eller når inte sin databas just nu. Det du skickade är inte "
        "sparat. Försök igen om %(num)s sekunder.",
        num=seconds,
    )
    answer = page(request, "layout/error.html", status=503, status_code=503, detail=detail)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _ended(request: Request[Any, Any, Any], status: int) -> str:
    """The sentence for somebody whose term in the municipality has ended, else nothing.

    It is told to who was a member, and so knows the municipality; a stranger gets the bare 404.
    """
    at = request.scope["state"].get("ended_at")
    if at is None or status not in (403, 404):
        return ""
    when = moment(at) if day(at) == day(datetime.now(UTC)) else day(at)
    if request.method == "GET":
        return _("Ditt uppdrag gick ut %(when)s. Därför visas inte sidan längre.", when=when)
    return _("Ditt uppdrag gick ut %(when)s. Inget är skickat eller sparat.", when=when)


def _stale(request: Request[Any, Any, Any]) -> bool:
    """Whether a 403 means that the form's token is no longer valid, not that the role is wrong."""
    return request.method != "GET" and "refused" not in request.scope["state"]


def _ask_for_log_in(request: Request[Any, Any, Any]) -> Response[Any]:
    if is_fragment(request):
        # Where the person is, not the fragment's own path, is what to come back to; but who sent
        # something stays on the page that holds what was typed.
        headers = {"HX-Redirect": LOG_IN_PATH}
        if request.method != "GET":
            said = _("Inget är skickat. Logga in i en ny flik, kom tillbaka hit och skicka igen.")
            headers = {SAID_HEADER: quote(said)}
        return Response("", status_code=401, headers=headers)
    if "text/html" not in request.headers.get("accept", "text/html"):
        return Response("", status_code=401, media_type="text/plain")
    if request.method == "GET":
        return Redirect(f"{LOG_IN_PATH}?next={quote(_here(request))}", status_code=303)
    # A form sent after the session ended: the browser's way back still holds what was typed.
    detail = _("Inget är skickat. Logga in i en ny flik, gå tillbaka hit och skicka igen.")
    return page(request, "layout/error.html", status=401, status_code=401, detail=detail)


def _ask_for_more(request: Request[Any, Any, Any], needed: StepUpNeeded) -> Response[Any]:
    """Once more through the provider: at once from a page, by a link where something was sent."""
    back = _here(request) if request.method == "GET" else _came_from(request)
    asked = {"next": back, "niva": needed.level}
    if needed.max_age is not None:
        asked["inom"] = needed.max_age
    address = f"/auth/login/{needed.provider_name}?{urlencode(asked)}"
    if needed.provider_name == passkeys.PROVIDER_NAME:
        # A passkey is shown here, on the page that lists the ways in.
        address = f"{LOG_IN_PATH}?{urlencode({'next': back})}"
    if is_fragment(request):
        return Response("", status_code=401, headers={"HX-Redirect": address})
    if request.method == "GET":
        return Redirect(address, status_code=303)
    return page(request, "layout/step_up.html", status=401, address=address)


def _here(request: Request[Any, Any, Any]) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _came_from(request: Request[Any, Any, Any]) -> str:
    """The page that holds the form which was sent, or what lies above the form's address."""
    page_ = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer") or "")
    if page_.path and page_.netloc == request.url.netloc:
        return own_path(page_.path + (f"?{page_.query}" if page_.query else ""))
    return request.url.path.rpartition("/")[0]


_PLAIN = (
    "<!doctype html><html lang=sv><meta charset=utf-8><title>Kraftsamling</title>"
    "<h1>Något gick fel hos oss</h1><p>Inget har sparats. Försök igen om en stund.</p></html>"
)


async def plain_failure(scope: Scope, receive: Receive, send: Send) -> None:
    """503 without templates or database: the answer when a commit did not go through."""
    body, kind = _PLAIN.encode(), b"text/html; charset=utf-8"
    if FOR_SYSTEMS.match(scope["path"]):
        body, kind = bytes(problem_answer(503).content), MEDIA.encode()
    await send(
        {
            "type": "http.response.start",
            "status": 503,
            "headers": [
                (b"content-type", kind),
                (b"content-length", str(len(body)).encode()),
                (b"retry-after", b"5"),
                (b"cache-control", b"no-store"),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
