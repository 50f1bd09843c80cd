"""Session report: what `kinelog analyze` prints and the results screen shows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from domain.ids import SessionId
from domain.sessions import events, set_movements
from domain.sessions.set_movements import MovementEvent, SetMovements
from domain.values import FaultJudgement, Tempo, still_unjudged


@dataclass(frozen=True)
class ReportedTempo:
    """Seconds of the four phases of a repetition."""

    eccentric: float
    bottom_pause: float
    concentric: float
    top_pause: float

    @classmethod
    def of(cls, tempo: Tempo) -> "ReportedTempo":
        """Round to hundredths, the precision of a video."""
        return cls(
            round(tempo.eccentric_s, 2),
            round(tempo.bottom_pause_s, 2),
            round(tempo.concentric_s, 2),
            round(tempo.top_pause_s, 2),
        )


@dataclass(frozen=True)
class ReportedRepetition:
    """One counted repetition; seconds since the session began, degrees, form 0..1.

    `unjudged` are faults that the view cannot show, None if unrecorded. `judgements` are of those
    that it shows, and `form_error` is the standard deviation of the form.
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
    judgements: tuple[FaultJudgement, ...] | None = None
    form_error: float | None = None


@dataclass(frozen=True)
class ReportedRejection:
    """A movement that was not counted, and the reason."""

    set: int
    start_s: float
    end_s: float
    reason: str


@dataclass(frozen=True)
class SessionReport:
    """A whole session. `repetitions` is the count after corrections.

    `unjudged` are faults that no repetition and no hold could show, None if unrecorded. `learned`
    is the name of the trained model of the exercise.
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
    """Fold a session's events to its report."""
    report = SessionReport(session_id)
    movements: defaultdict[int, SetMovements] = defaultdict(SetMovements)
    for event in history:
        report = evolve(report, event)
        if isinstance(event, MovementEvent):
            movements[event.set] = set_movements.evolve(movements[event.set], event)
    rejected = tuple(
        ReportedRejection(in_set, each.span.start_ms / 1000, each.span.end_ms / 1000, each.reason)
        for in_set, moved in movements.items()
        for each in moved.uncounted
    )
    return replace(report, rejected=rejected)


def evolve(report: SessionReport, event: events.SessionEvent) -> SessionReport:
    """Apply one event to the report."""
    match event:
        case events.SetStarted():
            return replace(
                report,
                exercise=report.exercise or event.exercise_id,
                model=event.counted_by.model,
                definition_version=event.counted_by.definition_version,
                learned=event.counted_by.learned,
            )
        case events.RepetitionCounted():
            reps = (*report.reps, _repetition(event.set, event.number, event))
            unjudged = still_unjudged(report.unjudged, event.unjudged)
            return replace(report, reps=reps, repetitions=report.repetitions + 1, unjudged=unjudged)
        case events.RepetitionsReconciled():
            return _reconciled(report, event)
        case events.RepetitionOverruled():
            return _overruled(report, event)
        case events.FaultSeen(cue=cue) | events.PraiseEarned(cue=cue):
            return report if cue in report.cues else replace(report, cues=(*report.cues, cue))
        case events.HoldMeasured(span=span):
            held = (span.end_ms - span.start_ms) / 1000
            unjudged = still_unjudged(report.unjudged, event.unjudged)
            return replace(
                report, hold_s=round((report.hold_s or 0.0) + held, 3), unjudged=unjudged
            )
        case events.SessionCompleted():
            return _completed(report, event)
        case _:  # a report shows nothing of the other events
            return report


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
        judgements=measured.judgements,
        form_error=_rounded(measured.form_error, 3),
    )


def _reconciled(report: SessionReport, event: events.RepetitionsReconciled) -> SessionReport:
    """Remove withdrawn repetitions; the others keep their numbers."""
    reps = tuple(
        rep for rep in report.reps if rep.set != event.set or rep.number not in event.withdrawn
    )
    repetitions = report.repetitions - len(event.withdrawn)
    return replace(report, reps=reps, repetitions=repetitions)


def _overruled(report: SessionReport, event: events.RepetitionOverruled) -> SessionReport:
    """Add or remove a repetition, as the athlete decided."""
    if event.accepted:
        rep = _repetition(event.set, event.number, event.movement)
        reps = tuple(sorted((*report.reps, rep), key=lambda each: (each.set, each.number)))
        return replace(report, reps=reps, repetitions=report.repetitions + 1)
    key = event.set, event.number
    reps = tuple(rep for rep in report.reps if (rep.set, rep.number) != key)
    return replace(report, reps=reps, repetitions=report.repetitions - 1)


def _completed(report: SessionReport, event: events.SessionCompleted) -> SessionReport:
    performance = event.performance
    return replace(
        report,
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
