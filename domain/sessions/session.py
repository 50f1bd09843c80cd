"""A session: one athlete performs one workout, set by set, repetition by repetition."""

from dataclasses import replace
from datetime import datetime

from domain.ids import UserId, WorkoutId
from domain.kernel import Decider, value
from domain.sessions import commands, events


@value
class NotStarted:
    """Nobody has begun."""


@value
class Underway:
    """The athlete trains.

    Of the current set, `repetitions` is the highest number counted; `withdrawn` are the numbers
    that were none and `added` those counted late. `earlier` is what stands of the sets before it.
    """

    athlete_id: UserId
    workout_id: WorkoutId | None
    started_at: datetime
    time_zone: str
    sets: int = 0
    set_is_open: bool = False
    repetitions: int = 0
    withdrawn: tuple[int, ...] = ()
    added: tuple[int, ...] = ()
    earlier: int = 0

    @property
    def standing(self) -> int:
        """Repetitions of the current set that stand after its corrections."""
        return self.repetitions - len(self.withdrawn)


@value
class Completed:
    """The session is over; its history stays."""


Session = NotStarted | Underway | Completed
WithinSet = (
    commands.CountRepetition
    | commands.RejectRepetition
    | commands.ReconcileRepetitions
    | commands.NoteFault
    | commands.NotePraise
    | commands.MeasureHold
)


def decide(command: commands.SessionCommand, session: Session) -> tuple[events.SessionEvent, ...]:
    """Say what happens when this is asked of a session in this state."""
    match command, session:
        case commands.StartSession(), NotStarted():
            return (_started(command),)
        case commands.StartSession(), _:
            raise commands.SessionAlreadyStarted
        case commands.CompleteSession(), Completed():
            return ()  # over is over, however often it is said
        case _, NotStarted() | Completed():
            raise commands.SessionNotUnderway
        case commands.StartSet(), _:
            return _start_set(command, session)
        case commands.CompleteSet(), _:
            return _complete_set(command, session)
        case commands.CompleteSession(), _:
            return _complete(command, session)
        case (
            commands.CountRepetition()
            | commands.RejectRepetition()
            | commands.ReconcileRepetitions()
            | commands.NoteFault()
            | commands.NotePraise()
            | commands.MeasureHold(),
            _,
        ):
            return _within_set(command, session)


def _started(command: commands.StartSession) -> events.SessionStarted:
    return events.SessionStarted(
        athlete_id=command.athlete_id,
        workout_id=command.workout_id,
        at=command.at,
        time_zone=command.time_zone,
    )


def _start_set(command: commands.StartSet, session: Underway) -> tuple[events.SessionEvent, ...]:
    if session.set_is_open and command.set == session.sets:
        return ()  # asked twice, started once
    if session.set_is_open:
        raise commands.SetUnderway
    if command.set != session.sets + 1:
        raise commands.SetOutOfOrder
    return (
        events.SetStarted(
            set=command.set,
            exercise_id=command.exercise_id,
            counted_by=command.counted_by,
            target_repetitions=command.target_repetitions,
            load_kg=command.load_kg,
        ),
    )


def _within_set(command: WithinSet, session: Underway) -> tuple[events.SessionEvent, ...]:
    if not session.set_is_open:
        raise commands.NoSetUnderway
    if command.set != session.sets:
        raise commands.SetOutOfOrder
    match command:
        case commands.CountRepetition():
            return _count(command, session)
        case commands.RejectRepetition(set=number, span=span, reason=reason):
            return (events.RepetitionRejected(set=number, span=span, reason=reason),)
        case commands.ReconcileRepetitions():
            return _reconcile(command, session)
        case commands.NoteFault():
            return (_fault(command),)
        case commands.NotePraise(set=number, repetition=repetition, cue=cue, at_ms=at):
            return (events.PraiseEarned(set=number, repetition=repetition, cue=cue, at_ms=at),)
        case commands.MeasureHold():
            return (_hold(command),)


