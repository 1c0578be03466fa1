"""Attacks 8, 38: who sees what of reports and numbers, on one page, on two, and at two moments."""

import re
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from litestar import Litestar

from service.web.may import PUBLIC
from tenants.roles import ROLES, Permission, Role
from tenants.scope import execute
from tests.attacks.test_matrix import doors
from tests.cycle.mapping.test_hand_in import report
from tests.cycle.picture.history import THIS_WEEK, compiled, count, live_through, monday
from tests.town import Town

TEXT = "Ordagrant från {who}"
POINT = ("61.30417", "17.05833")


# Who is a member, and of what, is no secret between those who bring members in: these pages say
# that and nothing about what anybody has reported.
LISTS = ("/personer", "/organisationer", "/kom-igang/platser", "/nycklar")


async def pages(town: Town, app: Litestar, role: str, organisation: str | None) -> str:
    """Everything that a member can fetch, page by page and fragment by fragment."""
    client = await town.client(role, organisation)
    read = []
    for door in doors(app):
        if door.method != "GET" or door.permission == PUBLIC["permission"]:
            continue
        if not door.in_municipality or door.path.endswith("/live"):
            continue
        if door.path.endswith(LISTS):
            continue
        sections = ("_laget", "_lista", "_var", "_nar") if "_lista" in door.path else ("",)
        for section in sections:
            path = door.path.replace("{municipality}", town.slug).replace("_lista", section)
            for headers in ({}, {"hx-request": "true"}):
                answer = await client.get(path, headers=headers)
                if answer.status_code == 200:
                    read.append(answer.text)
    return "\n".join(read)


async def _hand_in(town: Town, who: str) -> None:
    await town.add_member("reporter", who)
    async with town.scope():
        await execute(
            """INSERT INTO report (tenant_id, id, organisation_id, person_id, category_id, area_id,
                                   latitude, longitude, time_kind, occurred_from, occurred_to, text)
               VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, 'now', now(), now(), $8)""",
            uuid4(),
            town.organisations[who],
            town.people["reporter", who],
            town.categories["graffiti"],
            town.areas["Ruta 1"],
            float(POINT[0]),
            float(POINT[1]),
            TEXT.format(who=who),
        )


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("seat", ["Kommunen", "Handeln"])
async def test_raw_reports_and_who_sent_them(
    found: Any, app: Litestar, role: Role, seat: str
) -> None:
    """`Handeln` is no authority: there, no role reads the words of another organisation."""
    town = await found("Tallbacka", areas=2, organisations=["Hembygden", "Handeln"])
    # Nobody of these two has anything to do with the reader.
    others = ("Bostadsbolaget", "Hembygden")
    for who in (*others, seat):
        await _hand_in(town, who)
    await live_through(town, weeks=20, skip=lambda back, who: who == "Bostadsbolaget" and back < 1)
    await compiled(town)
    read = await pages(town, app, role.value, seat)
    granted = ROLES[role]
    texts = {who for who in others if TEXT.format(who=who) in read}
    may_read = Permission.REPORT_READ in granted and seat == "Kommunen"
    assert texts == (set(others) if may_read else set())
    own = TEXT.format(who=seat) in read
    assert own == (Permission.REPORT_READ_OWN in granted)
    assert POINT[0] not in read and POINT[1] not in read
    named = {who for who in others if who in read.replace("Ordagrant från " + who, "")}
    coordinating = Permission.REPORT_READ_REPORTER in granted
    assert named == (set(others) if coordinating else set()), "who reported, or did not"
    assert "Prov reporter" not in read or role is Role.REPORTER


async def test_who_has_been_heard_from_cannot_be_told_by_two_looks(town_of_three: Town) -> None:
    """The one whose name leaves the list of the silent as a report comes in has sent it."""
    town = town_of_three
    client = await town.client("preparatory_member")
    before = (await client.get(f"/{town.slug}/lagesbild")).text
    await town.post("/rapportera", role="reporter", organisation="Handeln", **report(town))
    await compiled(town)
    after = (await client.get(f"/{town.slug}/lagesbild")).text
    for page in (before, after):
        assert "Handeln" not in page and "Bostadsbolaget" not in page
    coordinator = (await town.get("/lagesbild", role="safety_coordinator")).text
    assert "Bostadsbolaget" in coordinator and "Handeln" not in coordinator


@pytest.fixture
async def town_of_three(found: Any) -> Town:
    town: Town = await found("Tallbacka", areas=2, organisations=["Handeln"])
    await live_through(town, weeks=20, skip=lambda back, who: back == 0 and who != "Kommunen")
    await compiled(town)
    return town


def _running(page: str) -> int:
    """How many reports of the running week a reporter's page tells of."""
    found = re.search(r"(\d+) händelser hittills i veckan", re.sub(r"<[^>]*>", "", page))
    assert found is not None
    return int(found[1])


async def test_a_reporter_cannot_see_a_single_report_come_in(found: Any) -> None:
    """Two looks differ in nothing, or in at least three reports."""
    town = await found("Tallbacka", areas=2)
    await count(town, [(0, "Ruta 1", "graffiti", who, 3) for who in ("Kommunen", "Polisen")])
    await count(town, [(0, "Ruta 2", "arson", "Polisen", 1)])
    await compiled(town)
    client = await town.client("reporter")
    seen = []
    for _ in range(4):
        page = (await client.get(f"/{town.slug}/lagesbild")).text
        seen.append(_running(page))
        async with town.scope():
            await execute(
                """UPDATE weekly_count SET count = count + 1
                   WHERE week = $1 AND area_id = $2 AND category_id = $3""",
                THIS_WEEK,
                town.areas["Ruta 2"],
                town.categories["arson"],
            )
        await compiled(town)
    steps = {later - earlier for earlier, later in pairwise(seen)}
    assert all(step == 0 or step >= 3 for step in steps), seen
    assert seen[-1] >= 9  # Told all the same, in steps.


async def test_a_view_and_the_table_behind_it_hold_the_same_partition(found: Any) -> None:
    """Page, section and table of a reporter give the same groups: nothing to subtract."""
    town = await found("Tallbacka", areas=3)
    await live_through(town, weeks=12, seed=5)
    content = (await compiled(town))["sums"]
    rows = re.compile(r"<tbody>.*?</tbody>", re.S)
    bodies = [
        rows.findall((await town.get(path, role="reporter")).text)[0]
        for path in ("/lagesbild", "/lagesbild/_laget", "/lagesbild/tabell")
    ]
    assert bodies[0] == bodies[1] == bodies[2]
    assert content["groups"] and monday(0).isoformat() == content["week"]
