"""Attacks 39, 54: who may invite whom, and how a link lets in one person, once."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

import service.people.jobs  # noqa: F401 - registers its job
from service.worker import run_job
from tenants.roles import MAY_GRANT, ROLES, Permission, Role
from tenants.scope import execute, fetch, fetch_value
from tests.letterbox import Letterbox
from tests.people.authenticator import Device
from tests.people.cast import BASE, ask, invited, join, link_of, send, send_invitation
from tests.town import Town

ADDRESS = "vera.exempel@exempel.test"


async def written(town: Town) -> None:
    """Do the letters' jobs, twice each as a worker that died would."""
    async with town.scope():
        jobs = await fetch("SELECT id FROM job WHERE verb = 'invitation.letter'")
    for job in jobs:
        await run_job(str(job["id"]))
        await run_job(str(job["id"]))


async def test_a_letter_leads_to_a_page_that_a_scanner_may_open(
    tallbacka: Town, letterbox: Letterbox
) -> None:
    link = await invited(tallbacka, ADDRESS)
    await written(tallbacka)
    (letter,) = letterbox.letters()
    assert letter.to == ADDRESS and f"{BASE}{link}" in letter.text.split()
    assert "Bostadsbolaget" in letter.text and "Rapportör" in letter.text
    for _ in range(3):
        page = await tallbacka.anonymous.get(link)
        assert page.status_code == 200
        assert tallbacka.name in page.text and "rapportör" in page.text and ADDRESS in page.text
        assert page.headers["cache-control"] == "no-store"
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM invitation_end") == 0
        assert await fetch_value("SELECT count(*) FROM membership WHERE role = 'reporter'") == 0


async def test_the_links_word_is_nowhere_in_the_database(
    tallbacka: Town, letterbox: Letterbox
) -> None:
    """Attack 98."""
    link = await invited(tallbacka, ADDRESS)
    await written(tallbacka)
    word = link.rpartition("/")[2]
    async with tallbacka.scope():
        for table in ("invitation", "job", "audit_event", "letter"):
            rows = await fetch(f"SELECT to_jsonb(t)::text AS row FROM {table} AS t")
            assert not [row for row in rows if word in row["row"]], table
    page = await tallbacka.get("/personer", role="safety_coordinator")
    assert ADDRESS in page.text and word not in page.text


async def test_one_press_makes_a_member_and_the_link_is_used(tallbacka: Town) -> None:
    link = await invited(tallbacka, ADDRESS)
    client, device = tallbacka.near.browser(), Device(BASE)
    answer = await join(client, link, device)
    assert answer.status_code == 303 and answer.headers["location"] == f"/{tallbacka.slug}"
    assert (await client.get(f"/{tallbacka.slug}/rapportera")).status_code == 200
    assert (await client.get(f"/{tallbacka.slug}/personer")).status_code == 403
    async with tallbacka.scope():
        row = await fetch(
            """SELECT role, organisation_id, person.name FROM membership
               JOIN person ON person.id = person_id WHERE person.email = $1""",
            ADDRESS,
        )
        verbs = await fetch("SELECT verb FROM audit_event WHERE verb LIKE 'invitation.%'")
    assert [tuple(one) for one in row] == [
        ("reporter", tallbacka.organisations["Bostadsbolaget"], "Vera Exempel")
    ]
    assert {one["verb"] for one in verbs} == {"invitation.send", "invitation.accept"}
    # Used: for the same browser, for another, for the page and for the act.
    for other in (client, tallbacka.near.browser()):
        assert (await other.get(link)).status_code == 404
        assert (await send(other, f"{link}/ga-med")).status_code == 404
        assert (await send(other, f"{link}/fraga", name="Någon")).status_code == 404


