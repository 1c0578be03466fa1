"""Attack 65: after log-in the browser goes to a page of ours, whatever it was asked to do."""

import httpx
import pytest

from tenants.identity.next_page import own_path
from tests.entrance.conftest import Hostile

ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%2f%2fevil.example",
    "/%2fevil.example",
    "/%5cevil.example",
    "/%255cevil.example",
    "/%25252fevil.example",
    "/..//evil.example",
    "/.//evil.example",
    "/a/../../evil",
    "/%2e%2e/a",
    "/\tevil.example",
    "/\r\nLocation: https://evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    " /soderhamn",
    "/@evil.example",
    "/soderhamn#a",
    "/\u2028",
    "/＼evil.example",
    "evil.example",
    "",
    "/auth/logout",
    "/auth/login/local",
    "/logga-in",
    "/" + "a" * 2000,
    "/a\0b",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_elsewhere_becomes_the_start_page(wanted: str) -> None:
    assert own_path(wanted) == "/"


@pytest.mark.parametrize(
    "wanted",
    [
        "/",
        "/soderhamn",
        "/soderhamn/lagesbild?vecka=2026-11-16&vy=karta",
        "/a/b-c_d.e~f",
        "/%C3%A5",
    ],
)
def test_an_own_path_is_kept(wanted: str) -> None:
    assert own_path(wanted) == wanted


@pytest.mark.parametrize("wanted", ELSEWHERE[::5])
async def test_nothing_leads_elsewhere_through_a_whole_log_in(
    hostile: Hostile, browser: httpx.AsyncClient, wanted: str
) -> None:
    answer = await hostile.attempt(browser, next_page=wanted)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    chooser = await browser.get("/logga-in", params={"next": wanted})
    assert "evil.example" not in chooser.text + chooser.headers.get("location", "")
