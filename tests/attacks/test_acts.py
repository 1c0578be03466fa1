"""Attacks 25, 31, 37, 45, 46, 87: acts on what a municipality shares, by who may not."""

import pytest

from tenants.scope import execute, fetch, fetch_value
from tests.cycle.cases import first_line, opened_problem
from tests.cycle.feedback.decided import open_one
from tests.letterbox import Letterbox
from tests.town import Town

WORDS = {"headline": "Hösten var som vanligt.", "text": "Fler rapporter på kvällarna."}


async def test_a_problem_is_opened_by_who_is_logged_in_whatever_the_form_says(
    tallbacka: Town, sjohaga: Town
) -> None:
    """Attacks 30, 46."""
    line = await first_line(tallbacka)
    victim = await tallbacka.add_member("safety_coordinator")
    foreign = await sjohaga.add_member("safety_coordinator")
    answer = await tallbacka.post(
        "/problem",
        role="preparatory_member",
        **line,
        opened_by=str(victim),
        actor_id=str(foreign),
        tenant_id=str(sjohaga.id),
        number="7",
    )
    async with tallbacka.scope():
        rows = await fetch("SELECT opened_by, number FROM problem")
    mine = tallbacka.people["preparatory_member", "Kommunen"]
    if answer.status_code < 400:
        assert [(row["opened_by"], row["number"]) for row in rows] == [(mine, 1)]
    else:
        assert answer.status_code in (400, 422) and rows == []
    async with sjohaga.scope():
        assert await fetch_value("SELECT count(*) FROM problem") == 0


async def test_a_problem_about_the_neighbours_area_is_refused(
    tallbacka: Town, sjohaga: Town
) -> None:
    """Attacks 22, 31: by key and by id, answered as an area that nobody has."""
    line = await first_line(tallbacka)
    said = set()
    for area in (
        str(next(iter(sjohaga.areas.values()))),
        str(next(iter(tallbacka.areas.values()))),
        "finns-inte",
    ):
        answer = await tallbacka.post(
            "/problem", role="preparatory_member", area=area, category=line["category"]
        )
        said.add((answer.status_code, answer.text.replace(area, "")))
    assert len(said) == 1 and said.pop()[0] == 422


@pytest.mark.parametrize("role", ["reporter", "org_contact", "working_group_member", "auditor"])
async def test_who_may_not_steers_nothing_by_posting(tallbacka: Town, role: str) -> None:
    """Attack 37."""
    line = await first_line(tallbacka)
    for path, form in (
        ("/problem", line),
        ("/lagesbild/utgava", {}),
        ("/aterkoppling/publicera", WORDS),
    ):
        for headers in ({}, {"hx-request": "true"}):
            answer = await tallbacka.post(path, role=role, headers=headers, **form)
            assert answer.status_code == 403, path
    async with tallbacka.scope():
        for table in ("problem", "edition", "publication", "letter"):
            assert await fetch_value(f"SELECT count(*) FROM {table}") == 0, table


async def test_an_old_form_publishes_nothing_that_was_taken_back(tallbacka: Town) -> None:
    """Attack 45: the same form, sent again after what it made was withdrawn."""
    await opened_problem(tallbacka)
    old = WORDS | {"publication_id": "5ae6e4a0-0000-4000-8000-000000000001"}
    for _ in range(2):
        await tallbacka.post("/aterkoppling/publicera", role="safety_coordinator", **old)
    async with tallbacka.scope():
        (publication,) = [row["id"] for row in await fetch("SELECT id FROM publication")]
    gone = f"/aterkoppling/publicerat/{publication}/dra-tillbaka"
    await tallbacka.post(gone, role="safety_coordinator")
    await tallbacka.post("/aterkoppling/publicera", role="safety_coordinator", **old)
    page = (await tallbacka.anonymous.get(f"/{tallbacka.slug}/tryggt")).text
    assert WORDS["headline"] not in page


async def test_letters_go_to_members_of_that_moment_alone(
    tallbacka: Town, sjohaga: Town, letterbox: Letterbox
) -> None:
    """Attacks 25, 89: who left between the act and the letter gets none."""
    leaves = await tallbacka.add_member("reporter")
    await tallbacka.add_member("reporter", "Polisen")
    await sjohaga.add_member("reporter")
    await open_one(tallbacka)
    await tallbacka.post("/lagesbild/utgava", role="safety_coordinator")
    async with tallbacka.scope():
        await execute(
            "UPDATE membership SET valid_to = clock_timestamp() WHERE person_id = $1", leaves
        )
    await tallbacka.work()
    written = " ".join(letter.to for letter in letterbox.letters())
    assert "reporter.polisen" in written
    assert "reporter.bostadsbolaget" not in written and sjohaga.slug not in written


async def test_a_name_makes_no_second_receiver_and_no_markup(
    tallbacka: Town, letterbox: Letterbox
) -> None:
    """Attack 87: names and addresses as content, and links from our own address alone."""
    person = await tallbacka.add_member("reporter")
    async with tallbacka.scope():
        await execute(
            "UPDATE person SET name = $2 WHERE id = $1",
            person,
            "Kim\r\nBcc: alla@exempel.test\r\n\r\n<b>hej</b>",
        )
    await open_one(tallbacka)
    await tallbacka.post(
        "/lagesbild/utgava", role="safety_coordinator", headers={"x-forwarded-host": "ond.example"}
    )
    await tallbacka.work()
    letters = letterbox.letters()
    assert letters
    assert not [one for one in letters if "alla@" in one.to or "ond.example" in one.text]