async def spoilt(town: Town, how: str) -> str:
    """A link that lets nobody in any more, or never did."""
    link = await invited(town, ADDRESS)
    async with town.scope():
        invitation_id = await fetch_value("SELECT id FROM invitation")
        if how == "expired":
            # The service's own role cannot change an invitation: another one, of yesterday.
            await execute(
                """INSERT INTO invitation_end (tenant_id, invitation_id, how)
                   VALUES (ks.current_tenant(), $1, 'revoked')""",
                invitation_id,
            )
            word = uuid4().hex
            await execute(
                """INSERT INTO invitation (tenant_id, id, token_hash, email, organisation_id, roles,
                                           invited_at, expires_at)
                   SELECT tenant_id, gen_random_uuid(), sha256($1::bytea), email, organisation_id,
                          roles, now() - interval '15 days', now() FROM invitation LIMIT 1""",
                word.encode(),
            )
            return f"/{town.slug}/inbjudan/{word}"
        if how == "organisation left":
            await execute(
                "UPDATE organisation SET left_on = now() WHERE id = $1",
                town.organisations["Bostadsbolaget"],
            )
    if how == "revoked":
        path = f"/personer/inbjudningar/{invitation_id}/ta-tillbaka"
        assert (await town.post(path, role="safety_coordinator")).status_code == 303
    if how == "used":
        assert (await join(town.near.browser(), link, Device(BASE))).status_code == 303
    if how == "guessed":
        return f"/{town.slug}/inbjudan/{'x' * 43}"
    if how == "shortened":
        return link[:-1]
    if how == "long":
        return f"/{town.slug}/inbjudan/{'x' * 3000}"
    if how == "strange":
        return f"/{town.slug}/inbjudan/%00%ff%0a"
    return link


@pytest.mark.parametrize(
    "how",
    ["expired", "revoked", "used", "organisation left", "guessed", "shortened", "long", "strange"],
)
async def test_every_link_that_lets_nobody_in_answers_alike(tallbacka: Town, how: str) -> None:
    link = await spoilt(tallbacka, how)
    client = tallbacka.near.browser()
    await client.get("/")
    nowhere = await client.get(f"/finns-inte/inbjudan/{'y' * 43}")
    assert nowhere.status_code == 404 and "Länken gäller inte" in nowhere.text
    before = await rows(tallbacka)
    for answer in (
        await client.get(link),
        await send(client, f"{link}/ga-med"),
        await send(client, f"{link}/fraga", name="Vera Exempel"),
        await send(client, f"{link}/nyckel", name="Vera Exempel", credential="{}"),
    ):
        assert answer.status_code == 404
        assert answer.text == nowhere.text
    assert await rows(tallbacka) == before


async def rows(town: Town) -> tuple[int, ...]:
    async with town.scope():
        return tuple(
            [
                await fetch_value(f"SELECT count(*) FROM {table}")
                for table in ("membership", "invitation_end", "job", "audit_event")
            ]
        )


async def test_a_link_works_in_its_own_municipality_alone(tallbacka: Town, sjohaga: Town) -> None:
    link = await invited(tallbacka, ADDRESS)
    moved = link.replace(tallbacka.slug, sjohaga.slug)
    assert (await sjohaga.anonymous.get(moved)).status_code == 404
    assert (await send(sjohaga.anonymous, f"{moved}/fraga")).status_code == 404
    assert ADDRESS not in (await sjohaga.get("/personer", role="safety_coordinator")).text


async def test_two_at_the_same_moment_make_one_member(tallbacka: Town) -> None:
    link = await invited(tallbacka, ADDRESS)
    ready = []
    for _ in range(4):
        browser = tallbacka.near.browser()
        options = await ask(browser, f"{link}/fraga", name="Vera")
        ready.append((browser, Device(BASE).make(options)))
    answers = await asyncio.gather(
        *(send(one, f"{link}/nyckel", name="Vera", credential=made) for one, made in ready)
    )
    assert sorted(one.status_code for one in answers) == [303, 404, 404, 404]
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM membership WHERE role = 'reporter'") == 1


async def test_somebody_who_is_logged_in_joins_as_themselves(
    tallbacka: Town, sjohaga: Town
) -> None:
    """A member of one municipality comes into another, and stays the same person."""
    link = await invited(tallbacka, ADDRESS, role="preparatory_member", organisation="Kommunen")
    client = await sjohaga.client("municipal_police")
    person = await sjohaga.add_member("municipal_police")
    async with sjohaga.scope():
        await execute("UPDATE person SET email = NULL WHERE id = $1", person)
    page = await client.get(link)
    assert "Du är inloggad som Prov municipal police" in page.text
    assert (await send(client, f"{link}/ga-med")).status_code == 303
    async with tallbacka.scope():
        assert await fetch_value("SELECT role FROM membership WHERE person_id = $1", person) == (
            "preparatory_member"
        )
    assert (await client.get(f"/{tallbacka.slug}/lagesbild")).status_code == 200
    assert (await client.get(f"/{sjohaga.slug}/lagesbild")).status_code == 200


