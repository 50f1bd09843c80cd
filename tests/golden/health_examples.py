"""Examples of the events of health data, and the person and times of all examples."""

from datetime import UTC, datetime
from typing import Any, Final

from domain.health import events as health
from domain.ids import UserId
from domain.personal import Personal

ADA = UserId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6071")
AT = datetime(2030, 1, 1, 7, 30, 0, 123457, tzinfo=UTC)
LATER = datetime(2030, 1, 1, 8, 15, 30, tzinfo=UTC)

EXAMPLES: Final[list[Any]] = [
    health.IntegrationConnected(
        user_id=ADA, source="apple_health", metrics=Personal(ADA, ("steps", "weight")),
        version="1", at=AT,
    ),
    health.IntegrationSynced(
        user_id=ADA, anchor=Personal(ADA, "YnBsaXN0MDA="), accepted=2, at=LATER
    ),
    health.UploadTokenIssued(
        user_id=ADA, digest="0123456789abcdef" * 4, expires_at=LATER, at=AT,
        sign_in_id="0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6072",
    ),
    health.IntegrationLinked(
        user_id=ADA, source="strava", scopes=Personal(ADA, ("activity:read_all", "read")), at=AT
    ),
    health.IntegrationConsentLost(user_id=ADA, reason="withdrawn", at=LATER),
    health.IntegrationDisconnected(user_id=ADA, at=LATER),
    health.MetricsSynced(
        user_id=ADA, source="apple_health", accepted=2, unchanged=1, rejected=3, deleted=1,
        at=LATER,
        records=Personal(
            ADA,
            health.Records(
                (
                    health.Record("r1", "steps", 812.0, AT, LATER, "Watch", "Europe/Berlin"),
                    health.Record("r2", "weight", 61.25, AT, AT, "", "Europe/Berlin"),
                ),
                ("r0",),
            ),
        ),
    ),
    health.SourcesOrdered(
        order=Personal(ADA, health.SourceOrder("steps", ("health_connect", "apple_health"))),
        at=AT,
    ),
    health.GoalSet(goal=Personal(ADA, health.Goal("steps", 8000.0, "at_least")), at=AT),
    health.GoalRemoved(metric=Personal(ADA, "steps"), at=LATER),
    health.ProfileDeleted(user_id=ADA, at=LATER),
]  # fmt: skip
