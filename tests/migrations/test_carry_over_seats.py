"""A database that named seats in words keeps every one of them when it is brought up to date."""

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
from piccolo.apps.migrations.commands.forwards import run_forwards

from migrations.history.foundation_2026_11_22t10_00_00 import ID as FOUNDATION
from migrations.run import migrate
from service.council.seats.lay_out import SEATS
from tenants.scope import owner_scope
from tests.database import bare_database

OWN = "Ordförande i tekniska nämnden"
NAMES = {
    "Kommunstyrelsens ordförande": "board_chair",
    "Kommunstyrelsens förste vice ordförande": "board_first_vice",
    "Kommunstyrelsens andre vice ordförande": "board_second_vice",
    "Ordförande i barn- och utbildningsnämnden": "education_chair",
    "Ordförande i kultur- och samhällsservicenämnden": "culture_chair",
    "Ordförande i arbetsmarknads- och socialnämnden": "social_chair",
    "Kommunala bostadsbolaget": "housing_company",
    "Chef för lokalpolisområdet": "lpo_chief",
    OWN: "own_a",
}


async def test_seats_named_in_words_are_carried_over(tmp_path: Path) -> None:
    async with bare_database(tmp_path, name="_seats") as database:
        async with owner_scope(database.owner):
            with redirect_stdout(StringIO()):
                done = await run_forwards("kraftsamling", FOUNDATION)
            assert done.success, done.message
        superuser = await asyncpg.connect(database.superuser)
        try:
            towns = [await _town(superuser, code) for code in ("2182", "2180")]
            await migrate(database.owner)
            for town in towns:
                held = await superuser.fetch(
                    """SELECT membership.role, membership.seat, person.name, seat.label, seat.votes
                       FROM ks.membership JOIN ks.person ON person.id = membership.person_id
                       LEFT JOIN ks.seat ON seat.tenant_id = membership.tenant_id
                                        AND seat.key = membership.seat
                       WHERE membership.tenant_id = $1""",
                    town,
                )
                assert {row["name"]: row["seat"] for row in held} == NAMES | {"Samordnare": None}
                own = next(row for row in held if row["name"] == OWN)
                assert (own["label"], own["votes"]) == (OWN, True)
                chief = next(row for row in held if row["seat"] == "lpo_chief")
                assert not chief["votes"]
                laid_out = await superuser.fetch(
                    """SELECT key, label, presides, votes FROM ks.seat
                       WHERE tenant_id = $1 AND key NOT LIKE 'own%' ORDER BY position""",
                    town,
                )
                # What is carried over has the same seats as what begins anew.
                assert [tuple(row) for row in laid_out] == list(SEATS)
        finally:
            await superuser.close()


async def _town(superuser: asyncpg.Connection, code: str) -> UUID:
    """A municipality as it stood before seats were rows: who sits, named by the seat."""
    town, organisation = uuid4(), uuid4()
    await superuser.execute(
        "INSERT INTO ks.municipality (id, code, slug, name) VALUES ($1, $2, $3, $3)",
        town,
        code,
        f"ort-{code}",
    )
    await superuser.execute(
        """INSERT INTO ks.organisation (tenant_id, id, name, actor_type, is_authority, joined_on)
           VALUES ($1, $2, 'Kommunen', 'municipal_other', 'yes', '2020-01-01')""",
        town,
        organisation,
    )
    for name in (*NAMES, "Samordnare"):
        person = uuid4()
        await superuser.execute("INSERT INTO ks.person (id, name) VALUES ($1, $2)", person, name)
        await superuser.execute(
            """INSERT INTO ks.membership (tenant_id, id, person_id, organisation_id, role, seat)
               VALUES ($1, $2, $3, $4, $5, $6)""",
            town,
            uuid4(),
            person,
            organisation,
            "steering_co_opted" if name.startswith("Chef") else "steering_member",
            name if name in NAMES else None,
        )
    return town
