"""Log in as a person would: every redirect followed by hand, no short cut."""

import re
from urllib.parse import urlsplit

import httpx


async def start(client: httpx.AsyncClient, *, provider: str = "local", next_page: str = "/") -> str:
    """Where the product sends the browser to log in."""
    answer = await client.get(f"/auth/login/{provider}", params={"next": next_page})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def answer_as(provider_client: httpx.AsyncClient, address: str, subject: str) -> str:
    """Choose `subject` on the provider's page; the address that leads back to the product."""
    question = await provider_client.get(address)
    assert question.status_code == 303, question.text
    asked = question.headers["location"]
    page = await provider_client.get(asked)
    assert page.status_code == 200, page.text
    name = re.search(r'name="question" value="([^"]+)"', page.text)
    assert name is not None
    chosen = await provider_client.post(
        "/log-in", data={"question": name.group(1), "subject": subject}
    )
    assert chosen.status_code == 303, chosen.text
    return chosen.headers["location"]


async def come_back(client: httpx.AsyncClient, address: str) -> httpx.Response:
    """Follow the provider's answer into the product."""
    parts = urlsplit(address)
    return await client.get(f"{parts.path}?{parts.query}")


async def log_in(
    client: httpx.AsyncClient,
    provider_client: httpx.AsyncClient,
    subject: str,
    *,
    next_page: str = "/",
) -> httpx.Response:
    """Log `subject` in through the local provider; the product's last answer, a redirect.

    `client` needs an https base URL, since clients drop `__Host-` cookies over http.
    """
    address = await start(client, next_page=next_page)
    answer = await come_back(client, await answer_as(provider_client, address, subject))
    assert answer.status_code == 303, answer.text
    return answer


async def follow_step_up(
    client: httpx.AsyncClient,
    provider_client: httpx.AsyncClient,
    answer: httpx.Response,
    subject: str,
) -> httpx.Response:
    """Log in once more, as `answer` asks for before it shows its page; the product's redirect."""
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith("/auth/login/"), answer.headers["location"]
    onward = await client.get(answer.headers["location"])
    assert onward.status_code == 303, onward.text
    back = await answer_as(provider_client, onward.headers["location"], subject)
    return await come_back(client, back)
