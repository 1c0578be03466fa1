"""The steering group in its room: what one does the others see, and nobody loses what was typed."""

import re

from playwright.async_api import expect

from tenants.scope import execute, fetch_value
from tests.council.steering import CHAIR, POLICE_CHIEF, SCHOOL, VICE, path, proposal_in, vote
from tests.journeys.conftest import PHONE, WALL, Doorman
from tests.town import Town


async def test_a_vote_and_the_decision_show_in_every_open_page(
    tallbacka: Town, doorman: Doorman
) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, VICE="for", SCHOOL="against")
    wall = await doorman.member(tallbacka, POLICE_CHIEF, "/styrgrupp", viewport=WALL)
    vice = await doorman.member(tallbacka, VICE, path(proposal))
    await vice.page.get_by_label("Motivering").fill("Halvskriven tanke.")
    chair = await doorman.member(tallbacka, CHAIR, path(proposal), viewport=PHONE)
    await expect(wall.page.locator(".waiting")).to_contain_text("Byta belysning")
    await chair.page.locator("#vote").get_by_text("För", exact=True).click()
    await chair.page.get_by_role("button", name="Rösta", exact=True).click()
    await expect(chair.page.locator("#vote")).to_contain_text("Rösten är lämnad.")
    await expect(vice.page.locator("#standing")).to_contain_text(
        "2 för, 1 emot, 0 avstår", timeout=20_000
    )
    await chair.page.get_by_label("Motivering").fill("Behövs före vintern.")
    await chair.page.get_by_label("Beviljad kostnad, kr").fill("100 000")
    await chair.page.get_by_role("button", name="Besluta").click()
    await expect(chair.page.locator("#standing")).to_contain_text(re.compile(r"§ 1/\d{4}: bifall"))
    await expect(vice.page.locator("#standing")).to_contain_text(
        "100 000 kr, 60 timmar", timeout=20_000
    )
    await expect(wall.page.locator("#board")).to_contain_text(
        "Inget väntar på beslut.", timeout=20_000
    )
    await wall.picture("styrgrupp-beslutat-vagg")
    # The other one who presides was writing: told what was decided, with the words still there.
    await vice.page.get_by_role("button", name="Besluta").click()
    await expect(vice.page.locator("#decide")).to_contain_text("Förslaget är redan avgjort: bifall")
    await expect(vice.page.get_by_label("Motivering")).to_have_value("Halvskriven tanke.")
    assert [one.complaints for one in (wall, chair) if one.complaints] == []


async def test_who_left_this_morning_is_told_and_keeps_the_words(
    tallbacka: Town, doorman: Doorman
) -> None:
    proposal = await proposal_in(tallbacka)
    visit = await doorman.member(tallbacka, SCHOOL, path(proposal), viewport=PHONE)
    await visit.page.get_by_label("Motiv, om du vill").fill("Väl avvägt.")
    await visit.page.locator("#vote").get_by_text("Emot", exact=True).click()
    async with tallbacka.scope():
        await execute(
            """UPDATE membership SET valid_from = now() - interval '1 year',
                      valid_to = now() - interval '2 minutes' WHERE person_id = $1""",
            await tallbacka.add_member(SCHOOL),
        )
    await visit.page.get_by_role("button", name="Rösta", exact=True).click()
    failure = visit.page.locator("#failure")
    await expect(failure).to_contain_text("Ditt uppdrag gick ut")
    await expect(failure).to_contain_text("Det du skrev är kvar.")
    await expect(visit.page.get_by_label("Motiv, om du vill")).to_have_value("Väl avvägt.")
    await visit.picture("styrgrupp-uppdraget-slut-telefon")
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM vote") == 0
