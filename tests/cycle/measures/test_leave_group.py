"""End a place in a working group: what it gave is taken away, what another group gave stays."""

from uuid import UUID

from tenants.scope import execute, fetch_value
from tests.cycle.measures.groups import assembled, invitation, place_of, roles_of, verbs
from tests.town import Town

OWNER = {"role": "reporter", "organisation": "Polisen"}


async def another_problem(town: Town) -> str:
    """A second problem, with the police officer in its group too."""
    async with town.scope():
        taken = await fetch_value(
            "SELECT area.key FROM problem JOIN area ON area.id = problem.area_id"
        )
    for area in ("ruta-1", "ruta-2"):
        answer = await town.post(
            "/problem", role="preparatory_member", area=area, category="graffiti"
        )
        if answer.status_code == 303 and "redan" not in answer.headers["location"]:
            break
    assert answer.status_code == 303, taken
    path = answer.headers["location"].removeprefix(f"/{town.slug}")
    form = invitation(town, ("Polisen", town.people["reporter", "Polisen"]), lead="Polisen")
    await town.post(f"{path}/grupp", role="preparatory_member", **form)
    return path


async def test_one_group_is_left_and_the_other_kept(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    other = await another_problem(tallbacka)
    person = tallbacka.people["reporter", "Polisen"]
    place = await place_of(tallbacka, path, person)
    for _press in range(2):
        await tallbacka.post(f"{path}/grupp/{place}/avsluta", **OWNER)
    assert (await tallbacka.get(path, **OWNER)).status_code == 404
    assert (await tallbacka.get(other, **OWNER)).status_code == 200
    assert "working_group_lead" in await roles_of(tallbacka, person)
    assert (await verbs(tallbacka)).count("group.leave") == 1


async def test_the_preparatory_group_ends_a_place(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    person = tallbacka.people["org_contact", "Bostadsbolaget"]
    place = await place_of(tallbacka, path, person)
    answer = await tallbacka.post(f"{path}/grupp/{place}/avsluta", role="municipal_police")
    assert answer.status_code == 303
    assert await roles_of(tallbacka, person) == ["org_contact"]
    assert "group.end_place" in await verbs(tallbacka)


async def test_who_left_can_be_invited_again(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    person = tallbacka.people["reporter", "Polisen"]
    place = await place_of(tallbacka, path, person)
    await tallbacka.post(f"{path}/grupp/{place}/avsluta", **OWNER)
    form = invitation(tallbacka, ("Polisen", person), lead="Polisen")
    await tallbacka.post(f"{path}/grupp", role="preparatory_member", **form)
    assert (await tallbacka.get(path, **OWNER)).status_code == 200
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM letter") == 3
    # A page that was open since before ends the old place, and takes nothing from the new one.
    await tallbacka.post(f"{path}/grupp/{place}/avsluta", role="preparatory_member")
    assert (await tallbacka.get(path, **OWNER)).status_code == 200


async def test_ending_a_declined_place_again_takes_nothing_from_a_new_one(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    person = tallbacka.people["reporter", "Polisen"]
    declined = await place_of(tallbacka, path, person)
    await tallbacka.post(f"{path}/grupp/svar", **OWNER, svar="nej")
    form = invitation(tallbacka, ("Polisen", person), lead="Polisen")
    await tallbacka.post(f"{path}/grupp", role="preparatory_member", **form)
    await tallbacka.post(f"{path}/grupp/{declined}/avsluta", role="preparatory_member")
    assert (await tallbacka.get(path, **OWNER)).status_code == 200
    assert (await tallbacka.get(f"{path}/uppgift", **OWNER)).status_code == 200


async def test_who_may_not(tallbacka: Town, sjohaga: Town) -> None:
    path = await assembled(tallbacka)
    place = await place_of(tallbacka, path, tallbacka.people["org_contact", "Bostadsbolaget"])
    ended = f"{path}/grupp/{place}/avsluta"
    # Another's place is ended by the preparatory group alone.
    assert (await tallbacka.post(ended, **OWNER)).status_code == 403
    assert (await tallbacka.post(ended, role="steering_member")).status_code == 403
    assert (await sjohaga.post(ended, role="safety_coordinator")).status_code == 404
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM group_departure") == 0


async def test_reading_ends_with_the_membership_also_for_who_is_in_another_group(
    tallbacka: Town,
) -> None:
    path = await assembled(tallbacka)
    other = await another_problem(tallbacka)
    place = await place_of(tallbacka, path, tallbacka.people["reporter", "Polisen"])
    async with tallbacka.scope():
        # Ended where people are managed, and not by the group.
        await execute(
            """UPDATE membership SET valid_to = now() FROM group_member
               WHERE group_member.id = $1 AND membership.id = membership_id""",
            UUID(place),
        )
    assert (await tallbacka.get(path, **OWNER)).status_code == 404
    assert (await tallbacka.get(other, **OWNER)).status_code == 200
    label = path.rpartition("/")[2]
    for page in ("/problem", "/uppfoljning", "/insatser", "/uppdrag"):
        assert label not in (await tallbacka.get(page, **OWNER)).text


async def test_a_membership_with_an_end_to_come_ends_with_the_place(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    person = tallbacka.people["reporter", "Polisen"]
    async with tallbacka.scope():
        await execute(
            """UPDATE membership SET valid_to = now() + interval '30 days'
               WHERE person_id = $1 AND role LIKE 'working_group_%'""",
            person,
        )
    place = await place_of(tallbacka, path, person)
    await tallbacka.post(f"{path}/grupp/{place}/avsluta", **OWNER)
    assert await roles_of(tallbacka, person) == ["reporter"]
