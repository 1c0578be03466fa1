"""Open a problem from the list of priorities: once, with the evidence of that moment."""

import asyncio

from tenants.scope import execute, fetch, fetch_value
from tests.cycle.cases import first_line
from tests.cycle.picture.history import compiled, count
from tests.town import Town


async def test_a_problem_is_opened_with_its_evidence_frozen(tallbacka: Town) -> None:
    line = await first_line(tallbacka)
    answer = await tallbacka.post("/problem", role="preparatory_member", **line)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/{tallbacka.slug}/problem/20")
    page = await tallbacka.get(
        answer.headers["location"].removeprefix(f"/{tallbacka.slug}"), role="steering_member"
    )
    assert page.status_code == 200
    async with tallbacka.scope():
        before = await fetch_value("SELECT evidence FROM problem")
    await count(tallbacka, [(0, "Ruta 1", "robbery", "Polisen", 30)])
    await compiled(tallbacka)
    async with tallbacka.scope():
        assert await fetch_value("SELECT evidence FROM problem") == before
        lines = await fetch("SELECT verb FROM audit_event WHERE object_kind = 'problem'")
    assert [one["verb"] for one in lines] == ["problem.open"]


async def test_opened_twice_is_opened_once(tallbacka: Town) -> None:
    line = await first_line(tallbacka)
    first = await tallbacka.post("/problem", role="preparatory_member", **line)
    second = await tallbacka.post("/problem", role="safety_coordinator", **line)
    assert second.status_code == 303
    assert second.headers["location"].startswith(first.headers["location"])
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM problem") == 1


async def test_opened_by_several_at_the_same_moment_it_is_opened_once(tallbacka: Town) -> None:
    line = await first_line(tallbacka)
    for role in ("safety_coordinator", "municipal_police"):
        await tallbacka.client(role)
    answers = await asyncio.gather(
        *(
            tallbacka.post("/problem", role=role, **line)
            for role in ("preparatory_member", "safety_coordinator", "municipal_police") * 2
        )
    )
    places = {one.headers["location"].removesuffix("?redan") for one in answers}
    joined = [one for one in answers if one.headers["location"].endswith("?redan")]
    assert len(places) == 1 and len(joined) == 5
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM problem") == 1
        assert await fetch_value("SELECT count(*) FROM open_problem") == 1


async def test_a_long_name_gives_a_title_all_the_same(tallbacka: Town) -> None:
    async with tallbacka.scope():
        await execute("UPDATE area SET name = repeat('Ruta ', 40)")
    line = await first_line(tallbacka)
    answer = await tallbacka.post("/problem", role="preparatory_member", **line)
    assert answer.status_code == 303


async def test_who_may_not(tallbacka: Town) -> None:
    line = await first_line(tallbacka)
    for role in ("reporter", "steering_member", "steering_co_opted", "working_group_lead"):
        assert (await tallbacka.post("/problem", role=role, **line)).status_code == 403
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM problem") == 0


async def test_a_line_that_is_not_in_the_list_is_refused(tallbacka: Town) -> None:
    await first_line(tallbacka)
    answer = await tallbacka.post(
        "/problem", role="preparatory_member", area="ruta-1", category="arson"
    )
    assert answer.status_code == 422
    assert "finns inte längre i listan" in answer.text


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    line = await first_line(tallbacka)
    answer = await tallbacka.post("/problem", role="preparatory_member", **line)
    path = answer.headers["location"].removeprefix(f"/{tallbacka.slug}")
    assert (await sjohaga.get(path, role="safety_coordinator")).status_code == 404
    stranger = await sjohaga.client("safety_coordinator")
    assert (await stranger.get(f"/{tallbacka.slug}{path}")).status_code == 404
    # A working group that is not this problem's finds nothing either.
    assert (await tallbacka.get(path, role="working_group_lead")).status_code == 404
