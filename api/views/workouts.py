"""JSON bodies of workout executions. Times in ms count from the start of the session."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field

from api.views.base import Body, documented
from api.views.sessions import REJECTION_REASONS, RPE_FELT, CountedBy, Performance, SourceCounts
from application.analytics.exercise_progress import ExerciseProgress as Progress
from application.sessions.service import SessionResult
from application.sessions.session_view import SessionView
from application.sessions.summary import WorkoutSummary as Summarized
from domain.health.health_connect import Omitted
from domain.sessions.healthkit import HealthKitStatus
from domain.sessions.prescription_events import HealthKitObstacle
from domain.values import MAX_RPE, MIN_RPE, RPE_STEP, CountSource

MOVEMENT_REASONS: Final = f"{REJECTION_REASONS} Null if it counts."
"""Description of the reasons why a movement of a workout does not count."""

RPE_TARGET: Final = (
    "How hard a set should feel, 1 to 10 in steps of 0.5: 10 - RPE repetitions are left. Null: no"
    " target."
)
"""Description of a target of perceived exertion."""

TargetRpe = Annotated[float, documented(minimum=MIN_RPE, maximum=MAX_RPE, multipleOf=RPE_STEP)]
"""A rating of perceived exertion. Its limits are checked by the domain."""


class Movement(Body):
    """A movement that counts as a repetition, or does not for a `reason`.

    `number` is null for one that never counted; `byHand`: the athlete logged it.
    """

    number: int | None
    accepted: bool
    by_hand: bool
    start_ms: int
    end_ms: int
    form: float | None
    faults: tuple[str, ...]
    reason: str | None = Field(description=MOVEMENT_REASONS)


class PerformedSet(SourceCounts):
    """A set so far. `repetitions` is the accepted count, `source` its source (C-49)."""

    number: int
    line: int | None
    exercise_id: str
    status: Literal["underway", "completed"]
    source: CountSource
    counted_by: CountedBy
    target_repetitions: int | None
    target_hold_s: int | None
    load_kg: float | None
    rpe: float | None = Field(description=RPE_FELT)
    repetitions: int
    rejected: int
    held_ms: int
    start_ms: int | None
    end_ms: int | None
    movements: tuple[Movement, ...]


class Line(Body):
    """A line of the prescription, from 1, with its started and skipped sets."""

    line: int
    exercise_id: str
    sets: int
    target_repetitions: int | None
    target_hold_s: int | None
    rest_s: int
    load_kg: float | None = Field(description="Prescribed load; null: the athlete chooses it.")
    target_rpe: float | None = Field(description=RPE_TARGET)
    performed: int
    skipped: int
    over: bool


class Rest(Body):
    """A rest that is not over, and its planned length."""

    after_set: int
    planned_s: int
    started_ms: int


class Next(Body):
    """The next set: round `round` of line `line`."""

    set: int
    line: int
    round: int
    exercise_id: str
    target_repetitions: int | None
    target_hold_s: int | None
    rest_s: int
    load_kg: float | None = Field(description="Prescribed load; null: the athlete chooses it.")
    target_rpe: float | None = Field(description=RPE_TARGET)


class HealthKit(Body):
    """HealthKit status of the workout, with the reason if it failed (C-45)."""

    status: HealthKitStatus
    reason: HealthKitObstacle | None


class Execution(Body):
    """A workout execution; `nowMs` is the server's time in the session, at most a day."""

    id: str
    workout_id: str | None
    athlete_id: str
    status: Literal["underway", "completed"]
    started_at: datetime
    time_zone: str
    now_ms: int
    lines: tuple[Line, ...]
    sets: tuple[PerformedSet, ...]
    rest: Rest | None
    next: Next | None
    health_kit: HealthKit

    @classmethod
    def of(cls, session: SessionView, now: datetime, **more: Any) -> Self:
        """Convert a session view."""
        same = {name: getattr(session, name) for name in cls.model_fields if hasattr(session, name)}
        return cls.model_validate({**same, "now_ms": session.elapsed_ms(now), **more})


class ExecutionWritten(Execution):
    """An execution after the command; the log has its events up to `position`."""

    position: int
    repeated: bool

    @classmethod
    def after(cls, result: SessionResult, now: datetime) -> Self:
        """Render the session after a command."""
        appended = result.appended
        return cls.of(result.session, now, position=appended.position, repeated=appended.repeated)


