"""The steering group's pages are valid HTML, whoever reads them."""

from tests.council import steering
from tests.council.year import a_year_of_steering
from tests.look.conftest import validate_html
from tests.town import Town


async def test_every_page_is_valid(tallbacka: Town) -> None:
    decided, waiting = await a_year_of_steering(tallbacka)
    for role, path in (
        (steering.CHAIR, "/styrgrupp"),
        (steering.CHAIR, steering.path(waiting)),
        (steering.SCHOOL, steering.path(decided)),
        ("project_owner", "/styrgrupp/beslut"),
        ("project_owner", "/styrgrupp/resurser"),
        ("project_owner", "/styrgrupp/platser"),
    ):
        answer = await tallbacka.get(path, role=role)
        assert validate_html(answer.text) == "", path
