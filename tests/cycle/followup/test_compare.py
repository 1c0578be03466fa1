"""Before and after: equal windows of whole weeks, and how many were heard from beside them."""

from datetime import date

import pytest

from service.cycle.followup.compare import compare
from service.cycle.followup.policy import shown_comparison
from service.cycle.picture.closed_period import closed_period
from tenants.members import Member, MunicipalityRef
from tenants.roles import Role, permissions_of
from tenants.scope import execute
from tests.cycle.picture.history import THIS_WEEK, count, monday
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


def back_to(day: date) -> int:
    return (THIS_WEEK - day).days // 7


PERIOD = closed_period(THIS_WEEK)
FIRST, LAST = (back_to(day) for day in PERIOD)
PAIR = ("Polisen", "Köpmännen")


async def test_small_cells_are_for_who_sees_cells(tallbacka: Town) -> None:
    await count(
        tallbacka,
        [(back, "Ruta 1", "graffiti", who, 1) for back in range(0, 20) for who in PAIR],
    )
    large = await compared(tallbacka, FIRST)
    seen = shown_comparison(large, of_role(Role.WORKING_GROUP_MEMBER))
    assert seen is not None and seen["before"]["count"] == 8.0 and seen["weeks"] == 4
    assert (seen["after"]["first"], seen["after"]["last"]) == tuple(map(str, PERIOD))
    # A single week, or a sum of some actors, could be one actor's reports.
    assert "counts" not in seen and "same" not in seen
    assert shown_comparison(large, of_role(Role.STEERING_MEMBER)) == large
    small = await compared(tallbacka, 1)
    assert small["before"]["count"] == 2.0
    assert shown_comparison(small, of_role(Role.WORKING_GROUP_LEAD)) is None
    assert shown_comparison(small, of_role(Role.PREPARATORY_MEMBER)) == small


async def test_measures_of_any_week_tell_the_same_periods(tallbacka: Town) -> None:
    """Two measures that begin a week apart cannot be subtracted to that week."""
    rows = [
        (back, "Ruta 1", "graffiti", who, 1 + back % 3) for back in range(0, 40) for who in PAIR
    ]
    await count(tallbacka, rows)
    told = {}
    for weeks_ago in range(FIRST, FIRST + 4):
        sums = (await compared(tallbacka, weeks_ago))["sums"]
        told[sums["after"]["first"], sums["after"]["last"]] = sums["after"]["count"]
        assert sums["weeks"] == 4
    assert set(told) == {tuple(map(str, PERIOD))}
    # What comes late, or is moved, changes nothing that was told.
    await count(tallbacka, [(FIRST, "Ruta 1", "graffiti", "Polisen", 5, 0)])
    await count(tallbacka, [(LAST, "Ruta 1", "graffiti", "Polisen", 5)])
    again = (await compared(tallbacka, FIRST))["sums"]
    assert again["after"]["count"] == next(iter(told.values()))


async def test_what_the_picture_merges_a_follow_up_does_not_tell(tallbacka: Town) -> None:
    """The cell is large enough by itself, but the rest of the municipality needs it."""
    rows = [(back, "Ruta 1", "graffiti", who, 1) for back in range(0, 20) for who in PAIR]
    rows.append((LAST, "Ruta 2", "arson", "Polisen", 1))
    await count(tallbacka, rows)
    found = await compared(tallbacka, FIRST)
    assert found["after"]["count"] >= 8.0
    assert shown_comparison(found, of_role(Role.WORKING_GROUP_MEMBER)) is None


async def test_one_actor_alone_in_a_period_ends_what_is_told(tallbacka: Town) -> None:
    rows = [(back, "Ruta 1", "graffiti", who, 1) for back in range(FIRST - 3, 24) for who in PAIR]
    rows = [row for row in rows if row[0] > LAST + 3]
    # The period after the start was told; in the next one a single organisation reported.
    await count(tallbacka, [*rows, (LAST, "Ruta 1", "graffiti", "Polisen", 4)])
    seen = shown_comparison(await compared(tallbacka, FIRST + 4), of_role(Role.WORKING_GROUP_LEAD))
    assert seen is not None and seen["weeks"] == 4
    assert seen["before"]["count"] == seen["after"]["count"] == 8.0
