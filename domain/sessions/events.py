"""What happens in a session: one athlete performs one workout, once."""

from datetime import datetime

from domain.ids import ExerciseId, UserId, WorkoutId
from domain.kernel import event, value
from domain.values import CountedBy, Span, Tempo


@value
class Performance:
    """How well the session went, 0..100, with the inputs that explain it (each 0..1).

    An input is None where nothing was measured for it; the score then rests on the others.
    """

    score: float
    completion: float | None
    form: float | None
    tempo: float | None
    range_of_motion: float | None


@event("session.started")
class SessionStarted:
    athlete_id: UserId
    workout_id: WorkoutId | None
    at: datetime
    time_zone: str
    """The athlete's zone when it began: it says which day the session belongs to (C-52)."""


@event("session.set_started", version=2)
class SetStarted:
    set: int
    exercise_id: ExerciseId
    counted_by: CountedBy
    target_repetitions: int | None
    load_kg: float | None


@event("session.repetition_counted", version=2)
class RepetitionCounted:
    set: int
    number: int
    span: Span
    tempo: Tempo | None
    range_of_motion_deg: float | None
    symmetry: float | None
    """1 for equal travel of both sides, 0..1; None where one side is hidden."""
    form: float | None
    confidence: float
    faults: tuple[str, ...]
    unjudged: tuple[str, ...] | None = None
    """Faults that could not be seen from there, nor their absence; None where nobody said."""


@event("session.repetition_rejected")
class RepetitionRejected:
    """A movement that began like a repetition and did not become one."""

    set: int
    span: Span
    reason: str


@event("reps.reconciled", version=2)
class RepetitionsReconciled:
    """A later, better look corrects the count of a set (C-02).

    `withdrawn` are the numbers of repetitions that were none, `added` those of repetitions that
    had been missed and were counted late; `repetitions` is the count that now stands,
    `counted_by` whose look it was.
    """

    set: int
    repetitions: int
    withdrawn: tuple[int, ...]
    added: tuple[int, ...]
    counted_by: CountedBy


@event("session.fault_seen")
class FaultSeen:
    set: int
    repetition: int | None
    fault: str
    cue: str
    at_ms: int


@event("session.praise_earned")
class PraiseEarned:
    set: int
    repetition: int
    cue: str
    at_ms: int


@event("session.hold_measured", version=2)
class HoldMeasured:
    """A position was held without movement, as in a plank.

    `unjudged`: as of a repetition.
    """

    set: int
    span: Span
    form: float | None
    faults: tuple[str, ...]
    unjudged: tuple[str, ...] | None = None


@event("session.set_completed")
class SetCompleted:
    set: int
    repetitions: int
    span: Span


@event("workout.completed")
class SessionCompleted:
    """The session is over. Stored under the name that the outside knows (R-WKT-09)."""

    athlete_id: UserId
    workout_id: WorkoutId | None
    started_at: datetime
    time_zone: str
    at: datetime
    duration_ms: int
    frames: int
    frames_with_pose: int
    sets: int
    repetitions: int
    accuracy: float | None
    """Mean form of the repetitions, 0..1 (C-16); None where no form was measured."""
    performance: Performance | None
    calories_kcal: float


SessionEvent = (
    SessionStarted
    | SetStarted
    | RepetitionCounted
    | RepetitionRejected
    | RepetitionsReconciled
    | FaultSeen
    | PraiseEarned
    | HoldMeasured
    | SetCompleted
    | SessionCompleted
)


def still_unjudged(
    so_far: tuple[str, ...] | None, now: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    """Give the faults that neither all repetitions so far nor this one could show.

    None where nobody said of any.
    """
    if so_far is None or now is None:
        return now if so_far is None else so_far
    return tuple(fault for fault in so_far if fault in now)
