"""The reporter sees what became of the reports, and of nobody else's."""

from uuid import uuid4

from tests.cycle.feedback.decided import CATEGORY, decide, open_one
from tests.town import Town


async def report(town: Town, category: str = CATEGORY, **who: str) -> None:
    answer = await town.post(
        "/rapportera",
        role="reporter",
        report_id=str(uuid4()),
        category=category,
        area=str(town.areas["Ruta 1"]),
        **who,
    )
    assert answer.status_code == 200


async def test_a_report_is_followed_to_the_decision(tallbacka: Town) -> None:
    await report(tallbacka)
    page = (await tallbacka.get("/aterkoppling", role="reporter")).text
    assert "Räknad i den aktuella lägesbilden." in page and "Inget problem än" in page
    problem_id = await open_one(tallbacka)
    page = (await tallbacka.get("/aterkoppling", role="reporter")).text
    assert "1 rapport ingår i problem 2026-1" in page
    assert "Inget är beslutat än." in page
    await decide(tallbacka, problem_id, "Nya lampor vid Torget")
    await decide(tallbacka, problem_id, "Staket runt parken", outcome="rejected")
    page = (await tallbacka.get("/aterkoppling", role="reporter")).text
    assert "§ 12: Nya lampor vid Torget, till" in page
    # What was refused is told, but not what it would have been.
    assert "en föreslagen insats avslogs" in page and "Staket" not in page
    # The analysis stays with the group.
    assert "Mörkt" not in page


async def test_an_approved_picture_is_named(tallbacka: Town) -> None:
    await report(tallbacka, category="graffiti")
    await open_one(tallbacka)
    await tallbacka.post("/lagesbild/utgava", role="safety_coordinator")
    page = (await tallbacka.get("/aterkoppling", role="reporter")).text
    assert "Ingår i lägesbilden vecka" in page


async def test_another_organisation_sees_only_its_own(tallbacka: Town) -> None:
    await report(tallbacka)
    await open_one(tallbacka)
    page = (await tallbacka.get("/aterkoppling", role="reporter", organisation="Polisen")).text
    assert "ingår i problem" not in page
    asked = f"/aterkoppling?organisation={tallbacka.organisations['Bostadsbolaget']}"
    page = (await tallbacka.get(asked, role="reporter", organisation="Polisen")).text
    assert "ingår i problem" not in page and "Vad Polisen har gett" in page
    # Whoever may know who reported may look with an organisation's eyes; police officers may not.
    page = (await tallbacka.get(asked, role="safety_coordinator")).text
    assert "1 rapport ingår i problem 2026-1" in page
    page = (await tallbacka.get(asked, role="municipal_police")).text
    assert "ingår i problem" not in page


async def test_silence_and_nothing_are_told_apart(tallbacka: Town) -> None:
    from service.cycle.mapping.week import now, week_of

    await report(tallbacka)
    await tallbacka.post(
        "/rapportera/inget", role="reporter", organisation="Polisen",
        week=week_of(now()).isoformat(),
    )  # fmt: skip
    own = (await tallbacka.get("/aterkoppling", role="reporter")).text
    assert own.count('class="a mute"') == 11 and "rapporterade" in own
    other = (await tallbacka.get("/aterkoppling", role="reporter", organisation="Polisen")).text
    assert other.count('class="a zero"') == 1


async def test_who_may_not_and_the_neighbour(tallbacka: Town, sjohaga: Town) -> None:
    await report(tallbacka)
    for role in ("steering_member", "auditor", "working_group_member"):
        assert (await tallbacka.get("/aterkoppling", role=role)).status_code == 403
    theirs = f"/aterkoppling?organisation={tallbacka.organisations['Bostadsbolaget']}"
    assert (await sjohaga.get(theirs, role="safety_coordinator")).status_code == 404
    page = (await sjohaga.get("/aterkoppling", role="reporter")).text
    assert "Krossade rutor" not in page
