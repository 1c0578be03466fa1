"""What differs between two editions, and when they do not stand beside each other."""

from uuid import uuid4

from tenants.scope import fetch_value
from tests.cycle.picture.editions.test_draft import COORDINATOR, approved
from tests.cycle.picture.history import count, live_through
from tests.town import Town


async def two_versions(town: Town) -> tuple[str, str]:
    first = await approved(town)
    async with town.scope():
        last = await fetch_value("SELECT last_week FROM edition")
    from service.cycle.mapping.week import now, week_of

    back = (week_of(now()) - last).days // 7
    await count(town, [(back, "Ruta 2", "arson", "Polisen", 40, 0)])
    answer = await town.post(
        f"{first}/ratta", role=COORDINATOR, reason="Sena rapporter.", form_id=str(uuid4())
    )
    draft = answer.headers["location"].removeprefix(f"/{town.slug}")
    await town.post(f"{draft}/text", role=COORDINATOR, revision="1", summary="Mer än vi trodde.")
    done = await town.post(f"{draft}/faststall", role=COORDINATOR, revision="2")
    second = done.headers["location"].removeprefix(f"/{town.slug}")
    return first.rpartition("/")[2], second.rpartition("/")[2]


async def test_counts_and_words_that_differ_are_shown(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=60)
    first, second = await two_versions(tallbacka)
    page = await tallbacka.get(
        f"/lagesbild/jamfor?fran={first}&till={second}", role="preparatory_member"
    )
    assert page.status_code == 200
    assert "Anlagd brand" in page.text and "+40" in page.text
    assert "<ins>Mer än vi trodde.</ins>" in page.text and "<del>" in page.text
    assert "Inte samma slags" not in page.text


async def test_of_different_kinds_is_said(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=60)
    month, tertial = await approved(tallbacka), await approved(tallbacka, "tertial")
    one, two = month.rpartition("/")[2], tertial.rpartition("/")[2]
    page = await tallbacka.get(f"/lagesbild/jamfor?fran={one}&till={two}", role=COORDINATOR)
    assert page.status_code == 200 and "Inte samma slags utgåvor." in page.text


async def test_who_may_not_and_what_is_none(tallbacka: Town, sjohaga: Town) -> None:
    await live_through(tallbacka, weeks=20)
    one = (await approved(tallbacka)).rpartition("/")[2]
    address = f"/lagesbild/jamfor?fran={one}&till={one}"
    assert (await tallbacka.get(address, role=COORDINATOR)).status_code == 200
    for role in ("steering_member", "reporter"):
        assert (await tallbacka.get(address, role=role)).status_code == 403
    assert (await sjohaga.get(address, role=COORDINATOR)).status_code == 404
    for odd in ("/lagesbild/jamfor", "/lagesbild/jamfor?fran=x&till=y"):
        page = await tallbacka.get(odd, role=COORDINATOR)
        assert page.status_code == 200 and "Välj två utgåvor" in page.text
