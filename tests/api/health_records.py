"""Health records that a device sends."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.api.people import Person

BEFORE = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
NOON = BEFORE.replace(hour=12, minute=0, second=0)
DAY = NOON.date().isoformat()


def walked(record_id: str, steps: float, **more: Any) -> dict[str, Any]:
    """Return a record of ten minutes, which begins `minute` after noon."""
    start = NOON + timedelta(minutes=more.pop("minute", 0))
    end = start + timedelta(minutes=10)
    record = {
        "id": record_id, "metric": "steps", "value": steps, "unit": "count",
        "start": start.isoformat(), "end": end.isoformat(), "device": "Watch",
    }  # fmt: skip
    return {**record, **more}


def connect(person: Person, source: str = "apple_health", *metrics: str) -> Any:
    body = {"metrics": list(metrics or ("steps", "weight"))}
    return person.ask("PUT", f"/v1/me/health/sources/{source}", json=body)


def send(
    person: Person, *records: Any, source: str = "apple_health", key: str = "", **more: Any
) -> Any:
    body = {"timeZone": "UTC", "records": list(records), **more}
    headers = {"Idempotency-Key": key or str(uuid4()), "Content-Type": "application/json"}
    content = json.dumps(body)  # with NaN, which devices send although JSON has none
    return person.post(f"/v1/me/health/sources/{source}/records", content=content, headers=headers)


def steps_of_day(person: Person) -> Any:
    days = person.get("/v1/me/health/days", params={"start": DAY, "end": DAY}).json()["items"]
    return [(figure["metric"], figure["figure"]) for day in days for figure in day["figures"]]
