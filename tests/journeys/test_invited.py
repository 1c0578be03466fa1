"""Invited by letter: the link, a passkey on the device, the first report, and back another day."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import DESK, PHONE, Doorman, Visit
from tests.people.cast import invited
from tests.town import Town


@pytest.fixture
async def visit(doorman: Doorman, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    made = await doorman.visitor(viewport=PHONE)
    yield made


async def device(
    visit: Visit, *, verified: bool = True, transport: str = "internal"
) -> tuple[Any, str]:
    """A virtual authenticator of the browser itself: the session to it, and its id."""
    session = await visit.context.new_cdp_session(visit.page)
    await session.send("WebAuthn.enable")
    added = await session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": transport,
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": verified,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session, added["authenticatorId"]


async def test_a_letter_becomes_a_member_with_a_passkey(tallbacka: Town, visit: Visit) -> None:
    session, authenticator = await device(visit)
    link = await invited(tallbacka)
    page = visit.page
    await visit.open(link)
    await expect(page.locator("h1")).to_contain_text(tallbacka.name)
    await visit.picture("inbjudan-telefon")
    assert await visit.axe() == []
    await page.get_by_label("Ditt namn").fill("Vera Exempel")
    await page.get_by_role("button", name="Skapa passernyckel").click()
    await page.wait_for_url(f"**/{tallbacka.slug}/rapportera")
    kept = await session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})
    assert [one["isResidentCredential"] for one in kept["credentials"]] == [True]

    # The page of one's own keys: a second one, on another device.
    await visit.open("/mina-nycklar")
    await visit.picture("mina-nycklar-telefon")
    assert await visit.axe() == []
    await session.send(
        "WebAuthn.setUserVerified",
        {
            "authenticatorId": authenticator,
            "isUserVerified": True,
        },
    )
    _, second = await device(visit, transport="usb")
    await page.get_by_label("Vad ska nyckeln heta?").fill("Jobbdatorn")
    await page.get_by_role("button", name="Lägg till en passernyckel").click()
    await expect(page.locator(".people > li")).to_have_count(2)
    await expect(page.locator(".people")).to_contain_text("Jobbdatorn")
    kept = await session.send("WebAuthn.getCredentials", {"authenticatorId": second})
    assert len(kept["credentials"]) == 1

    # Another day: the session is gone, the device is not.
    await visit.context.clear_cookies()
    await visit.open(f"/{tallbacka.slug}/rapportera")
    await visit.picture("logga-in-passernyckel-telefon")
    assert await visit.axe() == []
    await page.get_by_role("button", name="Logga in med passernyckel").click()
    await page.wait_for_url(f"**/{tallbacka.slug}/rapportera")
    await expect(page.locator("h1")).to_be_visible()
    assert visit.complaints == []

    # The letter's link is used up.
    await visit.open(link)
    await expect(page.locator("h1")).to_have_text("Länken gäller inte")
    await visit.picture("inbjudan-anvand-telefon")


async def test_a_dialogue_that_is_broken_off_changes_nothing(tallbacka: Town, visit: Visit) -> None:
    session, authenticator = await device(visit, verified=False)
    link = await invited(tallbacka)
    page = visit.page
    await visit.open(link)
    await page.get_by_label("Ditt namn").fill("Vera Exempel")
    await page.get_by_role("button", name="Skapa passernyckel").click()
    await expect(page.locator("[data-said]")).to_be_visible()
    await expect(page.get_by_label("Ditt namn")).to_have_value("Vera Exempel")
    await session.send(
        "WebAuthn.setUserVerified",
        {
            "authenticatorId": authenticator,
            "isUserVerified": True,
        },
    )
    await page.get_by_role("button", name="Skapa passernyckel").click()
    await page.wait_for_url(f"**/{tallbacka.slug}/rapportera")


@pytest.mark.parametrize("room", ["telefon", "skrivbord-mork"])
async def test_the_pages_of_people_and_organisations(
    tallbacka: Town, doorman: Doorman, room: str
) -> None:
    for role in ("reporter", "org_contact", "municipal_police", "tenant_admin"):
        await tallbacka.add_member(role)
    await invited(tallbacka)
    viewport, dark = (PHONE, False) if room == "telefon" else (DESK, True)
    visit = await doorman.member(
        tallbacka, "safety_coordinator", "/personer", viewport=viewport, dark=dark
    )
    for path in ("personer", "organisationer"):
        await visit.open(f"/{tallbacka.slug}/{path}")
        await visit.picture(f"{path}-{room}")
        assert await visit.axe() == [], path
        width = await visit.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"]
    await visit.page.locator(".people summary").first.click()
    await visit.picture(f"organisationer-andra-{room}")
    assert visit.complaints == []
