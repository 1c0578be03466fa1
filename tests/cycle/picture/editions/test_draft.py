"""An edition is drafted, commented, written by two, approved once and signed by both."""

import asyncio
import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.cycle.mapping.week import now, week_of
from service.cycle.picture.editions.kinds import KINDS, ended_periods
from tenants.scope import fetch, fetch_value
from tests.cycle.picture.history import compiled, count, live_through
from tests.town import Town

COORDINATOR, POLICE, MEMBER = "safety_coordinator", "municipal_police", "preparatory_member"
LONG = [kind for kind in KINDS if kind != "weekly"]


def choice(kind: str) -> str:
    return f"{kind} {ended_periods(kind, week_of(now()))[0].first.isoformat()}"


async def begin(town: Town, kind: str = "monthly", role: str = COORDINATOR, **form: str) -> Any:
    return await town.post(
        "/lagesbild/utgavor", role=role, **{"edition": choice(kind), "form_id": str(uuid4())} | form
    )


async def begun(town: Town, kind: str = "monthly") -> str:
    answer = await begin(town, kind)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).removeprefix(f"/{town.slug}")


def texts(kind: str) -> dict[str, str]:
    return {key: f"Text om {key}." for key in KINDS[kind].sections}


async def written(town: Town, path: str, kind: str, revision: int = 1) -> Any:
    return await town.post(f"{path}/text", role=COORDINATOR, revision=str(revision), **texts(kind))


async def approved(town: Town, kind: str = "monthly") -> str:
    """The path of an edition that the coordinator has approved."""
    path = await begun(town, kind)
    assert (await written(town, path, kind)).status_code == 303
    answer = await town.post(f"{path}/faststall", role=COORDINATOR, revision="2")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).removeprefix(f"/{town.slug}")


@pytest.mark.parametrize("kind", LONG)
async def test_from_draft_to_two_signatures(tallbacka: Town, kind: str) -> None:
    await live_through(tallbacka, weeks=120)
    await compiled(tallbacka)
    path = await begun(tallbacka, kind)
    page = (await tallbacka.get(path, role=MEMBER)).text
    assert "Inte skriven än." in page and "Perioden" in page
    said = await tallbacka.post(
        f"{path}/kommentar", role=MEMBER, text="Nämn belysningen.", form_id=str(uuid4())
    )
    assert said.status_code == 303
    assert "en kommentar väntar" in (await tallbacka.get("/lagesbild/utgavor", role=POLICE)).text
    async with tallbacka.scope():
        comment: UUID = await fetch_value("SELECT id FROM edition_comment")
    done = await tallbacka.post(f"{path}/kommentar/{comment}/klar", role=COORDINATOR)
    assert done.status_code == 303
    assert "Omhändertagen av" in (await tallbacka.get(path, role=MEMBER)).text
    # What the kind demands must be written first.
    early = await tallbacka.post(f"{path}/faststall", role=COORDINATOR, revision="1")
    assert early.status_code == 422 and "Skriv det här innan" in early.text
    assert (await written(tallbacka, path, kind)).status_code == 303
    answers = await asyncio.gather(
        *(
            tallbacka.post(f"{path}/faststall", role=role, revision="2")
            for role in (COORDINATOR, POLICE, COORDINATOR)
        )
    )
    assert {answer.status_code for answer in answers} == {303}
    edition = answers[0].headers["location"].removeprefix(f"/{tallbacka.slug}")
    shown = (await tallbacka.get(edition, role="steering_member")).text
    assert "trygghetssamordnare" in shown and "kommunpolis" in shown
    assert "Väntar på underskrift" not in shown
    for text in texts(kind).values():
        assert text in shown
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM edition") == 1
        assert await fetch_value("SELECT count(*) FROM edition_approval") == 2
        assert await fetch_value("SELECT count(*) FROM job WHERE verb = 'digest.post'") == 1
    ended = await written(tallbacka, path, kind, revision=2)
    assert ended.status_code == 422 and "redan fastställt" in ended.text


