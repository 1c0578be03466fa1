"""The built files over HTTP: kept for ever by browsers, since a changed file has a new address."""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.web.assets import BUILT, SQUEEZED, TEXTS, WORTH_IT, manifest, read_manifest
from service.web.may import UNSEEN

FOREVER = "public, max-age=31536000, immutable"
TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class BuiltFile:
    """Its bytes, its media type, and where that pays the same bytes by what a browser accepts,
    the best first."""

    content: bytes
    media: str
    squeezed: dict[str, bytes]


@lru_cache(maxsize=256)
def read_file(file: Path) -> BuiltFile:
    content = file.read_bytes()
    media = TYPES.get(file.suffix) or guess_type(file.name)[0] or "application/octet-stream"
    squeezed = {}
    if file.suffix in TEXTS and len(content) > WORTH_IT:
        beside = file.with_name(file.name + SQUEEZED)
        if beside.is_file():
            squeezed["br"] = beside.read_bytes()
        squeezed["gzip"] = gzip.compress(content, 9, mtime=0)
    return BuiltFile(content, media, squeezed)


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
    file = read_file(BUILT / version / path)
    accepted = request.headers.get("accept-encoding", "")
    for encoding, content in file.squeezed.items():
        if encoding in accepted:
            headers["content-encoding"] = encoding
            return Response(content, media_type=file.media, headers=headers)
    return Response(file.content, media_type=file.media, headers=headers)


@get("/favicon.ico", opt=UNSEEN, include_in_schema=False, sync_to_thread=False)
def favicon() -> Response[bytes]:
    """Browsers that ask by habit get the mark as well."""
    file = read_file(manifest().folder / "marke.svg")
    headers = {"cache-control": "public, max-age=86400"}
    return Response(file.content, media_type=file.media, headers=headers)


static_routes = [static_file, favicon]
