"""Events of a session: one athlete performs one workout, once."""

from datetime import datetime
from typing import Final, Literal

from domain.ids import ExerciseId, SessionId, UserId, WorkoutId
from domain.kernel import event, value
from domain.personal import Personal
from domain.sessions.prescription_events import PrescriptionEvent
from domain.values import (
    CountedBy,
    CountSource,
    FaultFeedback,
    FaultJudgement,
    FormMeasured,
    Look,
    PoseSource,
    Span,
    Tempo,
)


@value
class Performance:
    """Performance score of a session, 0..100, with its inputs (each 0..1).

    An input that was not measured is None, and the score leaves it out.
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
    """The athlete's zone at the start: it decides the day of the session (C-52)."""


@event("session.set_started", version=4)
class SetStarted:
    set: int
    exercise_id: ExerciseId
    counted_by: CountedBy
    target_repetitions: int | None
    load_kg: float | None
    target_hold_s: int | None = None
    line: int | None = None
    """Line of the prescription, from 1; None without one."""
    at_ms: int | None = None
    """Start of the set since the session began; None if unknown."""
    claimed: bool = False
    """Whether a client named the counter: ours has counted only once a result of it is stored."""


@event("session.repetition_counted", version=6)
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
    """Faults that this camera view cannot show; None if unrecorded."""
    by_hand: bool = False
    """Whether the athlete logged it, beside any counter (C-49)."""
    counter: int | None = None
    """The counter's number, if it is not the next one of the set: an earlier count was lost, or
    this is the lost count."""
    source: CountSource | None = None
    """Source of the count; clients can claim `device` or `manual` only. None if not recorded."""
    judgements: tuple[FaultJudgement, ...] | None = None
    """Each fault that was judged, its degree and probability; None if unrecorded."""
    form_error: float | None = None
    """Standard deviation of `form`, 0..1; None if unrecorded."""


@event("session.repetition_rejected")
class RepetitionRejected:
    """A movement began like a repetition and was not counted."""

    set: int
    span: Span
    reason: str


@event("reps.reconciled", version=3)
class RepetitionsReconciled:
    """A later, better count corrected that of a set (C-02).

    `withdrawn` are the numbers of repetitions that were none, `added` those that had been missed;
    `repetitions` is the corrected count, `counted_by` its source. Where the counts of device and
    server differ, `looks` has both and `stands` is the source of the accepted one.
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
    """Measurements of a movement that may be a repetition; as in `RepetitionCounted`."""

    span: Span
    tempo: Tempo | None = None
    range_of_motion_deg: float | None = None
    symmetry: float | None = None
    form: float | None = None
    confidence: float = 1.0
    faults: tuple[str, ...] = ()
    unjudged: tuple[str, ...] | None = None
    by_hand: bool = False
    source: CountSource | None = None
    judgements: tuple[FaultJudgement, ...] | None = None
    form_error: float | None = None


OVERRULED: Final = "athlete"
"""The reason of a movement that the athlete rejected."""


@event("session.repetition_overruled", version=3)
class RepetitionOverruled:
    """The athlete accepted or rejected a movement, which is final (C-49).

    `number` is that of the repetition, a new one for a movement that had none; `repetitions` is
    the new count of the set.
    """

    set: int
    number: int
    accepted: bool
    repetitions: int
    movement: Movement


@event("session.checks_overridden")
class ChecksOverridden:
    """A set began although camera checks failed.

    `checks` are those that failed, `at_ms` is the time in the session.
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


@event("session.fault_feedback_given")
class FaultFeedbackGiven:
    """The athlete contradicted the judgement of a fault, or took that back (`feedback` None).

    `repetition` is None for the holds of the set, and for a cue about no repetition. Figures do not
    change.
    """

    set: int
    repetition: int | None
    fault: str
    feedback: FaultFeedback | None
    at: datetime


@event("session.set_rated")
class SetRated:
    """The athlete rated how hard a set felt, or took that back (`rpe` None).

    `rpe` is from 1 to 10, in steps of 0.5. Figures do not change.
    """

    set: int
    rpe: float | None
    at: datetime


