"""The steering group's pages are valid HTML, whoever reads them."""

from pathlib import Path

from tests.council import steering
from tests.council.year import a_year_of_steering
from tests.look.conftest import validate_html
from tests.town import Town


async def test_every_page_is_valid(tallbacka: Town, tmp_path: Path) -> None:
    decided, waiting = await a_year_of_steering(tallbacka)
    kept: list[Path] = []
    for role, path in (
        (steering.CHAIR, "/styrgrupp"),
        (steering.CHAIR, steering.path(waiting)),
        (steering.SCHOOL, steering.path(decided)),
        ("project_owner", "/styrgrupp/beslut"),
        ("project_owner", "/styrgrupp/resurser"),
        ("project_owner", "/styrgrupp/platser"),
    ):
        answer = await tallbacka.get(path, role=role)
        kept.append(tmp_path / f"{len(kept)}{path.replace('/', '-')}.html")
        kept[-1].write_text(answer.text)
    assert validate_html(*kept) == ""
