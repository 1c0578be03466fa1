"""Two windows that stand open side by side, in which people log in, work and log out again."""

import re
from dataclasses import dataclass
from typing import Literal

from playwright.async_api import Locator, Page, expect

from tests.journeys.conftest import DESK, PHONE, Doorman, Visit
from tests.town import Town

IN_TIME = 30_000
"""Milliseconds that a busy machine may take to show here what was done there."""


@dataclass
class Window:
    """One browser, used by one person after another. `looked` names the pages that were kept."""

    visit: Visit
    town: Town
    kind: Literal["telefon", "skrivbord"]
    looked: list[str]

    @property
    def page(self) -> Page:
        return self.visit.page

    def part(self, selector: str) -> Locator:
        return self.page.locator(selector)

    @property
    def _door(self) -> str:
        """The line of the start page that leads into the municipality."""
        return f'a[href="/logga-in?next=/{self.town.slug}"]'

    async def log_in(self, who: str, organisation: str | None = None) -> None:
        """From the start page into the municipality, to the page that this person comes for."""
        await self.visit.open("/")
        await self.part(self._door).click()
        await self.choose(who, organisation)
        await self.page.wait_for_url(f"**/{self.town.slug}/**")

    async def choose(self, who: str, organisation: str | None = None) -> None:
        """Say at the provider who one is."""
        await self.part(f'button[value="{self.town.subject(who, organisation)}"]').click()

    async def log_out(self) -> None:
        await self.part("details.menu > summary").click()
        await self.page.get_by_role("button", name="Logga ut").click()
        await expect(self.part(self._door)).to_be_visible(timeout=IN_TIME)

    async def go_to(self, place: str) -> None:
        """Follow a line of the main menu, as the window has it."""
        if self.kind == "telefon":
            await self.part("details.menu > summary").click()
        menu = "Meny" if self.kind == "telefon" else "Huvudmeny"
        menu_links = self.page.get_by_role("navigation", name=menu, exact=True)
        await menu_links.get_by_role("link", name=place, exact=True).click()
        await expect(self.part("h1").first).to_be_visible()

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def follow(self, name: str) -> None:
        await self.page.get_by_role("link", name=name).first.click()

    async def write(self, **texts: str) -> None:
        """Fill the fields of these names."""
        for name, text in texts.items():
            await self.part(f'[name="{name}"]').fill(text)

    async def tick(self, name: str, value: str) -> None:
        """Choose a chip."""
        await self.part(f'label:has(input[name="{name}"][value="{value}"])').click()

    async def shows(self, selector: str, text: str) -> None:
        """Wait until that part of the page says so, as it is or by what somebody else does."""
        await expect(self.part(selector).first).to_contain_text(text, timeout=IN_TIME)

    async def look(self, name: str) -> None:
        """Keep the page as a picture and hold it against the rules for every page."""
        self.looked.append(name)
        await self.visit.picture(f"varvet-{len(self.looked):02}-{name}-{self.kind}")
        assert await self.visit.axe() == [], name
        wide = await self.page.evaluate("document.documentElement.scrollWidth")
        room = self.page.viewport_size
        assert room and wide <= room["width"], f"{name}: the page is wider than its window"

    async def open_letter(self, subject: str, to: str) -> None:
        """Go to the mail box and open the newest letter to that member, when it has come."""
        port = self.visit.house.settings.port + 1
        addressee = re.sub("[^a-z0-9.-]", ".", self.town.subject(to).lower())
        for _attempt in range(60):
            await self.page.goto(f"http://localhost:{port}/brev")
            row = self.page.get_by_role("row").filter(has_text=addressee)
            letter = row.get_by_role("link", name=subject).first
            if await letter.count():
                await letter.click()
                return
            await self.page.wait_for_timeout(500)
        raise AssertionError(f"No letter came about {subject!r}.")


async def two_windows(doorman: Doorman, town: Town) -> tuple[Window, Window]:
    """A phone and a desk, both open, with nobody logged in."""
    looked: list[str] = []  # One line of pictures, whichever window they are of.
    return (
        Window(await doorman.visitor(viewport=PHONE), town, "telefon", looked),
        Window(await doorman.visitor(viewport=DESK), town, "skrivbord", looked),
    )
