"""Executions of workouts in GraphQL. Times in ms count from the beginning of the session."""

from dataclasses import fields
from datetime import datetime
from typing import Any

import strawberry
from strawberry.scalars import JSON

from api.exercise_progress import ExerciseProgress as ProgressTold
from api.exercise_progress import Record as RecordTold
from api.graphql.healthkit import HealthKitStatus
from api.graphql.session_types import CountedBy, CountSource, Performance, SessionStatus
from api.graphql.source_counts import SourceCounts, source_counts_of
from application.sessions.session_view import SessionView, SetView
from application.sessions.summary import Calories as CaloriesTold
from application.sessions.summary import HealthKitExport
from application.sessions.summary import WorkoutSummary as SummaryTold
from domain.sessions.events import Performance as Scored
from domain.sessions.healthkit import HealthKit as HealthKitKnown
from domain.values import CountedBy as Counter


def same(kind: type[Any], told: object, **more: Any) -> Any:
    """Make a type of the schema of what has fields of the same names; `more` are the others."""
    names = (each.name for each in fields(kind) if each.init and each.name not in more)
    return kind(**{name: getattr(told, name) for name in names}, **more)


@strawberry.type(
    description="A movement that counts as a repetition, or does not for a `reason`; `number` is "
    "null for one that never counted, and `byHand` says that the athlete logged it."
)
class Movement:
    """What may be a repetition."""

    number: int | None
    accepted: bool
    by_hand: bool
    start_ms: int
    end_ms: int
    form: float | None
    faults: list[str]
    reason: str | None


@strawberry.type(description="A set of an execution; `repetitions` is the accepted count.")
class ExecutionSet(SourceCounts):
    """A set so far."""

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
    def of(cls, told: SetView) -> "ExecutionSet":
        """Tell a set."""
        made: ExecutionSet = same(
            cls,
            told,
            status=SessionStatus(told.status),
            source=CountSource(told.source),
            counted_by=_counter(told.counted_by),
            movements=[same(Movement, each) for each in told.movements],
            **source_counts_of(told.looks, told.stands),
        )
        return made


def _counter(told: Counter) -> CountedBy:
    return CountedBy(
        source=CountSource(told.source),
        model=told.model,
        definition_version=told.definition_version,
        learned=told.learned,
    )


@strawberry.type(description="A line of the prescription, and how many of its sets are over.")
class ExecutionLine:
    """What is to be done."""

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
    """Between two sets."""

    after_set: int
    planned_s: int
    started_ms: int


@strawberry.type(description="The next set.")
class NextSet:
    """The `round`th set of the `line`th line."""

    set: int
    line: int
    round: int
    exercise_id: strawberry.ID
    target_repetitions: int | None
    target_hold_s: int | None
    rest_s: int


@strawberry.type(description="Whether a workout is in HealthKit, and why not where that failed.")
class HealthKit:
    """The device's word."""

    status: HealthKitStatus
    reason: str | None

    @classmethod
    def of(cls, known: HealthKitKnown) -> "HealthKit":
        """Tell a hand-shake."""
        return cls(status=HealthKitStatus(known.status), reason=known.reason)


