"""Session view for a player: a session folded from its events (C-17)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from domain.ids import ExerciseId, SessionId, UserId, WorkoutId
from domain.sessions import events, healthkit, set_state
from domain.sessions import prescription as progress
from domain.sessions import prescription_events as prescription
from domain.sessions.commands import SessionNotFound
from domain.sessions.counters import counter_at_start, is_result_of_ours
from domain.sessions.healthkit import HealthKit
from domain.sessions.moments import to_ms
from domain.sessions.prescription import PrescriptionProgress, Resting
from domain.sessions.set_state import SetEvent, SetState
from domain.values import CountedBy, CountSource, Look, PoseSource

NOTHING_PRESCRIBED: Final = PrescriptionProgress()
NOT_REQUESTED: Final = HealthKit()


@dataclass(frozen=True)
class MovementView:
    """A movement that counts as a repetition or does not, for a `reason`.

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
    """A set so far; `counted_by` made the accepted count, apart from the athlete's own decisions.

    If the counts of device and server differ, `looks` has both and `stands` the source of the
    accepted one (C-02).
    """

    number: int
    state: SetState
    counted_by: CountedBy
    looks: tuple[Look, ...] = ()
    stands: PoseSource | None = None

    @property
    def exercise_id(self) -> ExerciseId:
        """The exercise."""
        return self.state.exercise_id

    @property
    def line(self) -> int | None:
        """The line of the prescription, from 1."""
        return self.state.line

    @property
    def target_repetitions(self) -> int | None:
        """The target of repetitions."""
        return self.state.target_repetitions

    @property
    def target_hold_s(self) -> int | None:
        """The target of seconds held."""
        return self.state.target_hold_s

    @property
    def load_kg(self) -> float | None:
        """The load."""
        return self.state.load_kg

    @property
    def rpe(self) -> float | None:
        """The athlete's rating of how hard it felt."""
        return self.state.rpe

    @property
    def start_ms(self) -> int | None:
        """Start of the set, if known."""
        span = self.state.span
        return self.state.started_ms if span is None else span.start_ms

    @property
    def end_ms(self) -> int | None:
        """End of the set; None while it is under way."""
        return None if self.state.span is None else self.state.span.end_ms

    @property
    def source(self) -> CountSource:
        """Source of the count (C-49)."""
        return self.counted_by.source

    @property
    def status(self) -> Literal["underway", "completed"]:
        """State of progress."""
        return "underway" if self.end_ms is None else "completed"

    @property
    def repetitions(self) -> int:
        """Number of repetitions that count."""
        return self.state.repetitions

    @property
    def rejected(self) -> int:
        """Number of movements that do not count."""
        return len(self.state.uncounted)

    @property
    def held_ms(self) -> int:
        """Total length of all holds."""
        return self.state.held_ms

    @property
    def movements(self) -> tuple[MovementView, ...]:
        """All movements in the order of time, each once."""
        counted = (
            self._movement(number, None)
            for number in range(1, len(self.state.movements) + 1)
            if self.state.stands(number)
        )
        uncounted = (
            MovementView(
                None, False, False, each.span.start_ms, each.span.end_ms, None, (), each.reason
            )
            if each.number is None
            else self._movement(each.number, each.reason)
            for each in self.state.uncounted
        )
        return tuple(sorted([*counted, *uncounted], key=lambda each: (each.start_ms, each.end_ms)))

    def _movement(self, number: int, reason: str | None) -> MovementView:
        movement = self.state.movements[number - 1]
        return MovementView(
            number,
            reason is None,
            movement.by_hand,
            movement.span.start_ms,
            movement.span.end_ms,
            movement.form,
            movement.faults,
            reason,
        )


@dataclass(frozen=True)
class LineView:
    """A line of the prescription, from 1, with the numbers of sets performed and skipped."""

    line: int
    exercise_id: ExerciseId
    sets: int
    target_repetitions: int | None
    target_hold_s: int | None
    rest_s: int
    performed: int
    skipped: int
    load_kg: float | None = None
    target_rpe: float | None = None

    @property
    def over(self) -> bool:
        """Whether no set of it is left."""
        return self.performed + self.skipped >= self.sets


@dataclass(frozen=True)
class NextSetView:
    """The next set: the `round`th of the `line`th line."""

    set: int
    line: int
    round: int
    exercise_id: ExerciseId
    target_repetitions: int | None
    target_hold_s: int | None
    rest_s: int
    load_kg: float | None = None
    target_rpe: float | None = None


@dataclass(frozen=True)
class CueView:
    """A cue of the coach; `fault` is None for praise. Feedback in detail (C-48)."""

    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int


