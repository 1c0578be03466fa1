"""A file of 100,000 rows, sent, checked and taken in by a worker of its own, beside bare rows."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import httpx
import psutil

from service.cycle.mapping.week import now
from tenants.roles import Role
from tenants.scope import execute, fetch, fetch_value, tenant_scope
from tests.bench.figure import Figure
from tests.bench.stage import HOST, Stage, let_no_letter_wait, process
from tests.cycle.mapping.batches.files import as_csv, chosen

ROWS = 100_000
PROMISED_SECONDS = 60.0
PROMISED_MEGABYTES = 150.0
WORDS = (
    *("klotter", "vägg", "port", "trapphus", "källare", "belysning", "trasig", "glas", "gården"),
    *("staket", "brand", "bänk", "skräp", "cykelställ", "tunnel", "hiss", "lampa", "fönster"),
    *("dörr", "parkering", "lekplats", "buske", "gångväg", "mur", "skylt"),
)


def the_file(places: list[tuple[str, float, float]], size: int = ROWS) -> bytes:
    """What a housing company's system of complaints might give, two years of it."""
    random = Random(2026)
    today = now().date()
    rows = []
    for number in range(size):
        name, latitude, longitude = places[number % len(places)]
        day = today - timedelta(days=1 + random.randrange(700))
        rows.append(
            {
                "Ärendenr": f"{size}-{number:06}",
                "Datum": day.isoformat(),
                # One night a year has no hour between two and three.
                "Tid": f"{random.randrange(3, 24):02}.{random.randrange(60):02}",
                "Typ": ("Klotter", "Glaskross", "Nedskräpning", "Belysning")[number % 4],
                "Plats": name,
                # One in two by its point alone.
                "Lat": f"{latitude:.5f}".replace(".", ",") if number % 2 else "",
                "Long": f"{longitude:.5f}".replace(".", ",") if number % 2 else "",
                # A third of such texts name a number: of a house, of windows, of metres.
                "Beskrivning": " ".join(random.choices(WORDS, k=9)).capitalize()
                + (f", {random.randrange(2, 40)} stycken." if number % 3 == 0 else "."),
            }
        )
    return as_csv(rows, encoding="cp1252")


async def measure(stage: Stage) -> list[Figure]:
    await let_no_letter_wait()
    person = await stage.logged_in(Role.SAFETY_COORDINATOR, stage.organisations[0])
    async with tenant_scope(stage.tenant_id):
        found = await fetch(
            """SELECT name || ', ' || locality AS name, latitude, longitude FROM area
               WHERE retired_on IS NULL ORDER BY key"""
        )
    content = the_file([tuple(row.values()) for row in found])
    async with (
        stage.browser() as browser,
        process(stage, 0, "service.cli", "worker") as pid,
    ):
        for name, value in (pair.split("=", 1) for pair in person.cookies.split("; ")):
            browser.cookies.set(name, value, domain=HOST)
        browser.headers["x-csrftoken"] = person.csrf
        # Idle is a worker that has done such work before: what it loads once it keeps.
        await _through(stage, browser, the_file([tuple(row.values()) for row in found], 500))
        idle = _megabytes(pid)
        async with _peak(pid) as peak:
            began = time.perf_counter()
            steps, batch_id = await _through(stage, browser, content)
            whole = time.perf_counter() - began
    async with tenant_scope(stage.tenant_id):
        stored = await fetch_value("SELECT count(*) FROM report WHERE batch_id = $1", batch_id)
    if stored != ROWS:
        raise RuntimeError(f"{stored} of {ROWS} rows became reports.")
    told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in steps.items())
    return [
        Figure(
            f"{ROWS} rows of CSV, from sending to counted", whole, "s",
            floor=PROMISED_SECONDS, at_most=1.0, note=f"{len(content) / 1e6:.1f} MB; {told}",
        ),
        Figure(
            "the same, beside bare rows in one statement", whole, "s",
            floor=await _bare(stage, batch_id), note="floor: the rows of reports copied, uncounted",
        ),
        Figure(
            "the worker's memory above idle, with its children", peak[0] - idle, "MB",
            floor=PROMISED_MEGABYTES, at_most=1.0, note=f"idle {idle:.0f} MB",
        ),
    ]  # fmt: skip


async def _through(
    stage: Stage, browser: httpx.AsyncClient, content: bytes
) -> tuple[dict[str, float], UUID]:
    """How long each step took, as the page shows it, and the batch that it was."""
    here = f"/{stage.slug}/kallor/filer"
    steps: dict[str, float] = {}
    began = time.perf_counter()
    sent = await browser.post(
        here,
        data={"for_organisation": str(stage.organisations[0]), "form_id": str(uuid4())},
        files={"file": ("felanmälan.csv", content)},
    )
    batch = sent.headers["location"]
    page = await _until(browser, batch, "Filens första rader")
    steps["read"], began = time.perf_counter() - began, time.perf_counter()
    filled = chosen(page)
    for name in [one for one in filled if one.startswith("category-")]:
        filled[name] = filled[name] or next(iter(stage.categories))
    for name in [one for one in filled if one.startswith("area-")]:
        filled[name] = "-"
    await browser.post(f"{batch}/kolumner", data=filled)
    page = await _until(browser, batch, "Kontrollerad")
    steps["checked"], began = time.perf_counter() - began, time.perf_counter()
    (version,) = re.findall(r'name="version" value="(\d+)"', page)
    await browser.post(f"{batch}/las-in", data={"version": version})
    await _until(browser, batch, "Ångra hela filen")
    steps["taken in"] = time.perf_counter() - began
    return steps, UUID(re.findall(r"[0-9a-f-]{36}$", batch)[0])


async def _until(browser: httpx.AsyncClient, path: str, said: str) -> str:
    while True:
        page = (await browser.get(path)).text
        if said in page:
            return page
        if "Det som är fel" in page:
            raise RuntimeError(
                f"There are wrong rows: {page.partition('Det som är fel')[2][:2000]}"
            )
        await asyncio.sleep(0.25)


def _megabytes(pid: int) -> float:
    """Of the process and its children, with what they share counted once each."""
    whole = 0.0
    for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
        try:
            whole += one.memory_full_info().pss / 1e6
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return whole


@asynccontextmanager
async def _peak(pid: int) -> AsyncIterator[list[float]]:
    most = [0.0]

    async def look() -> None:
        while True:
            most[0] = max(most[0], await asyncio.to_thread(_megabytes, pid))
            await asyncio.sleep(0.1)

    looking = asyncio.create_task(look())
    try:
        yield most
    finally:
        looking.cancel()


async def _bare(stage: Stage, batch_id: UUID) -> float:
    async with tenant_scope(stage.tenant_id):
        began = time.perf_counter()
        await execute(
            """INSERT INTO report (tenant_id, id, organisation_id, category_id, area_id, latitude,
                                   longitude, time_kind, occurred_from, occurred_to, text, source)
               SELECT tenant_id, gen_random_uuid(), organisation_id, category_id, area_id, latitude,
                      longitude, time_kind, occurred_from, occurred_to, text, source
               FROM report WHERE batch_id = $1""",
            batch_id,
        )
        return time.perf_counter() - began
