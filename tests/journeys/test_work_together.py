"""Two people on the same page: what one does, the other sees, and nothing that is typed is lost."""

from playwright.async_api import expect

from tests.council.meetings.meetings import a_meeting
from tests.journeys.conftest import PHONE, Doorman
from tests.town import Town

IN_TIME = 30_000


async def test_a_meeting_is_held_by_two(tallbacka: Town, doorman: Doorman) -> None:
    path = await a_meeting(tallbacka)
    await tallbacka.add_member("municipal_police")
    coordinator = await doorman.member(tallbacka, "safety_coordinator", path)
    officer = await doorman.member(tallbacka, "municipal_police", path, viewport=PHONE)
    # Half a decision stands in the officer's form while the coordinator notes who is there.
    await officer.page.get_by_label("Vad gäller det?").fill("Ingången mot parken")
    row = coordinator.page.locator("li", has_text="Prov municipal police")
    await row.get_by_role("button", name="Närvarande").click()
    await expect(
        officer.page.locator("li", has_text="Prov municipal police").get_by_role("button")
    ).to_contain_text("Ta bort", timeout=IN_TIME)
    await expect(officer.page.get_by_label("Vad gäller det?")).to_have_value("Ingången mot parken")
    await officer.page.get_by_label("Vad beslutades, och vem gör det?").fill("Mäta ljuset.")
    await officer.page.get_by_role("button", name="Anteckna beslutet").click()
    decisions = coordinator.page.locator("section", has_text="Antecknat av Prov municipal police")
    await expect(decisions.first).to_contain_text("Mäta ljuset.", timeout=IN_TIME)
    await coordinator.page.get_by_role("button", name="Godkänn protokollet").click()
    await expect(coordinator.page.locator("main")).to_contain_text("Godkänt")
    await expect(officer.page.locator("#meeting")).to_contain_text(
        "Inget mer kan ändras.", timeout=IN_TIME
    )
    assert coordinator.complaints == officer.complaints == []
