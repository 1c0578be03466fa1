"""The style guide and error pages in Chromium: no axe violation, nothing blocked, no scroll."""

import re
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.async_api import Browser

from tests.look.conftest import ROOT, validate_html

AXE = ROOT / "node_modules/axe-core/axe.min.js"
SCREENS = ROOT / "build" / "screens"
ROOMS = [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark"), (320, "light")]


async def violations(page: Any) -> list[str]:
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]
    ]


@pytest.mark.parametrize(("width", "scheme"), ROOMS)
@pytest.mark.parametrize("path", ["/lokalt/formsprak", "/fel/404"])
async def test_a_page_is_free_of_violations(
    browser: Browser, address: str, path: str, width: int, scheme: Any
) -> None:
    page = await browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    said: list[str] = []
    page.on(
        "console",
        lambda message: said.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    try:
        await page.goto(address + path, wait_until="load")
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        said = [text for text in said if "404" not in text]
        assert said == []
        name = re.sub(r"\W+", "-", path).strip("-")
        await page.screenshot(path=SCREENS / f"{name}-{width}-{scheme}.png", full_page=True)
    finally:
        await page.close()


@pytest.mark.parametrize(
    "preference", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}, {"media": "print"}]
)
async def test_a_page_stands_other_wishes(
    browser: Browser, address: str, preference: dict[str, Any]
) -> None:
    page = await browser.new_page(viewport={"width": 1000, "height": 900})
    try:
        await page.emulate_media(**preference)
        await page.goto(address + "/lokalt/formsprak")
        assert await page.locator("h1").is_visible()
        assert await page.get_by_text("Påhittade exempeldata. Inget här har hänt.").is_visible()
        if "reduced_motion" in preference:
            assert (
                await page.locator(".live").first.evaluate(
                    "e => getComputedStyle(e, '::before').animationName"
                )
                == "none"
            )
        if "media" in preference:
            assert not await page.locator(".btn").first.is_visible()
        await page.screenshot(
            path=SCREENS / f"formsprak-{next(iter(preference))}.png", full_page=True
        )
    finally:
        await page.close()


async def test_the_menu_opens_closes_with_escape_and_gives_focus_back(
    browser: Browser, address: str
) -> None:
    page = await browser.new_page(viewport={"width": 390, "height": 800})
    try:
        await page.goto(address + "/lokalt/formsprak")
        await page.locator("details.menu summary").press("Enter")
        assert await page.get_by_role("button", name="Logga ut").is_visible()
        assert await page.locator(".menu-box nav a").first.is_visible()
        assert await violations(page) == []
        await page.keyboard.press("Escape")
        assert not await page.get_by_role("button", name="Logga ut").is_visible()
        assert await page.locator("details.menu summary").evaluate(
            "e => e === document.activeElement"
        )
    finally:
        await page.close()


async def test_lost_contact_is_said_with_the_time(browser: Browser, address: str) -> None:
    page = await browser.new_page(viewport={"width": 1000, "height": 800})
    try:
        await page.clock.install()
        await page.goto(address + "/lokalt/formsprak")
        sign = page.locator("[data-live]").first
        await page.evaluate("dispatchEvent(new Event('offline'))")
        await page.clock.run_for(5000)
        assert re.fullmatch(r"Ingen kontakt sedan \d\d\.\d\d", await sign.inner_text())
        await page.evaluate(
            "document.body.dispatchEvent(new CustomEvent('htmx:sse:after:connection',"
            " {bubbles: true, detail: {connection: {attempt: 1}}}))"
        )
        assert (await sign.inner_text()).startswith("Direkt.")
    finally:
        await page.close()


@pytest.mark.parametrize("path", ["/lokalt/formsprak", "/fel/404", "/fel/500"])
def test_the_markup_is_sound(address: str, path: str, tmp_path: Path) -> None:
    from urllib.error import HTTPError

    try:
        html = urlopen(address + path).read()
    except HTTPError as error:
        html = error.read()
    kept = tmp_path / "page.html"
    kept.write_bytes(html)
    assert validate_html(kept) == ""


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 503, 418, 599])
def test_an_error_says_what_to_do(templates: Any, built: Any, status: int) -> None:
    page = templates.get_template("layout/error.html").render(
        status_code=status,
        lang="sv",
        csrf_token=lambda: "",
        member=None,
        municipality=None,
        request_path="/",
    )
    heading = re.search(r"<h1>(.+?)</h1>", page)
    assert heading and "Till startsidan" in page and f"Fel {status}" in page
