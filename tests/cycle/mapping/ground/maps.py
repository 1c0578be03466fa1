"""How a coordinator sends a map, in a town that lies where Söderhamn does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx

from service.cycle.mapping.ground.take_in import take_in
from service.geography import base_map
from tenants.scope import execute, fetch_value, operator_scope
from tests.sources.maps.files import geopackage, town
from tests.town import Town

COORDINATOR = "safety_coordinator"
UNDERLAG = "/kom-igang/underlag"
PLACE = base_map("2182").localities[0]
HERE = town(PLACE.longitude, PLACE.latitude)
MAP = geopackage(HERE)
ASIDE = "9999"


@asynccontextmanager
async def as_soderhamn(place: Town) -> AsyncIterator[None]:
    """The ground is a real municipality's, for as long as it is looked at; one that a
    demonstration has made of it stands aside."""
    async with operator_scope():
        own = await fetch_value("SELECT code FROM municipality WHERE id = $1", place.id)
        demonstration = await fetch_value("SELECT id FROM municipality WHERE code = '2182'")
        await _give(demonstration, ASIDE)
        await _give(place.id, "2182")
    try:
        yield
    finally:
        async with operator_scope():
            await _give(place.id, own)
            await _give(demonstration, "2182")


async def _give(municipality_id: UUID | None, code: str) -> None:
    await execute("UPDATE municipality SET code = $2 WHERE id = $1", municipality_id, code)


async def send(
    place: Town,
    content: bytes = MAP,
    *,
    name: str = "kommunkarta.gpkg",
    attribution: str = "© Tallbacka stadsbyggnad",
    form_id: str = "",
    role: str = COORDINATOR,
) -> httpx.Response:
    return await place.post(
        UNDERLAG,
        role=role,
        file=(name, content),
        attribution=attribution,
        form_id=form_id or uuid4(),
    )


async def sent(place: Town, content: bytes = MAP, **options: str) -> None:
    """A map that a worker has read."""
    answer = await send(place, content, **options)
    assert answer.status_code == 303, answer.text
    await place.work()


async def laid(place: Town) -> None:
    """A map under the points, whatever other jobs wait."""
    assert (await send(place)).status_code == 303
    async with place.scope():
        waiting = await fetch_value("SELECT map_id FROM ground_file")
    await take_in(place.id, waiting)


async def look(place: Town) -> str:
    return (await place.get(UNDERLAG, role=COORDINATOR)).text


async def told(place: Town, role: str = "reporter") -> dict[str, Any]:
    """What the map in the form is told of the own map."""
    answer = await place.get("/karta/underlag.json", role=role)
    assert answer.status_code == 200
    return dict(answer.json())
