"""Examples of the events of the pose coach."""

from datetime import UTC, datetime
from typing import Any, Final

from domain.ids import UserId
from domain.personal import Personal
from domain.pose_coach.events import PoseSessionDeleted, PoseSessionMerged, PoseSessionSaved

ADA = UserId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6071")
AT = datetime(2030, 1, 1, 7, 30, 0, 123457, tzinfo=UTC)
LATER = datetime(2030, 1, 1, 8, 15, 30, tzinfo=UTC)

EXAMPLES: Final[tuple[Any, ...]] = (
    PoseSessionSaved(
        user_id=ADA,
        exercise=Personal(ADA, "squat"),
        reps=12,
        accuracy=0.87,
        ended_at=AT,
        duration_s=120,
        feedback=Personal(ADA, ("Knees over toes.",)),
        at=LATER,
    ),
    PoseSessionMerged(
        user_id=ADA,
        reps=13,
        accuracy=0.85,
        duration_s=121,
        feedback=Personal(ADA, ("Back straight.", "Knees over toes.")),
        before_reps=12,
        before_accuracy=0.87,
        before_duration_s=120,
        at=LATER,
    ),
    PoseSessionDeleted(user_id=ADA, reps=12, accuracy=0.87, duration_s=120, at=LATER),
)
