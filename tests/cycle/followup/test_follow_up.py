"""Follow a measure up: done or not, when, with what; the counts are frozen with it."""

import asyncio
import json
from datetime import timedelta
from uuid import uuid4

from tenants.scope import execute, fetch_value
from tests.cycle.cases import opened_problem, waiting_proposal
from tests.cycle.followup.approved import TODAY, approved, send
from tests.cycle.measures.groups import assembled, verbs
from tests.cycle.picture.history import monday
from tests.town import Town


async def written(town: Town) -> int:
    async with town.scope():
        found: int = await fetch_value("SELECT count(*) FROM follow_up")
    return found


async def test_it_is_described_and_frozen(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    measure = await approved(tallbacka, path)
    assert (await send(tallbacka, path, measure)).status_code == 303
    page = (await tallbacka.get(path, role="steering_member")).text
    for words in (
        "Sju armaturer är bytta.",
        "128\u00a0000 kr av 140\u00a0000",
        "Det säger inte att insatsen var orsaken.",
        "samma rapportörer",
        "Aktörer som hördes av",
    ):
        assert words in page, words
    async with tallbacka.scope():
        before = json.loads(await fetch_value("SELECT comparison FROM follow_up"))
        await execute("UPDATE weekly_count SET count = count + 5")
        assert json.loads(await fetch_value("SELECT comparison FROM follow_up")) == before
    assert before["weeks"] == 6
    assert "measure.follow_up" in await verbs(tallbacka)


async def test_the_list_says_what_is_due_coming_and_done(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    ended = await approved(tallbacka, path, title="Byta belysning")
    await approved(tallbacka, path, title="Klippa buskar", ends_in=30)
    page = (await tallbacka.get("/uppfoljning", role="preparatory_member")).text
    assert page.index("Ska följas upp nu") < page.index("Byta belysning")
    assert page.index("Pågår och kommer") < page.index("Klippa buskar")
    await send(tallbacka, path, ended, outcome="partly")
    after = (await tallbacka.get("/uppfoljning/_lista", role="steering_member")).text
    assert "Ska följas upp nu" not in after
    assert after.index("Uppföljda") < after.index("Byta belysning")
    assert 'hx-trigger="problem from:#live throttle:1s"' in after


async def test_sent_twice_is_written_once(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    measure = await approved(tallbacka, path)
    form = str(uuid4())
    answers = await asyncio.gather(
        *(send(tallbacka, path, measure, form_id=form) for _press in range(3))
    )
    assert {answer.status_code for answer in answers} == {303}
    assert await written(tallbacka) == 1
    other = await send(tallbacka, path, measure, form_id=form, text="Något annat")
    assert other.status_code == 303 and await written(tallbacka) == 2
    page = (await tallbacka.get(path, role="preparatory_member")).text
    assert "Något annat" in page  # The latest one holds.


async def test_the_lead_of_its_group_follows_up_and_no_other(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    measure = await approved(tallbacka, path)
    lead = {"role": "reporter", "organisation": "Polisen"}
    assert (await send(tallbacka, path, measure, **lead)).status_code == 303
    for role in ("org_contact", "steering_member", "project_owner"):
        assert (await send(tallbacka, path, measure, role=role)).status_code == 403
    assert (await send(tallbacka, path, measure, role="working_group_lead")).status_code == 404
    assert await written(tallbacka) == 1


async def test_what_was_not_approved_is_refused(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    proposal = await waiting_proposal(tallbacka, path, starts_on=monday(5), ends_on=monday(2))
    async with tallbacka.scope():
        measure = await fetch_value("SELECT measure_id FROM proposal WHERE id = $1", proposal)
    answer = await send(tallbacka, path, measure)
    assert answer.status_code == 422
    assert "Insatsen är inte beslutad" in answer.text and "Sju armaturer" in answer.text
    assert await written(tallbacka) == 0


async def test_days_that_cannot_be_are_refused(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    measure = await approved(tallbacka, path)
    for day, words in (
        (TODAY + timedelta(days=2), "Dagen har inte varit än."),
        (monday(7), "Dagen ligger före insatsens start"),
        ("", "Skriv när den blev genomförd."),
    ):
        answer = await send(tallbacka, path, measure, done_on=day)
        assert answer.status_code == 422 and words in answer.text
        assert "Sju armaturer" in answer.text
    empty = await tallbacka.post(f"{path}/uppfoljning/{measure}", role="preparatory_member")
    assert empty.status_code == 422 and "Välj om insatsen blev genomförd." in empty.text
    odd = await send(tallbacka, path, measure, used_kr="-5")
    assert odd.status_code == 422 and "Skriv ett helt antal" in odd.text
    assert await written(tallbacka) == 0
    undone = await send(tallbacka, path, measure, outcome="not_done", done_on="")
    assert undone.status_code == 303


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    path = await opened_problem(tallbacka)
    measure = await approved(tallbacka, path, title="Byta belysning")
    assert (await send(sjohaga, path, measure, role="safety_coordinator")).status_code == 404
    own = await opened_problem(sjohaga)
    assert (await send(sjohaga, own, measure)).status_code == 404
    theirs = (await sjohaga.get("/uppfoljning", role="safety_coordinator")).text
    assert "Byta belysning" not in theirs
    # A working group of something else is told nothing either.
    other = (await tallbacka.get("/uppfoljning", role="working_group_member")).text
    assert "Byta belysning" not in other


async def test_the_latest_word_says_where_the_measure_stands(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    running = await approved(tallbacka, path, title="Klippa buskar", ends_in=30)
    await send(tallbacka, path, running)
    assert "Uppföljd" in (await tallbacka.get("/insatser", role="project_owner")).text
    # It was not all of it after all.
    await send(tallbacka, path, running, outcome="partly")
    page = (await tallbacka.get("/insatser", role="project_owner")).text
    assert "Uppföljd" not in page and "Pågår" in page
    closed = await tallbacka.post(f"{path}/avsluta", role="preparatory_member", motive="Klart.")
    assert closed.status_code == 422 and "En insats pågår." in closed.text


async def test_what_was_looked_at_after_its_end_asks_for_no_more(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    ended = await approved(tallbacka, path)
    await send(tallbacka, path, ended, outcome="partly")
    page = (await tallbacka.get(path, role="preparatory_member")).text
    assert "är slut och ska följas upp" not in page
    assert "Ska följas upp" not in (await tallbacka.get("/insatser", role="project_owner")).text
