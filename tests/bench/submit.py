"""Report submission through the whole stack, against a bare handler with the same statements."""

import pickle
import statistics
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import httpx

from tenants.roles import Role
from tenants.scope import fetch_value, tenant_scope
from tests.bench.figure import Figure
from tests.bench.load import Load, MakeRequest, http_request, send_at_rate, send_load
from tests.bench.recording import Replay, Statement, recorded
from tests.bench.stage import HOST, Reporter, Stage, free_port, process

AT_A_TIME = 32
REPORTERS = 16
ROUNDS = 5
SECONDS = 4.0
LEAST_SHARE = 0.40
RATE = 50.0
RATE_SECONDS = 20.0
PROMISED_MS = 50.0


def form(stage: Stage, number: int) -> dict[str, str]:
    """The report that connection `number` hands in: a cell of its own, as real reporters have."""
    keys = sorted(stage.categories)
    return {
        "category": keys[number % len(keys)],
        "place": "usual",
        "area": str(stage.areas[number % len(stage.areas)]),
        "when": "now",
        "text": "Mätning",
    }


def headers(reporter: Reporter) -> dict[str, str]:
    return {
        "Accept": "text/html",
        "Cookie": reporter.cookies,
        "X-CSRFToken": reporter.csrf,
        "HX-Request": "true",
        "Origin": f"https://{HOST}",
    }


def whole(stage: Stage, reporter: Reporter, number: int) -> MakeRequest:
    body = urlencode(form(stage, number) | {"report_id": str(uuid4())})
    start, _, end = body.partition(f"report_id={body.rsplit('report_id=')[-1]}")
    path = f"/{stage.slug}/rapportera"

    def make() -> bytes:
        fresh = f"{start}report_id={uuid4()}{end}".encode()
        return http_request("POST", path, HOST, headers=headers(reporter), body=fresh)

    return make


def _bare(path: str, reporter: Reporter, body: bytes) -> MakeRequest:
    request = http_request("POST", path, HOST, headers=headers(reporter), body=body)
    return lambda: request


async def _record(stage: Stage, reporter: Reporter, number: int) -> list[Statement]:
    """What one real request of that connection sends to the database."""
    async with stage.browser() as browser:
        for name, value in (pair.split("=", 1) for pair in reporter.cookies.split("; ")):
            browser.cookies.set(name, value, domain=HOST)
        with recorded() as statements:
            answer = await browser.post(
                f"/{stage.slug}/rapportera",
                data=form(stage, number) | {"report_id": str(uuid4())},
                headers={"x-csrftoken": reporter.csrf, "hx-request": "true"},
            )
    if answer.status_code != httpx.codes.OK:
        raise RuntimeError(f"A report was answered {answer.status_code}: {answer.text[:500]}")
    return statements


async def measure(stage: Stage, folder: Path) -> list[Figure]:
    reporters = [
        await stage.logged_in(Role.REPORTER, stage.organisations[number % len(stage.organisations)])
        for number in range(REPORTERS)
    ]
    of = [reporters[number % REPORTERS] for number in range(AT_A_TIME)]
    replays = []
    for number, reporter in enumerate(of):
        # Once before: the municipality's name is remembered, statements are prepared.
        await _record(stage, reporter, number)
        replays.append(
            Replay(await _record(stage, reporter, number), await _record(stage, reporter, number))
        )
    single = (
        stage.tenant_id,
        of[0].organisation_id,
        of[0].person_id,
        next(iter(stage.categories.values())),
        stage.areas[0],
    )
    pickled = folder / "replays.pickle"
    pickled.write_bytes(pickle.dumps((replays, single)))

    body = urlencode(form(stage, 0) | {"report_id": str(uuid4())}).encode()
    makers = {
        "whole": [whole(stage, reporter, number) for number, reporter in enumerate(of)],
        "bare": [_bare(f"/replay/{number}", one, body) for number, one in enumerate(of)],
        "single": [_bare("/single", one, body) for one in of],
    }
    web, bare = free_port(), free_port()
    ports = {"whole": web, "bare": bare, "single": bare}
    loads: dict[str, list[Load]] = {name: [] for name in makers}
    async with (
        process(stage, web, "service.cli", "web"),
        process(stage, bare, "tests.bench.bare", str(bare), str(pickled)),
    ):
        for name in makers:
            await send_load(ports[name], makers[name], 1.5)
        before = await _reports(stage)
        for turn in range(ROUNDS):
            order = list(makers)[turn % 3 :] + list(makers)[: turn % 3]
            for name in order:
                loads[name].append(await send_load(ports[name], makers[name], SECONDS))
        paced = {
            name: await send_at_rate(ports[name], makers[name], RATE, RATE_SECONDS)
            for name in ("whole", "bare")
        }
        stored = await _reports(stage) - before
    stored -= sum(len(one.latencies) for one in paced.values())
    return [*_figures(loads, stored, len(replays[0].statements)), *_at_rate(paced)]


async def _reports(stage: Stage) -> int:
    async with tenant_scope(stage.tenant_id):
        return await fetch_value("SELECT count(*) FROM report")


def _figures(loads: dict[str, list[Load]], stored: int, statements: int) -> list[Figure]:
    for name, several in loads.items():
        wrong = {status for one in several for status in one.statuses} - {200}
        if wrong:
            raise RuntimeError(f"{name} was answered {wrong}.")
    answered = sum(len(one.latencies) for several in loads.values() for one in several)
    # A connection that ends has its last answer; so what was answered is what is stored.
    if stored != answered:
        raise RuntimeError(f"{answered} submissions were answered and {stored} rows stored.")
    rate = {
        name: statistics.median(one.per_second for one in several)
        for name, several in loads.items()
    }
    slow = sorted(time for one in loads["whole"] for time in one.latencies)
    return [
        Figure(
            f"submit report, whole stack, {AT_A_TIME} at a time",
            rate["whole"], "requests/s", rate["bare"], at_least=LEAST_SHARE,
            note=f"floor: bare Litestar handler, the same {statements} statements",
        ),
        Figure(
            "submit report, against a single INSERT",
            rate["whole"], "requests/s", rate["single"],
            note="floor: bare Litestar handler, one INSERT behind the wall",
        ),
        Figure("submit report, half answered within", 1000 * slow[len(slow) // 2], "ms"),
        Figure("submit report, 95 % answered within", 1000 * slow[int(len(slow) * 0.95)], "ms"),
    ]  # fmt: skip


def _at_rate(paced: dict[str, Load]) -> list[Figure]:
    late = {}
    for name, load in paced.items():
        if set(load.statuses) != {200}:
            raise RuntimeError(f"{name} was answered {load.statuses}.")
        late[name] = 1000 * sorted(load.latencies)[int(len(load.latencies) * 0.95)]
    middle = 1000 * statistics.median(paced["whole"].latencies)
    return [
        Figure(
            f"submit report at {RATE:.0f}/s, 95 % answered within", late["whole"], "ms",
            floor=PROMISED_MS, at_most=1.0, note=f"an open loop; median {middle:.1f}",
        ),
        Figure(
            "the same, beside the bare handler", late["whole"], "ms", floor=late["bare"],
        ),
    ]  # fmt: skip