async def test_a_letter_that_was_passed_on_lets_nobody_else_in(
    tallbacka: Town, sjohaga: Town
) -> None:
    link = await invited(tallbacka, ADDRESS)
    client = await sjohaga.client("reporter")
    person = await sjohaga.add_member("reporter")
    async with sjohaga.scope():
        await execute("UPDATE person SET email = 'annan@exempel.test' WHERE id = $1", person)
    answer = await send(client, f"{link}/ga-med")
    assert answer.status_code == 422 and "en annan adress" in answer.text
    async with sjohaga.scope():
        await execute("UPDATE person SET email = $2 WHERE id = $1", person, ADDRESS.upper())
    assert (await send(client, f"{link}/ga-med")).status_code == 303


async def test_nobody_lets_themselves_in(tallbacka: Town) -> None:
    client = await tallbacka.client("tenant_admin")
    person = await tallbacka.add_member("tenant_admin")
    link = await invited(
        tallbacka, ADDRESS, role="safety_coordinator", organisation="Kommunen", by="tenant_admin"
    )
    answer = await send(client, f"{link}/ga-med")
    assert answer.status_code == 422 and "själv skickat" in answer.text
    async with tallbacka.scope():
        await execute("UPDATE person SET email = $2 WHERE id = $1", person, ADDRESS)
    answer = await send_invitation(
        tallbacka, ADDRESS, role="auditor", organisation="Kommunen", by="tenant_admin"
    )
    assert answer.status_code == 422 and "inte bjuda in dig själv" in answer.text


@pytest.mark.parametrize("by", ["org_contact", "safety_coordinator", "tenant_admin"])
@pytest.mark.parametrize("role", list(Role))
async def test_nobody_invites_above_the_own_ceiling(tallbacka: Town, by: str, role: Role) -> None:
    organisation = "Bostadsbolaget" if by == "org_contact" else "Kommunen"
    answer = await send_invitation(tallbacka, ADDRESS, role=role, organisation=organisation, by=by)
    assert answer.status_code == (303 if role in MAY_GRANT[Role(by)] else 403), answer.text
    async with tallbacka.scope():
        count = await fetch_value("SELECT count(*) FROM invitation")
        jobs = await fetch_value("SELECT count(*) FROM job WHERE verb = 'invitation.letter'")
    assert count == jobs == (1 if role in MAY_GRANT[Role(by)] else 0)


def test_nobody_grants_what_watches_or_runs_the_platform() -> None:
    assert all(Role.PLATFORM_OPERATOR not in granted for granted in MAY_GRANT.values())
    assert set(MAY_GRANT) == {role for role in Role if Permission.PEOPLE_MANAGE in ROLES[role]}
    assert MAY_GRANT[Role.ORG_CONTACT] == {Role.REPORTER}
    assert not MAY_GRANT[Role.SAFETY_COORDINATOR] & {
        Role.TENANT_ADMIN,
        Role.SAFETY_COORDINATOR,
        Role.AUDITOR,
        Role.DPO,
        Role.RECORDS_OFFICER,
    }


async def test_a_contact_sees_and_invites_its_own_organisation_alone(
    tallbacka: Town, sjohaga: Town
) -> None:
    await tallbacka.add_member("reporter", "Köpmännen")
    page = await tallbacka.get("/personer", role="org_contact")
    assert "Bostadsbolaget" in page.text and "Köpmännen" not in page.text
    for organisation in (
        tallbacka.organisations["Köpmännen"],
        sjohaga.organisations["Bostadsbolaget"],
        uuid4(),
    ):
        answer = await send_invitation(
            tallbacka, ADDRESS, role="reporter", organisation=organisation, by="org_contact"
        )
        assert answer.status_code == 404
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM invitation") == 0


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"emails": ""}, "minst en e-postadress"),
        ({"emails": "vera"}, "minst en e-postadress"),
        ({"emails": "vera@exempel"}, "ingen adress: vera@exempel"),
        ({"emails": "a@b.test, <script>@x.test"}, "ingen adress"),
        ({"emails": "a\0@b.test"}, "ingen adress"),
        ({"emails": "Bcc:x@y.test"}, "ingen adress"),
        ({"emails": " ".join(f"a{n}@b.test" for n in range(51))}, "högst 50 åt gången"),
        ({"role": "kung"}, "Välj en roll"),
        ({"organisation": "Kommunen"}, "Välj en organisation"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    tallbacka: Town, form: dict[str, str], said: str
) -> None:
    client = await tallbacka.client("safety_coordinator")
    whole: dict[str, Any] = {
        "emails": ADDRESS,
        "role": "reporter",
        "organisation": str(tallbacka.organisations["Kommunen"]),
    }
    answer = await send(client, f"/{tallbacka.slug}/personer/bjud-in", **(whole | form))
    assert answer.status_code == 422 and said in answer.text
    if "emails" not in form:
        assert ADDRESS in answer.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM invitation") == 0


