"""Put a working group together: one press invites those who report there and those who can act."""

import asyncio
from datetime import date
from uuid import uuid4

from service.cycle.measures.group.offer import what_it_can_do
from tenants.scope import execute, fetch, fetch_value
from tests.cycle.cases import cause_in, opened_problem, waiting_proposal
from tests.cycle.measures.groups import assembled, invitation, roles_of, ticked, verbs
from tests.town import Town


async def test_one_press_invites_everybody_by_letter(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    owner = tallbacka.people["reporter", "Polisen"]
    assert await roles_of(tallbacka, owner) == [
        "reporter",
        "working_group_lead",
        "working_group_member",
    ]
    page = (await tallbacka.get(path, role="steering_member")).text
    assert "2 platser" in page and "Leder" in page and page.count("Inbjuden") == 2
    async with tallbacka.scope():
        letters = await fetch("SELECT subject, text FROM letter")
        title = await fetch_value("SELECT title FROM problem")
        area = await fetch_value("SELECT name FROM area LIMIT 1")
    assert len(letters) == 2
    for letter in letters:
        assert path in letter["text"]
        # A mail box is outside the wall: the number is all that stands there.
        assert title not in letter["text"] and area not in letter["text"]
    assert (await verbs(tallbacka)).count("group.invite") == 1


async def test_the_invited_see_that_problem_alone(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    page = await tallbacka.get(path, role="reporter", organisation="Polisen")
    assert page.status_code == 200 and "Du är inbjuden för Polisen" in page.text
    # No right to see all of them came along.
    async with tallbacka.scope():
        await execute("DELETE FROM problem_reader")
    assert (await tallbacka.get(path, role="reporter", organisation="Polisen")).status_code == 404


async def test_the_form_proposes_and_names_its_reasons_to_few(tallbacka: Town) -> None:
    for role, organisation in (
        ("reporter", "Bostadsbolaget"),
        ("org_contact", "Bostadsbolaget"),
        ("reporter", "Polisen"),
    ):
        await tallbacka.add_member(role, organisation)
    path = await opened_problem(tallbacka)
    await cause_in(tallbacka, path)
    async with tallbacka.scope():
        await execute("DELETE FROM weekly_count")
        await execute(
            """INSERT INTO weekly_count (tenant_id, week, area_id, category_id, organisation_id,
                                         source, arrival_week, count)
               SELECT ks.current_tenant(), date_trunc('week', now())::date, area_id, category_id,
                      $1, 'form', date_trunc('week', now())::date, 2 FROM problem""",
            tallbacka.organisations["Polisen"],
        )
    full = (await tallbacka.get(f"{path}/grupp", role="safety_coordinator")).text
    bare = (await tallbacka.get(f"{path}/grupp", role="preparatory_member")).text
    proposed = {str(tallbacka.organisations[name]) for name in ("Polisen", "Bostadsbolaget")}
    assert ticked(full) == ticked(bare) == proposed
    assert "rapporterar där" in full and "äger och sköter hus och gårdar" in full
    assert "rapporterar där" not in bare and "äger och sköter hus" not in bare
    # The contact stands for an organisation before one who reports.
    assert full.index("Prov org contact") < full.index("Prov reporter")


async def test_who_has_a_measure_is_proposed(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    await tallbacka.add_member("org_contact")
    await tallbacka.add_member("reporter", "Polisen")
    await waiting_proposal(tallbacka, path)
    async with tallbacka.scope():
        await execute("DELETE FROM weekly_count")
        await execute(
            """INSERT INTO cause_assessment (tenant_id, id, cause_id, support, assessed_by)
               SELECT ks.current_tenant(), $1, id, 'rejected', named_by FROM cause""",
            uuid4(),
        )
    responsible = str(tallbacka.organisations["Bostadsbolaget"])
    # A rejected cause proposes nobody; who answers for a measure is proposed by that alone.
    assert ticked((await tallbacka.get(f"{path}/grupp", role="municipal_police")).text) == {
        responsible
    }
    async with tallbacka.scope():
        await execute(
            """INSERT INTO measure_partner (tenant_id, measure_id, organisation_id)
               SELECT ks.current_tenant(), id, $1 FROM measure""",
            tallbacka.organisations["Polisen"],
        )
    assert ticked((await tallbacka.get(f"{path}/grupp", role="municipal_police")).text) == {
        responsible,
        str(tallbacka.organisations["Polisen"]),
    }


def test_what_can_be_done_follows_the_side_of_the_triangle() -> None:
    assert what_it_can_do("municipal_technical", {"place"})
    assert not what_it_can_do("municipal_technical", {"offender"})
    assert len(what_it_can_do("police", {"offender", "target"})) == 2


async def test_who_may_not(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    for role in ("steering_member", "reporter", "project_owner"):
        assert (await tallbacka.post(f"{path}/grupp", role=role)).status_code == 403
    client = await tallbacka.client("reporter", "Polisen")
    assert (await client.get(f"/{tallbacka.slug}{path}/grupp")).status_code == 403


async def test_an_unfinished_form_keeps_its_ticks(tallbacka: Town) -> None:
    person = await tallbacka.add_member("org_contact")
    path = await opened_problem(tallbacka)
    empty = await tallbacka.post(f"{path}/grupp", role="preparatory_member")
    assert empty.status_code == 422 and "Välj minst en organisation." in empty.text
    form = invitation(tallbacka, ("Bostadsbolaget", person))
    no_lead = await tallbacka.post(f"{path}/grupp", role="preparatory_member", **form)
    assert no_lead.status_code == 422 and "Välj vem av de inbjudna" in no_lead.text
    assert ticked(no_lead.text) == {str(tallbacka.organisations["Bostadsbolaget"])}
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM group_member") == 0


async def test_an_organisation_that_left_is_not_invited(tallbacka: Town) -> None:
    person = await tallbacka.add_member("org_contact")
    path = await opened_problem(tallbacka)
    async with tallbacka.scope():
        await execute(
            "UPDATE organisation SET left_on = $1 WHERE name = 'Bostadsbolaget'", date(2026, 11, 2)
        )
    page = (await tallbacka.get(f"{path}/grupp", role="preparatory_member")).text
    assert "Bostadsbolaget" not in page.split("<main")[1]
    form = invitation(tallbacka, ("Bostadsbolaget", person), lead="Bostadsbolaget")
    answer = await tallbacka.post(f"{path}/grupp", role="preparatory_member", **form)
    assert answer.status_code == 422
    assert "Bostadsbolaget lämnade samarbetet 2 november 2026" in answer.text


async def test_who_stands_for_it_no_longer_is_named_and_the_ticks_are_kept(
    tallbacka: Town,
) -> None:
    person = await tallbacka.add_member("org_contact")
    officer = await tallbacka.add_member("reporter", "Polisen")
    path = await opened_problem(tallbacka)
    form = invitation(
        tallbacka, ("Bostadsbolaget", person), ("Polisen", officer), lead="Bostadsbolaget"
    )
    async with tallbacka.scope():
        await execute("UPDATE membership SET valid_to = now() WHERE person_id = $1", person)
    answer = await tallbacka.post(f"{path}/grupp", role="preparatory_member", **form)
    assert answer.status_code == 422
    assert "Prov org contact företräder inte längre Bostadsbolaget." in answer.text
    assert ticked(answer.text) == {str(tallbacka.organisations["Polisen"])}
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM letter") == 0


async def test_without_an_address_it_is_said(tallbacka: Town) -> None:
    person = await tallbacka.add_member("org_contact")
    path = await opened_problem(tallbacka)
    async with tallbacka.scope():
        await execute("UPDATE person SET email = NULL WHERE id = $1", person)
    offered = (await tallbacka.get(f"{path}/grupp", role="preparatory_member")).text
    assert "ingen e-postadress, får inget brev" in offered
    form = invitation(tallbacka, ("Bostadsbolaget", person), lead="Bostadsbolaget")
    await tallbacka.post(f"{path}/grupp", role="preparatory_member", **form)
    page = (await tallbacka.get(path, role="preparatory_member")).text
    assert "Har ingen e-postadress och har inte fått något brev" in page


async def test_two_presses_at_once_invite_once(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    form = invitation(
        tallbacka,
        ("Bostadsbolaget", await tallbacka.add_member("org_contact")),
        ("Polisen", await tallbacka.add_member("reporter", "Polisen")),
        lead="Polisen",
    )
    roles = ("preparatory_member", "safety_coordinator", "municipal_police")
    for role in roles:
        await tallbacka.get(path, role=role)
    answers = await asyncio.gather(
        *(tallbacka.post(f"{path}/grupp", role=role, **form) for role in roles)
    )
    assert {answer.status_code for answer in answers} == {303}
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM group_member") == 2
        assert await fetch_value("SELECT count(*) FROM group_lead") == 1
        assert await fetch_value("SELECT count(*) FROM letter") == 2


async def test_the_lead_changes_and_somebody_is_added(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    async with tallbacka.scope():
        place = await fetch_value(
            "SELECT id FROM group_member WHERE person_id = $1",
            tallbacka.people["org_contact", "Bostadsbolaget"],
        )
    answer = await tallbacka.post(f"{path}/grupp/{place}/leder", role="preparatory_member")
    assert answer.status_code == 303
    before = await roles_of(tallbacka, tallbacka.people["reporter", "Polisen"])
    assert before == ["reporter", "working_group_member"]
    after = await roles_of(tallbacka, tallbacka.people["org_contact", "Bostadsbolaget"])
    assert "working_group_lead" in after
    form = invitation(tallbacka, ("Kommunen", await tallbacka.add_member("safety_coordinator")))
    added = await tallbacka.post(f"{path}/grupp", role="preparatory_member", **form)
    assert added.status_code == 303
    assert "3 platser" in (await tallbacka.get(path, role="preparatory_member")).text
    unknown = await tallbacka.post(f"{path}/grupp/{uuid4()}/leder", role="preparatory_member")
    assert unknown.status_code == 404


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    path = await assembled(tallbacka)
    theirs = await sjohaga.get(f"{path}/grupp", role="safety_coordinator")
    assert theirs.status_code == 404
    # People and organisations of a neighbour are unknown here.
    foreign = await sjohaga.add_member("org_contact")
    form = invitation(sjohaga, ("Bostadsbolaget", foreign), lead="Bostadsbolaget")
    answer = await tallbacka.post(f"{path}/grupp", role="preparatory_member", **form)
    assert answer.status_code == 404
