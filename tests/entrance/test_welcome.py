"""A new municipality's coordinator gets a letter that leads to the right place."""

import service.entrance.jobs  # noqa: F401 - registers the job
from service.worker import run_job
from tenants.jobs import ask
from tenants.scope import execute
from tests.letterbox import Letterbox
from tests.town import Town


async def test_the_coordinator_is_written_to_and_nobody_else(
    tallbacka: Town, sjohaga: Town, letterbox: Letterbox
) -> None:
    for town in (tallbacka, sjohaga):
        for role in ("safety_coordinator", "reporter"):
            person_id = await town.add_member(role)
            async with town.scope():
                await execute(
                    "UPDATE person SET email = $2 WHERE id = $1",
                    person_id,
                    f"{role}@{town.slug}.test",
                )
    async with tallbacka.scope():
        job_id = await ask("municipality.welcome")
    await run_job(str(job_id))
    await run_job(str(job_id))
    await tallbacka.work()
    (letter,) = letterbox.letters()
    assert letter.to == f"safety_coordinator@{tallbacka.slug}.test"
    assert letter.subject == "Tallbacka är igång"
    assert f"https://kraftsamling.test/{tallbacka.slug}" in letter.text.splitlines()
