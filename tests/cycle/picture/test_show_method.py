"""The methods page: what is calculated, for whoever may see a picture."""

import pytest

from tests.cycle.picture.history import compiled


@pytest.mark.parametrize("role", ["safety_coordinator", "steering_member", "reporter"])
async def test_the_methods_in_both_languages(tallbacka, role):
    page = (await tallbacka.get("/lagesbild/metod", role=role)).text
    assert "Larmbudgeten" in page and "The alarm budget" in page
    assert "S = w · (λ_now" in page and "Benjamini &amp; Hochberg 1995" in page


async def test_the_municipality_is_told_how_the_method_has_done_there(grown):
    await compiled(grown)
    for role in ("safety_coordinator", "steering_member"):
        page = (await grown.get("/lagesbild/metod", role=role)).text
        assert "Hur det har gått i" in page and "egna tidigare veckor" in page
        assert "Det senaste året har bilden gett" in page and "Ingen är märkt än" in page
    assert "Hur det har gått i" not in (await grown.get("/lagesbild/metod", role="reporter")).text


async def test_who_may_not(tallbacka):
    assert (await tallbacka.get("/lagesbild/metod", role="auditor")).status_code == 403
