"""An operator breaks the glass, and who has a page open sees it without doing anything."""

import json
from dataclasses import asdict
from uuid import uuid4

from playwright.async_api import expect

from service.local.provider_people import LocalPerson
from tenants.operator.appoint import appoint
from tests.journeys.conftest import Doorman
from tests.town import Town


async def test_the_band_comes_and_goes_by_itself(tallbacka: Town, doorman: Doorman) -> None:
    near, subject = tallbacka.near, f"drift:{uuid4().hex[:8]}"
    near.people.append(LocalPerson(subject, "Prov drift", "platform_operator", ""))
    await appoint(issuer=near.issuer, subject=subject, name="Prov drift")
    member = await doorman.member(tallbacka, "reporter", "/aterkoppling")
    await expect(member.page.locator(".watched")).to_have_count(0)

    operator = await doorman.visitor()
    people = doorman.house.settings.data_dir / "people.json"
    people.write_text(json.dumps([asdict(one) for one in near.people]))
    await operator.open(f"/auth/login/local?next=/drift/{tallbacka.slug}")
    await operator.page.locator(f'button[value="{subject}"]').click()
    await operator.page.wait_for_url("**/")
    await operator.open(f"/drift/{tallbacka.slug}")
    assert await operator.axe() == []
    await operator.picture("drift-kommun")
    await operator.page.get_by_label("Varför?").fill("Ärende 4711: bilden räknas inte om")
    await operator.page.get_by_role("button", name="Öppna insyn").click()
    await operator.page.wait_for_url(f"**/{tallbacka.slug}/lagesbild")

    await expect(member.page.locator(".watched")).to_contain_text("tillfällig insyn")
    await member.picture("insyn-band")
    assert await member.axe() == []

    await operator.open(f"/drift/{tallbacka.slug}")
    await operator.page.get_by_role("button", name="Stäng insynen").click()
    await operator.page.wait_for_url("**/drift/**")
    await expect(member.page.locator(".watched")).to_have_count(0)
    assert member.complaints == []
