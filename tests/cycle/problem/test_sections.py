"""Each section of a problem's page stands in it, and is fetched again by itself."""

import pytest

from service.cycle.problem.sections import SECTIONS
from tests.cycle.cases import opened_problem
from tests.town import Town


async def test_the_page_holds_every_section(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    page = await tallbacka.get(path, role="steering_member")
    for section in SECTIONS:
        alone = await tallbacka.get(f"{path}/{section}", role="steering_member")
        assert alone.status_code == 200
        root = alone.text.strip().splitlines()[0]
        assert root in page.text, section
        assert f'hx-get="/{tallbacka.slug}{path}/{section}"' in root


async def test_a_section_that_is_none_is_not_found(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    assert (await tallbacka.get(f"{path}/_finns_inte", role="steering_member")).status_code == 404


@pytest.mark.parametrize("section", SECTIONS)
async def test_nobody_else_sees_a_section(tallbacka: Town, sjohaga: Town, section: str) -> None:
    path = await opened_problem(tallbacka)
    assert (await tallbacka.get(f"{path}/{section}", role="reporter")).status_code == 403
    # A working group that is not this problem's.
    assert (await tallbacka.get(f"{path}/{section}", role="working_group_lead")).status_code == 404
    assert (await sjohaga.get(f"{path}/{section}", role="safety_coordinator")).status_code == 404
