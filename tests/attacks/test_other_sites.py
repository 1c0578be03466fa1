"""Attacks 69, 83, 84: a page of another site makes a member's browser do nothing here."""

import pytest

from tenants.scope import fetch_value
from tests.cycle.mapping.test_hand_in import report
from tests.town import Town

FOREIGN = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://annan.test"},
    {"origin": "null"},
    {"origin": "http://kraftsamling.test"},
    {"origin": "https://kraftsamling.test:444"},
    {"origin": "https://a.kraftsamling.test", "sec-fetch-site": "same-origin"},
]
OWN = [
    {},
    {"origin": "https://kraftsamling.test", "sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_also_with_both_halves_of_a_token_another_site_changes_nothing(
    tallbacka: Town, headers: dict[str, str]
) -> None:
    answer = await tallbacka.post(
        "/rapportera", role="reporter", headers=headers, **report(tallbacka)
    )
    assert answer.status_code == 403
    client = await tallbacka.client("reporter")
    leaving = await client.post(
        "/auth/logout", headers=headers | {"x-csrftoken": client.cookies["__Host-csrf"]}
    )
    assert leaving.status_code == 403
    assert (await client.get("/me")).status_code == 200
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM report") == 0


@pytest.mark.parametrize("headers", OWN)
async def test_our_own_pages_are_let_through(tallbacka: Town, headers: dict[str, str]) -> None:
    answer = await tallbacka.post(
        "/rapportera", role="reporter", headers=headers, **report(tallbacka)
    )
    assert answer.status_code == 200


async def test_a_link_from_another_site_opens_a_page(tallbacka: Town) -> None:
    headers = {"sec-fetch-site": "cross-site", "origin": "https://annan.test"}
    answer = await tallbacka.get("/lagesbild", role="reporter", headers=headers)
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control-")]


async def test_a_log_out_by_link_does_nothing(tallbacka: Town) -> None:
    client = await tallbacka.client("reporter")
    assert (await client.get("/auth/logout")).status_code in (404, 405)
    assert (await client.get("/me")).status_code == 200
