"""The page of a problem: frozen evidence, how far it has come, and who sees what."""

import re
from uuid import UUID

from service.cycle.picture.closed_period import closed_period
from tenants.scope import execute, fetch_value
from tests.cycle.cases import cause_in, first_line, opened_problem, waiting_proposal
from tests.cycle.measures.test_decide import chair, decide
from tests.cycle.picture.history import THIS_WEEK, compiled, count, live_through
from tests.town import Town


async def admitted(town: Town, role: str) -> UUID:
    """A member of that role who may see the only problem there is."""
    person = await town.add_member(role)
    async with town.scope():
        await execute(
            """INSERT INTO problem_reader (tenant_id, problem_id, person_id)
               SELECT ks.current_tenant(), id, $1 FROM problem""",
            person,
        )
    return person


async def test_the_evidence_stays_and_the_weeks_go_on(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    before = (await tallbacka.get(f"{path}/_underlag", role="steering_member")).text
    facts = before[before.index('<dl class="evidence') : before.index("</dl>")]
    async with tallbacka.scope():
        area = await fetch_value(
            "SELECT area.name FROM problem JOIN area ON area.id = problem.area_id"
        )
        category = await fetch_value(
            """SELECT category.key FROM problem
               JOIN category ON category.id = problem.category_id"""
        )
    # An arrival week of its own: the same key would be the same row.
    await count(tallbacka, [(0, area, category, "Polisen", 977, -1)])
    await compiled(tallbacka)
    after = (await tallbacka.get(f"{path}/_underlag", role="steering_member")).text
    assert facts in after and "977" not in before
    # What was reported this week is in the table of now.
    assert any(str(977 + more) in after for more in range(30))


async def test_a_working_group_is_told_sums_and_words(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    await admitted(tallbacka, "working_group_member")
    page = (await tallbacka.get(path, role="working_group_member")).text
    assert 'class="evidence' not in page and "Händelser per vecka på platsen" not in page
    assert "minst tre rapporter från minst två aktörer" in page
    wide = (await tallbacka.get(path, role="steering_member")).text
    assert 'class="evidence' in wide and "Händelser per vecka på platsen" in wide


async def test_a_working_group_is_told_no_sum_of_one_actor(tallbacka: Town) -> None:
    first, last = ((THIS_WEEK - day).days // 7 for day in closed_period(THIS_WEEK))
    await live_through(
        tallbacka,
        weeks=20,
        skip=lambda back, who: who != "Polisen" and last <= back <= first,
    )
    await compiled(tallbacka)
    # What others report later of the period does not come into what is told of it.
    path = await opened_problem(tallbacka)
    await admitted(tallbacka, "working_group_member")
    section = (await tallbacka.get(f"{path}/_underlag", role="working_group_member")).text
    assert "rapporter under fyra veckor" not in section and "bara från en aktör" in section


async def test_how_far_it_has_come_follows_the_rows(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)

    async def stage() -> str:
        head = (await tallbacka.get(f"{path}/_huvud", role="steering_member")).text
        now = head[head.index('<li class="now"') :]
        return now[now.index(">") + 1 : now.index("</li>")]

    async def steps() -> str:
        return (await tallbacka.get(f"{path}/_nasta", role="steering_member")).text

    assert (await stage()).startswith("Analys") and "namnger troliga orsaker" in await steps()
    await cause_in(tallbacka, path)
    assert "En orsak prövad" in await stage() and "Föreslå en insats" in await steps()
    proposal = await waiting_proposal(tallbacka, path, starts_on="2026-01-01", ends_on="2026-02-01")
    assert "En väntar på beslut" in await stage()
    assert "Styrgruppen beslutar om Byta belysning" in await steps()
    await decide(tallbacka, await chair(tallbacka), proposal, cost_kr=140000, votes_for=7)
    assert "Byta belysning är slut och ska följas upp" in await steps()
    events = (await tallbacka.get(f"{path}/_handelser", role="steering_member")).text
    assert "Bifall: Byta belysning" in events and "§ 1" in events and "7 för, 0 emot" in events


async def test_the_decided_priority_is_said(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    proposal = await waiting_proposal(tallbacka, path, kind="priority")
    await decide(tallbacka, await chair(tallbacka), proposal)
    head = (await tallbacka.get(f"{path}/_huvud", role="steering_member")).text
    assert "Styrgruppen: Går före" in head
    events = (await tallbacka.get(f"{path}/_handelser", role="steering_member")).text
    assert "Bifall: prioritet, går före" in events


async def test_opened_twice_the_page_says_so(tallbacka: Town) -> None:
    line = await first_line(tallbacka)
    await tallbacka.post("/problem", role="preparatory_member", **line)
    second = await tallbacka.post("/problem", role="safety_coordinator", **line)
    page = await tallbacka.get(
        second.headers["location"].removeprefix(f"/{tallbacka.slug}"), role="safety_coordinator"
    )
    assert "Problemet var redan öppnat." in page.text


async def test_the_picture_offers_to_open_and_then_leads_there(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    label = path.rpartition("/")[2]
    mine = (await tallbacka.get("/lagesbild", role="preparatory_member")).text
    assert f'href="/{tallbacka.slug}{path}"' in mine and f"Problem {label}" in mine
    assert "Öppna problem" in mine
    governing = (await tallbacka.get("/lagesbild", role="steering_member")).text
    assert f"Problem {label}" in governing and "Öppna problem" not in governing
    sums = (await tallbacka.get("/lagesbild", role="reporter")).text
    assert f"Problem {label}" not in sums and "Öppna problem" not in sums


async def test_no_reporter_and_no_raw_text_on_the_page(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    async with tallbacka.scope():
        await execute(
            """INSERT INTO report (tenant_id, id, organisation_id, category_id, area_id, time_kind,
                                   occurred_from, occurred_to, text)
               SELECT ks.current_tenant(), gen_random_uuid(), $1, category_id, area_id, 'now',
                      now(), now(), 'Hemligt om grannen' FROM problem""",
            town_organisation(tallbacka),
        )
    for role in ("steering_member", "steering_co_opted", "project_owner", "safety_coordinator"):
        page = (await tallbacka.get(path, role=role)).text
        assert "Hemligt om grannen" not in page and "Bostadsbolaget" not in page


def town_organisation(town: Town) -> UUID:
    return town.organisations["Bostadsbolaget"]


async def test_the_list_shows_own_problems_alone(tallbacka: Town, sjohaga: Town) -> None:
    path = await opened_problem(tallbacka)
    label = path.rpartition("/")[2]
    assert label in (await tallbacka.get("/problem", role="project_owner")).text
    assert label not in (await tallbacka.get("/problem", role="working_group_lead")).text
    assert label not in (await sjohaga.get("/problem", role="project_owner")).text
    await admitted(tallbacka, "working_group_lead")
    assert label in (await tallbacka.get("/problem", role="working_group_lead")).text


async def test_the_menu_follows_the_wheel_and_the_role(tallbacka: Town) -> None:
    async def menu(role: str) -> list[str]:
        page = (await tallbacka.get("", role=role, follow_redirects=True)).text
        bar = page[page.index('<nav class="nav"') :]
        return re.findall(r">([^<>]+?)\s*</a>", bar[: bar.index("</nav>")])

    wheel = ["Kartläggning", "Analys", "Insatser", "Återkoppling"]
    assert [one for one in await menu("safety_coordinator") if one in wheel] == wheel
    assert await menu("working_group_lead") == ["Mina uppdrag"]
    assert not {"Kartläggning", "Analys", "Insatser"} & set(await menu("reporter"))
    for role, path, name in (
        ("steering_member", "/problem", "Analys"),
        ("steering_member", "/insatser", "Insatser"),
    ):
        page = (await tallbacka.get(path, role=role)).text
        assert f"<h1>{name}</h1>" in page and f'aria-current="page">{name}' in page
