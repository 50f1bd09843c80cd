"""What may be asked of an execution through GraphQL."""

import enum
from datetime import datetime

import strawberry

from api.graphql.mutations import MutationInput
from api.graphql.session_types import CountSource


@strawberry.enum
class Skipped(enum.Enum):
    """What is left out: the next set, or all sets left of its exercise."""

    SET = "set"
    EXERCISE = "exercise"


@strawberry.enum
class HealthKitOutcome(enum.Enum):
    """What became of writing a workout to HealthKit."""

    SYNCED = "synced"
    FAILED = "failed"


@strawberry.enum
class HealthKitReason(enum.Enum):
    """Why the device could not write, after `HKError.Code`."""

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
class BeginNextSetInput(MutationInput):
    """`exerciseId` is performed in place of the one prescribed. Without `atMs` it begins now.

    With `set` it is the set of this number or none.
    """

    execution_id: strawberry.ID
    set: int | None = None
    source: CountSource = CountSource.MANUAL
    model: str = "hand"
    exercise_id: strawberry.ID | None = None
    load_kg: float | None = None
    at_ms: int | None = None


@strawberry.input
class LogRepetitionsInput(MutationInput):
    """So many more were done, says the athlete."""

    execution_id: strawberry.ID
    set: int
    repetitions: int = 1
    at_ms: int | None = None


@strawberry.input
class LogDurationInput(MutationInput):
    """So long was held until `atMs`, says the athlete."""

    execution_id: strawberry.ID
    set: int
    duration_ms: int
    at_ms: int | None = None


@strawberry.input
class UndoRepetitionInput(MutationInput):
    """The last repetition of this set was none."""

    execution_id: strawberry.ID
    set: int


@strawberry.input
class OverruleRepetitionInput(MutationInput):
    """Whether a movement was a repetition: by its `number`, or by `startMs` where it has none."""

    execution_id: strawberry.ID
    set: int
    accepted: bool
    number: int | None = None
    start_ms: int | None = None


@strawberry.input
class FinishSetInput(MutationInput):
    """The set is over; it began when it was said to, unless `startMs` says otherwise."""

    execution_id: strawberry.ID
    set: int
    start_ms: int | None = None
    end_ms: int | None = None


@strawberry.input
class SkipSetsInput(MutationInput):
    """What comes next is left out."""

    execution_id: strawberry.ID
    what: Skipped


@strawberry.input
class StartRestInput(MutationInput):
    """A rest after the last set, as prescribed or as `plannedS` says; again, to change it."""

    execution_id: strawberry.ID
    planned_s: int | None = None
    at_ms: int | None = None


@strawberry.input
class EndRestInput(MutationInput):
    """The rest is over."""

    execution_id: strawberry.ID
    at_ms: int | None = None


@strawberry.input
class CompleteWorkoutInput(MutationInput):
    """Without a mass, that of the athlete's profile counts, or a reference person's."""

    execution_id: strawberry.ID
    at: datetime | None = None
    frames: int = 0
    frames_with_pose: int = 0
    body_mass_kg: float | None = None


@strawberry.input
class ConfirmHealthKitInput(MutationInput):
    """What became of writing the workout to HealthKit; `reason` where it failed."""

    execution_id: strawberry.ID
    status: HealthKitOutcome
    reason: HealthKitReason | None = None
    at: datetime | None = None
