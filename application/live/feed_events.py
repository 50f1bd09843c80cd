"""Events of the session feed, and their mapping from domain events.

The mapping is a function of the event alone, so the feed can always be replayed.
"""

from datetime import datetime
from typing import Any, Final, Literal

from domain.ids import ExerciseId
from domain.kernel import value
from domain.sessions import events
from domain.sessions import prescription_events as execution
from domain.sessions.healthkit import HealthKitStatus
from domain.values import Look, PoseSource, Span

ProgressMode = Literal["server", "degraded"]
"""Source of the count: the platform, or a provisional count that is not stored."""


@value
class SessionStarted:
    """The session began."""

    at: datetime


@value
class SetStarted:
    """A set began; `target_repetitions` and `load_kg` are None if not given."""

    set: int
    exercise_id: ExerciseId
    target_repetitions: int | None
    load_kg: float | None


@value
class RepetitionCounted:
    """A repetition of a set: its number from 1, and its start and end in session time."""

    set: int
    number: int
    started_ms: int
    ended_ms: int
    range_of_motion_deg: float | None
    faults: tuple[str, ...]


@value
class RepetitionRejected:
    """A movement that did not count as a repetition, and the reason."""

    set: int
    started_ms: int
    ended_ms: int
    reason: str


@value
class RepetitionsRevised:
    """A reconciliation corrected the count of a set to `repetitions`.

    `looks` are the two pose tracks that disagreed, and `stands` is the source whose figures apply.
    """

    set: int
    repetitions: int
    withdrawn: tuple[int, ...]
    added: tuple[int, ...]
    looks: tuple[Look, ...] = ()
    stands: PoseSource | None = None


@value
class HoldMeasured:
    """A position was held, from start to end in session time."""

    set: int
    started_ms: int
    ended_ms: int
    faults: tuple[str, ...]


@value
class FormMeasured:
    """Form, 0..1, of a repetition, or of a hold if `repetition` is None."""

    set: int
    repetition: int | None
    form: float


@value
class CueGiven:
    """A cue for the athlete; `fault` is None for praise and for camera positioning.

    `repetition` is None if the cue belongs to none.
    """

    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int


@value
class ChecksOverridden:
    """A set was started although these camera checks had not passed."""

    set: int
    checks: tuple[str, ...]
    at_ms: int


@value
class ModeChanged:
    """The source of the count changed."""

    mode: ProgressMode


@value
class SetCompleted:
    """A set ended with this many repetitions."""

    set: int
    repetitions: int
    started_ms: int
    ended_ms: int


@value
class SessionCompleted:
    """The session ended. `accuracy` is 0..1, `score` 0..100."""

    at: datetime
    duration_ms: int
    sets: int
    repetitions: int
    accuracy: float | None
    score: float | None
    calories_kcal: float


@value
class SessionDeleted:
    """The athlete deleted the session."""

    at: datetime


@value
class SessionRestored:
    """The athlete restored the session."""

    at: datetime


@value
class RepetitionOverruled:
    """The athlete accepted or rejected a movement; `repetitions` is the set's count after that."""

    set: int
    number: int
    accepted: bool
    repetitions: int
    started_ms: int
    ended_ms: int


@value
class ExercisePerformed:
    """Totals of an exercise in the session, sent on completion."""

    exercise_id: ExerciseId
    sets: int
    repetitions: int
    held_ms: int


@value
class PrescriptionTaken:
    """The session follows a prescription with this many lines and sets."""

    lines: int
    sets: int


@value
class SetsSkipped:
    """Sets of a line of the prescription, from 1, were skipped."""

    line: int
    sets: int


@value
class RestPlanned:
    """A rest after a set, with its planned total duration."""

    after_set: int
    planned_s: int


@value
class RestEnded:
    """The rest ended after this duration."""

    after_set: int
    rested_ms: int


@value
class HealthKitChanged:
    """HealthKit status of the completed session, as reported by the device (C-46)."""

    status: HealthKitStatus
    reason: str | None


ExecutionProgress = PrescriptionTaken | SetsSkipped | RestPlanned | RestEnded | HealthKitChanged

FeedEvent = (
    SessionStarted
    | SetStarted
    | RepetitionCounted
    | RepetitionRejected
    | RepetitionsRevised
    | HoldMeasured
    | FormMeasured
    | CueGiven
    | ChecksOverridden
    | ModeChanged
    | SetCompleted
    | SessionCompleted
    | SessionDeleted
    | SessionRestored
    | RepetitionOverruled
    | ExercisePerformed
    | ExecutionProgress
)

