"""A working group's member lands on what waits for them, and sees nothing else."""

from tests.cycle.measures.groups import a_task, assembled
from tests.town import Town

OWNER = {"role": "reporter", "organisation": "Polisen"}


async def test_who_has_nothing_else_lands_there(tallbacka: Town) -> None:
    answer = await tallbacka.get("", role="working_group_member")
    assert answer.headers["location"] == f"/{tallbacka.slug}/uppdrag"
    page = (await tallbacka.get("/uppdrag", role="working_group_member")).text
    assert "Inget väntar på dig" in page
    # Who reports comes for the form still.
    path = await assembled(tallbacka)
    assert path
    reporter = await tallbacka.get("", **OWNER)
    assert reporter.headers["location"].endswith("/rapportera")


async def test_the_invitation_is_answered_there(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    page = (await tallbacka.get("/uppdrag", **OWNER)).text
    assert "Du är inbjuden till arbetsgruppen" in page
    await tallbacka.post(f"{path}/grupp/svar", **OWNER, svar="ja")
    after = (await tallbacka.get("/uppdrag/_lista", **OWNER)).text
    assert "Du är inbjuden" not in after and "Du leder gruppen" in after
    assert 'hx-trigger="problem from:#live throttle:1s"' in after


async def test_others_may_not_and_the_neighbour_sees_nothing(
    tallbacka: Town, sjohaga: Town
) -> None:
    path = await assembled(tallbacka)
    for role in ("steering_member", "auditor"):
        assert (await tallbacka.get("/uppdrag", role=role)).status_code == 403
    theirs = (await sjohaga.get("/uppdrag", role="preparatory_member")).text
    assert path.rpartition("/")[2] not in theirs


async def test_a_closed_problem_asks_for_nothing(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    await tallbacka.post(f"{path}/grupp/svar", **OWNER, svar="ja")
    await a_task(tallbacka, path)
    assert "Klippa buskarna" in (await tallbacka.get("/uppdrag", **OWNER)).text
    closed = await tallbacka.post(
        f"{path}/avsluta", role="preparatory_member", motive="Det har lugnat sig."
    )
    assert closed.status_code == 303
    assert "Klippa buskarna" not in (await tallbacka.get("/uppdrag", **OWNER)).text
