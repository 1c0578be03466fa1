"""Operations see how the service does, and nobody else, and no municipality by name."""

import httpx

from tests.town import Town


async def _metrics(town: Town, client: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(town.near.app, client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url=town.near.base_url) as browser:
        return await browser.get("/metrics", headers=headers)


async def test_a_collector_on_the_machine_sees_figures_without_names(tallbacka: Town) -> None:
    await tallbacka.get("/lagesbild", role="safety_coordinator")
    answer = await _metrics(tallbacka, "127.0.0.1")
    assert answer.status_code == 200
    assert 'ks_requests_total{method="GET",status="2xx"}' in answer.text
    assert "ks_live_streams" in answer.text
    assert tallbacka.slug not in answer.text and tallbacka.name not in answer.text


async def test_to_everybody_else_the_page_does_not_exist(tallbacka: Town) -> None:
    assert (await _metrics(tallbacka, "192.0.2.7")).status_code == 404
    forwarded = {"x-forwarded-for": "192.0.2.7"}
    assert (await _metrics(tallbacka, "127.0.0.1", **forwarded)).status_code == 404
