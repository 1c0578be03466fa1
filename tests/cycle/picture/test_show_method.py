"""The methods page: what is calculated, for whoever may see a picture."""

import pytest


@pytest.mark.parametrize("role", ["safety_coordinator", "steering_member", "reporter"])
async def test_the_methods_in_both_languages(tallbacka, role):
    page = (await tallbacka.get("/lagesbild/metod", role=role)).text
    assert "Larmbudgeten" in page and "The alarm budget" in page
    assert "S = w · (λ_now" in page and "Benjamini &amp; Hochberg 1995" in page


async def test_who_may_not(tallbacka):
    assert (await tallbacka.get("/lagesbild/metod", role="auditor")).status_code == 403
