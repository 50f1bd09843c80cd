"""Events of a session that performs a prescription: lines, rests, HealthKit."""

from datetime import datetime
from typing import Literal

from domain.ids import ExerciseId
from domain.kernel import event, value


@value
class PrescribedLine:
    """One exercise of a prescription, as the session performs it.

    `sets` times, each with a target of repetitions or of seconds held, and `rest_s` in between.
    `load_kg` is the prescribed weight, and `target_rpe` how hard a set should feel, 1 to 10, if the
    prescription has them.
    """

    exercise_id: ExerciseId
    sets: int
    target_repetitions: int | None
    target_hold_s: int | None
    rest_s: int
    load_kg: float | None = None
    target_rpe: float | None = None


@event("session.prescription_taken", version=3)
class PrescriptionTaken:
    """The session performs these lines; later revisions of the workout have no effect."""

    lines: tuple[PrescribedLine, ...]


@event("session.sets_skipped")
class SetsSkipped:
    """Sets of a line of the prescription, from 1, were skipped."""

    line: int
    sets: int


@event("session.rest_started")
class RestStarted:
    """The athlete rests after a set, for `planned_s`."""

    after_set: int
    planned_s: int
    at_ms: int


@event("session.rest_adjusted")
class RestAdjusted:
    """The total length of the rest was changed."""

    after_set: int
    planned_s: int


@event("session.rest_ended")
class RestEnded:
    """The rest ended after `rested_ms`."""

    after_set: int
    rested_ms: int
    at_ms: int


@event("session.healthkit_requested")
class HealthKitRequested:
    """The athlete's device shall write the completed session to HealthKit."""

    at: datetime


@event("session.healthkit_synced")
class HealthKitSynced:
    """The device has written the session."""

    at: datetime


HealthKitObstacle = Literal[
    "unavailable", "denied", "not_determined", "locked", "cancelled", "invalid", "other"
]
"""Reasons of a failed write: the codes of `HKError.Code` that apply to workouts
(Apple, HealthKit: errorHealthDataUnavailable, errorAuthorizationDenied,
errorAuthorizationNotDetermined, errorDatabaseInaccessible, errorUserCanceled,
errorInvalidArgument), and any other."""


@event("session.healthkit_failed")
class HealthKitFailed:
    """The device could not write the session; it may try again."""

    at: datetime
    reason: HealthKitObstacle


PrescriptionEvent = (
    PrescriptionTaken
    | SetsSkipped
    | RestStarted
    | RestAdjusted
    | RestEnded
    | HealthKitRequested
    | HealthKitSynced
    | HealthKitFailed
)
