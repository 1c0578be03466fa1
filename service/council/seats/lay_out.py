"""The seats of the steering group: those of the source, as every municipality begins."""

from tenants.scope import execute_many

SEATS: tuple[tuple[str, str, bool, bool], ...] = (
    # Key, label, presides, votes.
    ("board_chair", "Kommunstyrelsens ordförande", True, True),
    ("board_first_vice", "Kommunstyrelsens förste vice ordförande", True, True),
    ("board_second_vice", "Kommunstyrelsens andre vice ordförande", True, True),
    ("education_chair", "Ordförande i barn- och utbildningsnämnden", False, True),
    ("culture_chair", "Ordförande i kultur- och samhällsservicenämnden", False, True),
    ("social_chair", "Ordförande i arbetsmarknads- och socialnämnden", False, True),
    ("housing_company", "Kommunala bostadsbolaget", False, True),
    ("lpo_chief", "Chef för lokalpolisområdet, adjungerad", False, False),
)


async def lay_out_seats() -> None:
    """Give the open scope's municipality the seats that it lacks."""
    await execute_many(
        """INSERT INTO seat (tenant_id, key, label, position, presides, votes)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5)
           ON CONFLICT (tenant_id, key) DO NOTHING""",
        [
            (key, label, position, presides, votes)
            for position, (key, label, presides, votes) in enumerate(SEATS, start=1)
        ],
    )