class Energy(Body):
    """Calories of an exercise; `source` is that of its MET."""

    exercise_id: str
    seconds: float
    met: float | None
    source: str | None


class Calories(Body):
    """Kilocalories and their basis; `bodyMassKg` only if it is not the user's own."""

    kcal: float
    body_mass: Literal["given", "profile", "default"] | None
    body_mass_kg: float | None
    formula: str
    exercises: tuple[Energy, ...]


class Points(Body):
    """Points of 100 for each input of the score, if all are measured."""

    completion: float
    form: float
    tempo: float
    range_of_motion: float


class Feedback(Body):
    """A cue of the coach; `fault` is null for praise."""

    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int


class LastSet(Body):
    """A set of the latest session with this exercise."""

    set: int
    repetitions: int
    held_ms: int
    load_kg: float | None
    form: float | None


class Record(Body):
    """A record, and its session."""

    best: float
    session_id: str
    at: datetime


class ExerciseProgress(Body):
    """An athlete's last results in an exercise, and their records; null if none.

    `…Verified…` are the records of what Kinelog counted itself, beside those of all results.
    """

    athlete_id: str
    exercise_id: str
    sessions: int
    last_session_id: str
    last_at: datetime
    last_sets: tuple[LastSet, ...]
    most_repetitions: Record | None
    heaviest_kg: Record | None
    longest_hold_ms: Record | None
    best_form: Record | None
    most_verified_repetitions: Record | None
    heaviest_verified_kg: Record | None
    longest_verified_hold_ms: Record | None


class ExerciseProgressList(Body):
    """Progress in several exercises."""

    items: tuple[ExerciseProgress, ...]


class HealthKitWorkout(Body):
    """Data for the device to write as one `HKWorkout`; `metadata` by HealthKit's keys and ours."""

    activity_type: str
    start: datetime
    end: datetime
    energy_kcal: float
    metadata: dict[str, str | int | float | bool]


class HealthKitToWrite(HealthKit):
    """State of the HealthKit handshake, and the data to write until it is complete."""

    workout: HealthKitWorkout | None


class HealthConnectSegment(Body):
    """A set as an `ExerciseSegment` of Health Connect; a hold has 0 repetitions."""

    segment_type: str
    start: datetime
    end: datetime
    repetitions: int


class HealthConnectWorkout(Body):
    """Data for the device to write as one `ExerciseSessionRecord`, as often as it likes."""

    client_record_id: str = Field(description="Health Connect replaces a record with the same id.")
    exercise_type: str
    start: datetime
    end: datetime
    time_zone: str
    energy_kcal: float
    segments: tuple[HealthConnectSegment, ...]
    left: tuple[Omitted, ...] = Field(description="What the record cannot hold.")


class WorkoutSummary(Body):
    """Summary of a workout, with the parts of each figure (R-WKT-04)."""

    id: str
    workout_id: str | None
    athlete_id: str
    started_at: datetime
    completed_at: datetime
    duration_ms: int
    set_count: int
    repetition_count: int
    verified_repetition_count: int = Field(
        description="Counted by Kinelog itself; only these count for leaderboards and awards."
    )
    rejected_count: int
    skipped_count: int
    calories: Calories
    accuracy: float | None
    performance: Performance | None
    points: Points
    sets: tuple[PerformedSet, ...]
    feedback_details: tuple[Feedback, ...]
    feedback_points: tuple[str, ...]
    progress: tuple[ExerciseProgress, ...]
    health_kit: HealthKitToWrite
    health_connect: HealthConnectWorkout

    @classmethod
    def of(cls, summary: Summarized, progress: Sequence[Progress], **more: Any) -> Self:
        """Convert a summary and the progress in its exercises."""
        same = {name: getattr(summary, name) for name in cls.model_fields if hasattr(summary, name)}
        return cls.model_validate({**same, "progress": progress, **more})


class WorkoutCompleted(WorkoutSummary):
    """The summary of a completed workout; the log has it up to `position`."""

    position: int
    repeated: bool


class HealthKitConfirmed(Body):
    """HealthKit status."""

    id: str
    health_kit: HealthKit
    position: int
    repeated: bool
