"""Records of health data, as clients send them."""

from datetime import datetime
from typing import Any
from uuid import uuid4


def measured(metric: str, value: float, unit: str, at: datetime) -> dict[str, Any]:
    return {
        "id": uuid4().hex, "metric": metric, "value": value, "unit": unit,
        "start": at.isoformat(), "end": at.isoformat(), "device": "Watch",
    }  # fmt: skip