@event("session.praise_earned")
class PraiseEarned:
    set: int
    repetition: int
    cue: str
    at_ms: int


@event("session.hold_measured", version=5)
class HoldMeasured:
    """A position was held without movement, as in a plank.

    `unjudged`, `by_hand`, `source` and `judgements`: as in `RepetitionCounted`.
    """

    set: int
    span: Span
    form: float | None
    faults: tuple[str, ...]
    unjudged: tuple[str, ...] | None = None
    by_hand: bool = False
    source: CountSource | None = None
    judgements: tuple[FaultJudgement, ...] | None = None


@event("session.set_completed")
class SetCompleted:
    set: int
    repetitions: int
    span: Span


BodyMass = Literal["given", "profile", "default"]
"""Source of the body mass in the energy estimate: the command that completed the session, the
athlete's profile, or a reference person."""


@value
class PerformedSet:
    """Result of a set when the session is completed.

    `form` is the mean over its verified repetitions and, by seconds, its verified holds, 0..1;
    None where none was measured; `form_measured` is the part of the set that it is the mean of.
    `verified_…` are the verified part of the figures. None if unrecorded.
    """

    set: int
    repetitions: int
    held_ms: int
    load_kg: float | None
    form: float | None
    verified_repetitions: int | None = None
    verified_held_ms: int | None = None
    form_measured: FormMeasured | None = None

    @property
    def ranked_repetitions(self) -> int:
        """Repetitions for rankings and awards; all of them where this was unrecorded."""
        verified = self.verified_repetitions
        return self.repetitions if verified is None else verified

    @property
    def ranked_held_ms(self) -> int:
        """Time held for rankings and awards; all of it where this was unrecorded."""
        return self.held_ms if self.verified_held_ms is None else self.verified_held_ms


@event("session.exercise_performed", version=3)
class ExercisePerformed:
    """Result of an exercise in a session; stored with its completion."""

    athlete_id: UserId
    exercise_id: ExerciseId
    sets: tuple[PerformedSet, ...]
    at: datetime


@event("workout.completed", version=4)
class SessionCompleted:
    """The session is completed. Its stored name is public (R-WKT-09)."""

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
    """Mean form of verified repetitions and holds, 0..1 (C-16); None where none was measured."""
    performance: Performance | None
    calories_kcal: float
    skipped: int = 0
    """Sets of the prescription that were not begun."""
    body_mass: BodyMass | None = None
    """Source of the body mass in `calories_kcal`; None if unrecorded."""
    exercises: tuple[ExerciseId, ...] = ()
    """Exercises performed, each once; empty in version 1."""
    verified_repetitions: int | None = None
    """Repetitions that we counted ourselves, as `verification` says; None if unrecorded."""
    form_measured: FormMeasured | None = None
    """The part of the session that `accuracy` is the mean of; None if unrecorded."""


@value
class Trained:
    """A completed session's contribution to the athlete's day; `accuracy` is from its completion.

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
    verified_repetitions: int | None = None
    """As in its completion; None if that or this event did not record it."""
    form_measured: FormMeasured | None = None
    """As above."""


@event("session.deleted", version=3)
class SessionDeleted:
    """The session is hidden, and can be restored for a while.

    `trained` is what leaves the totals; None for a session that was never completed.
    """

    at: datetime
    trained: Trained | None


@event("session.restored", version=3)
class SessionRestored:
    """The session is visible again; `trained` returns to the totals."""

    at: datetime
    trained: Trained | None


@event("session.tags_changed")
class TagsChanged:
    """The athlete's tags were replaced; `tags` are all of them."""

    tags: Personal[tuple[str, ...]]


@event("session.exercise_corrected")
class ExerciseCorrected:
    """The athlete named the exercise that was performed; session `replacement_id` counts it.

    This session is deleted at the same time.
    """

    exercise_id: ExerciseId
    replacement_id: SessionId
    at: datetime


SessionEvent = (
    SessionStarted
    | SetStarted
    | RepetitionCounted
    | RepetitionRejected
    | RepetitionsReconciled
    | FaultSeen
    | FaultFeedbackGiven
    | SetRated
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
    | ExerciseCorrected
    | PrescriptionEvent
)
