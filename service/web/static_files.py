"""The built files over HTTP: kept for ever by browsers, since a changed file has a new address."""

import gzip
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.web.assets import BUILT, manifest, read_manifest
from service.web.may import UNSEEN

FOREVER = "public, max-age=31536000, immutable"
TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
SQUEEZED = {"text/javascript", "text/css", "image/svg+xml", "application/json", "text/plain"}


@lru_cache(maxsize=256)
def read_file(file: Path) -> tuple[bytes, bytes | None, str]:
    """The bytes, the gzipped bytes where that pays, and the media type of a built file."""
    content = file.read_bytes()
    media = TYPES.get(file.suffix) or guess_type(file.name)[0] or "application/octet-stream"
    small = (
        gzip.compress(content, 9, mtime=0) if media in SQUEEZED and len(content) > 1024 else None
    )
    return content, small, media


@get("/static/{version:str}/{path:path}", opt=UNSEEN, include_in_schema=False, sync_to_thread=False)
def static_file(request: Request, version: FromPath[str], path: FromPath[str]) -> Response[bytes]:
    """A file that the manifest of that build names; anything else, ``..`` included, is 404."""
    path = path.lstrip("/")
    known = {folder.name for folder in BUILT.iterdir()} if BUILT.is_dir() else set()
    if version not in known or version.startswith(".") or version == "current":
        raise NotFoundException()
    digest = read_manifest(version).files.get(path)
    if digest is None:
        raise NotFoundException()
    tag = f'"{digest[:32]}"'
    headers = {"cache-control": FOREVER, "etag": tag, "vary": "accept-encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    content, small, media = read_file(BUILT / version / path)
    if small is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        content = small
    return Response(content, media_type=media, headers=headers)


@get("/favicon.ico", opt=UNSEEN, include_in_schema=False, sync_to_thread=False)
def favicon() -> Response[bytes]:
    """Browsers that ask by habit get the mark as well."""
    content, _small, media = read_file(manifest().folder / "marke.svg")
    return Response(content, media_type=media, headers={"cache-control": "public, max-age=86400"})


static_routes = [static_file, favicon]
