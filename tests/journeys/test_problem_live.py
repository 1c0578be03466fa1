"""Two people with the same problem before them see what the other writes, as it is written."""

from playwright.async_api import expect

from tests.cycle.cases import opened_problem
from tests.journeys.conftest import DESK, PHONE, Doorman
from tests.town import Town


async def test_what_one_writes_the_other_sees(tallbacka: Town, doorman: Doorman) -> None:
    path = await opened_problem(tallbacka)
    coordinator = await doorman.member(tallbacka, "safety_coordinator", path, viewport=DESK)
    police = await doorman.member(tallbacka, "municipal_police", path, viewport=PHONE)
    chair = await doorman.member(tallbacka, "steering_member", path, viewport=DESK)
    for visit in (coordinator, police, chair):
        await expect(visit.page.locator("#problem-causes")).to_contain_text("Inga orsaker än")

    # The police have a form open and half filled while the coordinator saves.
    await police.page.locator("#problem-causes").get_by_text("Lägg till orsak").click()
    await police.page.get_by_label("Orsak", exact=True).fill("Ingen vuxen på plats")
    await coordinator.page.locator("#problem-causes").get_by_text("Lägg till orsak").click()
    await coordinator.page.get_by_label("Orsak", exact=True).fill("Ingången är mörk")
    await coordinator.page.get_by_text("Plats", exact=True).click()
    await coordinator.page.get_by_text("Stöd i flera källor").click()
    await coordinator.page.get_by_role("button", name="Spara").click()
    await expect(chair.page.locator("#problem-causes")).to_contain_text(
        "A. Ingången är mörk", timeout=10_000
    )
    await expect(chair.page.locator("#problem-head")).to_contain_text(
        "En orsak prövad", timeout=10_000
    )

    assert (
        await police.page.get_by_label("Orsak", exact=True).input_value() == "Ingen vuxen på plats"
    )
    await police.page.get_by_text("De som stör", exact=True).click()
    await police.page.get_by_role("button", name="Spara").click()
    for visit in (coordinator, police, chair):
        await expect(visit.page.locator("#problem-causes")).to_contain_text(
            "B. Ingen vuxen på plats", timeout=10_000
        )
    assert [visit.complaints for visit in (coordinator, police, chair)] == [[], [], []]
