"""A person whose device measures health records."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.api.health_records import connect
from tests.api.people import Person, Town

NOW = (datetime.now(UTC) - timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
"""Noon of yesterday, so that no day changes while the tests run."""


@pytest.fixture
def ada(town: Town) -> Person:
    person = town.citizen("ada@example.org")
    person.agrees("health_data")
    connect(person, "apple_health", "steps", "heart_rate", "resting_heart_rate")
    return person


def measured(metric: str, value: float, unit: str, ago: int = 0, **more: Any) -> dict[str, Any]:
    """Return an instant of some days ago."""
    at = (NOW - timedelta(days=ago, minutes=more.pop("minute", 1))).isoformat()
    return {
        "id": uuid4().hex, "metric": metric, "value": value, "unit": unit,
        "start": at, "end": at, "device": "Watch", **more,
    }  # fmt: skip
