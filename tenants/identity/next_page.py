"""Where to go after log-in: a path of our own, or the start page."""

import re
from urllib.parse import unquote

START = "/"
_OWN = re.compile(r"/[A-Za-z0-9._~%/-]*(\?[A-Za-z0-9._~%/?=&+:,;@!$'()*-]*)?")


def own_path(wanted: str | None) -> str:
    """`wanted` if it is a plain path on this host, else the start page.

    Also what the path decodes to must be plain, so that nothing that a proxy or a browser
    decodes on the way becomes an address elsewhere.
    """
    if not wanted or len(wanted) > 1000 or not _OWN.fullmatch(wanted):
        return START
    path = wanted.partition("?")[0]
    for _ in range(4):
        if "//" in path or "\\" in path or not path.isprintable():
            return START
        if any(segment in (".", "..") for segment in path.split("/")):
            return START
        path, before = unquote(path), path
        if path == before:
            break
    else:
        return START
    # Back into the log-in itself would be a loop, or a log-out that nobody asked for.
    return START if path.startswith(("/auth/", "/logga-in")) else wanted
