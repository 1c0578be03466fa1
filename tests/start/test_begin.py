"""Kom igång: what is done follows from rows, so that it can stop anywhere and go on another day."""

import json
from typing import Any

import httpx
import pytest

from service.council.seats.lay_out import SEATS, lay_out_seats
from tenants.scope import fetch, fetch_row, fetch_value
from tests.cycle.mapping.areas.files import stand_in
from tests.people.authenticator import Device
from tests.people.cast import BASE, join, link_of, send
from tests.town import Town


async def post(town: Town, path: str, **form: str) -> httpx.Response:
    client = await town.client("safety_coordinator")
    return await send(client, f"/{town.slug}/kom-igang{path}", **form)


async def upload(town: Town, content: bytes, role: str = "safety_coordinator") -> httpx.Response:
    return await town.post("/kom-igang/omraden", role=role, file=("omraden.geojson", content))


def square(west: float, south: float, name: Any = "Norr", size: float = 0.01) -> dict[str, Any]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


NORR, SODER = square(17.05, 61.30), square(17.05, 61.28, "Söder")


@pytest.fixture(autouse=True)
def stands_in_soderhamn(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "2182")


async def test_each_step_is_done_by_its_rows_and_stays_so(tallbacka: Town) -> None:
    async with tallbacka.scope():
        await lay_out_seats()

    async def left() -> str:
        page = await tallbacka.get("/kom-igang", role="safety_coordinator")
        assert page.status_code == 200
        return page.text

    assert "5 steg kvar" in await left() or "6 steg kvar" in await left()
    assert (await post(tallbacka, "/klart", step="log_in")).status_code == 303
    assert (await post(tallbacka, "/klart", step="log_in")).status_code == 303
    assert (await post(tallbacka, "/klart", step="areas")).status_code == 303
    assert (await post(tallbacka, "/period", weeks="2", closes_on="5")).status_code == 303
    text = await left()
    assert '<option value="2" selected>' in text and '<option value="5" selected>' in text
    categories = [("shown", key) for key in tallbacka.categories]
    client = await tallbacka.client("safety_coordinator")
    answer = await client.post(
        f"/{tallbacka.slug}/kom-igang/kategorier",
        content="&".join(f"{name}={value}" for name, value in categories),
        headers={
            "x-csrftoken": client.cookies["__Host-csrf"],
            "content-type": "application/x-www-form-urlencoded",
        },
    )
    assert answer.status_code == 303
    await post(
        tallbacka,
        "/platser",
        organisation=str(tallbacka.organisations["Kommunen"]),
        **{f"seat-{key}": f"{key}@exempel.test" for key, *_ in SEATS},
    )
    await tallbacka.add_member("reporter")
    assert "Allt är på plats" in await left()


@pytest.mark.parametrize(
    "form", [{}, {"weeks": "3", "closes_on": "1"}, {"weeks": "1", "closes_on": "8"}]
)
async def test_a_period_that_is_none_is_not_kept(tallbacka: Town, form: dict[str, str]) -> None:
    answer = await post(tallbacka, "/period", **form)
    assert answer.status_code == 422 and "Välj" in answer.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM reporting_cycle") == 0
    assert (await post(tallbacka, "/klart", step="allt")).status_code == 422


async def test_a_file_becomes_areas_and_the_rest_is_the_rest(tallbacka: Town) -> None:
    answer = await upload(tallbacka, collection(NORR, SODER))
    assert answer.status_code == 303, answer.text
    async with tallbacka.scope():
        rows = await fetch("SELECT key, name, kind, boundary FROM area ORDER BY key")
    assert [(row["name"], row["kind"]) for row in rows] == [
        ("Norr", "district"),
        ("Övriga kommunen", "rest"),
        ("Söder", "district"),
    ]
    assert all(json.loads(row["boundary"])["type"] == "MultiPolygon" for row in rows)
    page = await tallbacka.get("/kom-igang/omraden", role="tenant_admin")
    assert "Söder" in page.text and "3 områden" in page.text
    # A report lies in one of them afterwards.
    form = await tallbacka.get("/rapportera", role="reporter")
    assert "Norr" in form.text


