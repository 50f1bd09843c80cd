"""Inputs of the mutations of executions."""

import enum
from datetime import datetime

import strawberry

from api.graphql.mutations import MutationInput
from api.graphql.session_types import CountSource


@strawberry.enum
class Skipped(enum.Enum):
    """The next set, or all sets left of its exercise."""

    SET = "set"
    EXERCISE = "exercise"


@strawberry.enum
class HealthKitOutcome(enum.Enum):
    """Result of writing a workout to HealthKit."""

    SYNCED = "synced"
    FAILED = "failed"


@strawberry.enum
class HealthKitReason(enum.Enum):
    """Reason of a failure, after `HKError.Code`."""

    UNAVAILABLE = "unavailable"
    DENIED = "denied"
    NOT_DETERMINED = "not_determined"
    LOCKED = "locked"
    CANCELLED = "cancelled"
    INVALID = "invalid"
    OTHER = "other"


@strawberry.input
class StartWorkoutInput(MutationInput):
    """Without `executionId` one is made; without `at` it begins now."""

    workout_id: strawberry.ID
    execution_id: strawberry.ID | None = None
    athlete_id: strawberry.ID | None = None
    at: datetime | None = None
    time_zone: str = "UTC"


@strawberry.input
class ExecutionMutation(MutationInput):
    """A mutation of one execution."""

    execution_id: strawberry.ID


@strawberry.input
class BeginNextSetInput(ExecutionMutation):
    """`exerciseId` replaces the prescribed exercise. Without `atMs` it begins now.

    With `set` only the set of this number begins.
    """

    set: int | None = None
    source: CountSource = CountSource.MANUAL
    model: str = "hand"
    exercise_id: strawberry.ID | None = None
    load_kg: float | None = None
    at_ms: int | None = None


@strawberry.input
class LogRepetitionsInput(ExecutionMutation):
    """Add repetitions that the athlete reports."""

    set: int
    repetitions: int = 1
    at_ms: int | None = None


@strawberry.input
class LogDurationInput(ExecutionMutation):
    """Add a hold that the athlete reports; `atMs` is its end."""

    set: int
    duration_ms: int
    at_ms: int | None = None


@strawberry.input
class UndoRepetitionInput(ExecutionMutation):
    """Remove the last repetition of this set."""

    set: int


@strawberry.input
class OverruleRepetitionInput(ExecutionMutation):
    """Accept or reject a movement: by its `number`, or by `startMs` where it has none."""

    set: int
    accepted: bool
    number: int | None = None
    start_ms: int | None = None


@strawberry.input
class FinishSetInput(ExecutionMutation):
    """Complete a set; without `startMs` it began when it was started."""

    set: int
    start_ms: int | None = None
    end_ms: int | None = None


@strawberry.input
class SkipSetsInput(ExecutionMutation):
    """Skip the next set, or all sets left of its exercise."""

    what: Skipped


@strawberry.input
class StartRestInput(ExecutionMutation):
    """Rest as prescribed or for `plannedS`; again, to change the total length."""

    planned_s: int | None = None
    at_ms: int | None = None


@strawberry.input
class EndRestInput(ExecutionMutation):
    """End the rest."""

    at_ms: int | None = None


@strawberry.input
class CompleteWorkoutInput(ExecutionMutation):
    """Without a mass, that of the profile counts, or a reference person's."""

    at: datetime | None = None
    frames: int = 0
    frames_with_pose: int = 0
    body_mass_kg: float | None = None


@strawberry.input
class ConfirmHealthKitInput(ExecutionMutation):
    """Result of writing the workout to HealthKit; a failure has a `reason`."""

    status: HealthKitOutcome
    reason: HealthKitReason | None = None
    at: datetime | None = None
