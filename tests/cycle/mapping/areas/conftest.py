"""What the tests of areas share."""

from functools import partial
from typing import Any

import pytest

from tests.cycle.mapping.areas.files import stand_in


@pytest.fixture
def stands_in(monkeypatch: pytest.MonkeyPatch) -> Any:
    return partial(stand_in, monkeypatch)
