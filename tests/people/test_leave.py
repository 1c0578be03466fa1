"""Attacks 1, 39, 40, 42: a membership ends at once, and the last of some roles cannot."""

import asyncio
from uuid import UUID, uuid4

import pytest

from tenants.scope import fetch, fetch_value
from tests.people.cast import invited, send
from tests.town import Town


async def membership(town: Town, role: str, organisation: str | None = None) -> UUID:
    person = await town.add_member(role, organisation)
    async with town.scope():
        return await fetch_value("SELECT id FROM membership WHERE person_id = $1", person)


async def test_it_ends_at_the_next_request(tallbacka: Town) -> None:
    target = await membership(tallbacka, "reporter")
    assert (await tallbacka.get("/rapportera", role="reporter")).status_code == 200
    answer = await tallbacka.post(f"/personer/{target}/avsluta", role="safety_coordinator")
    assert answer.status_code == 303
    assert (await tallbacka.get("/rapportera", role="reporter")).status_code == 404
    assert "Prov reporter" not in (await tallbacka.get("/personer", role="tenant_admin")).text
    # Again, as a double click would: it is not there any more.
    again = await tallbacka.post(f"/personer/{target}/avsluta", role="safety_coordinator")
    assert again.status_code == 404
    async with tallbacka.scope():
        lines = await fetch("SELECT object_id FROM audit_event WHERE verb = 'membership.end'")
    assert [line["object_id"] for line in lines] == [str(target)]


async def test_a_contact_lets_its_own_reporters_go_and_nobody_else(
    tallbacka: Town, sjohaga: Town
) -> None:
    own = await membership(tallbacka, "reporter")
    other = await membership(tallbacka, "reporter", "Köpmännen")
    above = await membership(tallbacka, "safety_coordinator")
    foreign = await membership(sjohaga, "reporter")
    # Attack 1: what is another's and what does not exist are answered alike, to the byte.
    said = set()
    for target in (other, above, foreign, uuid4()):
        answer = await tallbacka.post(f"/personer/{target}/avsluta", role="org_contact")
        assert answer.status_code == 404
        said.add(answer.text.replace(str(target), ""))
    assert len(said) == 1
    answer = await tallbacka.post(f"/personer/{own}/avsluta", role="org_contact")
    assert answer.status_code == 303


@pytest.mark.parametrize("role", ["tenant_admin", "auditor", "dpo", "records_officer"])
async def test_the_coordinator_lets_nobody_go_who_watches_or_administers(
    tallbacka: Town, role: str
) -> None:
    target = await membership(tallbacka, role)
    answer = await tallbacka.post(f"/personer/{target}/avsluta", role="safety_coordinator")
    assert answer.status_code == 403
    async with tallbacka.scope():
        assert await fetch_value("SELECT valid_to FROM membership WHERE id = $1", target) is None


@pytest.mark.parametrize("role", ["tenant_admin", "safety_coordinator"])
async def test_the_last_one_stays(tallbacka: Town, role: str) -> None:
    target = await membership(tallbacka, role)
    answer = await tallbacka.post(f"/personer/{target}/avsluta", role=role)
    assert answer.status_code == 422 and "Kommunen måste ha minst en" in answer.text
    second = await membership(tallbacka, role, "Polisen")
    assert second != target
    assert (await tallbacka.post(f"/personer/{target}/avsluta", role=role)).status_code == 303


@pytest.mark.parametrize("_again", range(5))
async def test_two_administrators_who_end_each_other_leave_one(
    tallbacka: Town, _again: int
) -> None:
    first = await membership(tallbacka, "tenant_admin")
    second = await membership(tallbacka, "tenant_admin", "Polisen")
    one = await tallbacka.client("tenant_admin")
    two = await tallbacka.client("tenant_admin", "Polisen")
    await asyncio.gather(one.get("/"), two.get("/"))
    answers = await asyncio.gather(
        send(one, f"/{tallbacka.slug}/personer/{second}/avsluta"),
        send(two, f"/{tallbacka.slug}/personer/{first}/avsluta"),
    )
    assert sorted(answer.status_code for answer in answers)[0] == 303
    async with tallbacka.scope():
        left = await fetch_value(
            "SELECT count(*) FROM membership WHERE role = 'tenant_admin' AND valid_to IS NULL"
        )
    assert left == 1


async def test_who_is_let_go_leaves_no_door_open(tallbacka: Town) -> None:
    link = await invited(tallbacka, by="org_contact")
    assert (await tallbacka.anonymous.get(link)).status_code == 200
    target = await membership(tallbacka, "org_contact")
    await tallbacka.post(f"/personer/{target}/avsluta", role="safety_coordinator")
    assert (await tallbacka.anonymous.get(link)).status_code == 404


async def test_an_organisation_leaves_with_its_people_and_what_it_said_stays(
    tallbacka: Town, sjohaga: Town
) -> None:
    await tallbacka.add_member("reporter")
    link = await invited(tallbacka)
    assert (await tallbacka.get("/rapportera", role="reporter")).status_code == 200
    organisation = tallbacka.organisations["Bostadsbolaget"]
    path = f"/organisationer/{organisation}/lamna"
    assert (await sjohaga.post(path, role="safety_coordinator")).status_code == 404
    assert (await tallbacka.post(path, role="org_contact")).status_code == 403
    assert (await tallbacka.post(path, role="safety_coordinator")).status_code == 303
    assert (await tallbacka.get("/rapportera", role="reporter")).status_code == 404
    assert (await tallbacka.anonymous.get(link)).status_code == 404
    assert (await tallbacka.post(path, role="safety_coordinator")).status_code == 404
    assert (await sjohaga.get("/rapportera", role="reporter")).status_code == 200
    async with tallbacka.scope():
        assert await fetch_value("SELECT left_on FROM organisation WHERE id = $1", organisation)


async def test_the_organisation_of_the_last_coordinator_cannot_leave(tallbacka: Town) -> None:
    organisation = tallbacka.organisations["Kommunen"]
    answer = await tallbacka.post(
        f"/organisationer/{organisation}/lamna", role="safety_coordinator"
    )
    assert answer.status_code == 422 and "Trygghetssamordnare" in answer.text
    assert "Kommunen" in answer.text
    async with tallbacka.scope():
        assert not await fetch_value("SELECT left_on FROM organisation WHERE id = $1", organisation)
