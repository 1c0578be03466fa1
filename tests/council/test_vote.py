"""Vote on a proposal: one vote for a seat, changeable until the decision."""

import asyncio

from tenants.scope import execute, fetch
from tests.council.steering import (
    CHAIR,
    DECISION,
    HOUSING,
    POLICE_CHIEF,
    SCHOOL,
    VICE,
    path,
    proposal_in,
    seated,
    vote,
)
from tests.town import Town


async def votes(town: Town) -> list[tuple[str, str]]:
    async with town.scope():
        rows = await fetch("SELECT seat, choice FROM vote ORDER BY seat")
    return [(row["seat"], row["choice"]) for row in rows]


async def test_a_vote_is_given_with_its_motive_and_may_be_changed(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, SCHOOL="against")
    answer = await tallbacka.post(
        path(proposal, "rost"), role=SCHOOL, choice="for", vote_motive="Övertygad av underlaget."
    )
    assert answer.status_code == 303
    assert await votes(tallbacka) == [("education_chair", "for")]
    page = (await tallbacka.get(path(proposal), role=POLICE_CHIEF)).text
    assert "Övertygad av underlaget." in page and "1 för, 0 emot, 0 avstår" in page
    assert "1 av 4 platser har röstat. Beslutet kräver minst 3 röster." in page
    async with tallbacka.scope():
        lines = await fetch("SELECT detail FROM audit_event WHERE verb = 'proposal.vote'")
    assert len(lines) == 2 and not any("Övertygad" in line["detail"] for line in lines)


