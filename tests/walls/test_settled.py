"""An answer that refuses or fails leaves no row: the transaction is settled by its status."""

from contextlib import suppress
from typing import Any

import asyncpg
import httpx
import pytest
from litestar import Litestar, get
from litestar.exceptions import PermissionDeniedException
from litestar.middleware import DefineMiddleware
from litestar.params import FromPath

from service.web.may import PUBLIC
from service.web.scope import RequestScope
from tenants.founding import add_organisation
from tenants.scope import execute, fetch_value, tenant_scope


async def _write(slug: str) -> None:
    from datetime import date

    await add_organisation(
        name=f"spår {slug}", actor_type="business", is_authority="no", joined_on=date(2026, 1, 1)
    )


@get("/{municipality:str}/{outcome:str}", opt=PUBLIC)
async def write_then(municipality: FromPath[str], outcome: FromPath[str]) -> str:
    await _write(outcome)
    if outcome == "refused":
        raise PermissionDeniedException()
    if outcome == "broken":
        raise RuntimeError("on purpose")
    if outcome == "uncommittable":
        with suppress(asyncpg.DivisionByZeroError):
            await execute("SELECT 1 / 0")
    return "ok"


@pytest.mark.parametrize(
    ("outcome", "status", "rows"),
    [("ok", 200, 1), ("refused", 403, 0), ("broken", 500, 0), ("uncommittable", 503, 0)],
)
async def test_only_a_good_answer_leaves_its_rows(
    found: Any, outcome: str, status: int, rows: int
) -> None:
    town = await found("Tallbacka")
    app = Litestar([write_then], middleware=[DefineMiddleware(RequestScope)], openapi_config=None)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="https://kraftsamling.test"
    ) as client:
        answer = await client.get(f"/{town.slug}/{outcome}")
    assert answer.status_code == status
    async with tenant_scope(town.id):
        left = await fetch_value(
            "SELECT count(*) FROM organisation WHERE name = $1", f"spår {outcome}"
        )
    assert left == rows
