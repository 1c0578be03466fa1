"""Where a measure stands follows from its rows and the day."""

from datetime import date
from typing import Any

import pytest

from service.cycle.measures.status import Status, status_of

DURING = date(2027, 2, 1)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, Status.WAITS),
        ({"withdrawn": True}, Status.WITHDRAWN),
        ({"outcome": "rejected"}, Status.REJECTED),
        ({"outcome": "referred_back"}, Status.REFERRED_BACK),
        ({"outcome": "approved", "today": date(2027, 1, 10)}, Status.APPROVED),
        ({"outcome": "approved", "today": date(2027, 1, 11)}, Status.RUNS),
        ({"outcome": "approved", "today": date(2027, 3, 31)}, Status.RUNS),
        ({"outcome": "approved", "today": date(2027, 4, 1)}, Status.ENDED),
        ({"outcome": "approved", "followed_up": True}, Status.FOLLOWED_UP),
    ],
)
def test_status(changed: dict[str, Any], expected: Status) -> None:
    values: dict[str, Any] = {
        "withdrawn": False,
        "outcome": None,
        "starts_on": date(2027, 1, 11),
        "ends_on": date(2027, 3, 31),
        "followed_up": False,
        "today": DURING,
    }
    assert status_of(**values | changed) is expected
