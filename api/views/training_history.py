"""Training history: results in an exercise, and activities."""

from datetime import date, datetime

from pydantic import Field

from api.views.base import Body
from projections.exercise_performance import ExercisePerformance as Row
from projections.health_activity import HealthActivity


class ExercisePerformance(Body):
    """Best results of a completed session; null if there was none.

    Repetitions, kilograms, milliseconds held, and form 0..1. `…Verified…` are the best results of
    what Kinelog counted itself; form is of these anyway.
    """

    session_id: str
    at: datetime
    most_repetitions: int | None
    heaviest_kg: float | None
    longest_hold_ms: int | None
    best_form: float | None
    most_verified_repetitions: int | None
    heaviest_verified_kg: float | None
    longest_verified_hold_ms: int | None

    @classmethod
    def of(cls, row: Row) -> "ExercisePerformance":
        """Convert a row of the read model."""
        return cls(
            session_id=row.session_id,
            at=row.at,
            most_repetitions=row.most_repetitions or None,
            heaviest_kg=row.heaviest_kg or None,
            longest_hold_ms=row.longest_hold_ms or None,
            best_form=row.best_form or None,
            most_verified_repetitions=row.most_verified_repetitions or None,
            heaviest_verified_kg=row.heaviest_verified_kg or None,
            longest_verified_hold_ms=row.longest_verified_hold_ms or None,
        )


class Activity(Body):
    """A completed session as health services describe it: kind, times and estimated energy."""

    session_id: str
    activity_type: str = Field(description="Name of a HealthKit `HKWorkoutActivityType`.")
    day: date
    started_at: datetime
    ended_at: datetime
    duration_ms: int
    energy_kcal: float

    @classmethod
    def of(cls, row: HealthActivity) -> "Activity":
        """Convert a row of the read model."""
        return cls(
            session_id=row.id,
            activity_type=row.activity_type,
            day=row.day,
            started_at=row.started_at,
            ended_at=row.ended_at,
            duration_ms=row.duration_ms,
            energy_kcal=row.energy_kcal,
        )
