"""GraphQL types of workout executions. Times in ms count from the start of the session."""

from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

import strawberry
from strawberry.scalars import JSON

from api.graphql.enums import CountSource, HealthKitStatus, SessionStatus
from api.graphql.session_types import CountedBy, Performance
from api.graphql.source_counts import SourceCounts, source_counts_of
from api.views import sessions as views
from api.views import workouts
from application.analytics.exercise_progress import ExerciseProgress as ProgressView
from application.analytics.exercise_progress import Record as RecordView

Made = TypeVar("Made")


def same(kind: type[Made], view: object, **more: Any) -> Made:
    """Build a GraphQL type from the fields of the same name; `more` has the other fields."""
    declared: type[Any] = kind
    names = (each.name for each in fields(declared) if each.init and each.name not in more)
    return kind(**{name: getattr(view, name) for name in names}, **more)


@strawberry.type(
    description="A movement that counts as a repetition, or does not for a `reason`; `number` is "
    "null for one that never counted, and `byHand` says that the athlete logged it."
)
class Movement:
    """Possible repetition of a set."""

    number: int | None
    accepted: bool
    by_hand: bool
    start_ms: int
    end_ms: int
    form: float | None
    faults: list[str]
    reason: str | None = strawberry.field(description=workouts.MOVEMENT_REASONS)


@strawberry.type(description="A set of an execution; `repetitions` is the accepted count.")
class ExecutionSet(SourceCounts):
    """Set of an execution, completed or in progress."""

    number: int
    line: int | None
    exercise_id: strawberry.ID
    status: SessionStatus
    source: CountSource
    counted_by: CountedBy
    target_repetitions: int | None
    target_hold_s: int | None
    load_kg: float | None
    repetitions: int
    rejected: int
    held_ms: int
    start_ms: int | None
    end_ms: int | None
    movements: list[Movement]

    @classmethod
    def of(cls, view: workouts.PerformedSet) -> "ExecutionSet":
        """Convert a set."""
        result: ExecutionSet = same(
            cls,
            view,
            status=SessionStatus(view.status),
            source=CountSource(view.source),
            counted_by=_counter(view.counted_by),
            movements=[same(Movement, each) for each in view.movements],
            **source_counts_of(view.source_counts, view.accepted_source),
        )
        return result


def _counter(view: views.CountedBy) -> CountedBy:
    return CountedBy(
        source=CountSource(view.source),
        model=view.model,
        definition_version=view.definition_version,
        learned=view.learned,
    )


@strawberry.type(description="A line of the prescription, and how many of its sets are over.")
class ExecutionLine:
    """Line of the prescription with its progress."""

    line: int
    exercise_id: strawberry.ID
    sets: int
    target_repetitions: int | None
    target_hold_s: int | None
    rest_s: int
    performed: int
    skipped: int
    over: bool


@strawberry.type(description="A rest that is not over, and how long it is to last in all.")
class Rest:
    """Rest between two sets."""

    after_set: int
    planned_s: int
    started_ms: int


@strawberry.type(description="The next set.")
class NextSet:
    """Next set: the `round`th set of the `line`th line."""

    set: int
    line: int
    round: int
    exercise_id: strawberry.ID
    target_repetitions: int | None
    target_hold_s: int | None
    rest_s: int


@strawberry.type(description="Whether a workout is in HealthKit, with the reason if it failed.")
class HealthKit:
    """HealthKit status that the device reported."""

    status: HealthKitStatus
    reason: str | None

    @classmethod
    def of(cls, state: workouts.HealthKit) -> "HealthKit":
        """Convert a HealthKit status."""
        return cls(status=HealthKitStatus(state.status), reason=state.reason)


@strawberry.type(description="A workout execution.")
class Execution:
    """Workout execution; `executionId` is the session's id, `nowMs` the server's time in it.

    `nowMs` is at most a day, as is a session.
    """

    execution_id: strawberry.ID
    workout_id: strawberry.ID | None
    athlete_id: strawberry.ID
    status: SessionStatus
    started_at: datetime
    time_zone: str
    now_ms: int
    lines: list[ExecutionLine]
    sets: list[ExecutionSet]
    rest: Rest | None
    next: NextSet | None
    health_kit: HealthKit

    @classmethod
    def of(cls, view: workouts.Execution) -> "Execution":
        """Convert an execution."""
        result: Execution = same(
            cls,
            view,
            execution_id=view.id,
            status=SessionStatus(view.status),
            lines=[same(ExecutionLine, each) for each in view.lines],
            sets=[ExecutionSet.of(each) for each in view.sets],
            rest=view.rest and same(Rest, view.rest),
            next=view.next and same(NextSet, view.next),
            health_kit=HealthKit.of(view.health_kit),
        )
        return result


@strawberry.type(description="Calories of an exercise.")
class Energy:
    """Calories of an exercise; `source` is that of the MET value."""

    exercise_id: strawberry.ID
    seconds: float
    met: float | None
    source: str | None


