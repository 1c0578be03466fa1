"""Attacks 27, 95: many at the same time, some of whom give up, and nobody gets another's rows."""

import asyncio
from random import Random
from typing import Any

import httpx

from tenants.scope import fetch_value, platform_scope
from tests.cycle.mapping.test_hand_in import counted, report
from tests.town import Town


async def test_two_municipalities_at_once_with_broken_off_requests(
    tallbacka: Town, sjohaga: Town
) -> None:
    """Cancelled anywhere, a request leaves neither rows nor its municipality on the connection."""
    random = Random(5)
    clients: dict[str, httpx.AsyncClient] = {}
    for town in (tallbacka, sjohaga):
        clients[town.slug] = await town.client("reporter")
        await clients[town.slug].get("/")
    acknowledged = {tallbacka.slug: set(), sjohaga.slug: set()}  # type: ignore[var-annotated]
    sent: list[tuple[Town, dict[str, str]]] = []

    async def hand_in(town: Town, form: dict[str, str], patience: float | None) -> None:
        client = clients[town.slug]
        headers = {"x-csrftoken": client.cookies["__Host-csrf"]}
        try:
            async with asyncio.timeout(patience):
                answer = await client.post(f"/{town.slug}/rapportera", data=form, headers=headers)
        except TimeoutError:
            return
        assert answer.status_code == 200, answer.text[:200]
        acknowledged[town.slug].add(form["report_id"])

    for _ in range(120):
        town = random.choice((tallbacka, sjohaga))
        interval = {
            "when": "interval",
            "last_seen_whole": "2026-11-01T10:00",
            "discovered": f"2026-11-{random.randint(2, 9):02}T10:00",
        }
        sent.append((town, report(town, **random.choice(({}, interval)))))
    await asyncio.gather(
        *(
            hand_in(town, form, random.choice((None, None, random.random() * 0.3)))
            for town, form in sent
        )
    )
    # Who gave up sends again, and so does everybody else.
    await asyncio.gather(*(hand_in(town, form, None) for town, form in sent))
    for town in (tallbacka, sjohaga):
        forms = [form for owner, form in sent if owner is town]
        assert acknowledged[town.slug] == {form["report_id"] for form in forms}
        whole = await counted(town)
        assert whole[0] == len(forms) == round(whole[1], 6) == round(whole[2], 6) == whole[3]
    async with platform_scope():
        assert await fetch_value("SELECT ks.current_tenant()") is None
        assert await fetch_value("SELECT count(*) FROM report") == 0


async def test_readers_of_two_municipalities_on_few_connections(found: Any) -> None:
    """Attack 19, 27: the same path by turns, whole pages and fragments, each sees its own."""
    towns = [
        await found("Tallbacka", areas=["Ekbacken"]),
        await found("Sjöhaga", areas=["Bryggan"]),
    ]
    for town in towns:
        await town.client("reporter")

    async def look(town: Town, area: str, other: str) -> None:
        page = await town.get("/rapportera", role="reporter", headers={"if-none-match": "*"})
        assert page.status_code == 200 and area in page.text and other not in page.text
        places = await town.get("/karta/omraden.json", role="reporter")
        assert area in places.text and other not in places.text
        assert "etag" not in page.headers

    await asyncio.gather(
        *(look(towns[0], "Ekbacken", "Bryggan") for _ in range(30)),
        *(look(towns[1], "Bryggan", "Ekbacken") for _ in range(30)),
    )


async def test_the_same_word_that_there_is_nothing_said_and_unsaid_at_once(
    tallbacka: Town,
) -> None:
    from service.cycle.mapping.week import now, week_of

    week = week_of(now()).isoformat()
    await tallbacka.get("/", role="reporter")
    answers = await asyncio.gather(
        *(
            tallbacka.post(path, role="reporter", week=week)
            for _ in range(15)
            for path in ("/rapportera/inget", "/rapportera/inget/angra")
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    async with tallbacka.scope():
        said = await fetch_value("SELECT count(*) FROM zero_report")
        lines = await fetch_value(
            """SELECT count(*) FILTER (WHERE verb = 'zero_report.send')
                    - count(*) FILTER (WHERE verb = 'zero_report.take_back') FROM audit_event"""
        )
    assert said == lines and said in (0, 1)
