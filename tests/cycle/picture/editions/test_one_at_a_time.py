"""A period has one edition that holds, and nobody's words are lost on the way to it."""

import html
import re
from uuid import uuid4

import pytest

from tenants.scope import fetch_value
from tests.cycle.picture.editions.test_draft import (
    COORDINATOR,
    MEMBER,
    POLICE,
    approved,
    begin,
    begun,
    choice,
    texts,
    written,
)
from tests.cycle.picture.history import compiled, live_through
from tests.town import Town

HOLD = """SELECT count(*) FROM edition WHERE NOT EXISTS (
              SELECT FROM edition AS later WHERE later.supersedes = edition.id)"""


def fields(page: str) -> dict[str, str]:
    """What stands in the text areas of a page."""
    found = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(text).strip() for name, text in found}


async def test_a_week_that_is_written_is_approved_as_it_is_written(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    await compiled(tallbacka)
    path = await begun(tallbacka, "weekly")
    refused = await tallbacka.post("/lagesbild/utgava", role=POLICE)
    assert refused.status_code == 422 and "Ett utkast till veckans utgåva" in refused.text
    picture = (await tallbacka.get("/lagesbild", role=POLICE)).text
    assert path in picture and "Fastställ bilden" not in picture
    done = await tallbacka.post(f"{path}/faststall", role=COORDINATOR, revision="1")
    assert done.status_code == 303
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM edition") == 1


async def test_a_period_that_is_made_is_corrected_and_not_made_again(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    first = await approved(tallbacka)
    again = await begin(tallbacka, edition=choice("monthly"))
    assert again.status_code == 422 and "Välj vilken utgåva" in again.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM edition_draft WHERE ended_at IS NULL") == 0
    begun = await tallbacka.post(
        f"{first}/ratta", role=COORDINATOR, reason="Fel.", form_id=str(uuid4())
    )
    path = begun.headers["location"].removeprefix(f"/{tallbacka.slug}")
    done = await tallbacka.post(f"{path}/faststall", role=COORDINATOR, revision="1")
    assert done.status_code == 303
    async with tallbacka.scope():
        assert await fetch_value(HOLD) == 1


@pytest.mark.parametrize("act", ["faststall", "tal"])
async def test_who_read_it_too_early_sees_what_stands_there(tallbacka: Town, act: str) -> None:
    await live_through(tallbacka, weeks=20)
    path = await begun(tallbacka)
    await written(tallbacka, path, "monthly")
    stale = await tallbacka.post(f"{path}/{act}", role=COORDINATOR, revision="1")
    assert stale.status_code == 422
    shown = fields(stale.text)
    assert {key: shown[key] for key in texts("monthly")} == texts("monthly")


async def test_what_another_wrote_in_an_empty_field_is_not_wiped(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    path = await begun(tallbacka)
    await tallbacka.post(f"{path}/text", role=POLICE, revision="1", assessment="Polisens.")
    stale = await tallbacka.post(
        f"{path}/text", role=COORDINATOR, revision="1", summary="Mina.", assessment=""
    )
    assert stale.status_code == 422
    shown = fields(stale.text)
    assert shown["summary"] == "Mina." and shown["assessment"] == "Polisens."


async def test_a_reason_that_points_out_a_person_is_refused_and_kept(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    path = await approved(tallbacka)
    reason = "Ring 070-174 06 05 om det."
    answer = await tallbacka.post(
        f"{path}/ratta", role=COORDINATOR, reason=reason, form_id=str(uuid4())
    )
    assert answer.status_code == 422 and "peka ut någon" in answer.text and reason in answer.text


async def test_one_does_not_have_editions_proved_without_end(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    path = await approved(tallbacka)
    codes = [
        (await tallbacka.post(f"{path}/prova", role=MEMBER)).status_code for _press in range(7)
    ]
    assert codes[:5] == [200] * 5 and codes[-1] == 429
