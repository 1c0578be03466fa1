"""Files match their manifest, and are served so that browsers may keep them for ever."""

import hashlib
import json
from collections.abc import AsyncIterator

import brotli
import httpx2
import pytest
from fontTools.ttLib import TTFont
from litestar import Litestar

from service.web import assets
from service.web.fonts import WEIGHTS

BASE = "https://kraftsamling.test"


@pytest.fixture
async def client(look_app: Litestar) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=look_app)  # type: ignore[arg-type]
    async with httpx2.AsyncClient(transport=transport, base_url=BASE) as made:
        yield made


def test_files_match_the_manifest(built: assets.Manifest) -> None:
    assert assets.hash_files(built.folder) == built.files
    for path, source in assets.COPIED.items():
        if not path.endswith((".js", ".woff2")):
            wanted = hashlib.sha256((assets.PACKAGES / source).read_bytes()).hexdigest()
            assert built.files[path] == wanted, path


def test_a_font_draws_what_it_did(built: assets.Manifest) -> None:
    for path, source in assets.COPIED.items():
        if path.endswith(".woff2"):
            ours, theirs = TTFont(built.folder / path), TTFont(assets.PACKAGES / source)
            assert ours.getBestCmap().keys() == theirs.getBestCmap().keys()
            weight = ours["fvar"].axes[0]
            assert (weight.minValue, weight.maxValue) == WEIGHTS


async def test_the_strongest_that_a_browser_reads_is_sent(
    client: httpx2.AsyncClient, built: assets.Manifest
) -> None:
    plain = (built.folder / "kraftsamling.css").read_bytes()
    sent = {}
    for accepted in ("gzip, deflate, br, zstd", "identity"):
        async with client.stream(
            "GET", assets.asset("kraftsamling.css"), headers={"accept-encoding": accepted}
        ) as answer:
            coded = answer.headers.get("content-encoding", "")
            sent[coded] = b"".join([part async for part in answer.aiter_raw()])
    assert brotli.decompress(sent["br"]) == sent[""] == plain


def test_the_same_content_has_the_same_address(built: assets.Manifest) -> None:
    assert assets.build(install=False).version == built.version


def test_the_lock_file_has_hashes_and_no_addresses() -> None:
    lock = json.loads((assets.ROOT / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert not [name for name, package in packages.items() if "integrity" not in package]


def test_the_sprite_holds_every_icon_and_nothing_else(built: assets.Manifest) -> None:
    sprite = (built.folder / assets.SPRITE).read_text()
    assert sprite.count("<symbol ") == len(assets.ICONS)
    assert "style=" not in sprite and "<script" not in sprite
    with pytest.raises(KeyError):
        assets.icon("no-such-icon")


async def test_a_file_is_kept_for_ever_and_sets_no_cookie(
    client: httpx2.AsyncClient, built: assets.Manifest
) -> None:
    answer = await client.get(assets.asset("kraftsamling.css"), headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == (built.folder / "kraftsamling.css").read_bytes()
    assert "set-cookie" not in answer.headers
    again = await client.get(
        assets.asset("kraftsamling.css"), headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304 and not again.content


@pytest.mark.parametrize(
    "path",
    [
        "manifest.json",
        "no-such-file.css",
        "../current",
        "%2e%2e/current",
        "..%2f..%2fassets.py",
        "/etc/passwd",
    ],
)
async def test_what_the_manifest_does_not_name_is_not_there(
    client: httpx2.AsyncClient, built: assets.Manifest, path: str
) -> None:
    assert (await client.get(f"/static/{built.version}/{path}")).status_code == 404


@pytest.mark.parametrize("version", ["..", "%2e%2e", "current", ".work", "0000000000000000"])
async def test_an_unknown_build_is_not_there(client: httpx2.AsyncClient, version: str) -> None:
    assert (await client.get(f"/static/{version}/kraftsamling.css")).status_code == 404
