"""Every refused act leaves one line, with the one who tried and never with the one attacked."""

from tenants.scope import fetch
from tests.town import Town


async def _refusals(town: Town) -> list[tuple[str, str]]:
    async with town.scope():
        rows = await fetch(
            "SELECT object_kind, object_id FROM audit_event WHERE verb = 'refused' ORDER BY at"
        )
    return [(row["object_kind"], row["object_id"]) for row in rows]


async def test_a_refused_role_leaves_its_line(tallbacka: Town) -> None:
    answer = await tallbacka.get("/rapporter", role="steering_member")
    assert answer.status_code == 403
    assert await _refusals(tallbacka) == [("permission", "report.read_own")]


async def test_an_attempt_across_is_kept_with_the_one_who_tried(
    tallbacka: Town, sjohaga: Town
) -> None:
    client = await tallbacka.client("safety_coordinator")
    answer = await client.get(f"/{sjohaga.slug}/rapporter")
    assert answer.status_code == 404
    assert await _refusals(tallbacka) == [("municipality", f"/{sjohaga.slug}/rapporter")]
    assert await _refusals(sjohaga) == []
