"""Attack 29: the operator sees no content, unless the glass is broken; and then all see that."""

from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar

from tenants.operator.appoint import dismiss
from tenants.roles import THROUGH_GLASS, Permission
from tenants.scope import execute, fetch
from tests.attacks.test_matrix import doors
from tests.platform.cast import operators_browser, send
from tests.town import Neighbourhood, Town

REASON = "Ärende 4711: lägesbilden räknas inte om"


@pytest.fixture
async def operator(neighbourhood: Neighbourhood) -> AsyncIterator[httpx.AsyncClient]:
    client = await operators_browser(neighbourhood)
    yield client
    await client.aclose()


async def look(operator: httpx.AsyncClient, town: Town, **form: str) -> httpx.Response:
    return await send(
        operator, f"/drift/{town.slug}/insyn", **({"reason": REASON, "hours": "1"} | form)
    )


async def test_without_it_the_operator_knows_that_there_is_a_municipality_and_no_more(
    operator: httpx.AsyncClient, tallbacka: Town
) -> None:
    listed = await operator.get("/drift")
    assert listed.status_code == 200 and tallbacka.slug in listed.text
    for path in ("", "/lagesbild", "/rapporter", "/granskning", "/live"):
        assert (await operator.get(f"/{tallbacka.slug}{path}")).status_code == 404


async def test_with_a_reason_it_reads_for_a_while_and_everybody_sees_it(
    operator: httpx.AsyncClient, tallbacka: Town, sjohaga: Town
) -> None:
    before = await tallbacka.get("/lagesbild", role="reporter")
    assert "tillfällig insyn" not in before.text
    assert (await look(operator, tallbacka)).status_code == 303
    for path in ("/lagesbild", "/rapporter"):
        assert (await operator.get(f"/{tallbacka.slug}{path}")).status_code == 200
    # Not in another municipality, and nothing that changes something.
    assert (await operator.get(f"/{sjohaga.slug}/lagesbild")).status_code == 404
    assert (await send(operator, f"/{tallbacka.slug}/rapportera")).status_code == 403
    for role in ("reporter", "steering_member", "safety_coordinator"):
        assert "tillfällig insyn" in (await tallbacka.get("/_insyn", role=role)).text
    assert "tillfällig insyn" in (await tallbacka.get("/lagesbild", role="reporter")).text
    assert "tillfällig insyn" not in (await sjohaga.get("/_insyn", role="reporter")).text
    log = (await tallbacka.get("/granskning", role="auditor")).text
    for said in ("öppnade insyn för driften", "läste genom insyn", REASON, "Prov drift"):
        assert said in log
    async with tallbacka.scope():
        looks = await fetch("SELECT object_id, reason FROM audit_event WHERE verb = 'glass.look'")
    assert {row["object_id"] for row in looks} >= {f"/{tallbacka.slug}/rapporter"}
    assert {row["reason"] for row in looks} == {REASON}


async def test_through_it_nothing_is_done_wherever_it_may_be_read(
    operator: httpx.AsyncClient, tallbacka: Town, app: Litestar
) -> None:
    await look(operator, tallbacka)
    tried = 0
    for door in doors(app):
        if door.method in ("GET", "HEAD") or not door.in_municipality:
            continue
        if door.permission not in THROUGH_GLASS:
            continue
        tried += 1
        answer = await send(operator, door.path.replace("{municipality}", tallbacka.slug))
        assert answer.status_code == 403, f"{door}: {answer.status_code}"
    assert tried >= 2


async def test_it_is_closed_by_hand_and_by_time_and_with_the_operators_office(
    operator: httpx.AsyncClient, tallbacka: Town, neighbourhood: Neighbourhood
) -> None:
    page = f"/{tallbacka.slug}/lagesbild"
    await look(operator, tallbacka)
    assert (await operator.get(page)).status_code == 200
    assert (await send(operator, f"/drift/{tallbacka.slug}/insyn/stang")).status_code == 303
    assert (await operator.get(page)).status_code == 404
    assert "tillfällig insyn" not in (await tallbacka.get("/_insyn", role="reporter")).text

    async with tallbacka.scope():
        await execute(
            """INSERT INTO broken_glass (tenant_id, id, person_id, reason, broken_at, ends_at)
               SELECT tenant_id, gen_random_uuid(), person_id, reason,
                      now() - interval '2 hours', now() - interval '1 second'
               FROM broken_glass LIMIT 1"""
        )
    assert (await operator.get(page)).status_code == 404

    await look(operator, tallbacka)
    assert (await operator.get(page)).status_code == 200
    assert await dismiss(issuer=neighbourhood.issuer, subject=operator.headers["x-subject"])
    assert (await operator.get(page)).status_code == 404
    assert (await operator.get("/drift")).status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"reason": "kolla"}, "Skriv varför"),
        ({"reason": " " * 40}, "Skriv varför"),
        ({"reason": "x" * 501}, "Skriv varför"),
        ({"reason": "x\0" * 10}, "Skriv varför"),
        ({"hours": "24"}, "Välj hur länge"),
        ({"hours": "alltid"}, "Välj hur länge"),
    ],
)
async def test_without_a_reason_or_for_too_long_it_stays_whole(
    operator: httpx.AsyncClient, tallbacka: Town, form: dict[str, str], said: str
) -> None:
    answer = await look(operator, tallbacka, **form)
    assert answer.status_code == 422 and said in answer.text
    assert (await operator.get(f"/{tallbacka.slug}/lagesbild")).status_code == 404


@pytest.mark.parametrize("role", ["tenant_admin", "safety_coordinator", "auditor"])
async def test_nobody_else_finds_the_operators_pages(tallbacka: Town, role: str) -> None:
    client = await tallbacka.client(role)
    for answer in (
        await client.get("/drift"),
        await client.get(f"/drift/{tallbacka.slug}"),
        await look(client, tallbacka),
        await send(client, f"/drift/{tallbacka.slug}/insyn/stang"),
    ):
        assert answer.status_code == 404
    async with tallbacka.scope():
        assert await fetch("SELECT 1 FROM broken_glass") == []


async def test_a_municipality_that_is_not_there_is_404(operator: httpx.AsyncClient) -> None:
    for slug in ("finns-inte", "X", "a%00b"):
        answer = await send(operator, f"/drift/{slug}/insyn", reason=REASON, hours="1")
        assert answer.status_code == 404


def test_glass_is_for_reading_alone() -> None:
    assert not THROUGH_GLASS & {
        Permission.REPORT_HAND_IN,
        Permission.REPORT_READ_REPORTER,
        Permission.TENANT_ADMIN,
        Permission.ORGANISATION_MANAGE,
    }
