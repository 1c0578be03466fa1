"""The whole way in and out with a certified provider that shares no code with us."""

import re
from datetime import timedelta
from uuid import UUID

import httpx

from tenants.identity import discovery
from tenants.identity.client_keys import rotate_client_key
from tenants.scope import execute, fetch_row, fetch_value, operator_scope, platform_scope
from tests.peers.conftest import Peer, go, log_in, renew, tell, whoami


async def test_a_member_logs_in_and_works(peer: Peer) -> None:
    person_id = await peer.member("kim")
    async with peer.service.browser() as browser:
        answer = await log_in(browser, peer, "kim")
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == f"/{peer.town.slug}/rapportera"
        page = await browser.get(f"{peer.service.address}/{peer.town.slug}/rapportera")
        assert page.status_code == 200
        assert await whoami(browser, peer.service) == str(person_id)


async def test_logged_out_here_and_there(peer: Peer) -> None:
    await peer.member("lo")
    async with peer.service.browser() as browser:
        await log_in(browser, peer, "lo")
        await browser.get(peer.service.address)
        token = browser.cookies["__Host-csrf"]
        page = await browser.post(
            f"{peer.service.address}/auth/logout", headers={"x-csrftoken": token}
        )
        assert page.status_code == 200
        assert await whoami(browser, peer.service) is None
        onward = re.search(r'content="0;url=([^"]+)"', page.text)
        assert onward is not None
        asked = await browser.get(onward[1].replace("&amp;", "&"))
        # The provider knows the session from the token that we sent along, and asks once more.
        assert asked.status_code == 200
        secret = re.search(r'name="xsrf" value="([^"]+)"', asked.text)
        assert secret is not None
        done = await browser.post(
            f"{peer.issuer}/session/end/confirm", data={"xsrf": secret[1], "logout": "yes"}
        )
        assert done.status_code == 303
        assert done.headers["location"].split("?")[0] == f"{peer.service.address}/"


async def test_logging_out_at_the_provider_ends_the_session_here(peer: Peer) -> None:
    """Back-channel: another tab logs out at the provider, which tells us itself."""
    await peer.member("mo")
    async with peer.service.browser() as browser, peer.service.browser() as other:
        await log_in(browser, peer, "mo")
        await log_in(other, peer, "mo")
        assert await whoami(browser, peer.service)
        asked = await browser.get(f"{peer.issuer}/session/end")
        secret = re.search(r'name="xsrf" value="([^"]+)"', asked.text)
        assert secret is not None
        await browser.post(
            f"{peer.issuer}/session/end/confirm", data={"xsrf": secret[1], "logout": "yes"}
        )
        assert await whoami(browser, peer.service) is None
        # The other browser's session at the provider is another one.
        assert await whoami(other, peer.service)


async def test_a_new_key_is_believed_at_once_and_the_old_one_no_longer(peer: Peer) -> None:
    """Attack 64."""
    await peer.member("no")
    async with peer.service.browser() as browser:
        assert (await log_in(browser, peer, "no")).status_code == 303
    await renew(peer)
    async with peer.service.browser() as browser:
        assert (await log_in(browser, peer, "no")).status_code == 303
    await tell(peer, keys=[])
    discovery.forget()
    async with peer.service.browser() as browser:
        assert (await log_in(browser, peer, "no")).status_code == 400


async def test_we_prove_who_we_are_by_our_own_key(certified: tuple[Peer, Peer], peer: Peer) -> None:
    """`private_key_jwt`: the provider reads our key where we publish it."""
    by_key = certified[1]
    await by_key.member("ro")
    async with peer.service.browser() as browser:
        assert (await log_in(browser, by_key, "ro")).status_code == 303
    published = (await httpx.AsyncClient().get(f"{peer.service.address}/auth/jwks")).json()["keys"]
    assert published and all(
        not {"d", "p", "q", "dp", "dq", "qi"} & key.keys() for key in published
    )
    async with platform_scope():
        sealed = await fetch_value("SELECT sealed FROM client_key LIMIT 1")
    assert '"d"' not in sealed


async def test_our_own_key_is_rotated_without_a_gap(
    certified: tuple[Peer, Peer], peer: Peer
) -> None:
    by_key = certified[1]
    await by_key.member("so")
    before = await _published(peer)
    new = await rotate_client_key(peer.service.settings.secret_key)
    assert await _published(peer) == {new, *before}
    for hours in (0, 2, 30):
        async with operator_scope():
            await execute(
                """UPDATE client_key SET made_at = made_at - $1::interval,
                       withdrawn_at = withdrawn_at - $1::interval""",
                timedelta(hours=hours),
            )
        await renew(peer)  # In that time it would have looked for our keys again.
        discovery.forget()
        async with peer.service.browser() as browser:
            assert (await log_in(browser, by_key, "so")).status_code == 303, hours
    # Two hours later the new one signs; a day later the old one is gone from the list.
    assert await _published(peer) == {new}


async def _published(peer: Peer) -> set[str]:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{peer.service.address}/auth/jwks")
    return {key["kid"] for key in answer.json()["keys"]}


async def test_a_surer_log_in_is_asked_for_and_recognised(peer: Peer) -> None:
    """Attack 60: the municipality reads the provider's own words as levels."""
    person_id = await peer.member("to")
    async with peer.town.scope():
        await execute(
            "UPDATE accepted_provider SET assurance = $2::jsonb WHERE provider_id = $1",
            peer.provider_id,
            '{"urn:loa2": 2, "urn:loa3": 3}',
        )
    async with peer.service.browser() as browser:
        assert (await log_in(browser, peer, "to", "&niva=3&inom=60")).status_code == 303
        assert await _said(person_id) == "urn:loa3"
    # A weaker one than was asked for is refused, whatever it calls itself.
    for acr in ("urn:loa2", "urn:loa9", None):
        await tell(peer, claims={"acr": acr})
        async with peer.service.browser() as browser:
            answer = await log_in(browser, peer, "to", "&niva=3")
            assert answer.status_code == 400
            assert "Inloggningen räcker inte hit" in answer.text
    await tell(peer, times={"auth_time": -3600})
    async with peer.service.browser() as browser:
        answer = await log_in(browser, peer, "to", "&inom=60")
        assert answer.status_code == 400 and "räcker inte hit" in answer.text


async def _said(person_id: UUID) -> str | None:
    async with platform_scope():
        row = await fetch_row(
            "SELECT acr FROM session WHERE person_id = $1 ORDER BY created_at DESC", person_id
        )
    assert row is not None
    return row["acr"]


async def test_two_tabs_both_finish(peer: Peer) -> None:
    await peer.member("uo")
    address = f"{peer.service.address}/auth/login/{peer.name}"
    async with peer.service.browser() as browser:
        first = await browser.get(address)
        second = await browser.get(address)
        for answer in (first, second):
            assert (await go(browser, answer.headers["location"], "uo")).status_code == 303