def _count(command: commands.CountRepetition, session: Underway) -> tuple[events.SessionEvent, ...]:
    if command.number <= session.repetitions:
        return ()  # seen twice, counted once
    if command.number != session.repetitions + 1:
        raise commands.RepetitionOutOfOrder
    return (
        events.RepetitionCounted(
            set=command.set,
            number=command.number,
            span=command.span,
            tempo=command.tempo,
            range_of_motion_deg=command.range_of_motion_deg,
            symmetry=command.symmetry,
            form=command.form,
            confidence=command.confidence,
            faults=command.faults,
            unjudged=command.unjudged,
        ),
    )


def _reconcile(
    command: commands.ReconcileRepetitions, session: Underway
) -> tuple[events.SessionEvent, ...]:
    corrected = (*command.withdrawn, *command.added)
    if any(not 1 <= number <= session.repetitions for number in corrected):
        raise commands.RepetitionNotCounted
    withdrawn = tuple(sorted(set(command.withdrawn) - set(session.withdrawn)))
    added = tuple(sorted(set(command.added) - set(session.added)))
    if not withdrawn and not added:
        return ()
    return (
        events.RepetitionsReconciled(
            set=command.set,
            repetitions=session.standing - len(withdrawn),
            withdrawn=withdrawn,
            added=added,
            counted_by=command.counted_by,
        ),
    )


def _fault(command: commands.NoteFault) -> events.FaultSeen:
    return events.FaultSeen(
        set=command.set,
        repetition=command.repetition,
        fault=command.fault,
        cue=command.cue,
        at_ms=command.at_ms,
    )


def _hold(command: commands.MeasureHold) -> events.HoldMeasured:
    return events.HoldMeasured(
        set=command.set,
        span=command.span,
        form=command.form,
        faults=command.faults,
        unjudged=command.unjudged,
    )


def _complete_set(
    command: commands.CompleteSet, session: Underway
) -> tuple[events.SessionEvent, ...]:
    if not session.set_is_open and command.set <= session.sets:
        return ()
    if not session.set_is_open:
        raise commands.NoSetUnderway
    if command.set != session.sets:
        raise commands.SetOutOfOrder
    return (events.SetCompleted(set=command.set, repetitions=session.standing, span=command.span),)


def _complete(
    command: commands.CompleteSession, session: Underway
) -> tuple[events.SessionEvent, ...]:
    if session.set_is_open:
        raise commands.SetUnderway
    return (
        events.SessionCompleted(
            athlete_id=session.athlete_id,
            workout_id=session.workout_id,
            started_at=session.started_at,
            time_zone=session.time_zone,
            at=command.at,
            duration_ms=command.duration_ms,
            frames=command.frames,
            frames_with_pose=command.frames_with_pose,
            sets=session.sets,
            repetitions=session.earlier,
            accuracy=command.accuracy,
            performance=command.performance,
            calories_kcal=command.calories_kcal,
        ),
    )


def evolve(session: Session, event: events.SessionEvent) -> Session:
    """Say what this fact changes. History is never refused."""
    match event, session:
        case events.SessionStarted(), _:
            return Underway(event.athlete_id, event.workout_id, event.at, event.time_zone)
        case events.SessionCompleted(), _:
            return Completed()
        case _, NotStarted() | Completed():
            return session
        case events.SetStarted(set=number), _:
            return replace(
                session, sets=number, set_is_open=True, repetitions=0, withdrawn=(), added=()
            )
        case events.RepetitionCounted(number=number), _:
            return replace(session, repetitions=number)
        case events.RepetitionsReconciled(withdrawn=withdrawn, added=added), _:
            return replace(
                session, withdrawn=session.withdrawn + withdrawn, added=session.added + added
            )
        case events.SetCompleted(repetitions=standing), _:
            return replace(session, set_is_open=False, earlier=session.earlier + standing)
        case (
            events.RepetitionRejected()
            | events.FaultSeen()
            | events.PraiseEarned()
            | events.HoldMeasured(),
            _,
        ):
            return session


SESSION = Decider[commands.SessionCommand, events.SessionEvent, Session](
    "session", initial=NotStarted(), decide=decide, evolve=evolve
)
