"""The public page: what the coordinator approved, small cells merged, nobody else's word."""

from datetime import date, timedelta
from uuid import uuid4

from tenants.scope import fetch_value
from tests.cycle.feedback.decided import decide, open_one
from tests.cycle.picture.history import count
from tests.town import Town

WORDS = {"headline": "Hösten var som vanligt.", "text": "Fler rapporter vid torget på kvällarna."}


async def test_everybody_reads_what_was_approved(tallbacka: Town) -> None:
    problem_id = await open_one(tallbacka)
    told = await decide(tallbacka, problem_id, "Nya lampor vid Torget")
    await decide(tallbacka, problem_id, "Fältpass på kvällar")
    before = await tallbacka.anonymous.get(f"/{tallbacka.slug}/tryggt")
    assert before.status_code == 200 and "när kommunen har publicerat det" in before.text
    answer = await tallbacka.post(
        "/aterkoppling/publicera", role="safety_coordinator", **WORDS, measures=str(told)
    )
    assert answer.status_code == 303
    page = (await tallbacka.anonymous.get(f"/{tallbacka.slug}/tryggt")).text
    assert WORDS["headline"] in page and "Nya lampor vid Torget" in page
    assert "Fältpass" not in page and "114 14" in page
    async with tallbacka.scope():
        publication = await fetch_value("SELECT id FROM publication")
    gone = f"/aterkoppling/publicerat/{publication}/dra-tillbaka"
    assert (await tallbacka.post(gone, role="safety_coordinator")).status_code == 303
    page = (await tallbacka.anonymous.get(f"/{tallbacka.slug}/tryggt")).text
    assert WORDS["headline"] not in page


async def test_small_areas_are_shown_together(found) -> None:  # type: ignore[no-untyped-def]
    town = await found("Tallbacka", areas=["Storgatan", "Lillgatan", "Ensamhet", "Tyst"])
    rows = []
    for back in range(8):
        rows += [
            (back, "Storgatan", "fight", "Polisen", 3),
            (back, "Storgatan", "fight", "Köpmännen", 2),
            (back, "Ensamhet", "fight", "Polisen", 9),
        ]
    rows.append((4, "Lillgatan", "arson", "Polisen", 1))
    await count(town, rows)
    await town.post("/aterkoppling/publicera", role="safety_coordinator", **WORDS)
    page = (await town.anonymous.get(f"/{town.slug}/tryggt")).text
    # One organisation or two are not shown by themselves, however much they reported, and here
    # there is nobody else to show them together with.
    assert "Ensamhet" not in page and "Lillgatan" not in page and "Storgatan" not in page
    assert "för få rapporter" in page


async def test_unfinished_is_pointed_out_and_kept(tallbacka: Town) -> None:
    answer = await tallbacka.post(
        "/aterkoppling/publicera", role="safety_coordinator", headline="", text="Kvar " * 400
    )
    assert answer.status_code == 422
    assert "Skriv en mening överst." in answer.text and "får vara högst 1500" in answer.text
    assert "Kvar Kvar Kvar" in answer.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM publication") == 0


async def test_sent_twice_is_published_once(tallbacka: Town) -> None:
    twice = WORDS | {"publication_id": str(uuid4())}
    for _ in range(2):
        await tallbacka.post("/aterkoppling/publicera", role="safety_coordinator", **twice)
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM publication") == 1
        assert (
            await fetch_value("SELECT count(*) FROM audit_event WHERE verb = 'publication.publish'")
            == 1
        )


async def test_who_goes_back_and_changes_a_word_publishes_the_new_one(tallbacka: Town) -> None:
    form = WORDS | {"publication_id": str(uuid4())}
    await tallbacka.post("/aterkoppling/publicera", role="safety_coordinator", **form)
    changed = form | {"text": "Färre rapporter vid torget på kvällarna."}
    await tallbacka.post("/aterkoppling/publicera", role="safety_coordinator", **changed)
    page = (await tallbacka.anonymous.get(f"/{tallbacka.slug}/tryggt")).text
    assert changed["text"] in page and WORDS["text"] not in page


async def test_who_may_not_and_the_neighbour(tallbacka: Town, sjohaga: Town) -> None:
    for role in ("municipal_police", "preparatory_member", "steering_member", "reporter"):
        for path in ("/aterkoppling/publicera", f"/aterkoppling/publicerat/{uuid4()}/dra-tillbaka"):
            assert (await tallbacka.post(path, role=role, **WORDS)).status_code == 403
    await tallbacka.post("/aterkoppling/publicera", role="safety_coordinator", **WORDS)
    async with tallbacka.scope():
        publication = await fetch_value("SELECT id FROM publication")
    gone = f"/aterkoppling/publicerat/{publication}/dra-tillbaka"
    assert (await sjohaga.post(gone, role="safety_coordinator")).status_code == 404
    assert WORDS["headline"] in (await tallbacka.anonymous.get(f"/{tallbacka.slug}/tryggt")).text
    assert WORDS["headline"] not in (await sjohaga.anonymous.get(f"/{sjohaga.slug}/tryggt")).text
    assert (await sjohaga.anonymous.get("/ingenstans-alls/tryggt")).status_code == 404


async def test_numbers_that_nobody_has_looked_at_are_not_published(tallbacka: Town) -> None:
    form = (await tallbacka.get("/aterkoppling/publicera", role="safety_coordinator")).text
    first = form.partition('name="first" value="')[2][:10]
    # The form was open over the night when the next period began.
    old = (date.fromisoformat(first) - timedelta(weeks=4)).isoformat()
    late = await tallbacka.post(
        "/aterkoppling/publicera", role="safety_coordinator", **WORDS, first=old
    )
    assert late.status_code == 422 and "Se på de nya siffrorna" in late.text
    assert WORDS["text"] in late.text and f'name="first" value="{first}"' in late.text
    again = await tallbacka.post(
        "/aterkoppling/publicera", role="safety_coordinator", **WORDS, first=first
    )
    assert again.status_code == 303
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM publication") == 1