async def test_a_double_click_votes_once(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await tallbacka.get(path(proposal), role=SCHOOL)
    await asyncio.gather(*(vote(tallbacka, proposal, SCHOOL="for") for _press in range(3)))
    async with tallbacka.scope():
        lines = await fetch("SELECT detail FROM audit_event WHERE verb = 'proposal.vote'")
    assert len(lines) == 1 and await votes(tallbacka) == [("education_chair", "for")]


async def test_the_form_alone_is_answered_to_a_script(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    answer = await tallbacka.post(
        path(proposal, "rost"), role=SCHOOL, choice="abstain", headers={"hx-request": "true"}
    )
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<form id="vote"')
    assert "Rösten är lämnad." in answer.text


async def test_who_may_not(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    for role in (POLICE_CHIEF, "project_owner", "safety_coordinator", "preparatory_member"):
        answer = await tallbacka.post(path(proposal, "rost"), role=role, choice="for")
        assert answer.status_code == 403, role
        page = (await tallbacka.get(path(proposal), role=role)).text
        assert 'id="vote"' not in page and 'id="decide"' not in page and 'id="comment"' in page
    assert await votes(tallbacka) == []


async def test_a_member_without_a_seat_is_told_so(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await tallbacka.client(SCHOOL)
    async with tallbacka.scope():
        await execute(
            "UPDATE membership SET seat = NULL WHERE person_id = $1",
            await tallbacka.add_member(SCHOOL),
        )
    answer = await tallbacka.post(path(proposal, "rost"), role=SCHOOL, choice="for")
    assert answer.status_code == 403
    assert "Du har ingen plats i styrgruppen som ger rätt till det just nu." in answer.text
    assert await votes(tallbacka) == []


async def test_unfinished_input_is_kept(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    answer = await tallbacka.post(
        path(proposal, "rost"), role=SCHOOL, choice="kanske", vote_motive="Väl avvägt <b>"
    )
    assert answer.status_code == 422
    assert "Välj för, emot eller avstår." in answer.text
    assert "Väl avvägt &lt;b&gt;</textarea>" in answer.text
    long = await tallbacka.post(
        path(proposal, "rost"), role=SCHOOL, choice="for", vote_motive="x" * 601
    )
    assert long.status_code == 422 and "Högst 600 tecken" in long.text
    assert await votes(tallbacka) == []


async def test_a_vote_after_the_decision_is_told_and_what_was_typed_is_kept(
    tallbacka: Town,
) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="for", VICE="for", SCHOOL="for")
    await tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    answer = await tallbacka.post(
        path(proposal, "rost"),
        role="steering_member:culture_chair",
        choice="against",
        vote_motive="Lamporna räcker.",
    )
    assert answer.status_code == 422
    assert "Förslaget är redan avgjort: bifall, § 1/" in answer.text
    assert "Lamporna räcker.</textarea>" in answer.text
    assert len(await votes(tallbacka)) == 3


async def test_a_vote_in_the_moment_of_the_decision_is_counted_or_refused(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="for", VICE="for", SCHOOL="for")
    late = "steering_member:culture_chair"
    for role in (CHAIR, late):
        await tallbacka.client(role)
    decided, voted = await asyncio.gather(
        tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION),
        tallbacka.post(path(proposal, "rost"), role=late, choice="against"),
    )
    assert decided.status_code == 303
    async with tallbacka.scope():
        (row,) = await fetch("SELECT votes_for, votes_against FROM decision")
    counted = row["votes_against"] == 1
    assert row["votes_for"] == 3
    assert voted.status_code == (303 if counted else 422)
    assert (("culture_chair", "against") in await votes(tallbacka)) == counted


async def test_a_term_that_ended_this_morning(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    person = await tallbacka.add_member(SCHOOL)
    await tallbacka.client(SCHOOL)
    async with tallbacka.scope():
        await execute(
            """UPDATE membership SET valid_from = now() - interval '1 year',
                      valid_to = now() - interval '2 minutes' WHERE person_id = $1""",
            person,
        )
    seen = await tallbacka.get(path(proposal), role=SCHOOL)
    assert seen.status_code == 404 and "Därför visas inte sidan längre." in seen.text
    plain = await tallbacka.post(path(proposal, "rost"), role=SCHOOL, choice="for")
    assert plain.status_code == 404
    assert "Ditt uppdrag gick ut" in plain.text and "Inget är skickat eller sparat." in plain.text
    scripted = await tallbacka.post(
        path(proposal, "rost"), role=SCHOOL, choice="for", headers={"hx-request": "true"}
    )
    assert scripted.status_code == 404
    assert scripted.headers["x-said"].startswith("Ditt%20uppdrag%20gick%20ut")
    assert await votes(tallbacka) == []


async def test_a_term_that_ended_while_another_role_goes_on(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    person = await tallbacka.add_member(SCHOOL)
    await tallbacka.client(SCHOOL)
    async with tallbacka.scope():
        await execute(
            """INSERT INTO membership (tenant_id, id, person_id, organisation_id, role)
               SELECT tenant_id, gen_random_uuid(), person_id, organisation_id, 'reporter'
               FROM membership WHERE person_id = $1""",
            person,
        )
        await execute(
            """UPDATE membership SET valid_from = now() - interval '1 year',
                      valid_to = now() - interval '2 minutes'
               WHERE person_id = $1 AND role = 'steering_member'""",
            person,
        )
    answer = await tallbacka.post(path(proposal, "rost"), role=SCHOOL, choice="for")
    assert answer.status_code == 403 and "Ditt uppdrag gick ut" in answer.text


async def test_a_stranger_is_told_nothing(tallbacka: Town, sjohaga: Town) -> None:
    proposal = await proposal_in(tallbacka)
    stranger = await sjohaga.client(CHAIR)
    there = await stranger.get(f"/{tallbacka.slug}{path(proposal)}")
    nowhere = await stranger.get(f"/finns-inte{path(proposal)}")
    assert there.status_code == nowhere.status_code == 404
    assert there.text.replace(tallbacka.slug, "finns-inte") == nowhere.text
    assert "x-said" not in there.headers


async def test_a_seat_that_changed_hands_votes_anew(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, SCHOOL="against")
    before = await tallbacka.add_member(SCHOOL)
    new = "steering_member:social_chair"
    person = await tallbacka.add_member(new)
    async with tallbacka.scope():
        await execute("UPDATE membership SET seat = NULL WHERE person_id = $1", before)
        await execute("UPDATE membership SET seat = 'education_chair' WHERE person_id = $1", person)
    page = (await tallbacka.get(path(proposal), role=CHAIR)).text
    assert "Har lämnat platsen; rösten räknas inte." in page and "0 av 4 platser" in page
    answer = await tallbacka.post(path(proposal, "rost"), role=new, choice="for")
    assert answer.status_code == 303
    assert await votes(tallbacka) == [("education_chair", "for")]


async def test_two_who_hold_a_seat_have_one_vote(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, VICE="for")
    other = "steering_member:social_chair"
    person = await tallbacka.add_member(other)
    async with tallbacka.scope():
        await execute(
            "UPDATE membership SET seat = 'board_first_vice' WHERE person_id = $1", person
        )
    answer = await tallbacka.post(path(proposal, "rost"), role=other, choice="against")
    assert answer.status_code == 422 and "Platsens röst är redan lämnad av" in answer.text
    assert await votes(tallbacka) == [("board_first_vice", "for")]


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    proposal = await proposal_in(tallbacka)
    for act in ("rost", "beslut", "kommentar", "reservation"):
        fields = {**DECISION, "choice": "for", "comment": "Hej", "reservation": "Nej"}
        answer = await sjohaga.post(path(proposal, act), role=CHAIR, **fields)
        assert answer.status_code == 404, act
    assert (await sjohaga.get(path(proposal), role=VICE)).status_code == 404
    assert await votes(tallbacka) == []


async def test_an_organisation_that_left_leaves_its_seat_empty(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await seated(tallbacka, HOUSING)
    async with tallbacka.scope():
        await execute(
            """UPDATE membership SET organisation_id = $1 WHERE seat = 'housing_company'""",
            tallbacka.organisations["Bostadsbolaget"],
        )
    await vote(tallbacka, proposal, HOUSING="for")
    assert "1 röst" in (await tallbacka.get("/styrgrupp", role=CHAIR)).text
    async with tallbacka.scope():
        await execute(
            "UPDATE organisation SET left_on = current_date WHERE name = 'Bostadsbolaget'"
        )
    page = (await tallbacka.get(path(proposal), role=CHAIR)).text
    assert "0 av 4 platser har röstat. Beslutet kräver minst 3 röster." in page
    assert "Har lämnat platsen; rösten räknas inte." in page
    assert "1 röst" not in (await tallbacka.get("/styrgrupp", role=CHAIR)).text


async def test_a_measure_whose_organisation_has_left_says_so(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    words = "Bostadsbolaget har lämnat samarbetet."
    assert words not in (await tallbacka.get(path(proposal), role=CHAIR)).text
    async with tallbacka.scope():
        await execute(
            "UPDATE organisation SET left_on = current_date WHERE name = 'Bostadsbolaget'"
        )
    assert words in (await tallbacka.get(path(proposal, "_laget"), role=CHAIR)).text
