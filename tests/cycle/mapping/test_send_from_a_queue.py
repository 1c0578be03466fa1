"""A report that waited in a phone: its time is the time it was filled in, by any form's version."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from markupsafe import escape

from tenants.scope import fetch_row
from tests.cycle.mapping.test_hand_in import counted, report


@pytest.fixture
async def town(found):
    return await found(name="Tallbacka", areas=2)


def ago(**how_long: float) -> str:
    return (datetime.now(UTC) - timedelta(**how_long)).isoformat()


async def test_now_means_when_it_was_filled_in(town):
    filled_at = ago(hours=30)
    answer = await town.post("/rapportera", role="reporter", **report(town, filled_at=filled_at))
    assert answer.status_code == 200
    async with town.scope():
        row = await fetch_row("SELECT occurred_from, occurred_to, time_kind FROM report")
    assert row["occurred_from"] == row["occurred_to"] == datetime.fromisoformat(filled_at)


@pytest.mark.parametrize("when", ["now", "today", "yesterday", "weekend"])
async def test_sent_before_and_again_from_the_queue_is_stored_once(town, when):
    """The answer of the first time was lost, and the phone's clock is behind."""
    sent = report(town, when=when)
    first = await town.post("/rapportera", role="reporter", **sent)
    again = await town.post("/rapportera", role="reporter", **sent, filled_at=ago(minutes=3))
    assert first.status_code == again.status_code == 200
    assert (await counted(town))[:3] == (1, 1.0, 1.0)


async def test_changed_in_the_queue_after_it_was_received_is_told(town):
    sent = report(town)
    await town.post("/rapportera", role="reporter", **sent)
    other = sent | {"category": "arson", "filled_at": ago(minutes=1)}
    answer = await town.post("/rapportera", role="reporter", **other)
    assert answer.status_code == 422 and "Rapporten togs emot" in answer.text


async def test_a_form_of_another_version_is_taken_too(town):
    """An older form knows fewer questions, a newer one that was rolled back knows more."""
    oldest = {name: value for name, value in report(town).items() if name != "place_type"}
    later = report(town, wind="nordlig", filled_at=ago(hours=1))
    for sent in (oldest | {"filled_at": ago(hours=2)}, later):
        assert (await town.post("/rapportera", role="reporter", **sent)).status_code == 200
    assert (await counted(town))[0] == 2


@pytest.mark.parametrize("wrong", ["i går", "2026-11-20T12:00", ago(days=9), "0001-01-01T00:00Z"])
async def test_a_time_that_cannot_be_is_refused_and_nothing_is_lost(town, wrong):
    sent = report(town, text="Glas", filled_at=wrong)
    answer = await town.post("/rapportera", role="reporter", **sent)
    assert answer.status_code == 422
    assert ">Glas</textarea>" in answer.text
    assert (await counted(town))[0] == 0
    # What comes back is of this moment, so that a time can be chosen anew.
    assert 'name="filled_at" value=""' in answer.text


async def test_what_comes_back_to_be_put_right_keeps_the_time_it_was_filled_in(town):
    filled_at = ago(hours=30)
    sent = report(town, category="", filled_at=filled_at)
    answer = await town.post("/rapportera", role="reporter", **sent)
    assert answer.status_code == 422
    assert f'name="filled_at" value="{escape(filled_at)}"' in answer.text


async def test_a_form_that_did_not_wait_is_not_of_another_version(town):
    sent = report(town, wind="nordlig", filled_at="")
    answer = await town.post("/rapportera", role="reporter", **sent)
    assert answer.status_code == 422
    assert (await counted(town))[0] == 0


async def test_a_phone_whose_clock_is_ahead_is_read_as_now(town):
    sent = report(town, filled_at=ago(hours=-5))
    assert (await town.post("/rapportera", role="reporter", **sent)).status_code == 200
    async with town.scope():
        row = await fetch_row("SELECT occurred_from - received_at AS ahead FROM report")
    assert row["ahead"] < timedelta(minutes=1)


async def test_the_key_is_for_who_may_report(town):
    answer = await town.get("/rapportera/nyckel", role="reporter")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    page = await town.get("/rapportera", role="reporter")
    assert answer.json()["who"] == re.search(r'data-draft="(\w+)"', page.text)[1]
    assert (await town.get("/rapportera/nyckel", role="dpo")).status_code == 403
    path = f"/{town.slug}/rapportera/nyckel"
    out = await town.anonymous.get(path, headers={"accept": "application/json"})
    assert out.status_code == 401


async def test_the_app_can_be_installed(town):
    answer = await town.get("/rapportera/app.webmanifest", role="reporter")
    manifest = answer.json()
    assert answer.headers["content-type"].startswith("application/manifest+json")
    assert manifest["start_url"] == f"/{town.slug}/rapportera" and "Tallbacka" in manifest["name"]
    for icon in manifest["icons"]:
        picture = await town.anonymous.get(icon["src"])
        assert picture.status_code == 200 and picture.content[:8] == b"\x89PNG\r\n\x1a\n"
        width = int.from_bytes(picture.content[16:20])
        assert icon["sizes"] == f"{width}x{width}"


async def test_shell_and_worker_are_the_same_for_everybody_and_checked_each_time(town):
    for path in ("/utan-nat", "/sw.js"):
        out = await town.anonymous.get(path)
        client = await town.client("reporter")
        inside = await client.get(path)
        assert out.status_code == 200 and out.content == inside.content
        assert out.headers["cache-control"] == "no-cache" and "set-cookie" not in out.headers
