"""A phone with a real browser in front of the application: pages, scripts and styles are fetched
from it in process, through the logged-in client of a town's member."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from playwright.async_api import Page, Route, async_playwright

SIZE = {"width": 390, "height": 844}


class Net:
    """The way between phone and application; `broken` cuts it, `sent` keeps what was posted."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.broken = False
        self.lose_answers = False
        self.sent: list[str] = []
        self.complaints: list[str] = []

    def hear(self, said: str) -> None:
        if "Content Security" in said:
            self.complaints.append(said)

    async def serve(self, route: Route) -> None:
        request = route.request
        if self.broken or request.url.endswith("/live"):
            await route.abort()
            return
        if request.method == "POST":
            self.sent.append(request.post_data or "")
        answer = await self.client.request(
            request.method,
            request.url,
            headers={
                name: value
                for name, value in request.headers.items()
                if name not in ("host", "cookie", "content-length")
            },
            content=request.post_data_buffer,
        )
        if request.method == "POST" and self.lose_answers:
            await route.abort()
            return
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name not in ("set-cookie", "content-length", "content-encoding")
        }
        await route.fulfill(status=answer.status_code, headers=headers, body=answer.content)


def chromium() -> str | None:
    """The machine's own Chromium; None lets Playwright use the one that it fetched."""
    return shutil.which("chromium") or shutil.which("google-chrome")


@asynccontextmanager
async def phone(
    town: Any, role: str = "reporter", scripts: bool = True, **options: Any
) -> AsyncIterator[tuple[Page, Net]]:
    """A page on a phone of that member, with complaints of the browser as failures at the end."""
    net = Net(await town.client(role))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        context = await browser.new_context(
            viewport=SIZE,
            has_touch=True,
            is_mobile=True,
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            base_url=f"{town.near.base_url}/{town.slug}/",
            java_script_enabled=scripts,
            **options,
        )
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: net.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                net.complaints.append(said.text) if "Content Security" in said.text else None
            ),
        )
        await page.route("**/*", net.serve)
        yield page, net
        await browser.close()
        assert not net.complaints, net.complaints
