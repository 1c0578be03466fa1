"""Comment on a proposal: also who has no vote."""

from urllib.parse import unquote

from tenants.scope import execute, fetch, fetch_value, platform_scope
from tests.council.steering import CHAIR, POLICE_CHIEF, path, proposal_in
from tests.town import Town


async def test_the_co_opted_police_chief_and_the_others_comment(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    for role in (POLICE_CHIEF, "project_owner", "safety_coordinator", CHAIR):
        answer = await tallbacka.post(
            path(proposal, "kommentar"), role=role, comment=f"Från {role}"
        )
        assert answer.status_code == 303
        assert f"Från {role}" in (await tallbacka.get(path(proposal), role=CHAIR)).text
    async with tallbacka.scope():
        lines = await fetch("SELECT detail FROM audit_event WHERE verb = 'proposal.comment'")
    assert [one["detail"] for one in lines] == ["{}"] * 4


async def test_a_script_gets_the_empty_form_back_and_the_section_alone(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    headers = {"hx-request": "true"}
    answer = await tallbacka.post(
        path(proposal, "kommentar"), role=POLICE_CHIEF, comment="Vi ställer upp.", headers=headers
    )
    assert answer.text.lstrip().startswith('<form id="comment-form"')
    assert "Kommentaren är sparad." in answer.text and "Vi ställer upp." not in answer.text
    section = await tallbacka.get(path(proposal, "_laget"), role=CHAIR, headers=headers)
    assert section.text.lstrip().startswith('<div id="standing"')
    assert "Vi ställer upp." in section.text


async def test_what_is_sent_twice_is_said_once(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    page = (await tallbacka.get(path(proposal), role=CHAIR)).text
    comment_id = page.partition('name="comment_id" value="')[2][:36]
    for _press in range(2):
        answer = await tallbacka.post(
            path(proposal, "kommentar"), role=CHAIR, comment="En gång.", comment_id=comment_id
        )
        assert answer.status_code == 303
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM comment") == 1
        lines = await fetch("SELECT verb FROM audit_event WHERE verb = 'proposal.comment'")
    assert len(lines) == 1
    # Who went back and wrote something else is not taken for a second press.
    await tallbacka.post(
        path(proposal, "kommentar"), role=CHAIR, comment="En sak till.", comment_id=comment_id
    )
    assert "En sak till." in (await tallbacka.get(path(proposal), role=CHAIR)).text


async def test_who_may_not_and_unfinished_input(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    for role in ("reporter", "working_group_lead", "auditor"):
        answer = await tallbacka.post(path(proposal, "kommentar"), role=role, comment="Hej")
        assert answer.status_code == 403
        assert (await tallbacka.get(path(proposal), role=role)).status_code == 403
    empty = await tallbacka.post(path(proposal, "kommentar"), role=CHAIR, comment="  ")
    assert empty.status_code == 422 and "Skriv något att kommentera med." in empty.text
    long = await tallbacka.post(path(proposal, "kommentar"), role=CHAIR, comment="x" * 1001)
    assert long.status_code == 422 and "x" * 1001 in long.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM comment") == 0


async def test_a_proposal_that_is_not_there(tallbacka: Town) -> None:
    nothing = "00000000-0000-4000-8000-000000000000"
    for act in ("kommentar", "rost", "beslut", "reservation"):
        answer = await tallbacka.post(
            f"/styrgrupp/forslag/{nothing}/{act}",
            role=CHAIR,
            comment="Hej",
            choice="for",
            way="by_votes",
            motive="Nej",
            cost_kr=0,
            hours=0,
            reservation="Nej",
        )
        assert answer.status_code == 404, act
    assert (await tallbacka.get("/styrgrupp/forslag/x", role=CHAIR)).status_code == 404


async def test_a_session_that_ended_takes_nothing_of_what_was_typed(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    headers = {"hx-request": "true"}
    await tallbacka.get(path(proposal), role=CHAIR)
    async with platform_scope():
        person = await tallbacka.add_member(CHAIR)
        await execute("DELETE FROM session WHERE person_id = $1", person)
    sent = await tallbacka.post(
        path(proposal, "kommentar"), role=CHAIR, comment="Lång text", headers=headers
    )
    # A script that is sent on to the log-in would leave the page with what was typed.
    assert sent.status_code == 401 and "hx-redirect" not in sent.headers
    assert "Logga in i en ny flik" in unquote(sent.headers["x-said"])
    read = await tallbacka.get(path(proposal, "_laget"), role=CHAIR, headers=headers)
    assert read.headers["hx-redirect"] == "/logga-in"
    # The page that was left open holds the token that it was drawn with, and it is still good.
    client = await tallbacka.client(CHAIR)
    drawn = client.cookies["__Host-csrf"]
    await tallbacka.surer_client(CHAIR)
    again = await tallbacka.post(
        path(proposal, "kommentar"),
        role=CHAIR,
        comment="Lång text",
        headers={"x-csrftoken": drawn},
    )
    assert again.status_code == 303
