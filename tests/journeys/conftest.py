"""The house in earnest: web, worker and provider as processes, and people with real browsers."""

import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.async_api import Browser, BrowserContext, Error, Page, async_playwright

from service.settings import Settings
from tests.processes import ROOT, running
from tests.town import Neighbourhood, Town

SCREENS = ROOT / "build" / "screens"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 1000}
WALL = {"width": 1920, "height": 1080}


@dataclass(frozen=True)
class House:
    """The running service: its address, its settings and where its processes write."""

    address: str
    settings: Settings
    logs: Path


@pytest.fixture(scope="session")
def house(
    settings: Settings, neighbourhood: Neighbourhood, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Web, worker, provider and mail box on loopback ports, beside the database of the run."""
    logs = tmp_path_factory.mktemp("logs")
    address = f"http://localhost:{settings.port}"
    mail = f"smtp://127.0.0.1:{settings.port + 2}"
    chosen = replace(settings, base_url=address, smtp_url=mail)
    with ExitStack() as stack:
        for command in ("local", "web", "worker"):
            stack.enter_context(running(command, chosen, logs / f"{command}.log"))
        wait_until_ready(address, logs)
        yield House(address, chosen, logs)


def wait_until_ready(address: str, logs: Path, seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urlopen(f"{address}/health/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            pass
        time.sleep(0.2)
    raise AssertionError("\n".join(log.read_text()[-3000:] for log in logs.glob("*.log")))


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Chromium, as KS_CHROMIUM, the machine or Playwright has it."""
    path = os.environ.get("KS_CHROMIUM") or shutil.which("chromium")
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(
                executable_path=path,
                args=[
                    "--no-sandbox",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--no-first-run",
                ],
            )
        except Exception as error:
            raise RuntimeError("No Chromium: run `make test`, which installs it.") from error
        yield browser
        await browser.close()


class Visit:
    """One person's browser window, and every breach of the page's rules that it met."""

    def __init__(self, house: House, context: BrowserContext, page: Page) -> None:
        self.house = house
        self.context = context
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    async def open(self, path: str) -> None:
        try:
            await self.page.goto(self.house.address + path)
        except Error as aborted:
            # Chromium now and then aborts the first navigation of a window that is being made.
            if "ERR_ABORTED" not in str(aborted):
                raise
            await self.page.goto(self.house.address + path)

    async def picture(self, name: str) -> None:
        """Keep what the person sees as build output."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=SCREENS / f"{name}.png", full_page=True)

    async def axe(self) -> list[str]:
        """What axe-core finds wrong with the page as it stands."""
        source = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
        await self.page.evaluate(source)
        result = await self.page.evaluate(
            "async () => (await axe.run(document)).violations.map("
            "v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))"
        )
        return list(result)


class Doorman:
    """Opens windows for members of towns, each logged in through the provider's own page."""

    def __init__(self, house: House, chromium: Browser) -> None:
        self.house = house
        self.chromium = chromium
        self.visits: list[Visit] = []

    async def visitor(self, *, viewport: dict[str, int] = DESK, dark: bool = False) -> Visit:
        context = await self.chromium.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            color_scheme="dark" if dark else "light",
            has_touch=viewport is PHONE,
            is_mobile=viewport is PHONE,
        )
        visit = Visit(self.house, context, await context.new_page())
        self.visits.append(visit)
        return visit

    def introduce(self, town: Town) -> None:
        """Let the provider know everybody who is a member so far."""
        people = self.house.settings.data_dir / "people.json"
        people.write_text(json.dumps([asdict(one) for one in town.near.people]))

    async def member(
        self,
        town: Town,
        role: str,
        path: str,
        *,
        organisation: str | None = None,
        viewport: dict[str, int] = DESK,
        dark: bool = False,
    ) -> Visit:
        """That member's window on `path` of the town, after a real log-in."""
        await town.add_member(role, organisation)
        self.introduce(town)
        visit = await self.visitor(viewport=viewport, dark=dark)
        await visit.open(f"/{town.slug}{path}")
        subject = town.subject(role, organisation)
        await visit.page.locator(f'button[value="{subject}"]').click()
        await visit.page.wait_for_url(f"**/{town.slug}{path}")
        return visit

    async def close(self) -> None:
        for visit in self.visits:
            await visit.context.close()


@pytest.fixture
async def doorman(house: House, chromium: Browser) -> AsyncIterator[Doorman]:
    made = Doorman(house, chromium)
    yield made
    await made.close()