async def test_the_suggested_ones_can_be_taken_back(tallbacka: Town) -> None:
    await upload(tallbacka, collection(NORR))
    assert (await post(tallbacka, "/omraden", suggested="yes")).status_code == 303
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM area WHERE kind = 'hexagon'") > 5


BAD = {
    "nothing": (b"", "Välj en fil"),
    "text": (b"hej", "ingen GeoJSON"),
    "binary": (b"\xff\xfe\0PK\3\4", "ingen GeoJSON"),
    "deep": (b"[" * 100_000, "ingen GeoJSON"),
    "a list": (b"[]", "inga områden"),
    "no features": (collection(), "inga områden"),
    "one feature alone": (json.dumps(NORR).encode(), "inga områden"),
    "too many": (collection(*[square(17.0, 61.3, f"a{n}") for n in range(601)]), "Högst 600"),
    "no name": (collection(square(17.0, 61.3, None)), "saknar namn"),
    "a number for a name": (collection(square(17.0, 61.3, 7)), "saknar namn"),
    "an empty name": (collection(square(17.0, 61.3, "  ")), "saknar namn"),
    "two of one name": (collection(NORR, square(17.1, 61.3)), "Två områden heter Norr"),
    "a feature that is none": (collection(None, 1, "x"), "saknar namn"),
    "a point": (
        collection({**NORR, "geometry": {"type": "Point", "coordinates": [17, 61]}}), "ingen yta",
    ),
    "no geometry": (collection({**NORR, "geometry": None}), "ingen yta"),
    "corners that are text": (
        collection({**NORR, "geometry": {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}}),
        "inte tal",
    ),
    "too few corners": (
        collection({**NORR, "geometry": {"type": "Polygon", "coordinates": [[[17, 61]]]}}),
        "inte tal",
    ),
    "no corners": (
        collection({**NORR, "geometry": {"type": "Polygon", "coordinates": []}}), "är tom",
    ),
    "a line": (
        collection({**NORR, "geometry": {"type": "Polygon", "coordinates": [
            [[17, 61], [17.1, 61], [17.2, 61], [17, 61]]]}}),
        "ingen yta",
    ),
    "infinite": (b'{"features": [{"properties": {"name": "x"}, "geometry": {"type": "Polygon", '
                 b'"coordinates": [[[1e999, 61], [17, 62], [18, 62], [1e999, 61]]]}}]}', "x "),
    "in metres": (collection(square(594_000, 6_797_000, size=900)), "WGS 84"),
    "turned around": (collection(square(61.3, 17.05)), "WGS 84"),
    "in another place": (collection(square(11.9, 57.7)), "inte i kommunen"),
    "one upon the other": (collection(NORR, square(17.055, 61.305, "Mitt")), "delvis på varandra"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
async def test_a_file_that_is_wrong_says_what_and_changes_nothing(
    tallbacka: Town, bad: str
) -> None:
    content, said = BAD[bad]
    async with tallbacka.scope():
        before = await fetch("SELECT id FROM area ORDER BY id")
    answer = await upload(tallbacka, content)
    assert answer.status_code == 422, answer.text[:300]
    assert said in answer.text
    async with tallbacka.scope():
        assert await fetch("SELECT id FROM area ORDER BY id") == before


async def test_a_file_that_is_too_large_is_not_read(tallbacka: Town) -> None:
    """Attacks 78, 80: bounded by the server before anything is parsed."""
    answer = await upload(tallbacka, b" " * (9 * 1024 * 1024))
    assert answer.status_code == 413


async def test_a_crossed_shape_is_mended_and_markup_in_a_name_is_text(tallbacka: Town) -> None:
    bow = [[17.0, 61.3], [17.01, 61.31], [17.01, 61.3], [17.0, 61.31], [17.0, 61.3]]
    feature = {
        "properties": {"namn": "<b>Norr</b>"},
        "geometry": {"type": "Polygon", "coordinates": [bow]},
    }
    assert (await upload(tallbacka, collection(feature))).status_code == 303
    page = await tallbacka.get("/kom-igang/omraden", role="safety_coordinator")
    assert "&lt;b&gt;Norr" in page.text and "<b>Norr" not in page.text


async def test_categories_are_hidden_and_renamed_and_keep_their_keys(tallbacka: Town) -> None:
    answer = await post(
        tallbacka,
        "/kategorier",
        shown="graffiti",
        **{"label-graffiti": "Klotter <i>", "label-x": "y"},
    )
    assert answer.status_code == 303
    async with tallbacka.scope():
        rows = await fetch("SELECT key, label FROM category WHERE hidden_on IS NULL")
        count = await fetch_value("SELECT count(*) FROM category")
    assert [tuple(row) for row in rows] == [("graffiti", "Klotter <i>")] and count == 38
    form = await tallbacka.get("/rapportera", role="reporter")
    assert "Klotter &lt;i&gt;" in form.text and "Krossade rutor" not in form.text
    none = await post(tallbacka, "/kategorier", shown="finns-inte")
    assert none.status_code == 422 and "Minst en kategori" in none.text


async def test_a_seat_is_offered_to_one_person_who_then_holds_it(tallbacka: Town) -> None:
    async with tallbacka.scope():
        await lay_out_seats()
    where = str(tallbacka.organisations["Kommunen"])
    form = {
        "organisation": where,
        "seat-board_chair": "ordf@exempel.test",
        "seat-lpo_chief": "chef@exempel.test",
        "seat-finns-inte": "x@exempel.test",
    }
    assert (await post(tallbacka, "/platser", **form)).status_code == 303
    # Sent twice, each seat is offered once.
    assert (await post(tallbacka, "/platser", **form)).status_code == 303
    async with tallbacka.scope():
        rows = await fetch("SELECT seat, roles FROM invitation ORDER BY seat")
    assert [(row["seat"], row["roles"]) for row in rows] == [
        ("board_chair", ["steering_member"]),
        ("lpo_chief", ["steering_co_opted"]),
    ]
    link = await link_of(tallbacka, "ordf@exempel.test")
    browser = tallbacka.near.browser()
    assert (await join(browser, link, Device(BASE), "Ordföranden")).status_code == 303
    assert (await browser.get(f"/{tallbacka.slug}/styrgrupp")).status_code == 200
    async with tallbacka.scope():
        row = await fetch_row("SELECT role, seat FROM membership WHERE seat IS NOT NULL")
    assert row is not None and tuple(row) == ("steering_member", "board_chair")
    page = await tallbacka.get("/kom-igang/platser", role="safety_coordinator")
    assert "Ordföranden" in page.text and "chef@exempel.test" in page.text
    wrong = await post(
        tallbacka, "/platser", **{"seat-social_chair": "ingen", "organisation": where}
    )
    assert wrong.status_code == 422 and "ingen e-postadress" in wrong.text
    assert 'value="ingen"' in wrong.text


@pytest.mark.parametrize("path", ["", "/omraden", "/kategorier", "/platser"])
async def test_who_may_not_and_what_the_neighbour_sees(
    tallbacka: Town, sjohaga: Town, path: str
) -> None:
    for role in ("reporter", "steering_member", "municipal_police", "auditor"):
        assert (await tallbacka.get(f"/kom-igang{path}", role=role)).status_code == 403
    client = await sjohaga.client("tenant_admin")
    assert (await client.get(f"/{tallbacka.slug}/kom-igang{path}")).status_code == 404
    assert (await tallbacka.get(f"/kom-igang{path}", role="tenant_admin")).status_code == 200
