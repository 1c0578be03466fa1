"""Whatever is sent, the answer is a refusal with a page of our own: never 500, never a row."""

from urllib.parse import quote

import httpx
import pytest

from service.cycle.mapping.forms import FIELDS
from service.web.security_headers import HEADERS
from tenants.scope import fetch, fetch_value
from tests.cycle.mapping.test_hand_in import report
from tests.town import Town

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"


async def token_of(client: httpx.AsyncClient) -> str:
    if "__Host-csrf" not in client.cookies:
        await client.get("/")
    return client.cookies["__Host-csrf"]


async def get(client: httpx.AsyncClient, path: bytes) -> httpx.Response:
    """`path` as it stands, which a browser's library would have mended."""
    return await client.get(httpx.URL("https://kraftsamling.test").copy_with(raw_path=path))


def refused(answer: httpx.Response, *statuses: int) -> None:
    assert answer.status_code in statuses, f"{answer.status_code}: {answer.text[:200]}"
    assert not [name for name in HEADERS if name not in answer.headers]
    for word in ("Traceback", "asyncpg", "UnicodeDecodeError", "violates", "SELECT"):
        assert word not in answer.text


@pytest.mark.parametrize("slug", ["%00", "a%00b", "%ff", "%ed%a0%80", "%0a", "a" * 5000, "..%2f.."])
@pytest.mark.parametrize("page", ["", "/lagesbild", "/lagesbild/_lista", "/live"])
async def test_a_slug_that_is_no_slug_is_no_municipality(
    tallbacka: Town, slug: str, page: str
) -> None:
    client = await tallbacka.client("safety_coordinator")
    refused(await get(client, f"/{slug}{page}".encode()), 404)


async def test_a_strange_path_to_a_neighbour_is_noted_and_tells_nothing(
    tallbacka: Town, sjohaga: Town
) -> None:
    """The attempt's audit line must hold any path: one that failed told who the neighbours are."""
    client = await tallbacka.client("safety_coordinator")
    for tail in ("%00", "%0a%1b[31m", "%ff", "x" * 9000):
        there = await get(client, f"/{sjohaga.slug}/lagesbild/{tail}".encode())
        missing = await get(client, f"/finns-inte/lagesbild/{tail}".encode())
        refused(there, 404)
        assert there.text == missing.text
    async with tallbacka.scope():
        lines = await fetch("SELECT object_id FROM audit_event WHERE verb = 'refused' ORDER BY at")
    assert len(lines) == 4
    for line in lines:
        assert line["object_id"].startswith(f"/{sjohaga.slug}/lagesbild/")
        assert line["object_id"].isprintable() and len(line["object_id"]) <= 300


@pytest.mark.parametrize("wrong", ["å" * 200, "x", "\0" * 200, "é"])
async def test_a_token_that_is_none_is_refused(tallbacka: Town, wrong: str) -> None:
    client = await tallbacka.client("reporter")
    token = await token_of(client)
    path = f"/{tallbacka.slug}/rapportera"
    in_field = await client.post(path, data={"_csrf_token": wrong})
    as_file = await client.post(path, files={"_csrf_token": ("t.txt", token.encode())})
    in_query = await client.post(f"{path}?_csrf_token={token}")
    other = await client.post(path, headers={"x-csrftoken": token[:-1] + "~"})
    in_cookie = await tallbacka.anonymous.post(
        path,
        headers={"cookie": f"__Host-csrf={quote(wrong)}", "x-csrftoken": token},
    )
    for answer in (in_field, as_file, in_query, other, in_cookie):
        refused(answer, 403)
    if "\0" not in wrong:
        in_header = await client.post(path, headers={"x-csrftoken": wrong.encode("latin-1")})
        refused(in_header, 403)


