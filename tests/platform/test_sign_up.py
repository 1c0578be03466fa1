"""Attacks 36, 73: a municipality asks, verifies, agrees, is let in, is shut, comes back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import httpx
import pytest

import service.people.jobs  # noqa: F401 - registers its job
from service.entrance import agreement
from service.entrance.sign_up_letter import write_sign_up_letters
from service.geography.areas import areas_of
from service.geography.municipalities import municipalities
from service.platform.approve import approve, approve_by_slug
from service.web import letters
from service.worker import run_job, sweep
from tenants.people.tokens import token_of
from tenants.roles import Role
from tenants.scope import execute, fetch, fetch_row, fetch_value, platform_scope, tenant_scope
from tenants.signup.ask import NoSignUp
from tests.letterbox import Letterbox
from tests.people.authenticator import Device
from tests.people.cast import BASE, SECRET_KEY, join, send
from tests.platform.cast import operators_browser
from tests.town import Neighbourhood, Town

_unused = iter(municipalities())


@pytest.fixture
async def browser(neighbourhood: Neighbourhood) -> AsyncIterator[httpx.AsyncClient]:
    client = neighbourhood.browser()
    yield client
    await client.aclose()


@pytest.fixture
async def operator(neighbourhood: Neighbourhood) -> AsyncIterator[httpx.AsyncClient]:
    client = await operators_browser(neighbourhood)
    yield client
    await client.aclose()


@pytest.fixture
def town() -> object:
    """One of the 290 that no other test has taken."""
    return next(_unused)


def email_of(town) -> str:
    return f"anna.{town.code}@exempel.test"


async def ask(browser: httpx.AsyncClient, town, **form: str) -> httpx.Response:
    whole = {"code": town.code, "contact": "Anna Lind", "title": "Samordnare"}
    whole["email"] = email_of(town)
    return await send(browser, "/anslut", **(whole | form))


async def newest(town) -> UUID:
    async with platform_scope():
        return await fetch_value(
            "SELECT id FROM sign_up WHERE code = $1 ORDER BY asked_at DESC LIMIT 1", town.code
        )


async def link_of(town) -> str:
    return f"/anslut/{token_of('sign-up', await newest(town), SECRET_KEY)}"


async def agreed(browser: httpx.AsyncClient, town) -> UUID:
    """A sign-up that waits for the operator."""
    assert (await ask(browser, town)).status_code == 200
    link = await link_of(town)
    assert (await send(browser, f"{link}/bekrafta")).status_code == 303
    form = {"accepted": "yes", "version": agreement.CURRENT}
    assert (await send(browser, f"{link}/avtal", **form)).status_code == 303
    return await newest(town)


async def steps(town) -> set[str]:
    async with platform_scope():
        rows = await fetch(
            "SELECT step FROM sign_up_step JOIN sign_up ON id = sign_up_id WHERE code = $1",
            town.code,
        )
    return {row["step"] for row in rows}


async def tenant_of(town) -> UUID | None:
    async with platform_scope():
        return await fetch_value("SELECT id FROM municipality WHERE code = $1", town.code)


async def test_from_the_first_form_to_the_coordinators_first_page(
    browser: httpx.AsyncClient, operator: httpx.AsyncClient, town, letterbox: Letterbox
) -> None:
    assert town.name in (await browser.get("/anslut")).text
    sent = await ask(browser, town)
    assert sent.status_code == 200 and email_of(town) in sent.text
    await write_sign_up_letters()
    await write_sign_up_letters()
    (letter,) = [one for one in letterbox.letters() if one.to == email_of(town)]
    link = await link_of(town)
    assert letter.to == email_of(town) and f"{BASE}{link}" in letter.text.split()

    # A scanner opens the link: nothing happens. A person presses the button.
    for _ in range(2):
        page = await browser.get(link)
        assert page.status_code == 200 and "Ja, bekräfta adressen" in page.text
    assert await steps(town) == {"written"}
    await send(browser, f"{link}/bekrafta")
    page = await browser.get(link)
    assert "Personuppgiftsbiträdesavtal" in page.text and "tystnadsplikt" in page.text
    await send(browser, f"{link}/avtal", accepted="yes", version=agreement.CURRENT)
    assert "väntar anmälan" in (await browser.get(link)).text
    assert await tenant_of(town) is None

    listed = await operator.get("/drift")
    assert (
        town.name in listed.text
        and email_of(town) in listed.text
        and agreement.CURRENT in listed.text
    )
    done = await send(operator, f"/drift/anmalan/{await newest(town)}/godkann")
    assert done.status_code == 303
    assert "Kommunen är insläppt" in (await browser.get(link)).text
    tenant_id = await tenant_of(town)
    assert tenant_id is not None
    async with tenant_scope(tenant_id):
        assert await fetch_value("SELECT count(*) FROM area") == len(areas_of(town.code))
        assert await fetch_value("SELECT count(*) FROM category") == 38
        assert await fetch_value("SELECT count(*) FROM seat") == 8
        kept = await fetch_row("SELECT * FROM processing_agreement")
        (job,) = await fetch("SELECT id FROM job WHERE verb = 'invitation.letter'")
        invitation = await fetch_row("SELECT id, email, roles FROM invitation")
        verbs = {row["verb"] for row in await fetch("SELECT verb FROM audit_event")}
    assert kept is not None and kept["version"] == agreement.CURRENT
    assert kept["text_hash"] == agreement.fingerprint()
    assert kept["accepted_by"] == "Anna Lind, Samordnare" and kept["accepted_at"] is not None
    assert verbs >= {"agreement.accept", "municipality.approve", "invitation.send"}
    assert invitation is not None and invitation["email"] == email_of(town)
    assert set(invitation["roles"]) == {Role.SAFETY_COORDINATOR, Role.TENANT_ADMIN}
    await run_job(str(job["id"]))
    assert [one.to for one in letterbox.letters()].count(email_of(town)) == 2

    invited = f"/{town.slug}/inbjudan/{token_of('invitation', invitation['id'], SECRET_KEY)}"
    assert (await join(browser, invited, Device(BASE), "Anna Lind")).status_code == 303
    first = await browser.get(f"/{town.slug}")
    assert first.status_code == 303 and first.headers["location"] == f"/{town.slug}/kom-igang"
    begun = await browser.get(f"/{town.slug}/kom-igang")
    assert begun.status_code == 200 and "Hej Anna." in begun.text
    for path in ("lagesbild", "personer", "organisationer", "rapportera"):
        assert (await browser.get(f"/{town.slug}/{path}")).status_code == 200
    # It is no choice any more for the next one who signs up.
    assert f'value="{town.code}"' not in (await browser.get("/anslut")).text
    again = await ask(browser, town)
    assert again.status_code == 422 and "redan med" in again.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"code": ""}, "Välj kommun"),
        ({"code": "9999"}, "Välj kommun"),
        ({"contact": " "}, "Skriv ditt namn"),
        ({"contact": "x" * 121}, "Högst 120 tecken"),
        ({"title": ""}, "Skriv din roll"),
        ({"email": "anna"}, "Skriv en e-postadress"),
        ({"email": "anna@exempel.test, elak@exempel.test"}, "Skriv en e-postadress"),
        ({"email": "anna@exempel.test\r\nBcc: x@y.test"}, "Skriv en e-postadress"),
    ],
)
async def test_what_is_wrong_is_said_and_the_rest_is_kept(
    browser: httpx.AsyncClient, town, form: dict[str, str], said: str
) -> None:
    answer = await ask(browser, town, **form)
    assert answer.status_code == 422 and said in answer.text
    if "contact" not in form:
        assert 'value="Anna Lind"' in answer.text
    assert await newest(town) is None


async def test_an_agreement_that_was_not_read_is_not_accepted(
    browser: httpx.AsyncClient, town
) -> None:
    await ask(browser, town)
    link = await link_of(town)
    # Not before the address is shown to be theirs.
    form = {"accepted": "yes", "version": agreement.CURRENT}
    assert (await send(browser, f"{link}/avtal", **form)).status_code == 404
    await send(browser, f"{link}/bekrafta")
    for wrong in ({}, {"accepted": "yes"}, {"accepted": "yes", "version": "2020-01"}):
        answer = await send(browser, f"{link}/avtal", **wrong)
        assert answer.status_code == 422 and "kryssa för" in answer.text
    assert await steps(town) == {"verified"}


async def test_bad_links_answer_alike(browser: httpx.AsyncClient, town) -> None:
    await ask(browser, town)
    link = await link_of(town)
    said = set()
    for bad in (link[:-1], "/anslut/x", f"/anslut/{'y' * 500}", "/anslut/%00"):
        answers = [await browser.get(bad), await send(browser, f"{bad}/bekrafta")]
        assert [one.status_code for one in answers] == [404, 404]
        said |= {one.text for one in answers}
    assert len(said) == 1
    assert await steps(town) == set()


async def test_who_may_not_let_in(
    browser: httpx.AsyncClient, tallbacka: Town, town, operator: httpx.AsyncClient
) -> None:
    waiting = await agreed(browser, town)
    client = await tallbacka.client("tenant_admin")
    for act in ("godkann", "avsla"):
        assert (await send(client, f"/drift/anmalan/{waiting}/{act}")).status_code == 404
        assert (await send(browser, f"/drift/anmalan/{waiting}/{act}")).status_code == 401
        assert (await send(operator, f"/drift/anmalan/{uuid4()}/{act}")).status_code == 404
    assert await tenant_of(town) is None


async def test_one_that_has_not_agreed_is_not_let_in(
    browser: httpx.AsyncClient, town, operator: httpx.AsyncClient
) -> None:
    await ask(browser, town)
    answer = await send(operator, f"/drift/anmalan/{await newest(town)}/godkann")
    assert answer.status_code == 422 and "inte godkänt än" in answer.text
    assert await tenant_of(town) is None


async def test_one_that_is_turned_down_is_over(
    browser: httpx.AsyncClient, town, operator: httpx.AsyncClient
) -> None:
    waiting = await agreed(browser, town)
    assert (await send(operator, f"/drift/anmalan/{waiting}/avsla")).status_code == 303
    assert (await browser.get(await link_of(town))).status_code == 404
    assert (await send(operator, f"/drift/anmalan/{waiting}/godkann")).status_code == 404
    assert town.name not in (await operator.get("/drift")).text
    assert await tenant_of(town) is None


async def test_two_operators_at_once_let_it_in_once(browser: httpx.AsyncClient, town) -> None:
    waiting = await agreed(browser, town)
    await asyncio.gather(
        *(approve(waiting, person_id=None, secret_key=SECRET_KEY) for _ in range(3)),
        return_exceptions=True,
    )
    tenant_id = await tenant_of(town)
    assert tenant_id is not None
    async with tenant_scope(tenant_id):
        assert await fetch_value("SELECT count(*) FROM organisation") == 1
        assert await fetch_value("SELECT count(*) FROM invitation") == 1


async def test_an_approval_that_was_cut_short_is_finished(
    browser: httpx.AsyncClient, town, operator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies between the two transactions: the operator sees it, and presses again."""
    import service.platform.approve as module

    waiting = await agreed(browser, town)

    async def die(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(module, "_furnish", die)
        with pytest.raises(RuntimeError):
            await approve(waiting, person_id=None, secret_key=SECRET_KEY)
    assert f"anmalan-{waiting}" in (await operator.get("/drift")).text
    assert (await send(operator, f"/drift/anmalan/{waiting}/godkann")).status_code == 303
    tenant_id = await tenant_of(town)
    assert tenant_id is not None
    async with tenant_scope(tenant_id):
        assert await fetch_value("SELECT count(*) FROM invitation") == 1


async def test_of_two_that_ask_for_one_municipality_one_is_let_in(
    browser: httpx.AsyncClient, town, operator: httpx.AsyncClient
) -> None:
    first = await agreed(browser, town)
    second = await agreed(browser, town)
    assert first != second
    assert (await send(operator, f"/drift/anmalan/{second}/godkann")).status_code == 303
    answer = await send(operator, f"/drift/anmalan/{first}/godkann")
    assert answer.status_code == 422 and "redan med" in answer.text


async def test_the_command_lets_in_by_name(browser: httpx.AsyncClient, town) -> None:
    with pytest.raises(NoSignUp):
        await approve_by_slug(town.slug, secret_key=SECRET_KEY)
    await agreed(browser, town)
    assert (await approve_by_slug(town.slug, secret_key=SECRET_KEY)).email == email_of(town)
    assert await tenant_of(town) is not None


async def test_nobody_floods_an_address_with_letters(neighbourhood: Neighbourhood) -> None:
    """Attack 73: whoever asks, from wherever, one address gets a few letters and no more."""
    statuses = []
    for _ in range(7):
        client = neighbourhood.browser()
        answer = await ask(client, next(_unused), email="offer@exempel.test")
        statuses.append(answer.status_code)
        await client.aclose()
    assert statuses == [200] * 5 + [429] * 2


async def test_a_suspended_municipality_is_shut_and_comes_back(
    tallbacka: Town, sjohaga: Town, operator: httpx.AsyncClient
) -> None:
    """Attack 36: sessions, links and jobs are dead meanwhile, and nothing is lost."""
    from tests.people.cast import invited

    link = await invited(tallbacka)
    assert (await tallbacka.get("/lagesbild", role="reporter")).status_code == 200
    path = f"/drift/{tallbacka.slug}/avstangning"
    assert (await send(operator, path, reason="kort")).status_code == 422
    assert (await send(operator, path, reason="Avtalet är uppsagt i dag")).status_code == 303
    assert (await tallbacka.get("/lagesbild", role="reporter")).status_code == 404
    assert (await tallbacka.get("/live", role="reporter")).status_code == 404
    assert (await tallbacka.anonymous.get(link)).status_code == 404
    async with tallbacka.scope():
        job = await fetch_value("SELECT id FROM job WHERE verb = 'invitation.letter'")
    await run_job(str(job))
    async with tallbacka.scope():
        assert await fetch_value("SELECT refused FROM job WHERE id = $1", job) == "suspended"
    assert tallbacka.slug not in (await tallbacka.anonymous.get("/")).text
    assert (await sjohaga.get("/lagesbild", role="reporter")).status_code == 200
    assert "avstängd sedan" in (await operator.get(f"/drift/{tallbacka.slug}")).text
    assert (await send(operator, path, back="yes")).status_code == 303
    assert (await tallbacka.get("/lagesbild", role="reporter")).status_code == 200
    assert (await tallbacka.anonymous.get(link)).status_code == 200
    log = (await tallbacka.get("/granskning", role="auditor")).text
    assert "stängde av kommunen" in log and "Avtalet är uppsagt i dag" in log


async def test_a_mail_server_that_is_away_gets_the_letter_later(
    browser: httpx.AsyncClient, town, letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await ask(browser, town)).status_code == 200
    chosen = letters.settings()
    with monkeypatch.context() as patch:
        away = replace(chosen, smtp_url="smtp://127.0.0.1:1")
        patch.setattr(letters, "settings", lambda: away)
        await write_sign_up_letters()
    assert await steps(town) == set()
    await write_sign_up_letters()
    await write_sign_up_letters()
    assert [one.to for one in letterbox.letters()].count(email_of(town)) == 1
    assert await steps(town) == {"written"}


async def test_an_old_agreement_stays_readable_and_unchanged() -> None:
    assert agreement.fingerprint("2026-11").hex()[:12] == FINGERPRINT
    assert all(part for part in agreement.paragraphs("2026-11"))
    with pytest.raises(KeyError):
        agreement.paragraphs("../../../etc/passwd")


# A changed text is a new version: municipalities have accepted this one.
FINGERPRINT = "a0132ecbea11"


async def test_who_asked_and_came_no_further_is_forgotten(browser: httpx.AsyncClient, town) -> None:
    kept = await agreed(browser, town)
    async with platform_scope():
        for days in (20, 31):
            await execute(
                """INSERT INTO sign_up (id, token_hash, code, contact, title, email, asked_at,
                                        expires_at)
                   VALUES (gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), $1, 'Anna',
                           'x', $2, now() - interval '99 days', now() - make_interval(days => $3))
                """,
                town.code,
                email_of(town),
                days,
            )
    await sweep()
    async with platform_scope():
        left = await fetch("SELECT id FROM sign_up WHERE code = $1", town.code)
    assert len(left) == 2 and kept in [row["id"] for row in left]


async def test_an_expired_sign_up_is_over(browser: httpx.AsyncClient, town) -> None:
    word = uuid4().hex
    async with platform_scope():
        await execute(
            """INSERT INTO sign_up (id, token_hash, code, contact, title, email, asked_at,
                                    expires_at)
               VALUES (gen_random_uuid(), sha256($1::bytea), $2, 'Anna', 'x', $3,
                       now() - interval '15 days', now())""",
            word.encode(),
            town.code,
            email_of(town),
        )
    assert (await browser.get(f"/anslut/{word}")).status_code == 404
    assert (await send(browser, f"/anslut/{word}/bekrafta")).status_code == 404