async def test_many_are_pasted_at_once_and_a_double_click_invites_once(
    tallbacka: Town, letterbox: Letterbox
) -> None:
    pasted = "Vera Exempel <vera@exempel.test>; bo@exempel.test\nVERA@exempel.test\tlo@exempel.test"
    for _ in range(2):
        answer = await send_invitation(
            tallbacka,
            pasted,
            role="reporter",
            organisation="Bostadsbolaget",
            by="safety_coordinator",
        )
        assert answer.status_code == 303
    await written(tallbacka)
    to = sorted(letter.to for letter in letterbox.letters())
    assert to == ["bo@exempel.test", "lo@exempel.test", "vera@exempel.test"]


async def test_a_name_writes_no_header_and_no_link_of_its_own(
    tallbacka: Town, letterbox: Letterbox
) -> None:
    """Attack 87: a name is text in a letter, and links lead to the configured host alone."""
    client = await tallbacka.client("tenant_admin")
    for path, name in (
        (
            f"/organisationer/{tallbacka.organisations['Köpmännen']}/namn",
            "Bcc: x@elak.test\r\n\r\nHej",
        ),
        (f"/organisationer/{tallbacka.organisations['Polisen']}/namn", "{{7*7}} <b>%(x)s"),
    ):
        assert (await send(client, f"/{tallbacka.slug}{path}", name=name)).status_code == 303
    for n, organisation in enumerate(("Köpmännen", "Polisen")):
        await invited(tallbacka, f"vera{n}@exempel.test", organisation=organisation)
    elsewhere = await client.get("/", headers={"host": "elak.test"})
    assert elsewhere.status_code == 400
    await written(tallbacka)
    first, second = sorted(letterbox.letters(), key=lambda letter: letter.to)
    assert first.to == "vera0@exempel.test" and "Bcc: x@elak.test Hej" in first.text
    assert "{{7*7}} <b>%(x)s" in second.text
    for letter in (first, second):
        assert [word for word in letter.text.split() if word.startswith("http")] == [
            f"{BASE}{await link_of(tallbacka, letter.to)}"
        ]


async def test_no_letter_is_written_once_the_invitation_is_taken_back(
    tallbacka: Town, letterbox: Letterbox
) -> None:
    """Attacks 25, 89: what holds is asked when the letter is written."""
    await invited(tallbacka, ADDRESS)
    async with tallbacka.scope():
        invitation_id = await fetch_value("SELECT id FROM invitation")
    path = f"/personer/inbjudningar/{invitation_id}/ta-tillbaka"
    await tallbacka.post(path, role="safety_coordinator")
    await written(tallbacka)
    assert list(letterbox.letters()) == []


async def test_who_may_not_take_an_invitation_back(tallbacka: Town, sjohaga: Town) -> None:
    await invited(tallbacka, ADDRESS, role="auditor", organisation="Kommunen", by="tenant_admin")
    async with tallbacka.scope():
        invitation_id = await fetch_value("SELECT id FROM invitation")
    path = f"/personer/inbjudningar/{invitation_id}/ta-tillbaka"
    assert (await tallbacka.post(path, role="safety_coordinator")).status_code == 403
    assert (await tallbacka.post(path, role="org_contact")).status_code == 404
    assert (await tallbacka.post(path, role="reporter")).status_code == 403
    assert (await sjohaga.post(path, role="tenant_admin")).status_code == 404
    link = await link_of(tallbacka, ADDRESS)
    assert (await tallbacka.anonymous.get(link)).status_code == 200


async def test_guessing_is_counted_by_address(tallbacka: Town) -> None:
    """Attack 73."""
    client = tallbacka.near.browser()
    answers = [
        await client.get(
            f"/{tallbacka.slug}/inbjudan/{n}", headers={"x-forwarded-for": f"1.2.3.{n}"}
        )
        for n in range(62)
    ]
    assert [one.status_code for one in answers].count(404) == 60
    assert answers[-1].status_code == 429 and answers[-1].headers["retry-after"]
    link = await invited(tallbacka, ADDRESS)
    assert (await tallbacka.near.browser().get(link)).status_code == 200
