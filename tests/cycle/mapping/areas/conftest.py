"""What the tests of areas share."""

from typing import Any

import pytest

from service.geography import areas_of


@pytest.fixture
def stands_in(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Founded towns have codes that no municipality has; say whose land is theirs."""
    from service.cycle.mapping.areas import hexagons
    from service.start import area_pages

    def stand(code: str) -> None:
        for module in (hexagons, area_pages):
            monkeypatch.setattr(module, "areas_of", lambda _code: areas_of(code))

    return stand
