"""Errors for systems: RFC 9457 problem details, in Swedish for people and with a code for code."""

from typing import Any

import msgspec
from litestar import Response
from litestar.exceptions import HTTPException

from service.web.language import _, later

MEDIA = "application/problem+json"
# By status: a code that does not change, and what happened in words.
TITLES: dict[int, tuple[str, str]] = {
    400: ("malformed", later("Det som skickades går inte att läsa.")),
    401: ("unauthorised", later("Nyckeln saknas, gäller inte här eller gäller inte längre.")),
    404: ("not_found", later("Det finns ingen sådan.")),
    405: ("method", later("Adressen tar inte emot den metoden.")),
    409: ("conflict", later("Det finns redan något annat med samma id.")),
    413: ("too_large", later("Det som skickades är för stort.")),
    415: ("media_type", later("Skicka application/json.")),
    422: ("invalid", later("Något i det som skickades håller inte. Inget är sparat.")),
    429: ("too_many", later("För många anrop. Vänta och försök igen.")),
    503: ("unavailable", later("Tjänsten når inte sin databas just nu. Inget är sparat.")),
}
OTHER = ("failure", later("Något gick fel hos oss. Inget är sparat."))


class FieldError(msgspec.Struct):
    """What is wrong with one field: `pointer` is an RFC 6901 pointer into what was sent."""

    pointer: str
    detail: str


class ProblemDetails(msgspec.Struct):
    """RFC 9457; `code` is the machine's word for what `title` says."""

    status: int
    code: str
    title: str
    type: str = "about:blank"
    detail: str | None = None
    errors: list[FieldError] = []


class Refusal(HTTPException):
    """An answer that a handler chose: a status and what is wrong field by field."""

    def __init__(self, status: int, detail: str = "", errors: list[FieldError] | None = None):
        super().__init__(status_code=status, detail=detail)
        self.errors = errors or []


def problem_of(error: Exception, status: int) -> Response[Any]:
    """The answer to an exception; what only we should read is not in it."""
    headers = dict(getattr(error, "headers", None) or {})
    if isinstance(error, Refusal):
        return problem_answer(status, error.detail, error.errors, headers)
    found = getattr(error, "extra", None)
    errors = [
        FieldError(_pointer(str(one.get("key", ""))), str(one.get("message", "")))
        for one in (found if isinstance(found, list) else [])
        if isinstance(one, dict)
    ]
    detail = error.detail if status == 400 and isinstance(error, HTTPException) else ""
    return problem_answer(status, detail, errors, headers)


def problem_answer(
    status: int,
    detail: str = "",
    errors: list[FieldError] | None = None,
    headers: dict[str, str] | None = None,
) -> Response[Any]:
    code, title = TITLES.get(status, OTHER)
    problem = ProblemDetails(
        status=status, code=code, title=_(title), detail=detail or None, errors=errors or []
    )
    body = msgspec.json.encode(problem)
    return Response(
        body,
        status_code=status,
        media_type=MEDIA,
        headers={"Cache-Control": "no-store"} | (headers or {}),
    )


def _pointer(key: str) -> str:
    """``reports[0].concern`` as ``/reports/0/concern``."""
    parts = key.replace("[", ".").replace("]", "").split(".")
    return "".join(f"/{part}" for part in parts if part)
