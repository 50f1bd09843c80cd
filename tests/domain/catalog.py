"""Events of a plan of the catalog."""

from datetime import UTC, datetime

from domain.catalog import events
from domain.ids import UserId, WorkoutId
from domain.personal import Personal

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
COACH = UserId("coach")
LEGS = WorkoutId("legs")
TERMS = events.PlanTerms(level="beginner", weeks=4, sessions_per_week=3, workouts=(LEGS,))
DRAFTED = events.PlanDrafted(
    trainer_id=COACH,
    title=Personal(COACH, "Squats"),
    description=Personal(COACH, ""),
    terms=TERMS,
    at=AT,
)
