"""The two cookies of the way in. Both are bound to this host and out of scripts' reach."""

from litestar.datastructures import Cookie

from service.web.may import SESSION_COOKIE

BROWSER_COOKIE = "__Host-login"
"""Tells one browser's log-ins from another's; worth nothing by itself."""


def session_cookie(token: str) -> Cookie:
    return _cookie(SESSION_COOKIE, token)


def no_session_cookie() -> Cookie:
    return _cookie(SESSION_COOKIE, "", max_age=0)


def browser_cookie(token: str) -> Cookie:
    return _cookie(BROWSER_COOKIE, token)


def _cookie(name: str, value: str, max_age: int | None = None) -> Cookie:
    # Lax, not strict: a strict cookie would be missing on the way back from the provider.
    return Cookie(
        key=name,
        value=value,
        path="/",
        max_age=max_age,
        secure=True,
        httponly=True,
        samesite="lax",
    )