@pytest.mark.parametrize(
    ("media", "body", "status"),
    [
        ("multipart/form-data", b"x", 400),
        (MULTIPART, b"--x\r\nabc", 400),
        (
            MULTIPART,
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            400,
        ),
        (
            MULTIPART,
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n'
            b"Content-Type: text/plain; charset=nope\r\n\r\nabc\r\n--x--\r\n",
            400,
        ),
        (
            MULTIPART,
            b'--x\r\nContent-Disposition: form-data; name="t"\r\n\r\n\r\n' * 1100 + b"--x--\r\n",
            400,
        ),
        (
            MULTIPART,
            b'--x\r\nContent-Disposition: form-data; name="text"; filename="a.txt"\r\n\r\n'
            b"abc\r\n--x--\r\n",
            422,
        ),
        (URLENCODED, b"\xff\xfe=%00&category=%ff&=&%", 422),
        (f"{URLENCODED}; charset=nope", b"a=1", 422),
        (URLENCODED, b"a=" + b"x" * 70_000, 413),
        ("application/json", b'{"category": "arson"}', 415),
        ("application/json", b"[" * 30_000, 415),
        ("text/plain", b"category=arson", 415),
        ("application/xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 415),
        ("nonsense", b"category=arson", 415),
    ],
)
async def test_a_body_that_is_no_form(
    tallbacka: Town, media: str, body: bytes, status: int
) -> None:
    client = await tallbacka.client("reporter")
    headers = {"x-csrftoken": await token_of(client), "content-type": media}
    for path in ("rapportera", "rapportera/inget", "rapportera/inget/angra"):
        answer = await client.post(f"/{tallbacka.slug}/{path}", content=body, headers=headers)
        refused(answer, status)
    # Without the header the token is looked for in the form, before anybody is asked who it is.
    without = await client.post(
        f"/{tallbacka.slug}/rapportera", content=body, headers={"content-type": media}
    )
    refused(without, 400, 403, 413, 415)
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM report") == 0
        assert await fetch_value("SELECT count(*) FROM job") == 0


VALUES = (
    "\0",
    "x" * 20_000,
    "9" * 4000,
    "-1",
    "nan",
    "inf",
    "1e999",
    "0001-01-01T00:00",
    "9999-12-31T23:59:59",
    "2026-11-22T10:00:00+14:00",
    "{{7*7}}",
    "'; DROP TABLE report --",
    "\u202e\u2066",
    "{00000000-0000-0000-0000-000000000000}",
)


@pytest.mark.parametrize("field", sorted(FIELDS - {"_csrf_token"}))
async def test_any_value_of_any_field_is_read_or_pointed_out(tallbacka: Town, field: str) -> None:
    client = await tallbacka.client("reporter")
    headers = {"x-csrftoken": await token_of(client)}
    ways = ({"when": "exact"}, {"when": "interval", "place": "map"}, {"place": "search"})
    for value in VALUES:
        for way in ways:
            form = report(tallbacka) | way | {field: value}
            answer = await client.post(f"/{tallbacka.slug}/rapportera", data=form, headers=headers)
            if answer.status_code != 200:
                refused(answer, 413 if len(value) > 60_000 else 422)


@pytest.mark.parametrize(
    "extra",
    [
        "tenant_id",
        "organisation_id",
        "person_id",
        "received_at",
        "source",
        "id",
        "status",
        "version",
    ],
)
async def test_a_field_that_no_form_has_is_refused(
    tallbacka: Town, sjohaga: Town, extra: str
) -> None:
    """Attack 30: nothing of a row is taken from a field that is not asked for."""
    answer = await tallbacka.post(
        "/rapportera", role="reporter", **report(tallbacka), **{extra: str(sjohaga.id)}
    )
    refused(answer, 422)
    doubled = await (await tallbacka.client("reporter")).post(
        f"/{tallbacka.slug}/rapportera",
        content="&".join(f"{k}={quote(v)}" for k, v in report(tallbacka).items()) + "&area=x",
        headers={
            "content-type": URLENCODED,
            "x-csrftoken": await token_of(await tallbacka.client("reporter")),
        },
    )
    refused(doubled, 422)
    for town in (tallbacka, sjohaga):
        async with town.scope():
            assert await fetch_value("SELECT count(*) FROM report") == 0


async def test_what_a_neighbour_has_is_as_unknown_as_what_nobody_has(
    tallbacka: Town, sjohaga: Town
) -> None:
    """Attacks 21, 22, 34: the neighbour's area refers to nothing, its report's id is free."""
    theirs = report(sjohaga)
    assert (await sjohaga.post("/rapportera", role="reporter", **theirs)).status_code == 200
    foreign = await tallbacka.post(
        "/rapportera", role="reporter", **report(tallbacka, area=str(sjohaga.areas["Ruta 1"]))
    )
    refused(foreign, 422)
    same_id = report(tallbacka) | {"report_id": theirs["report_id"]}
    answer = await tallbacka.post("/rapportera", role="reporter", **same_id)
    assert answer.status_code == 200
    for town in (tallbacka, sjohaga):
        async with town.scope():
            assert await fetch_value("SELECT count(*) FROM report") == 1


@pytest.mark.parametrize(
    "host",
    ["annan.test", "kraftsamling.test.", "kraftsamling.test:444", "kraftsamling.test@annan.test"],
)
async def test_another_host_is_refused_with_all_headers(tallbacka: Town, host: str) -> None:
    client = await tallbacka.client("reporter")
    for path in ("/", f"/{tallbacka.slug}/rapportera", "/finns/inte/alls"):
        refused(await client.get(path, headers={"host": host}), 400)


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS"])
async def test_a_method_that_is_not_offered(tallbacka: Town, method: str) -> None:
    client = await tallbacka.client("safety_coordinator")
    headers = {"x-csrftoken": await token_of(client), "x-http-method-override": "GET"}
    answer = await client.request(method, f"/{tallbacka.slug}/lagesbild", headers=headers)
    refused(answer, 403, 405)
