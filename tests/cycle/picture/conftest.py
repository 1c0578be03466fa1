"""A municipality that has lived for a year and a half."""

import pytest

from tests.cycle.picture.history import count, live_through


@pytest.fixture
async def grown(found):
    """Tallbacka after a year and a half, with a rise of broken windows in Ruta 3."""
    town = await found("Tallbacka", areas=4)
    await live_through(town)
    await count(
        town,
        [
            (back, "Ruta 3", "violence", organisation, 3)
            for back in range(3)
            for organisation in ("Polisen", "Bostadsbolaget")
        ],
    )
    return town