async def test_two_who_write_at_once_do_not_write_over_each_other(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    path = await begun(tallbacka)
    first, second = await asyncio.gather(
        tallbacka.post(f"{path}/text", role=COORDINATOR, revision="1", summary="Samordnarens."),
        tallbacka.post(f"{path}/text", role=POLICE, revision="1", summary="Polisens."),
    )
    assert sorted([first.status_code, second.status_code]) == [303, 422]
    late = first if first.status_code == 422 else second
    typed = "Samordnarens." if late is first else "Polisens."
    assert "ändrat utkastet sedan du läste" in late.text and typed in late.text


async def test_what_was_read_is_what_is_approved(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    path = await begun(tallbacka)
    await written(tallbacka, path, "monthly")
    await tallbacka.post(f"{path}/tal", role=POLICE, revision="2")
    stale = await tallbacka.post(f"{path}/faststall", role=COORDINATOR, revision="2")
    assert stale.status_code == 422 and "sedan du läste" in stale.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM edition") == 0


async def test_late_reports_come_with_new_numbers_only(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    path = await begun(tallbacka)

    async def total() -> str:
        page = (await tallbacka.get(path, role=MEMBER)).text
        found = re.search(r"(\d+) rapporter från", page)
        assert found
        return found[1]

    before = await total()
    period = ended_periods("monthly", week_of(now()))[0]
    back = (week_of(now()) - period.last).days // 7
    await count(tallbacka, [(back, "Ruta 1", "graffiti", "Polisen", 7, 0)])
    assert await total() == before
    assert (await tallbacka.post(f"{path}/tal", role=COORDINATOR, revision="1")).status_code == 303
    assert int(await total()) == int(before) + 7
    assert "kom in efter periodens slut" in (await tallbacka.get(path, role=MEMBER)).text


async def test_begun_twice_is_one_draft_and_a_kind_that_is_none_is_refused(
    tallbacka: Town,
) -> None:
    await live_through(tallbacka, weeks=20)
    answers = await asyncio.gather(*(begin(tallbacka) for _press in range(3)))
    assert len({answer.headers["location"] for answer in answers}) == 1
    for odd in ("", "monthly 2019-01-07", "daily 2026-01-05", "monthly x"):
        refused = await begin(tallbacka, edition=odd)
        assert refused.status_code == 422 and "Välj vilken utgåva" in refused.text


async def test_what_points_out_a_person_is_refused_and_kept(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    path = await begun(tallbacka)
    answer = await tallbacka.post(
        f"{path}/text", role=COORDINATOR, revision="1", summary="Ring 070-174 06 05 om det."
    )
    assert answer.status_code == 422
    assert "peka ut någon" in answer.text and "070-174 06 05" in answer.text


async def test_a_draft_is_let_be(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    path = await begun(tallbacka)
    await written(tallbacka, path, "monthly")
    asked = await tallbacka.post(f"{path}/kasta", role=COORDINATOR, revision="2")
    assert asked.status_code == 200 and "Ska utkastet kastas?" in asked.text
    # Who has not read what stands there now does not throw it away.
    stale = await tallbacka.post(f"{path}/kasta", role=COORDINATOR, revision="1", sure="yes")
    assert stale.status_code == 422 and "sedan du läste" in stale.text
    assert texts("monthly")["summary"] in (await tallbacka.get(path, role=MEMBER)).text
    for _press in range(2):
        thrown = await tallbacka.post(f"{path}/kasta", role=COORDINATOR, revision="2", sure="yes")
        assert thrown.status_code == 303
    page = (await tallbacka.get(path, role=MEMBER)).text
    assert "Utkastet är kastat." in page and "Fastställ utgåvan" not in page
    assert await begun(tallbacka) != path


async def test_a_corrected_edition_takes_the_place_of_the_one_before(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=60)
    edition = await approved(tallbacka)
    empty = await tallbacka.post(f"{edition}/ratta", role=POLICE, reason="", form_id=str(uuid4()))
    assert empty.status_code == 422 and "Skriv vad som rättas" in empty.text
    answer = await tallbacka.post(
        f"{edition}/ratta", role=COORDINATOR, reason="En siffra var fel.", form_id=str(uuid4())
    )
    path = answer.headers["location"].removeprefix(f"/{tallbacka.slug}")
    assert texts("monthly")["summary"] in (await tallbacka.get(path, role=MEMBER)).text
    done = await tallbacka.post(f"{path}/faststall", role=COORDINATOR, revision="1")
    assert done.status_code == 303
    old = (await tallbacka.get(edition, role="steering_member")).text
    assert "Ersatt av" in old and "v2" in old and "En siffra var fel." in old
    late = await tallbacka.post(f"{edition}/underteckna", role=POLICE)
    assert late.status_code == 422 and "senare version" in late.text
    new = done.headers["location"].removeprefix(f"/{tallbacka.slug}")
    assert (await tallbacka.post(f"{new}/underteckna", role=POLICE)).status_code == 303


async def test_who_may_not(tallbacka: Town, sjohaga: Town) -> None:
    await live_through(tallbacka, weeks=20)
    path = await begun(tallbacka)
    edition = await approved(tallbacka, "tertial")
    for role in (MEMBER, "steering_member", "reporter"):
        assert (await begin(tallbacka, role=role)).status_code == 403
        assert (await tallbacka.post(f"{path}/text", role=role)).status_code == 403
        assert (await tallbacka.post(f"{path}/faststall", role=role)).status_code == 403
        assert (await tallbacka.post(f"{edition}/underteckna", role=role)).status_code == 403
    for role in ("steering_member", "reporter"):
        assert (await tallbacka.get(path, role=role)).status_code == 403
        assert (await tallbacka.post(f"{path}/kommentar", role=role)).status_code == 403
    listed = (await tallbacka.get("/lagesbild/utgavor", role="reporter")).text
    assert "Lägesbild tertial" in listed and "utkast" not in listed
    # A reporter reads the sums of it, and neither its texts nor its counts.
    sums = (await tallbacka.get(edition, role="reporter")).text
    assert "Text om summary." not in sums and "Perioden" not in sums
    # The neighbour finds nothing.
    for address in (path, edition):
        assert (await sjohaga.get(address, role=COORDINATOR)).status_code == 404
    for act in (f"{path}/faststall", f"{path}/kasta", f"{edition}/underteckna", f"{edition}/prova"):
        assert (await sjohaga.post(act, role=COORDINATOR, revision="1")).status_code == 404
    assert (
        "Lägesbild tertial"
        not in (await sjohaga.get("/lagesbild/utgavor", role=COORDINATOR)).text.partition(
            'id="begin"'
        )[0]
    )


async def test_every_act_is_in_the_log(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    await approved(tallbacka)
    async with tallbacka.scope():
        verbs = [row["verb"] for row in await fetch("SELECT verb FROM audit_event ORDER BY at, id")]
    assert [verb for verb in verbs if verb.startswith("edition.")] == [
        "edition.draft",
        "edition.write",
        "edition.approve",
    ]


async def test_what_the_group_judged_stands_in_the_edition(grown: Town) -> None:
    await compiled(grown)
    async with grown.scope():
        area = await fetch_value("SELECT key FROM area WHERE name = 'Ruta 3'")
    await grown.post(
        f"/lagesbild/bedom/{area}/violence",
        role=COORDINATOR,
        position="first",
        motive="Skolstart på måndag.",
    )
    await grown.post(
        "/lagesbild/niva", role=COORDINATOR, level="orange", indicators="Fler aktörer ser samma."
    )
    assert (await grown.post("/lagesbild/utgava", role=COORDINATOR)).status_code == 303
    async with grown.scope():
        edition = await fetch_value("SELECT id FROM edition")
    # What is judged afterwards is not of this edition.
    await grown.post(
        "/lagesbild/niva", role=COORDINATOR, level="green", indicators="Det lugnade sig."
    )
    page = (await grown.get(f"/lagesbild/utgavor/{edition}", role="steering_member")).text
    assert "Lägets nivå: orange. Fler aktörer ser samma." in page and "lugnade" not in page
    assert "Ruta 3: lyft av gruppen. Skolstart på måndag." in page
    partner = (await grown.get(f"/lagesbild/utgavor/{edition}", role="reporter")).text
    assert "Skolstart" not in partner
