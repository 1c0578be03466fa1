"""A municipality decides how long it keeps what reports say of people."""

from service.operations.jobs import dispose_in_time  # noqa: F401 – registers the job
from tenants.scope import fetch, fetch_value
from tests.operations.test_dispose import _report, _run
from tests.town import Town

ARCHIVIST = "records_officer"
RULE = {"report.words": "6", "report.point": "12", "report.reporter": "24"}


async def _kept(town: Town) -> tuple[int, int, int]:
    async with town.scope():
        (row,) = await fetch("SELECT count(text), count(latitude), count(person_id) FROM report")
    return tuple(row.values())  # type: ignore[return-value]


async def test_what_is_decided_is_done_and_seen(tallbacka: Town) -> None:
    page = await tallbacka.get("/gallring", role=ARCHIVIST)
    assert page.status_code == 200 and "Inget är gallrat än" in page.text
    assert (await tallbacka.post("/gallring", role=ARCHIVIST, **RULE)).status_code == 303
    await _report(tallbacka, "Sju månader", months=7)
    await _report(tallbacka, "Tretton månader", months=13)
    await _report(tallbacka, "Nytt", months=0)
    await _run(tallbacka)
    assert await _kept(tallbacka) == (1, 2, 3)
    page = await tallbacka.get("/gallring", role=ARCHIVIST)
    assert 'value="6"' in page.text and "Satt av Prov records officer" in page.text
    assert "Fritext i rapporter" in page.text and "Inget är gallrat än" not in page.text
    async with tallbacka.scope():
        lines = await fetch(
            "SELECT object_id, detail FROM audit_event WHERE verb = 'retention.set' ORDER BY 1"
        )
    assert [row["object_id"] for row in lines] == ["report.point", "report.words"]

    # Decided again the same, it leaves nothing; decided otherwise, the newest is in force.
    await tallbacka.post("/gallring", role=ARCHIVIST, **RULE)
    await tallbacka.post("/gallring", role=ARCHIVIST, **RULE | {"report.words": "36"})
    await _report(tallbacka, "Åtta månader", months=8)
    await _run(tallbacka)
    assert await _kept(tallbacka) == (2, 3, 4)
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM retention_rule") == 3


async def test_who_may_not(tallbacka: Town) -> None:
    for role in ("safety_coordinator", "tenant_admin", "steering_member", "reporter", "dpo"):
        assert (await tallbacka.get("/gallring", role=role)).status_code == 403
        assert (await tallbacka.post("/gallring", role=role, **RULE)).status_code == 403


async def test_unfinished_input_is_kept(tallbacka: Town) -> None:
    for wrong in ("", "0", "121", "-1", "6,5", "sex", "٣"):
        answer = await tallbacka.post("/gallring", role=ARCHIVIST, **RULE | {"report.words": wrong})
        assert answer.status_code == 422
        assert "Skriv ett helt antal månader, från 1 till 120." in answer.text
        assert 'value="12"' in answer.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM retention_rule") == 0


async def test_the_neighbour_keeps_its_own_rule(tallbacka: Town, sjohaga: Town) -> None:
    await tallbacka.post("/gallring", role=ARCHIVIST, **RULE)
    await _report(sjohaga, "Sju månader", months=7)
    await _run(sjohaga)
    assert await _kept(sjohaga) == (1, 1, 1)
    assert 'value="6"' not in (await sjohaga.get("/gallring", role=ARCHIVIST)).text
