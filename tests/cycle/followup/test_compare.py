"""Before and after: equal windows of whole weeks, and how many were heard from beside them."""

import pytest

from service.cycle.followup.compare import compare
from service.cycle.followup.policy import shown_comparison
from tenants.members import Member, MunicipalityRef
from tenants.roles import Role, permissions_of
from tenants.scope import execute
from tests.cycle.picture.history import count, monday
from tests.town import Town


def of_role(role: Role) -> Member:
    return Member(
        person_id=None,  # type: ignore[arg-type]
        name="Prov",
        municipality=MunicipalityRef(None, "", "", "", False),  # type: ignore[arg-type]
        roles=frozenset({role}),
        organisation_id=None,
        organisation_name="",
        is_authority=False,
        permissions=permissions_of(frozenset({role})),
    )


async def compared(town: Town, weeks_ago: int) -> dict:
    async with town.scope():
        return await compare(town.areas["Ruta 1"], town.categories["graffiti"], monday(weeks_ago))


async def test_windows_are_equal_and_whole(tallbacka: Town) -> None:
    rows = [(back, "Ruta 1", "graffiti", "Polisen", 2) for back in range(0, 40)]
    rows += [(back, "Ruta 1", "graffiti", "Köpmännen", 1) for back in range(7, 40)]
    rows += [(back, "Ruta 2", "graffiti", "Polisen", 50) for back in range(0, 40)]
    await count(tallbacka, rows)
    found = await compared(tallbacka, 6)
    # Six whole weeks have passed; the running one belongs to neither window.
    assert found["weeks"] == 6
    assert found["counts"] == [3.0] * 6 + [2.0] * 6
    assert found["before"] == {"count": 18.0, "actors": 2, "reporters": 2}
    assert found["after"] == {"count": 12.0, "actors": 1, "reporters": 1}
    # Who fell silent explains the difference: the same actors reported as before.
    assert found["same"] == {"actors": 1, "before": 12.0, "after": 12.0}
    assert (await compared(tallbacka, 30))["weeks"] == 9  # As many as there is history.
    assert (await compared(tallbacka, 20))["weeks"] == 12


async def test_silence_that_was_said_is_heard(tallbacka: Town) -> None:
    await count(tallbacka, [(back, "Ruta 1", "graffiti", "Polisen", 2) for back in range(0, 9)])
    async with tallbacka.scope():
        await execute(
            """INSERT INTO zero_report (tenant_id, organisation_id, week)
               VALUES (ks.current_tenant(), $1, $2)""",
            tallbacka.organisations["Köpmännen"],
            monday(2),
        )
    found = await compared(tallbacka, 3)
    assert (found["before"]["actors"], found["after"]["actors"]) == (1, 2)
    assert found["after"]["reporters"] == 1


@pytest.mark.parametrize("weeks_ago", [0, -3])
async def test_too_early_says_so(tallbacka: Town, weeks_ago: int) -> None:
    await count(tallbacka, [(3, "Ruta 1", "graffiti", "Polisen", 2)])
    assert (await compared(tallbacka, weeks_ago))["weeks"] == 0


async def test_small_cells_are_for_who_sees_cells(tallbacka: Town) -> None:
    await count(
        tallbacka,
        [
            (back, "Ruta 1", "graffiti", organisation, 1)
            for back in range(0, 12)
            for organisation in ("Polisen", "Köpmännen")
        ],
    )
    large = await compared(tallbacka, 5)
    seen = shown_comparison(large, of_role(Role.WORKING_GROUP_MEMBER))
    assert seen is not None and seen["before"]["count"] == 8.0 and seen["weeks"] == 4
    # A single week, or a sum of some actors, could be one actor's reports.
    assert "counts" not in seen and "same" not in seen
    assert shown_comparison(large, of_role(Role.STEERING_MEMBER)) == large
    small = await compared(tallbacka, 1)
    assert small["before"]["count"] == 2.0
    assert shown_comparison(small, of_role(Role.WORKING_GROUP_LEAD)) is None
    assert shown_comparison(small, of_role(Role.PREPARATORY_MEMBER)) == small


async def test_two_follow_ups_can_not_be_subtracted_to_a_small_cell(tallbacka: Town) -> None:
    rows = [
        (back, "Ruta 1", "graffiti", organisation, 1)
        for back in range(6, 18)
        for organisation in ("Polisen", "Köpmännen")
    ]
    # From the fifth week after the start one organisation alone reported, once.
    await count(tallbacka, [*rows, (4, "Ruta 1", "graffiti", "Polisen", 1)])
    whole = await compared(tallbacka, 9)
    assert whole["weeks"] == 8 and whole["after"]["count"] == 9.0
    # Told of four weeks when they had passed, and of no more now: the difference would be that one.
    seen = shown_comparison(whole, of_role(Role.WORKING_GROUP_MEMBER))
    assert seen is not None and seen["weeks"] == 4
    assert seen["before"]["count"] == seen["after"]["count"] == 8.0