@dataclass(frozen=True)
class SessionView:
    """A session so far; `completed` is the event that ended it."""

    id: SessionId
    athlete_id: UserId
    workout_id: WorkoutId | None
    started_at: datetime
    time_zone: str
    prescription: PrescriptionProgress = NOTHING_PRESCRIBED
    sets: tuple[SetView, ...] = ()
    cues: tuple[CueView, ...] = ()
    completed: events.SessionCompleted | None = None
    health_kit: HealthKit = NOT_REQUESTED
    deleted: bool = False

    @property
    def status(self) -> Literal["underway", "completed"]:
        """State of progress."""
        return "underway" if self.completed is None else "completed"

    @property
    def lines(self) -> tuple[LineView, ...]:
        """Progress of each line."""
        done = self.prescription
        counted = zip(done.lines, done.begun, done.skipped, strict=True)
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
                prescribed.load_kg,
                prescribed.target_rpe,
            )
            for number, (prescribed, begun, skipped) in enumerate(counted, 1)
        )

    @property
    def next(self) -> NextSetView | None:
        """The next set; None where nothing is left, or the session is over."""
        coming = self.prescription.next_set
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
            prescribed.load_kg,
            prescribed.target_rpe,
        )

    def elapsed_ms(self, now: datetime) -> int:
        """Return milliseconds since the session began, at most a day."""
        return to_ms(now, self.started_at)

    @property
    def rest(self) -> Resting | None:
        """The rest, if there is one."""
        return self.prescription.resting if self.completed is None else None


def to_session_view(session_id: SessionId, history: Iterable[Any]) -> SessionView:
    """Fold a session's events. Raises SessionNotFound for a missing or deleted session."""
    view: SessionView | None = None
    for event in history:
        if isinstance(event, events.SessionStarted):
            view = SessionView(
                session_id, event.athlete_id, event.workout_id, event.at, event.time_zone
            )
        elif view is not None:
            view = _evolve(view, event)
    if view is None or view.deleted:
        raise SessionNotFound
    return view


def _evolve(view: SessionView, event: events.SessionEvent) -> SessionView:
    match event:
        case events.SetStarted(set=number, line=line):
            begun = progress.begin_set(view.prescription, line)
            started = SetView(number, set_state.begin(event), counter_at_start(event))
            return replace(view, prescription=begun, sets=(*view.sets, started))
        case events.FaultSeen(set=number, repetition=repetition, fault=fault, cue=cue, at_ms=at):
            cues = (*view.cues, CueView(number, repetition, fault, cue, at))
            return replace(view, cues=cues)
        case events.PraiseEarned(set=number, repetition=repetition, cue=cue, at_ms=at):
            return replace(view, cues=(*view.cues, CueView(number, repetition, None, cue, at)))
        case events.SessionCompleted():
            return replace(view, completed=event)
        case events.SessionDeleted():
            return replace(view, deleted=True)
        case events.SessionRestored():
            return replace(view, deleted=False)
        case (
            prescription.HealthKitRequested()
            | prescription.HealthKitSynced()
            | prescription.HealthKitFailed()
        ):
            return replace(view, health_kit=healthkit.evolve(event))
        case (
            prescription.PrescriptionTaken()
            | prescription.SetsSkipped()
            | prescription.RestStarted()
            | prescription.RestAdjusted()
            | prescription.RestEnded()
        ):
            return replace(view, prescription=progress.evolve(view.prescription, event))
        case (
            events.SetCompleted()
            | events.RepetitionCounted()
            | events.RepetitionRejected()
            | events.RepetitionsReconciled()
            | events.RepetitionOverruled()
            | events.HoldMeasured()
            | events.ChecksOverridden()
            | events.SetRated()
        ):
            return _within_set(view, event)
        case _:  # a player shows nothing of the other events
            return view


def _within_set(view: SessionView, event: SetEvent) -> SessionView:
    number = event.set
    if not 1 <= number <= len(view.sets):
        return view
    before = view.sets[number - 1]
    changes: dict[str, Any] = {"state": set_state.evolve(before.state, event)}
    if is_result_of_ours(event) and before.counted_by.source == "device":
        learned = before.state.counted_by.learned
        changes["counted_by"] = replace(before.counted_by, source="server", learned=learned)
    if isinstance(event, events.RepetitionsReconciled):
        changes["counted_by"] = event.counted_by
        if event.looks:
            changes |= {"looks": event.looks, "stands": event.stands}
    changed = replace(before, **changes)
    return replace(view, sets=(*view.sets[: number - 1], changed, *view.sets[number:]))
