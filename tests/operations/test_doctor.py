"""The doctor finds nothing on a whole installation, and on a broken one all that was broken."""

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pika
import pytest

from service.local.provider import local_issuer
from service.operations.checks import database as database_checks
from service.settings import Settings
from tests.engines import pgbouncer
from tests.engines.brokers import missing, place_of
from tests.operations.conftest import Installation
from tests.processes import running

CLOSED = "127.0.0.1:1"


async def findings(of: Installation, **variables: str) -> dict[str, list[dict[str, str]]]:
    """What the doctor says, by check."""
    _, out, err = await of.run("doctor", "--json", **variables)
    assert out.startswith("["), err
    by_check: dict[str, list[dict[str, str]]] = {}
    for one in json.loads(out):
        by_check.setdefault(one["check"], []).append(one)
    return by_check


def said(found: dict[str, list[dict[str, str]]], check: str, grade: str) -> str:
    """All that a check said with that grade; what is not well must say how to mend it."""
    chosen = [one for one in found[check] if one["grade"] == grade]
    assert chosen, found[check]
    assert all(one["mend"] for one in chosen if one["grade"] != "ok")
    return "\n".join(f"{one['says']} {one['mend']}" for one in chosen)


async def test_a_whole_installation_is_well(
    whole: Installation, settings: Settings, tmp_path: Path
) -> None:
    with (
        running("worker", whole.settings, tmp_path / "worker.log"),
        running("scheduler", whole.settings, tmp_path / "scheduler.log"),
        running("local", whole.settings, tmp_path / "local.log"),
    ):
        await whole.provider(local_issuer(settings))
        mail = f"smtp://127.0.0.1:{settings.port + 2}"
        for _ in range(20):
            code, out, err = await whole.run("doctor", KS_SMTP_URL=mail)
            if code == 0:
                break
            await asyncio.sleep(0.5)
    assert code == 0, out + err
    assert "FEL" not in out and out.count("  ok ") >= 12
    for check in ("databas", "migrationer", "murar", "kö", "direktkanal", "post", "klocka"):
        assert f"ok   {check}" in out, out


async def test_all_that_was_broken_is_found_with_its_remedy(whole: Installation) -> None:
    tenant = await whole.found("Tallbacka")
    await whole.provider(f"http://{CLOSED}")
    await whole.as_superuser(
        "ALTER TABLE ks.report NO FORCE ROW LEVEL SECURITY",
        "REVOKE INSERT ON ks.report FROM ks_app",
        "GRANT SELECT ON ks.report TO ks_operator",
        "GRANT UPDATE ON ks.audit_event TO ks_app",
        "GRANT DELETE ON ks.audit_seal TO ks_app",
        """INSERT INTO ks.migration (name, app_name, ran_on)
           VALUES ('2099-01-01T00:00:00:000001', 'kraftsamling', now())""",
        "UPDATE ks.provider SET created_at = now() - interval '500 days'",
        f"""INSERT INTO ks.job (tenant_id, id, verb, asked_at)
            VALUES ('{tenant}', gen_random_uuid(), 'picture.compile', now() - interval '1 hour')""",
    )
    found = await findings(
        whole,
        KS_BROKER_URL=f"redis://{CLOSED}/0",
        KS_LIVE_URL=f"redis://{CLOSED}/0",
        KS_SMTP_URL=f"smtp://{CLOSED}",
        KS_SECRET_KEY="another key than the one that sealed the secrets",
        KS_DATA_DIR="/proc",
    )
    assert "ks.report" in said(found, "murar", "error")
    rights = said(found, "rättigheter", "error")
    assert "GRANT INSERT ON ks.report TO ks_app;" in rights
    assert "REVOKE SELECT ON ks.report FROM ks_operator;" in rights
    assert "REVOKE UPDATE ON ks.audit_event FROM ks_app;" in rights
    assert "REVOKE DELETE ON ks.audit_seal FROM ks_app;" in rights
    assert "2099" in said(found, "migrationer", "warning")
    assert "svarar inte" in said(found, "kö", "error")
    assert "svarar inte" in said(found, "direktkanal", "error")
    assert "KS_SMTP_URL" in said(found, "post", "error")
    assert CLOSED in said(found, "inloggning", "error")
    assert "KS_SECRET_KEY" in said(found, "nycklar", "error")
    assert "500 dagar" in said(found, "nycklar", "warning")
    assert "Tallbacka (60 min)" in said(found, "lägesbilder", "warning")
    assert "/proc" in said(found, "disk", "warning")
    workers = said(found, "processer", "error")
    assert "kraftsamling worker" in workers and "kraftsamling scheduler" in workers
    assert said(found, "klocka", "ok") and said(found, "databas", "ok")


async def test_a_right_for_everybody_is_found(whole: Installation) -> None:
    await whole.as_superuser("GRANT SELECT ON ks.membership TO PUBLIC", "CREATE ROLE ks_test_super")
    try:
        found = await findings(whole)
        assert "FROM public" in said(found, "rättigheter", "error")
    finally:
        await whole.as_superuser("DROP ROLE ks_test_super")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM ks.migration WHERE name = (SELECT max(name) FROM ks.migration)", "till slut"),
        ("DELETE FROM ks.migration WHERE name = (SELECT min(name) FROM ks.migration)", "halvkörd"),
        ("ALTER TABLE ks.outbox DROP COLUMN sends", "outbox.sends"),
    ],
)
async def test_a_history_that_was_not_run_to_its_end(
    whole: Installation, statement: str, words: str
) -> None:
    await whole.as_superuser(statement)
    assert words in said(await findings(whole), "migrationer", "error")


async def test_without_a_database_one_finding_says_so(whole: Installation) -> None:
    found = await findings(whole, KS_DATABASE_URL=f"postgresql://ks_app:hemligt@{CLOSED}/borta")
    assert list(found) == ["databas"]
    assert "hemligt" not in json.dumps(found)


async def test_a_queue_or_channel_behind_a_pooler_is_found(whole: Installation) -> None:
    with pgbouncer.pooled(whole.database.app) as pooled:
        found = await findings(
            whole, KS_DATABASE_URL=pooled, KS_BROKER_URL=pooled, KS_LIVE_URL=pooled
        )
    assert "KS_BROKER_URL" in said(found, "kö", "error")
    assert "KS_LIVE_URL" in said(found, "direktkanal", "error")
    assert said(found, "databas", "ok")


@pytest.mark.skipif(bool(missing("amqp")), reason=str(missing("amqp")))
async def test_a_queue_that_does_not_last_is_found(whole: Installation) -> None:
    with place_of("amqp", "") as url:
        connection = pika.BlockingConnection(pika.URLParameters(url))
        connection.channel().queue_declare("default", durable=False)
        connection.close()
        found = await findings(whole, KS_BROKER_URL=url)
    assert "durable" in said(found, "kö", "warning")


async def test_an_old_server_is_refused(
    settings: Settings, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_checks, "MINIMUM_VERSION", 990000)
    (finding,) = await database_checks.server(settings)
    assert finding.grade == "error" and finding.refuses and "15.18" in finding.says


async def test_an_old_key_file_is_found(whole: Installation, tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    path.write_text(whole.settings.secret_key)
    then = (datetime.now(UTC) - timedelta(days=400)).timestamp()
    os.utime(path, (then, then))
    found = await findings(whole, KS_SECRET_KEY="", KS_SECRET_KEY_FILE=str(path))
    assert "KS_SECRET_KEY är 400 dagar" in said(found, "nycklar", "warning")
