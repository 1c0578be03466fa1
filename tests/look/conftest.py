"""The look without database or log-in: built files, templates, a small server."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import uvicorn
from jinja2 import Environment
from litestar import Litestar, Request, get
from litestar.config.csrf import CSRFConfig
from litestar.params import FromPath
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig
from playwright.async_api import Browser, async_playwright

from service.app import make_templates
from service.web import assets
from service.web.respond import page
from service.web.security_headers import add_security_headers
from service.web.static_files import static_routes
from service.web.style_guide import style_guide_routes

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"


@pytest.fixture(scope="session")
def built() -> assets.Manifest:
    """The built files, as `make setup` leaves them and with our own files as they are now."""
    missing = [name for name in assets.COPIED.values() if not (assets.PACKAGES / name).is_file()]
    if missing:
        pytest.fail(f"{missing[0]} is missing; run: make setup")
    return assets.build(install=False)


@pytest.fixture(scope="session")
def templates() -> Environment:
    return make_templates()


@get("/fel/{status_code:int}", sync_to_thread=False)
def some_error(request: Request, status_code: FromPath[int]) -> Template:  # type: ignore[type-arg]
    return page(request, "layout/error.html", status=status_code, status_code=status_code)


@pytest.fixture(scope="session")
def look_app(built: assets.Manifest, templates: Environment) -> Litestar:
    return Litestar(
        [*static_routes, *style_guide_routes, some_error],
        before_send=[add_security_headers],
        csrf_config=CSRFConfig(secret="for tests alone, and long enough"),
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(templates)),
    )


@pytest.fixture(scope="session")
def address(look_app: Litestar) -> Iterator[str]:
    """The look served on a loopback port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(look_app, port=port, log_level="warning", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, as KS_CHROMIUM, the machine or Playwright has it."""
    path = os.environ.get("KS_CHROMIUM") or shutil.which("chromium")
    arguments = (
        "no-sandbox disable-background-networking disable-component-update "
        "disable-sync no-first-run"
    )
    async with async_playwright() as playwright:
        try:
            opened = await playwright.chromium.launch(
                executable_path=path, args=[f"--{argument}" for argument in arguments.split()]
            )
        except Exception as error:
            pytest.fail(
                f"no Chromium ({str(error).splitlines()[0]}); run: apt-get install -y chromium"
            )
        yield opened
        await opened.close()


def validate_html(*pages: Path) -> str:
    """What html-validate has against the pages in these files; empty when nothing."""
    program = assets.PACKAGES / "html-validate/bin/html-validate.mjs"
    if not program.is_file():
        pytest.fail("html-validate is missing; run: make setup")
    _command, environment = assets.find_npm()
    node = shutil.which("node", path=environment["PATH"]) or "node"
    done = subprocess.run(
        [
            *(node, str(program), "--config", str(Path(__file__).parent / "htmlvalidate.json")),
            *map(str, pages),
        ],
        capture_output=True,
        text=True,
        env=environment,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr
