"""Attacks 48, 76, 77: what people write and are called is text, wherever it is shown."""

import re
from typing import Any

import pytest
from litestar import Litestar

from tenants.scope import execute, fetch_value
from tests.attacks.test_numbers import pages
from tests.cycle.mapping.test_hand_in import report
from tests.cycle.picture.history import compiled, count, live_through

MARKUP = (
    "\"><script>alert(1)</script><img src=x onerror=alert(2)>' hx-get='/x' hx-on:click='a()' "
    "data-hx-get=/y {{7*7}} {% raw %} ]]></svg>"
)


@pytest.mark.parametrize("role", ["safety_coordinator", "steering_member", "reporter"])
async def test_markup_in_any_text_stays_text(found: Any, app: Litestar, role: str) -> None:
    town = await found("Tallbacka", areas=2)
    await live_through(town, weeks=20, skip=lambda back, who: who == "Polisen" and back < 2)
    await count(
        town, [(b, "Ruta 1", "arson", who, 4) for b in range(8) for who in ("Kommunen", "Polisen")]
    )
    sent = report(town, text=MARKUP[:400])
    assert (await town.post("/rapportera", role=role, **sent)).status_code in (200, 403)
    async with town.scope():
        for table in ("area", "organisation"):
            await execute(f"UPDATE {table} SET name = name || $1", MARKUP)
        await execute("UPDATE category SET label = label || $1 WHERE key = 'arson'", MARKUP)
        await execute("UPDATE person SET name = name || $1 WHERE id = ANY($2)", MARKUP,
                      list(town.people.values()))  # fmt: skip
    await compiled(town)
    # What is sent as JSON or as a table to keep is never read as markup by a browser.
    whole = (await pages(town, app, role, None)).split("\n")
    read = "\n".join(line for line in whole if not line.startswith(("[", "{", '"', "\ufeff")))
    assert "alert(1)" in read
    assert "<script>alert" not in read and "<img src=x" not in read
    # Nowhere does what was written close the attribute that it stands in, or open an element.
    assert not re.search(r"<[^>\"]*(\"[^\"]*\"[^>\"]*)*\shx-get='/x'", read)
    assert not re.search(r"<[a-z][^<>]*\sonerror=", re.sub(r'"[^"]*"', '""', read))
    assert "49" not in re.findall(r"\{\{7\*7\}\}|\b49\b(?= \{%)", read)


async def test_json_is_sent_as_json(found: Any) -> None:
    town = await found("Tallbacka", areas=[MARKUP])
    answer = await town.get("/karta/omraden.json", role="reporter")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()[0]["name"] == MARKUP


async def test_an_audit_line_cannot_be_forged_or_taken_away(found: Any) -> None:
    """Attack 48: the service itself can only add."""
    import asyncpg

    town = await found("Tallbacka")
    await town.get("/rapporter", role="steering_member")
    for statement in (
        "UPDATE audit_event SET verb = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with town.scope():
                await execute(statement)
    async with town.scope():
        assert await fetch_value("SELECT count(*) FROM audit_event WHERE verb = 'refused'") == 1
