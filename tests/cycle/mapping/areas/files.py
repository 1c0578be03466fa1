"""Files of areas for a founded town, and how a coordinator sends them."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from service.cycle.mapping.areas import hexagons
from service.geography import areas_of
from service.start import area_pages
from tests.town import Town

COORDINATOR = "safety_coordinator"


def stand_in(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Founded towns have codes that no municipality has; say whose land is theirs."""
    for module in (hexagons, area_pages):
        monkeypatch.setattr(module, "areas_of", lambda _code: areas_of(code))


def square(name: str, west: float, east: float) -> dict[str, Any]:
    """A part of where a founded town lies: its areas begin at 17.045 E, one a hundredth wide."""
    ring = [[west, 61.29], [east, 61.29], [east, 61.31], [west, 61.31], [west, 61.29]]
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


# Ruta 1 is parted in the middle; its eastern part and Ruta 2 become one.
PARTED = [square("Väster", 17.0, 17.05), square("Öster", 17.05, 17.2)]


def as_file(features: list[dict[str, Any]]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


async def upload(town: Town, content: bytes, **form: str) -> httpx.Response:
    return await town.post(
        "/kom-igang/omraden",
        role=COORDINATOR,
        file=("områden.geojson", content) if content else None,
        form_id=uuid4(),
        **form,
    )


async def proposed(town: Town, content: bytes, **form: str) -> str:
    answer = await upload(town, content, **form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(f"/{town.slug}")
