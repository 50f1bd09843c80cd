"""A watch that measures the heart rate a thousand times a day has figures like any other."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from application.health.service import SentBatch
from domain.health.batch import MAX_BATCH, Measured
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.api.health_records import connect
from tests.api.people import Town

DAYS, A_DAY = 92, 1150


@pytest.mark.slow
def test_a_day_has_a_summary_after_three_months_of_dense_heart_rates(town: Town) -> None:
    """R-HLT-05, R-HLT-06: its zones need the highest heart rate of the three months."""
    ada = town.citizen("ada@example.org")
    ada.agrees("health_data")
    connect(ada, "apple_health", "heart_rate")
    user = UserId(ada.id)
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    records = [
        Measured(f"{ago}-{number}", "heart_rate", 60 + number % 90, "bpm", at, at, "Watch")
        for ago in range(1, DAYS + 1)
        for number in range(A_DAY)
        for at in [midnight - timedelta(days=ago) + timedelta(seconds=75 * number)]
    ]
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=user, correlation_id=uuid4())
    for first in range(0, len(records), MAX_BATCH):
        batch = SentBatch(records[first : first + MAX_BATCH], (), "UTC", None)
        town.platform.health.push(
            user, "apple_health", batch, origin=origin, command_id=uuid4(), counts_as_sync=False
        )
    yesterday = (midnight - timedelta(days=1)).date()
    summary = ada.get("/v1/me/health/summary", params={"day": yesterday.isoformat()})
    assert summary.status_code == 200, summary.text
    assert summary.json()["highestHeartRate"] == 149.0
    start = yesterday - timedelta(days=89)
    days = {"start": start.isoformat(), "end": yesterday.isoformat()}
    assert len(ada.get("/v1/me/health/trends/heart_rate", params=days).json()["points"]) == 90