@strawberry.type(
    description="Kilocalories and their basis; `bodyMass` is `given`, `profile` or "
    "`default`, and `bodyMassKg` is set only if it is not the user's own."
)
class Calories:
    """Estimate of the calories of a workout."""

    kcal: float
    body_mass: str | None
    body_mass_kg: float | None
    formula: str
    exercises: list[Energy]

    @classmethod
    def of(cls, view: workouts.Calories) -> "Calories":
        """Convert a calorie estimate."""
        result: Calories = same(
            cls, view, exercises=[same(Energy, each) for each in view.exercises]
        )
        return result


@strawberry.type(description="How many of 100 points each input of the score has.")
class Points:
    """Points by input of the score, for a workout in which all inputs are measured."""

    completion: float
    form: float
    tempo: float
    range_of_motion: float


@strawberry.type(description="A cue of the coach; `fault` is null for praise.")
class Feedback:
    """Cue that the coach gave."""

    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int


@strawberry.type(description="A set of the latest session with an exercise.")
class LastSet:
    """Set of the latest session; the next set starts with its values."""

    set: int
    repetitions: int
    held_ms: int
    load_kg: float | None
    form: float | None


@strawberry.type(description="A record, and its session.")
class Record:
    """Personal record in an exercise."""

    best: float
    session_id: strawberry.ID
    at: datetime

    @classmethod
    def of(cls, view: RecordView | workouts.Record | None) -> "Record | None":
        """Convert a record, or return None if there is none."""
        return None if view is None else same(cls, view)


@strawberry.type(description="An athlete's last results in an exercise, and their records.")
class ExerciseProgress:
    """Progress in an exercise. Each record is of one set: repetitions, kg, ms, form 0..1."""

    athlete_id: strawberry.ID
    exercise_id: strawberry.ID
    sessions: int
    last_session_id: strawberry.ID
    last_at: datetime
    last_sets: list[LastSet]
    most_repetitions: Record | None
    heaviest_kg: Record | None
    longest_hold_ms: Record | None
    best_form: Record | None

    @classmethod
    def of(cls, view: ProgressView | workouts.ExerciseProgress) -> "ExerciseProgress":
        """Convert the progress in an exercise."""
        result: ExerciseProgress = same(
            cls,
            view,
            last_sets=[same(LastSet, each) for each in view.last_sets],
            most_repetitions=Record.of(view.most_repetitions),
            heaviest_kg=Record.of(view.heaviest_kg),
            longest_hold_ms=Record.of(view.longest_hold_ms),
            best_form=Record.of(view.best_form),
        )
        return result


@strawberry.type(description="Data for the device to write as one `HKWorkout`.")
class HealthKitWorkout:
    """Workout for HealthKit; the keys of `metadata` are HealthKit's and ours."""

    activity_type: str
    start: datetime
    end: datetime
    energy_kcal: float
    metadata: JSON


@strawberry.type(
    description="State of the HealthKit handshake, and the data to write until it is complete."
)
class HealthKitToWrite:
    """HealthKit handshake and the data to write."""

    status: HealthKitStatus
    reason: str | None
    workout: HealthKitWorkout | None

    @classmethod
    def of(cls, view: workouts.HealthKitToWrite) -> "HealthKitToWrite":
        """Convert a HealthKit export."""
        state = view.workout
        workout: HealthKitWorkout | None = None
        if state is not None:
            workout = same(HealthKitWorkout, state, metadata=dict(state.metadata))
        return cls(status=HealthKitStatus(view.status), reason=view.reason, workout=workout)


@strawberry.type(description="Summary of a workout, with the parts of each figure.")
class WorkoutSummary:
    """Summary of a completed workout."""

    execution_id: strawberry.ID
    workout_id: strawberry.ID | None
    athlete_id: strawberry.ID
    started_at: datetime
    completed_at: datetime
    duration_ms: int
    set_count: int
    repetition_count: int
    verified_repetition_count: int = strawberry.field(
        description="Counted by Kinelog itself; only these count for leaderboards and awards."
    )
    rejected_count: int
    skipped_count: int
    calories: Calories
    accuracy: float | None
    performance: Performance | None
    points: Points
    sets: list[ExecutionSet]
    feedback_details: list[Feedback]
    feedback_points: list[str]
    progress: list[ExerciseProgress]
    health_kit: HealthKitToWrite

    @classmethod
    def of(cls, view: workouts.WorkoutSummary) -> "WorkoutSummary":
        """Convert a summary."""
        result: WorkoutSummary = same(
            cls,
            view,
            execution_id=view.id,
            calories=Calories.of(view.calories),
            performance=_performance(view.performance),
            points=same(Points, view.points),
            sets=[ExecutionSet.of(each) for each in view.sets],
            feedback_details=[same(Feedback, each) for each in view.feedback_details],
            progress=[ExerciseProgress.of(each) for each in view.progress],
            health_kit=HealthKitToWrite.of(view.health_kit),
        )
        return result


def _performance(view: views.Performance | None) -> Performance | None:
    return None if view is None else same(Performance, view)
