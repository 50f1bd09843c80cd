"""What somebody who follows a session is told: what the log says, and what is of the moment.

A fact becomes the same entries whoever reads it, so that they can always be told again.
"""

from datetime import datetime
from typing import Any, Final, Literal

from domain.ids import ExerciseId
from domain.kernel import value
from domain.sessions import events
from domain.values import Span

ProgressMode = Literal["server", "degraded"]
"""Who counts: the platform, or a provisional count that is written nowhere."""


@value
class SessionStarted:
    """The session began."""

    at: datetime


@value
class SetStarted:
    """A set began; `target_repetitions` and `load_kg` are None where nothing was announced."""

    set: int
    exercise_id: ExerciseId
    target_repetitions: int | None
    load_kg: float | None


@value
class RepetitionCounted:
    """A repetition of a set, by its number from 1, between two times of the session."""

    set: int
    number: int
    started_ms: int
    ended_ms: int
    range_of_motion_deg: float | None
    faults: tuple[str, ...]


@value
class RepetitionRejected:
    """A movement that did not become a repetition, and why."""

    set: int
    started_ms: int
    ended_ms: int
    reason: str


@value
class RepetitionsRevised:
    """A later look corrected the count of a set, which is `repetitions` now."""

    set: int
    repetitions: int
    withdrawn: tuple[int, ...]
    added: tuple[int, ...]


@value
class HoldMeasured:
    """A position was held, between two times of the session."""

    set: int
    started_ms: int
    ended_ms: int
    faults: tuple[str, ...]


@value
class FormMeasured:
    """Form, 0..1, of a repetition; of a hold, where `repetition` is None."""

    set: int
    repetition: int | None
    form: float


@value
class CueGiven:
    """What the athlete is told; `fault` is None for praise, and for how to stand before the camera.

    `repetition` is None for what belongs to none.
    """

    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int


@value
class ModeChanged:
    """From now on this is who counts."""

    mode: ProgressMode


@value
class SetCompleted:
    """A set is over, with so many repetitions."""

    set: int
    repetitions: int
    started_ms: int
    ended_ms: int


@value
class SessionCompleted:
    """The session is over; nothing follows. `accuracy` is 0..1, `score` 0..100."""

    at: datetime
    duration_ms: int
    sets: int
    repetitions: int
    accuracy: float | None
    score: float | None
    calories_kcal: float


Progress = (
    SessionStarted
    | SetStarted
    | RepetitionCounted
    | RepetitionRejected
    | RepetitionsRevised
    | HoldMeasured
    | FormMeasured
    | CueGiven
    | ModeChanged
    | SetCompleted
    | SessionCompleted
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
    "mode": ModeChanged,
    "set_completed": SetCompleted,
    "session_completed": SessionCompleted,
}
"""All kinds by the names that clients know."""

NAMES: Final = {kind: name for name, kind in KINDS.items()}


def told_of(event: events.SessionEvent) -> tuple[Progress, ...]:
    """Say what a fact of a session tells its followers, in order; at least one thing."""
    match event:
        case events.SessionStarted(at=at):
            return (SessionStarted(at),)
        case events.SetStarted():
            asked = event.target_repetitions, event.load_kg
            return (SetStarted(event.set, event.exercise_id, *asked),)
        case events.RepetitionCounted(set=number, span=span):
            measured = event.range_of_motion_deg, event.faults
            counted = RepetitionCounted(number, event.number, *_times(span), *measured)
            return (counted, *_form(number, event.number, event.form))
        case events.RepetitionRejected(set=number, span=span, reason=reason):
            return (RepetitionRejected(number, *_times(span), reason),)
        case events.RepetitionsReconciled():
            corrected = event.withdrawn, event.added
            return (RepetitionsRevised(event.set, event.repetitions, *corrected),)
        case events.HoldMeasured(set=number, span=span, faults=faults):
            return (HoldMeasured(number, *_times(span), faults), *_form(number, None, event.form))
        case events.FaultSeen():
            return (CueGiven(event.set, event.repetition, event.fault, event.cue, event.at_ms),)
        case events.PraiseEarned():
            return (CueGiven(event.set, event.repetition, None, event.cue, event.at_ms),)
        case events.SetCompleted(set=number, repetitions=repetitions, span=span):
            return (SetCompleted(number, repetitions, *_times(span)),)
        case events.SessionCompleted():
            return (_completed(event),)


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
