"""Attacks 6, 20, 86, 93: other hosts, names that look alike, the way back, and two at once."""

import asyncio

import httpx
import pytest

from service.cycle.picture.show import read_picture
from tenants.municipalities import municipality_by_slug
from tenants.roles import PictureView
from tests.cycle.picture.history import compiled, count
from tests.town import Town

HOSTS = (
    "annan.example",
    "kraftsamling.test:8443",
    "kraftsamling.test.",
    "tallbacka.kraftsamling.test",
    "kraftsamling.test@annan.example",
    "",
)


@pytest.mark.parametrize("host", HOSTS)
async def test_another_host_is_refused_before_anything_else(tallbacka: Town, host: str) -> None:
    """Attack 6: with the session of a member, on a page and on a path that nobody has."""
    client = await tallbacka.client("safety_coordinator")
    for path in (f"/{tallbacka.slug}/lagesbild", "/finns/inte"):
        answer = await client.get(path, headers={"host": host})
        assert answer.status_code == 400
        assert "set-cookie" not in answer.headers and tallbacka.name not in answer.text


async def test_forwarded_hosts_change_nothing(tallbacka: Town, sjohaga: Town) -> None:
    client = await tallbacka.client("safety_coordinator")
    for name in ("x-forwarded-host", "x-original-host", "forwarded", "x-host"):
        answer = await client.get(
            f"/{sjohaga.slug}/lagesbild", headers={name: "kraftsamling.test, host=ond.example"}
        )
        assert answer.status_code == 404
        answer = await client.get(f"/{tallbacka.slug}", headers={name: "ond.example"})
        assert answer.status_code == 303 and "ond.example" not in answer.headers["location"]


async def test_names_that_look_alike_are_not_the_same(tallbacka: Town) -> None:
    """Attack 20: what is remembered of a municipality is found by its very name alone."""
    client = await tallbacka.client("safety_coordinator")
    assert (await client.get(f"/{tallbacka.slug}/lagesbild")).status_code == 200
    slug = tallbacka.slug
    for alike in (
        slug.upper(),
        slug.replace("a", "а"),
        f"{slug}%00",
        f"{slug}:x",
        f"{slug}%20",
        f"{slug}.",
        f"%2e%2e/{slug}x",
    ):
        answer = await client.get(f"/{alike}/lagesbild")
        assert answer.status_code in (400, 404), alike
    assert await municipality_by_slug(slug.upper()) is None


async def test_the_way_back_after_leaving_asks_for_a_log_in(tallbacka: Town) -> None:
    """Attack 86: no page of a member is kept by browser or proxy, and leaving says so."""
    client = await tallbacka.client("safety_coordinator")
    for path in ("lagesbild", "rapporter", "styrgrupp"):
        page = await client.get(f"/{tallbacka.slug}/{path}")
        assert page.headers["cache-control"] == "no-store"
    answer: httpx.Response = await client.post(
        "/auth/logout", headers={"x-csrftoken": client.cookies["__Host-csrf"]}
    )
    assert '"storage"' in answer.headers["clear-site-data"]
    again = await client.get(f"/{tallbacka.slug}/lagesbild")
    assert again.status_code == 303 and again.headers["location"].startswith("/logga-in")


async def test_pictures_compiled_at_once_do_not_mix(tallbacka: Town, sjohaga: Town) -> None:
    """Attack 93: nothing is shared between two municipalities' computations."""
    await count(tallbacka, [(week, "Ruta 1", "arson", "Polisen", 5) for week in range(8)])
    await count(sjohaga, [(week, "Ruta 1", "graffiti", "Polisen", 5) for week in range(8)])
    await asyncio.gather(compiled(tallbacka), compiled(sjohaga))
    for town, own, other in (
        (tallbacka, "arson", "graffiti"),
        (sjohaga, "graffiti", "arson"),
    ):
        async with town.scope():
            shown = await read_picture(PictureView.ALL)
        assert shown is not None and shown.wide is not None
        categories = [
            shown.wide["categories"][one["category"]]["key"] for one in shown.wide["priorities"]
        ]
        assert own in categories and other not in categories
        areas = {shown.wide["areas"][one["area"]]["key"] for one in shown.wide["priorities"]}
        assert areas <= {"ruta-1", "ruta-2"}
