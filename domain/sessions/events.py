"""What happens in a session: one athlete performs one workout, once."""

from datetime import datetime
from typing import Final, Literal

from domain.ids import ExerciseId, UserId, WorkoutId
from domain.kernel import event, value
from domain.personal import Personal
from domain.sessions.prescription_events import PrescriptionEvent
from domain.values import CountedBy, Look, PoseSource, Span, Tempo


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


@event("session.set_started", version=3)
class SetStarted:
    set: int
    exercise_id: ExerciseId
    counted_by: CountedBy
    target_repetitions: int | None
    load_kg: float | None
    target_hold_s: int | None = None
    line: int | None = None
    """Which line of the prescription it performs, from 1; None where it performs none."""
    at_ms: int | None = None
    """When it began, since the session did; None where nobody said."""


@event("session.repetition_counted", version=3)
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
    by_hand: bool = False
    """Whether the athlete says so, whoever else counts the set (C-49)."""


@event("session.repetition_rejected")
class RepetitionRejected:
    """A movement that began like a repetition and did not become one."""

    set: int
    span: Span
    reason: str


@event("reps.reconciled", version=3)
class RepetitionsReconciled:
    """A later, better look corrects the count of a set (C-02).

    `withdrawn` are the numbers of repetitions that were none, `added` those of repetitions that
    had been missed and were counted late; `repetitions` is the count that now stands,
    `counted_by` whose look it was. Where the device's landmarks and ours of its pictures came to
    different figures, `looks` are both and `stands` says whose were followed; none otherwise.
    """

    set: int
    repetitions: int
    withdrawn: tuple[int, ...]
    added: tuple[int, ...]
    counted_by: CountedBy
    looks: tuple[Look, ...] = ()
    stands: PoseSource | None = None


@value
class Movement:
    """What was measured of a movement that may be a repetition; as in `RepetitionCounted`."""

    span: Span
    tempo: Tempo | None = None
    range_of_motion_deg: float | None = None
    symmetry: float | None = None
    form: float | None = None
    confidence: float = 1.0
    faults: tuple[str, ...] = ()
    unjudged: tuple[str, ...] | None = None
    by_hand: bool = False


OVERRULED: Final = "athlete"
"""The reason of a movement that is none because the athlete says so."""


@event("session.repetition_overruled")
class RepetitionOverruled:
    """The athlete says whether a movement was a repetition: theirs is the last word (C-49).

    `number` is that of the repetition, a new one for a movement that had none; `repetitions` is
    the count of the set that now stands.
    """

    set: int
    number: int
    accepted: bool
    repetitions: int
    movement: Movement


@event("session.checks_overridden")
class ChecksOverridden:
    """A set was begun although the camera did not see what it should.

    `checks` are those that were not right at that moment, `at_ms` that moment in the session.
    """

    set: int
    checks: tuple[str, ...]
    at_ms: int


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


@event("session.hold_measured", version=3)
class HoldMeasured:
    """A position was held without movement, as in a plank.

    `unjudged` and `by_hand`: as of a repetition.
    """

    set: int
    span: Span
    form: float | None
    faults: tuple[str, ...]
    unjudged: tuple[str, ...] | None = None
    by_hand: bool = False


@event("session.set_completed")
class SetCompleted:
    set: int
    repetitions: int
    span: Span


BodyMass = Literal["given", "profile", "default"]
"""Whose the body mass is that energy was estimated with: sent with the wish to complete the
session, that of the athlete's profile, or that of a reference person."""


@value
class PerformedSet:
    """What stands of a set when the session is over.

    `form` is the mean over its repetitions and, by seconds, its holds, 0..1; None where none was
    measured.
    """

    set: int
    repetitions: int
    held_ms: int
    load_kg: float | None
    form: float | None


@event("session.exercise_performed")
class ExercisePerformed:
    """What came of an exercise in a session that is completed with the next facts."""

    athlete_id: UserId
    exercise_id: ExerciseId
    sets: tuple[PerformedSet, ...]
    at: datetime


@event("workout.completed", version=2)
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
    skipped: int = 0
    """Sets of the prescription that were not begun."""
    body_mass: BodyMass | None = None
    """Whose body mass `calories_kcal` rests on; None where nobody said."""
    exercises: tuple[ExerciseId, ...] = ()
    """Those performed, each once; none in facts of before this was told."""


@value
class Trained:
    """What a completed session adds to its athlete's day; `accuracy` as when it was completed.

    `exercises` are those performed, each once.
    """

    athlete_id: UserId
    started_at: datetime
    time_zone: str
    sets: int
    repetitions: int
    duration_ms: int
    calories_kcal: float
    accuracy: float | None
    exercises: tuple[ExerciseId, ...] = ()


@event("session.deleted")
class SessionDeleted:
    """It is not shown any more, and can be brought back for a while.

    `trained` is what is not counted any more; None for a session that was never completed.
    """

    at: datetime
    trained: Trained | None


@event("session.restored")
class SessionRestored:
    """It is shown again as it was; `trained` is what counts again."""

    at: datetime
    trained: Trained | None


@event("session.tags_changed")
class TagsChanged:
    """The athlete's own words to find it by; `tags` are all that it has from now on."""

    tags: Personal[tuple[str, ...]]


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
    | ChecksOverridden
    | SessionDeleted
    | SessionRestored
    | RepetitionOverruled
    | ExercisePerformed
    | TagsChanged
    | PrescriptionEvent
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
