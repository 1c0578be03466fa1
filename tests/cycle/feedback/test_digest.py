"""With each approved picture every actor gets one short letter, unless they said no."""

import pytest

from service.settings import Settings
from service.web import letters
from tenants.scope import execute, fetch, fetch_value
from tests.cycle.feedback.decided import decide, open_one
from tests.cycle.feedback.test_what_became import report
from tests.letterbox import Letterbox
from tests.town import Town


async def test_every_actor_is_written_to_once(
    tallbacka: Town, sjohaga: Town, letterbox: Letterbox
) -> None:
    for role, organisation in (("reporter", None), ("reporter", "Polisen"), ("org_contact", None)):
        await tallbacka.add_member(role, organisation)
    await tallbacka.add_member("steering_member")
    await sjohaga.add_member("reporter")
    await report(tallbacka)
    problem_id = await open_one(tallbacka)
    await decide(tallbacka, problem_id, "Nya lampor vid Torget")
    await tallbacka.post("/lagesbild/utgava", role="safety_coordinator")
    await tallbacka.work()
    await tallbacka.post("/lagesbild/utgava", role="safety_coordinator")
    await tallbacka.work()
    sent = letterbox.letters()
    # Reporters of two organisations, a contact, a preparatory member, the coordinator.
    assert len(sent) == len({letter.to for letter in sent}) == 5
    mine = next(one for one in sent if "reporter.bostadsbolaget" in one.to)
    assert mine.subject.startswith("Tallbacka: Lägesbild vecka")
    assert "Er organisation lämnade 1 rapport sedan förra bilden." in mine.text
    assert "- Nya lampor vid Torget (§ 12," in mine.text
    assert f"https://kraftsamling.test/{tallbacka.slug}/aterkoppling" in mine.text
    police = next(one for one in sent if "reporter.polisen" in one.to)
    assert "har inte lämnat någon rapport" in police.text
    async with tallbacka.scope():
        kept = await fetch("SELECT text, sent_at FROM letter")
    assert all(row["text"] == "" and row["sent_at"] for row in kept)


async def test_who_says_no_gets_none_and_can_change_their_mind(
    tallbacka: Town, letterbox: Letterbox
) -> None:
    await tallbacka.add_member("reporter")
    await open_one(tallbacka)
    answer = await tallbacka.post(
        "/aterkoppling/utskick", role="reporter", utskick="nej", headers={"hx-request": "true"}
    )
    assert answer.status_code == 200 and "Skicka brevet till mig" in answer.text
    await tallbacka.post("/lagesbild/utgava", role="safety_coordinator")
    await tallbacka.work()
    assert [one for one in letterbox.letters() if "reporter" in one.to] == []
    await tallbacka.post("/aterkoppling/utskick", role="reporter", utskick="ja")
    page = (await tallbacka.get("/aterkoppling", role="reporter")).text
    assert "Tacka nej till brevet" in page
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM digest_opt_out") == 0
        lines = await fetch("SELECT verb FROM audit_event WHERE verb LIKE 'digest.%' ORDER BY at")
    assert [line["verb"] for line in lines] == ["digest.decline", "digest.want"]


async def test_a_silent_mail_server_loses_no_letter(
    tallbacka: Town, letterbox: Letterbox, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tallbacka.add_member("reporter")
    await open_one(tallbacka)
    await tallbacka.post("/lagesbild/utgava", role="safety_coordinator")
    with monkeypatch.context() as down:
        down.setattr(letters, "settings", lambda: settings)
        with pytest.raises(letters.NotSent):
            await tallbacka.work()
    await tallbacka.work()
    sent = letterbox.letters()
    assert len(sent) == len({letter.to for letter in sent}) == 3


async def test_an_organisation_that_left_is_written_to_no_more(
    tallbacka: Town, letterbox: Letterbox
) -> None:
    await tallbacka.add_member("reporter")
    await open_one(tallbacka)
    async with tallbacka.scope():
        await execute(
            "UPDATE organisation SET left_on = current_date WHERE name = 'Bostadsbolaget'"
        )
    await tallbacka.post("/lagesbild/utgava", role="safety_coordinator")
    await tallbacka.work()
    sent = letterbox.letters()
    assert sent and not any("reporter" in letter.to for letter in sent)
