"""Two web processes are one service: what is sent to one shows in a page open on the other."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.conftest import free_ports
from tests.journeys.conftest import PHONE, Doorman, House, wait_until_ready
from tests.journeys.past import live_through
from tests.journeys.test_report_to_picture import send_report
from tests.processes import running
from tests.town import Town


@pytest.fixture
def second(house: House, tmp_path: Path) -> Iterator[str]:
    """The address of one more web process and its worker beside the house's own."""
    port = free_ports()
    address = f"http://localhost:{port}"
    chosen = replace(house.settings, port=port, base_url=address)
    with (
        running("web", chosen, tmp_path / "web.log"),
        running("worker", chosen, tmp_path / "worker.log"),
    ):
        wait_until_ready(address, tmp_path)
        yield address


async def test_a_report_to_one_shows_in_a_page_open_on_the_other(
    tallbacka: Town, doorman: Doorman, second: str
) -> None:
    await live_through(tallbacka)
    coordinator = await doorman.member(tallbacka, "safety_coordinator", "/lagesbild")
    # A browser's cookies know no port: the log-in holds at both.
    await coordinator.page.goto(f"{second}/{tallbacka.slug}/lagesbild")
    shown = coordinator.page.locator("main")
    await expect(shown).to_contain_text("Krossade rutor", timeout=20_000)

    phone = await doorman.member(tallbacka, "reporter", "/rapportera", viewport=PHONE)
    for _ in range(4):
        await send_report(phone, area="Ruta 1", category="violence")
        await phone.open(f"/{tallbacka.slug}/rapportera")
    await expect(shown).to_contain_text(re.compile("Våld"), timeout=20_000)
    assert coordinator.page.url.startswith(second)
    assert coordinator.complaints == []
