"""The interface is as it is described: whatever is made up from the description, it never fails."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import CHECKS
from schemathesis.generation import GenerationMode

from service.settings import Settings
from tests.conftest import free_ports
from tests.cycle.mapping.api.keys import Caller, a_key
from tests.processes import running
from tests.town import Town

OPERATIONS = (
    ("POST", "/reports"),
    ("POST", "/nothing-to-report"),
    ("GET", "/reports"),
    ("GET", "/reports/{report}"),
    ("GET", "/categories"),
    ("GET", "/areas"),
    ("GET", "/place-types"),
)
EXAMPLES = 50
# What fits the description may name a category or an area that the municipality does not have.
CHECKED = [one for one in CHECKS.get_all() if one.__name__ != "positive_data_acceptance"]


@pytest.fixture(scope="module")
def served(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a web process of its own, on loopback."""
    logs, port = tmp_path_factory.mktemp("logs"), free_ports()
    address = f"http://localhost:{port}"
    chosen = replace(settings, port=port, base_url=address)
    with running("web", chosen, logs / "web.log"):
        for _try in range(200):
            with suppress(URLError, OSError), urlopen(f"{address}/health/live", timeout=2):
                break
            time.sleep(0.1)
        yield address


async def described(caller: Caller) -> dict[str, Any]:
    answer = await caller.client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_the_description_names_every_address_and_no_other(tallbacka: Town) -> None:
    caller = await a_key(tallbacka, "Polisen")
    description = await described(caller)
    assert description["openapi"].startswith("3.1")
    told = {
        (method.upper(), path.removeprefix("/{municipality}/api/v1"))
        for path, item in description["paths"].items()
        for method in item
    }
    assert told == set(OPERATIONS)
    assert description["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    page = await caller.client.get("/api")
    assert page.status_code == 200 and "/api/v1/reports" in page.text


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_it_answers_as_described(
    tallbacka: Town, served: str, method: str, path: str, mode: GenerationMode
) -> None:
    caller = await a_key(tallbacka, "Polisen")
    schema = schemathesis.openapi.from_dict(await described(caller))
    operation = schema[f"/{{municipality}}/api/v1{path}"][method]
    statuses: set[int] = set()

    @hypothesis_settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.path_parameters["municipality"] = tallbacka.slug
        answer = case.call(
            base_url=served, headers={"Authorization": f"Bearer {caller.secret}"}, timeout=30
        )
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=CHECKED)

    await asyncio.to_thread(ask)
    assert statuses and max(statuses) < 500
