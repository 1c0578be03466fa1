"""The log says what happened and where in the code: no person, no word of theirs, no code."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from service.logs import Plain, Structured
from service.worker import run_job
from tenants.jobs import KNOWN as KNOWN_JOBS
from tenants.jobs import AskedJob, ask, job
from tenants.scope import execute, fetch_row, fetch_value, platform_scope
from tests.cycle.mapping.test_hand_in import report
from tests.entrance.log_in import answer_as, come_back, start
from tests.town import Town

WORDS = "Någon okänd kastade sten mot fönstret"


@pytest.fixture(params=[Structured, Plain])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """All that the process logs, down to every detail, as it would be written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(request.param())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # The test's own client stands for browsers, which log elsewhere.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


async def test_no_flow_leaves_a_person_a_word_or_a_code(tallbacka: Town, log: io.StringIO) -> None:
    # A log-in, with its state, code and session.
    await tallbacka.add_member("reporter")
    client = tallbacka.near.browser()
    async with tallbacka.near.provider_browser() as provider:
        asked = await start(client)
        answer = await answer_as(provider, asked, tallbacka.subject("reporter"))
        await come_back(client, answer)
        # The same answer again, and one that nobody asked for: both are refused.
        await come_back(client, answer)
        await come_back(tallbacka.near.browser(), answer)
    session = client.cookies["__Host-sid"]
    await client.aclose()

    # Reports: one that is taken, one that lacks something, and one that breaks on the way.
    await tallbacka.post("/rapportera", role="reporter", **report(tallbacka, text=WORDS))
    await tallbacka.post(
        "/rapportera", role="reporter", **report(tallbacka, text=WORDS, category="")
    )
    async with tallbacka.scope():
        await execute(
            """INSERT INTO weekly_count (tenant_id, week, area_id, category_id, organisation_id,
                                         source, arrival_week, count)
               SELECT tenant_id, week, area_id, category_id, organisation_id, source,
                      arrival_week + 7, 'NaN' FROM weekly_count"""
        )

    # A job that fails on what PostgreSQL quotes in its complaint.
    @job("test.quote")
    async def quote(asked: AskedJob) -> None:
        async with platform_scope():
            await execute(
                "INSERT INTO municipality (id, code, slug, name) VALUES ($1, 'x', $2, $2)",
                asked.tenant_id,
                WORDS,
            )

    try:
        async with tallbacka.scope():
            job_id = await ask("test.quote")
            # A report whose text is longer than the table takes: the failing row is quoted.
        with pytest.raises(Exception, match="permission") as failure:
            await run_job(str(job_id))
        logging.getLogger("dramatiq.worker").error("A job failed.", exc_info=failure.value)
        async with tallbacka.scope():
            try:
                await execute(f"UPDATE report SET text = repeat('{WORDS}', 400)")
            except Exception:
                logging.getLogger("service").exception("A statement failed.")
    except Exception as error:
        # The transaction above is over; what matters is what was written.
        logging.getLogger("service").info("Over: %s", type(error).__name__)
    finally:
        del KNOWN_JOBS["test.quote"]

    async with platform_scope():
        person = await fetch_row(
            "SELECT name, email FROM person WHERE id = $1",
            tallbacka.people["reporter", "Bostadsbolaget"],
        )
        kept = await fetch_value("SELECT count(*) FROM session")
    assert person is not None and kept
    text = log.getvalue()
    assert text.count("InsufficientPrivilegeError") == 1 and "[42501]" in text
    assert "CheckViolationError" in text and "[23514]" in text
    code = answer.partition("code=")[2].partition("&")[0]
    state = answer.partition("state=")[2].partition("&")[0]
    csrf = (await tallbacka.client("reporter")).cookies["__Host-csrf"]
    assert len(code) > 10 and len(state) > 10
    for secret in (WORDS, "kastade", session, code, state, csrf, person["name"]):
        assert secret not in text


def test_a_structured_line_is_one_object(log: io.StringIO) -> None:
    logging.getLogger("service").warning("Något hände.")
    line = log.getvalue().strip()
    if line.startswith("{"):
        said = json.loads(line)
        assert said["level"] == "WARNING" and said["message"] == "Något hände."
        assert set(said) == {"time", "level", "logger", "message"}
    else:
        assert line.endswith("WARNING service Något hände.")
