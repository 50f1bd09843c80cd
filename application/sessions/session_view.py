"""A session over a prescription as it stands, told from its facts: what a player shows (C-17)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from application.sessions.history import SessionNotFound
from domain.ids import ExerciseId, SessionId, UserId, WorkoutId
from domain.sessions import events, healthkit, sets
from domain.sessions import prescription as execution
from domain.sessions import prescription_events as facts
from domain.sessions.healthkit import HealthKit
from domain.sessions.prescription import PrescriptionProgress, Resting
from domain.sessions.prescription_commands import LONGEST_MS
from domain.sessions.sets import SetState
from domain.values import CountedBy, CountSource, Look, PoseSource, Span

NOTHING_PRESCRIBED: Final = PrescriptionProgress()
NOT_REQUESTED: Final = HealthKit()

MILLISECOND: Final = timedelta(milliseconds=1)

LATER_LOOK: Final = "later_look"
"""The reason of a repetition that a later, better look withdrew."""


@dataclass(frozen=True)
class MovementView:
    """A movement that counts as a repetition or does not; `reason` says why not.

    `number` is None for one that never counted. Times are ms since the session began.
    """

    number: int | None
    accepted: bool
    by_hand: bool
    start_ms: int
    end_ms: int
    form: float | None
    faults: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True)
class SetView:
    """A set so far; `counted_by` whose count of it stands, beside the athlete's own word.

    Where the device's landmarks and ours of its pictures came to different figures, `looks` are
    both, and `stands` says whose is followed (C-02).
    """

    number: int
    exercise_id: ExerciseId
    line: int | None
    counted_by: CountedBy
    target_repetitions: int | None
    target_hold_s: int | None
    load_kg: float | None
    start_ms: int | None
    state: SetState
    end_ms: int | None = None
    reasons: dict[Span, str] = field(default_factory=dict[Span, str])
    looks: tuple[Look, ...] = ()
    stands: PoseSource | None = None

    @property
    def source(self) -> CountSource:
        """Who counts it (C-49)."""
        return self.counted_by.source

    @property
    def status(self) -> Literal["underway", "completed"]:
        """Whether it is over."""
        return "underway" if self.end_ms is None else "completed"

    @property
    def repetitions(self) -> int:
        """How many stand."""
        return self.state.repetitions

    @property
    def rejected(self) -> int:
        """How many movements do not count."""
        return sum(not movement.accepted for movement in self.movements)

    @property
    def held_ms(self) -> int:
        """How long was held in all."""
        return sum(hold.span.end_ms - hold.span.start_ms for hold in self.state.holds)

    @property
    def movements(self) -> tuple[MovementView, ...]:
        """Tell all movements in the order in which they were made."""
        counted = (
            MovementView(
                number,
                self.state.stands(number),
                movement.by_hand,
                movement.span.start_ms,
                movement.span.end_ms,
                movement.form,
                movement.faults,
                self._reason(number),
            )
            for number, movement in enumerate(self.state.movements, 1)
        )
        rejected = (
            MovementView(
                None, False, False, span.start_ms, span.end_ms, None, (), self.reasons.get(span)
            )
            for span in self.state.rejected
        )
        return tuple(sorted([*counted, *rejected], key=lambda told: (told.start_ms, told.end_ms)))

    def _reason(self, number: int) -> str | None:
        if number in self.state.refused:
            return events.OVERRULED
        return LATER_LOOK if number in self.state.withdrawn else None


@dataclass(frozen=True)
class LineView:
    """A line of the prescription, from 1, and how many of its sets are begun and left out."""

    line: int
    exercise_id: ExerciseId
    sets: int
    target_repetitions: int | None
    target_hold_s: int | None
    rest_s: int
    performed: int
    skipped: int

    @property
    def over(self) -> bool:
        """Whether nothing of it is left."""
        return self.performed + self.skipped >= self.sets


@dataclass(frozen=True)
class NextSetView:
    """The set that comes after those that were begun: the `round`th of the `line`th."""

    set: int
    line: int
    round: int
    exercise_id: ExerciseId
    target_repetitions: int | None
    target_hold_s: int | None
    rest_s: int


@dataclass(frozen=True)
class CueView:
    """What the coach said; `fault` is None for praise. Feedback in detail (C-48)."""

    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int


@dataclass(frozen=True)
class SessionView:
    """An execution so far; `completed` is the fact that ended it."""

    id: SessionId
    athlete_id: UserId
    workout_id: WorkoutId | None
    started_at: datetime
    time_zone: str
    execution: PrescriptionProgress = NOTHING_PRESCRIBED
    sets: tuple[SetView, ...] = ()
    cues: tuple[CueView, ...] = ()
    completed: events.SessionCompleted | None = None
    health_kit: HealthKit = NOT_REQUESTED
    deleted: bool = False

    @property
    def status(self) -> Literal["underway", "completed"]:
        """Whether it is over."""
        return "underway" if self.completed is None else "completed"

    @property
    def lines(self) -> tuple[LineView, ...]:
        """Tell how far the lines are performed."""
        known = self.execution
        counted = zip(known.lines, known.begun, known.skipped, strict=True)
        return tuple(
            LineView(
                number,
                prescribed.exercise_id,
                prescribed.sets,
                prescribed.target_repetitions,
                prescribed.target_hold_s,
                prescribed.rest_s,
                begun,
                skipped,
            )
            for number, (prescribed, begun, skipped) in enumerate(counted, 1)
        )

    @property
    def next(self) -> NextSetView | None:
        """Tell the set that comes next; None where nothing is left, or the session is over."""
        coming = self.execution.next_set
        if coming is None or self.completed is not None:
            return None
        prescribed = coming.prescribed
        return NextSetView(
            len(self.sets) + 1,
            coming.line,
            coming.round,
            prescribed.exercise_id,
            prescribed.target_repetitions,
            prescribed.target_hold_s,
            prescribed.rest_s,
        )

    def elapsed_ms(self, now: datetime) -> int:
        """Say how long ago the session began: 0 for one that begins later, at most a day."""
        return min(max((now - self.started_at) // MILLISECOND, 0), LONGEST_MS)

    @property
    def rest(self) -> Resting | None:
        """Tell the rest, if there is one."""
        return self.execution.resting if self.completed is None else None


def to_session_view(session_id: SessionId, history: Iterable[Any]) -> SessionView:
    """Tell an execution by its facts. Raises SessionNotFound for what is not there, or deleted."""
    known: SessionView | None = None
    for event in history:
        if isinstance(event, events.SessionStarted):
            known = SessionView(
                session_id, event.athlete_id, event.workout_id, event.at, event.time_zone
            )
        elif known is not None:
            known = _evolve(known, event)
    if known is None or known.deleted:
        raise SessionNotFound
    return known


def _evolve(  # noqa: PLR0911  a table: one case for each kind of fact
    known: SessionView, event: events.SessionEvent
) -> SessionView:
    match event:
        case events.SetStarted():
            begun = execution.begin_set(known.execution, event.line)
            return replace(known, execution=begun, sets=(*known.sets, _begun(event)))
        case events.SetCompleted(set=number, span=span):
            return _with_set(known, number, start_ms=span.start_ms, end_ms=span.end_ms)
        case events.FaultSeen(set=number, repetition=repetition, fault=fault, cue=cue, at_ms=at):
            cues = (*known.cues, CueView(number, repetition, fault, cue, at))
            return replace(known, cues=cues)
        case events.PraiseEarned(set=number, repetition=repetition, cue=cue, at_ms=at):
            return replace(known, cues=(*known.cues, CueView(number, repetition, None, cue, at)))
        case events.SessionCompleted():
            return replace(known, completed=event)
        case events.SessionDeleted():
            return replace(known, deleted=True)
        case events.SessionRestored():
            return replace(known, deleted=False)
        case facts.HealthKitRequested() | facts.HealthKitSynced() | facts.HealthKitFailed():
            return replace(known, health_kit=healthkit.evolve(event))
        case (
            facts.PrescriptionTaken()
            | facts.SetsSkipped()
            | facts.RestStarted()
            | facts.RestAdjusted()
            | facts.RestEnded()
        ):
            return replace(known, execution=execution.evolve(known.execution, event))
        case events.SessionStarted() | events.ExercisePerformed() | events.TagsChanged():
            return known
        case (
            events.RepetitionCounted()
            | events.RepetitionRejected()
            | events.RepetitionsReconciled()
            | events.RepetitionOverruled()
            | events.HoldMeasured()
            | events.ChecksOverridden()
        ):
            return _within_set(known, event)


def _begun(event: events.SetStarted) -> SetView:
    return SetView(
        event.set,
        event.exercise_id,
        event.line,
        event.counted_by,
        event.target_repetitions,
        event.target_hold_s,
        event.load_kg,
        event.at_ms,
        SetState(event.exercise_id, event.load_kg),
    )


def _within_set(known: SessionView, event: sets.SetEvent) -> SessionView:
    if not 1 <= event.set <= len(known.sets):
        return known
    before = known.sets[event.set - 1]
    changes: dict[str, Any] = {"state": sets.evolve(before.state, event)}
    if isinstance(event, events.RepetitionRejected):
        changes["reasons"] = {**before.reasons, event.span: event.reason}
    if isinstance(event, events.RepetitionsReconciled):
        changes["counted_by"] = event.counted_by
        if event.looks:
            changes |= {"looks": event.looks, "stands": event.stands}
    return _with_set(known, event.set, **changes)


def _with_set(known: SessionView, number: int, **changes: Any) -> SessionView:
    if not 1 <= number <= len(known.sets):
        return known
    changed = replace(known.sets[number - 1], **changes)
    return replace(known, sets=(*known.sets[: number - 1], changed, *known.sets[number:]))
