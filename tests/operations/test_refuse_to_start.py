"""What cannot work does not start, and says why in one line without a secret in it."""

from pathlib import Path

import pika
import pytest

from tests.engines import pgbouncer
from tests.engines.brokers import missing, place_of
from tests.operations.conftest import Installation

CLOSED = "postgresql://ks_app:hemligt@127.0.0.1:1/borta"
PRODUCTION = {"KS_ENV": "production", "KS_BASE_URL": "https://kraftsamling.example"}


async def refusal(of: Installation, command: str = "web", **variables: str) -> str:
    """The one line with which a process refuses."""
    code, out, err = await of.run(command, **variables)
    assert code == 2, err
    lines = [line for line in (out + err).splitlines() if " INFO " not in line]
    assert len(lines) == 1, err
    assert "Traceback" not in err and "hemligt" not in err
    return lines[0]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("KS_DATABASE_URL", "mysql://ks_app:hemligt@127.0.0.1/x", "postgresql://"),
        ("KS_DATABASE_URL", "hemligt", "postgresql://"),
        ("KS_DATABASE_URL", "postgresql://ks_app:hemligt@127.0.0.1:port/x", "no URL"),
        ("KS_DATABASE_URL", CLOSED, "svarar inte"),
        ("KS_BROKER_URL", "kafka://:hemligt@127.0.0.1", "amqp://"),
        ("KS_LIVE_URL", "amqp://:hemligt@127.0.0.1", "redis://"),
        ("KS_LISTEN", "överallt", "0.0.0.0"),
        ("KS_TRUSTED_PROXIES", "10.0.0.0/99", "networks"),
        ("KS_SECRET_KEY", "hemligt", "32"),
    ],
)
async def test_a_wrong_setting_is_one_line(
    whole: Installation, name: str, value: str, words: str
) -> None:
    line = await refusal(whole, **{name: value})
    assert words in line and (name in line or name == "KS_DATABASE_URL")


async def test_a_secret_comes_from_a_file_or_the_environment_but_not_both(
    whole: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "secret-key"
    path.write_text("hemligt" * 6)
    both = await refusal(whole, KS_SECRET_KEY_FILE=str(path))
    assert "KS_SECRET_KEY_FILE" in both
    none = await refusal(whole, KS_SECRET_KEY="", KS_SECRET_KEY_FILE=str(tmp_path / "borta"))
    assert "cannot be read" in none
    path.write_text("")
    empty = await refusal(whole, KS_SECRET_KEY="", KS_SECRET_KEY_FILE=str(path))
    assert "is empty" in empty


@pytest.mark.parametrize("command", ["web", "worker", "scheduler"])
async def test_no_process_starts_on_a_half_run_history(whole: Installation, command: str) -> None:
    await whole.as_superuser(
        "DELETE FROM ks.migration WHERE name = (SELECT min(name) FROM ks.migration)"
    )
    line = await refusal(whole, command)
    assert "halvkörd" in line and "kraftsamling migrate" in line


async def test_a_missing_right_is_named(whole: Installation) -> None:
    await whole.as_superuser("REVOKE INSERT ON ks.report FROM ks_app")
    assert "GRANT INSERT ON ks.report TO ks_app;" in await refusal(whole)


async def test_a_wall_that_fell_is_named(whole: Installation) -> None:
    await whole.as_superuser("ALTER TABLE ks.report NO FORCE ROW LEVEL SECURITY")
    assert "ks.report" in await refusal(whole, "worker")


async def test_the_owner_is_not_the_service(whole: Installation) -> None:
    line = await refusal(whole, KS_DATABASE_URL=whole.database.owner)
    assert "ks_owner" in line and "ks_app" in line


async def test_production_refuses_a_provider_that_is_this_machine(whole: Installation) -> None:
    await whole.provider("http://localhost:8001")
    assert "http://localhost:8001" in await refusal(whole, **PRODUCTION)


async def test_production_refuses_a_plain_address(whole: Installation) -> None:
    line = await refusal(whole, KS_ENV="production", KS_BASE_URL="http://kraftsamling.example")
    assert "https" in line


async def test_a_queue_behind_a_pooler_is_refused(whole: Installation) -> None:
    with pgbouncer.pooled(whole.database.app) as pooled:
        assert "KS_BROKER_URL" in await refusal(whole, "worker", KS_BROKER_URL=pooled)


@pytest.mark.skipif(bool(missing("amqp")), reason=str(missing("amqp")))
async def test_production_refuses_a_queue_that_does_not_last(whole: Installation) -> None:
    with place_of("amqp", "") as url:
        connection = pika.BlockingConnection(pika.URLParameters(url))
        connection.channel().queue_declare("default", durable=False)
        connection.close()
        line = await refusal(whole, "worker", KS_BROKER_URL=url, **PRODUCTION)
    assert "durable" in line


@pytest.mark.skipif(bool(missing("redis")), reason=str(missing("redis")))
async def test_production_refuses_a_redis_that_forgets(whole: Installation) -> None:
    with place_of("redis", "") as url:
        line = await refusal(whole, "worker", KS_BROKER_URL=url, **PRODUCTION)
    assert "appendonly" in line
