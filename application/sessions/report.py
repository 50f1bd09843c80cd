"""A session told from its events: what `kinelog analyze` prints and the results screen shows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from domain.ids import SessionId
from domain.sessions import events
from domain.sessions import prescription_events as execution
from domain.sessions.events import OVERRULED, still_unjudged
from domain.values import Tempo


@dataclass(frozen=True)
class ReportedTempo:
    """Seconds of the four phases of a repetition."""

    eccentric: float
    bottom_pause: float
    concentric: float
    top_pause: float

    @classmethod
    def of(cls, tempo: Tempo) -> "ReportedTempo":
        """Round to what a video can show: hundredths."""
        return cls(
            round(tempo.eccentric_s, 2),
            round(tempo.bottom_pause_s, 2),
            round(tempo.concentric_s, 2),
            round(tempo.top_pause_s, 2),
        )


@dataclass(frozen=True)
class ReportedRepetition:
    """One counted repetition; seconds since the session began, degrees, form 0..1.

    `unjudged` are faults of which nothing is known, None where nobody said.
    """

    set: int
    number: int
    start_s: float
    end_s: float
    range_of_motion_deg: float | None
    symmetry: float | None
    tempo_s: ReportedTempo | None
    form: float | None
    confidence: float
    faults: tuple[str, ...]
    unjudged: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ReportedRejection:
    """A movement that was not counted, and why."""

    start_s: float
    end_s: float
    reason: str


@dataclass(frozen=True)
class SessionReport:
    """A whole session. `repetitions` is the count that stands, after corrections.

    `unjudged` are faults that no repetition and no hold could show, None where nobody said.
    `learned` names what the counter had learned of the exercise.
    """

    session_id: SessionId
    exercise: str | None = None
    repetitions: int = 0
    reps: tuple[ReportedRepetition, ...] = ()
    rejected: tuple[ReportedRejection, ...] = ()
    hold_s: float | None = None
    cues: tuple[str, ...] = ()
    duration_s: float = 0.0
    frames: int = 0
    frames_with_pose: int = 0
    calories_kcal: float = 0.0
    accuracy: float | None = None
    performance_score: float | None = None
    model: str | None = None
    definition_version: int | None = None
    learned: str | None = None
    unjudged: tuple[str, ...] | None = None
    completed: bool = False


def build_report(session_id: SessionId, history: Iterable[Any]) -> SessionReport:
    """Fold a session's events into its report."""
    told = SessionReport(session_id)
    for event in history:
        told = evolve(told, event)
    return told


def evolve(told: SessionReport, event: events.SessionEvent) -> SessionReport:
    """Add one fact to the report."""
    match event:
        case events.SetStarted():
            return replace(
                told,
                exercise=told.exercise or event.exercise_id,
                model=event.counted_by.model,
                definition_version=event.counted_by.definition_version,
                learned=event.counted_by.learned,
            )
        case events.RepetitionCounted():
            reps = (*told.reps, _repetition(event.set, event.number, event))
            unjudged = still_unjudged(told.unjudged, event.unjudged)
            return replace(told, reps=reps, repetitions=told.repetitions + 1, unjudged=unjudged)
        case events.RepetitionsReconciled():
            return _reconciled(told, event)
        case events.RepetitionOverruled():
            return _overruled(told, event)
        case events.RepetitionRejected(span=span, reason=reason):
            rejection = ReportedRejection(span.start_ms / 1000, span.end_ms / 1000, reason)
            return replace(told, rejected=(*told.rejected, rejection))
        case events.FaultSeen(cue=cue) | events.PraiseEarned(cue=cue):
            return told if cue in told.cues else replace(told, cues=(*told.cues, cue))
        case events.HoldMeasured(span=span):
            held = (span.end_ms - span.start_ms) / 1000
            unjudged = still_unjudged(told.unjudged, event.unjudged)
            return replace(told, hold_s=round((told.hold_s or 0.0) + held, 3), unjudged=unjudged)
        case events.SessionCompleted():
            return _completed(told, event)
        case (
            events.SessionStarted()
            | events.SetCompleted()
            | events.ChecksOverridden()
            | events.SessionDeleted()
            | events.SessionRestored()
            | events.ExercisePerformed()
            | events.TagsChanged()
            | execution.PrescriptionTaken()
            | execution.SetsSkipped()
            | execution.RestStarted()
            | execution.RestAdjusted()
            | execution.RestEnded()
            | execution.HealthKitRequested()
            | execution.HealthKitSynced()
            | execution.HealthKitFailed()
        ):
            return told


def _repetition(
    in_set: int, number: int, measured: events.RepetitionCounted | events.Movement
) -> ReportedRepetition:
    return ReportedRepetition(
        set=in_set,
        number=number,
        start_s=measured.span.start_ms / 1000,
        end_s=measured.span.end_ms / 1000,
        range_of_motion_deg=_rounded(measured.range_of_motion_deg, 1),
        symmetry=_rounded(measured.symmetry, 3),
        tempo_s=None if measured.tempo is None else ReportedTempo.of(measured.tempo),
        form=_rounded(measured.form, 3),
        confidence=round(measured.confidence, 3),
        faults=measured.faults,
        unjudged=measured.unjudged,
    )


def _reconciled(told: SessionReport, event: events.RepetitionsReconciled) -> SessionReport:
    """Withdrawn repetitions leave the list; those that stay keep their numbers."""
    reps = tuple(
        rep for rep in told.reps if rep.set != event.set or rep.number not in event.withdrawn
    )
    standing = told.repetitions - len(event.withdrawn)
    return replace(told, reps=reps, repetitions=standing)


def _overruled(told: SessionReport, event: events.RepetitionOverruled) -> SessionReport:
    """A movement changes from one list to the other, as the athlete says."""
    span = event.movement.span
    start_s, end_s = span.start_ms / 1000, span.end_ms / 1000
    if event.accepted:
        rep = _repetition(event.set, event.number, event.movement)
        reps = tuple(sorted((*told.reps, rep), key=lambda each: (each.set, each.number)))
        rejected = tuple(
            each for each in told.rejected if (each.start_s, each.end_s) != (start_s, end_s)
        )
        return replace(told, reps=reps, rejected=rejected, repetitions=told.repetitions + 1)
    named = event.set, event.number
    reps = tuple(rep for rep in told.reps if (rep.set, rep.number) != named)
    rejected = (*told.rejected, ReportedRejection(start_s, end_s, OVERRULED))
    return replace(told, reps=reps, rejected=rejected, repetitions=told.repetitions - 1)


def _completed(told: SessionReport, event: events.SessionCompleted) -> SessionReport:
    performance = event.performance
    return replace(
        told,
        repetitions=event.repetitions,
        duration_s=event.duration_ms / 1000,
        frames=event.frames,
        frames_with_pose=event.frames_with_pose,
        calories_kcal=round(event.calories_kcal, 2),
        accuracy=_rounded(event.accuracy, 3),
        performance_score=None if performance is None else round(performance.score, 1),
        completed=True,
    )


def _rounded(number: float | None, digits: int) -> float | None:
    return None if number is None else round(number, digits)