@strawberry.type(description="A workout execution.")
class Execution:
    """An execution; `executionId` is the session's id, `nowMs` the server's now.

    It is at most a day, as a session is.
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
    def of(cls, told: SessionView, now: datetime) -> "Execution":
        """Tell an execution."""
        made: Execution = same(
            cls,
            told,
            execution_id=told.id,
            status=SessionStatus(told.status),
            now_ms=told.elapsed_ms(now),
            lines=[same(ExecutionLine, each) for each in told.lines],
            sets=[ExecutionSet.of(each) for each in told.sets],
            rest=told.rest and same(Rest, told.rest),
            next=told.next and same(NextSet, told.next),
            health_kit=HealthKit.of(told.health_kit),
        )
        return made


@strawberry.type(description="Calories of an exercise.")
class Energy:
    """`source` is that of the MET value."""

    exercise_id: strawberry.ID
    seconds: float
    met: float | None
    source: str | None


@strawberry.type(
    description="Kilocalories, and what they rest on; `bodyMass` is `given`, `profile` or "
    "`default`, and `bodyMassKg` is told only where it is nobody's own."
)
class Calories:
    """An estimate."""

    kcal: float
    body_mass: str | None
    body_mass_kg: float | None
    formula: str
    exercises: list[Energy]

    @classmethod
    def of(cls, told: CaloriesTold) -> "Calories":
        """Tell an estimate."""
        made: Calories = same(cls, told, exercises=[same(Energy, each) for each in told.exercises])
        return made


@strawberry.type(description="How many of 100 points each input of the score has.")
class Points:
    """Where all are measured."""

    completion: float
    form: float
    tempo: float
    range_of_motion: float


@strawberry.type(description="A cue of the coach; `fault` is null for praise.")
class Feedback:
    """One sentence."""

    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int


@strawberry.type(description="A set of the latest session with an exercise.")
class LastSet:
    """What the next set begins with."""

    set: int
    repetitions: int
    held_ms: int
    load_kg: float | None
    form: float | None


@strawberry.type(description="A record, and its session.")
class Record:
    """A record."""

    best: float
    session_id: strawberry.ID
    at: datetime

    @classmethod
    def of(cls, told: RecordTold | None) -> "Record | None":
        """Tell a record, if there is one."""
        return None if told is None else same(cls, told)


@strawberry.type(description="An athlete's last results in an exercise, and their records.")
class ExerciseProgress:
    """Repetitions, kilograms, milliseconds and form 0..1, each of one set."""

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
    def of(cls, told: ProgressTold) -> "ExerciseProgress":
        """Tell a progress."""
        made: ExerciseProgress = same(
            cls,
            told,
            last_sets=[same(LastSet, each) for each in told.last_sets],
            most_repetitions=Record.of(told.most_repetitions),
            heaviest_kg=Record.of(told.heaviest_kg),
            longest_hold_ms=Record.of(told.longest_hold_ms),
            best_form=Record.of(told.best_form),
        )
        return made


@strawberry.type(description="Data for the device to write as one `HKWorkout`.")
class HealthKitWorkout:
    """`metadata` is by HealthKit's keys and ours."""

    activity_type: str
    start: datetime
    end: datetime
    energy_kcal: float
    metadata: JSON


@strawberry.type(
    description="State of the HealthKit handshake, and the data to write until it is complete."
)
class HealthKitToWrite:
    """A hand-shake."""

    status: HealthKitStatus
    reason: str | None
    workout: HealthKitWorkout | None

    @classmethod
    def of(cls, told: HealthKitExport) -> "HealthKitToWrite":
        """Tell a hand-shake."""
        known = told.workout
        workout: HealthKitWorkout | None = None
        if known is not None:
            workout = same(HealthKitWorkout, known, metadata=dict(known.metadata))
        return cls(status=HealthKitStatus(told.status), reason=told.reason, workout=workout)


@strawberry.type(description="Summary of a workout, with the parts of each figure.")
class WorkoutSummary:
    """A summary."""

    execution_id: strawberry.ID
    workout_id: strawberry.ID | None
    athlete_id: strawberry.ID
    started_at: datetime
    completed_at: datetime
    duration_ms: int
    set_count: int
    repetition_count: int
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
    def of(cls, told: SummaryTold, progress: tuple[ProgressTold, ...]) -> "WorkoutSummary":
        """Tell a summary, and the progress with it."""
        made: WorkoutSummary = same(
            cls,
            told,
            execution_id=told.id,
            calories=Calories.of(told.calories),
            performance=_performance(told.performance),
            points=same(Points, told.points),
            sets=[ExecutionSet.of(each) for each in told.sets],
            feedback_details=[same(Feedback, each) for each in told.feedback_details],
            progress=[ExerciseProgress.of(each) for each in progress],
            health_kit=HealthKitToWrite.of(told.health_kit),
        )
        return made


def _performance(told: Scored | None) -> Performance | None:
    return None if told is None else same(Performance, told)
