"""The same way in and out with a provider by others, in C, that does not name itself (`iss`)."""

import re
import secrets
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tenants.identity import discovery
from tenants.identity.providers import add_provider
from tenants.scope import fetch, platform_scope
from tests.conftest import free_ports
from tests.peers import glewlwyd
from tests.peers.conftest import Browser, Peer, Service, path_of, started, whoami
from tests.reference import NO_PEER, REQUIRED
from tests.town import Neighbourhood, found_town


@pytest.fixture(scope="module")
async def second(
    service: Service, neighbourhood: Neighbourhood, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Peer, int]]:
    """glewlwyd, whose people become reporters of a municipality of its own."""
    if not glewlwyd.is_here():
        missing = f"{NO_PEER} is installed: `make test` does that where it may"
        pytest.fail(missing) if REQUIRED else pytest.skip(missing)
    port, name = free_ports(), f"andra-{secrets.token_hex(3)}"
    folder: Path = tmp_path_factory.mktemp("glewlwyd")
    town = await found_town(neighbourhood, "Sjöhaga")
    with started(glewlwyd.prepare(folder, port), stderr=subprocess.DEVNULL):
        await glewlwyd.furnish(
            port,
            redirect_uri=f"{service.address}/auth/callback/{name}",
            after_log_out=f"{service.address}/",
            people=["kim", "lo"],
        )
        provider_id = await add_provider(
            tenant_slug=town.slug,
            name=name,
            issuer=glewlwyd.issuer(port),
            client_id=glewlwyd.CLIENT_ID,
            client_secret=glewlwyd.SECRET,
            secret_key=service.settings.secret_key,
            production=False,
            join="reporter",
        )
        yield Peer(name, glewlwyd.issuer(port), service, town, provider_id), port
    await town.close()


async def log_in(browser: Browser, peer: Peer, name: str) -> str:
    """The whole log-in; where the service then leads."""
    start = f"{peer.service.address}/auth/login/{peer.name}?next=/{peer.town.slug}/rapportera"
    onward = await browser.get(start)
    assert onward.status_code == 303, onward.text
    back = await glewlwyd.answer_as(browser, onward.headers["location"], name)
    answer = await browser.get(f"{peer.service.address}{path_of(back)}")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def test_people_of_two_names_are_two_people(second: tuple[Peer, int]) -> None:
    peer, _ = second
    found = []
    for name in ("kim", "lo", "kim"):
        async with peer.service.browser() as browser:
            await log_in(browser, peer, name)
            found.append(await whoami(browser, peer.service))
    assert found[0] == found[2] != found[1]
    async with platform_scope():
        rows = await fetch(
            """SELECT subject, name FROM identity JOIN person ON person.id = person_id
               WHERE issuer = $1""",
            peer.issuer,
        )
    # The subject says nothing of the name that the person logs in with there.
    assert {row["name"] for row in rows} == {"Prov kim", "Prov lo"}
    assert not {"kim", "lo"} & {row["subject"] for row in rows}


async def test_a_new_key_is_believed_at_once(second: tuple[Peer, int]) -> None:
    peer, port = second
    async with peer.service.browser() as browser:
        await log_in(browser, peer, "kim")
    await glewlwyd.rotate_key(port)
    # What the service remembers of the keys stays: an unknown name makes it look again.
    async with peer.service.browser() as browser:
        await log_in(browser, peer, "kim")


async def test_logged_out_here_and_there(second: tuple[Peer, int]) -> None:
    peer, _ = second
    discovery.forget()
    async with peer.service.browser() as browser:
        await log_in(browser, peer, "lo")
        await browser.get(peer.service.address)
        page = await browser.post(
            f"{peer.service.address}/auth/logout",
            headers={"x-csrftoken": browser.cookies["__Host-csrf"]},
        )
        assert page.status_code == 200
        assert await whoami(browser, peer.service) is None
        onward = re.search(r'content="0;url=([^"]+)"', page.text)
        assert onward is not None
        asked = await browser.get(onward[1].replace("&amp;", "&"))
        # It takes our address to come back to as agreed, and asks the person on its own page.
        assert asked.status_code == 302
        assert "login.html" in asked.headers["location"]
        assert "end_session" in asked.headers["location"]