KINDS: Final[dict[str, type[Any]]] = {
    "session_started": SessionStarted,
    "set_started": SetStarted,
    "repetition_counted": RepetitionCounted,
    "repetition_rejected": RepetitionRejected,
    "repetitions_revised": RepetitionsRevised,
    "hold_measured": HoldMeasured,
    "form": FormMeasured,
    "cue": CueGiven,
    "checks_overridden": ChecksOverridden,
    "mode": ModeChanged,
    "set_completed": SetCompleted,
    "session_completed": SessionCompleted,
    "session_deleted": SessionDeleted,
    "session_restored": SessionRestored,
    "repetition_overruled": RepetitionOverruled,
    "exercise_performed": ExercisePerformed,
    "prescription_taken": PrescriptionTaken,
    "sets_skipped": SetsSkipped,
    "rest_planned": RestPlanned,
    "rest_ended": RestEnded,
    "healthkit_changed": HealthKitChanged,
}
"""All kinds by their public names."""

NAMES: Final = {kind: name for name, kind in KINDS.items()}


def to_feed_events(  # noqa: C901, PLR0911, PLR0912  a table: one case for each fact
    event: events.SessionEvent,
) -> tuple[FeedEvent, ...]:
    """Map a session event to feed events, in order; empty if followers do not see it."""
    match event:
        case events.SessionStarted(at=at):
            return (SessionStarted(at),)
        case events.SetStarted():
            targets = event.target_repetitions, event.load_kg
            return (SetStarted(event.set, event.exercise_id, *targets),)
        case events.RepetitionCounted(set=number, span=span):
            measured = event.range_of_motion_deg, event.faults
            counted = RepetitionCounted(number, event.number, *_times(span), *measured)
            return (counted, *_form(number, event.number, event.form))
        case events.RepetitionRejected(set=number, span=span, reason=reason):
            return (RepetitionRejected(number, *_times(span), reason),)
        case events.RepetitionsReconciled():
            corrected = event.withdrawn, event.added, event.looks, event.stands
            return (RepetitionsRevised(event.set, event.repetitions, *corrected),)
        case events.HoldMeasured(set=number, span=span, faults=faults):
            return (HoldMeasured(number, *_times(span), faults), *_form(number, None, event.form))
        case events.FaultSeen():
            return (CueGiven(event.set, event.repetition, event.fault, event.cue, event.at_ms),)
        case events.PraiseEarned():
            return (CueGiven(event.set, event.repetition, None, event.cue, event.at_ms),)
        case events.RepetitionOverruled():
            return (_overruled(event),)
        case events.ExercisePerformed(exercise_id=exercise, sets=sets):
            repetitions = sum(each.repetitions for each in sets)
            held_ms = sum(each.held_ms for each in sets)
            return (ExercisePerformed(exercise, len(sets), repetitions, held_ms),)
        case events.SetCompleted(set=number, repetitions=repetitions, span=span):
            return (SetCompleted(number, repetitions, *_times(span)),)
        case events.SessionCompleted():
            return (_completed(event),)
        case events.ChecksOverridden(set=number, checks=checks, at_ms=at_ms):
            return (ChecksOverridden(number, checks, at_ms),)
        case events.SessionDeleted(at=at):
            return (SessionDeleted(at),)
        case events.SessionRestored(at=at):
            return (SessionRestored(at),)
        case (
            execution.PrescriptionTaken()
            | execution.SetsSkipped()
            | execution.RestStarted()
            | execution.RestAdjusted()
            | execution.RestEnded()
            | execution.HealthKitRequested()
            | execution.HealthKitSynced()
            | execution.HealthKitFailed()
        ):
            return (_of_execution(event),)
        case _:
            return ()  # followers see nothing of the other events


def _overruled(event: events.RepetitionOverruled) -> RepetitionOverruled:
    times = _times(event.movement.span)
    return RepetitionOverruled(event.set, event.number, event.accepted, event.repetitions, *times)


def _of_execution(event: execution.PrescriptionEvent) -> ExecutionProgress:
    match event:
        case execution.PrescriptionTaken(lines=lines):
            return PrescriptionTaken(len(lines), sum(line.sets for line in lines))
        case execution.SetsSkipped(line=line, sets=sets):
            return SetsSkipped(line, sets)
        case execution.RestStarted(after_set=after, planned_s=planned):
            return RestPlanned(after, planned)
        case execution.RestAdjusted(after_set=after, planned_s=planned):
            return RestPlanned(after, planned)
        case execution.RestEnded(after_set=after, rested_ms=rested):
            return RestEnded(after, rested)
        case execution.HealthKitRequested():
            return HealthKitChanged("pending", None)
        case execution.HealthKitSynced():
            return HealthKitChanged("synced", None)
        case execution.HealthKitFailed(reason=reason):
            return HealthKitChanged("failed", reason)


def _times(span: Span) -> tuple[int, int]:
    return span.start_ms, span.end_ms


def _form(number: int, repetition: int | None, form: float | None) -> tuple[FormMeasured, ...]:
    return () if form is None else (FormMeasured(number, repetition, form),)


def _completed(event: events.SessionCompleted) -> SessionCompleted:
    return SessionCompleted(
        at=event.at,
        duration_ms=event.duration_ms,
        sets=event.sets,
        repetitions=event.repetitions,
        accuracy=event.accuracy,
        score=None if event.performance is None else event.performance.score,
        calories_kcal=event.calories_kcal,
    )
