"""A session that is under way: sets begin and end, and what happens within them."""

from dataclasses import replace

from domain.ids import ExerciseId
from domain.sessions import commands, events, prescription_commands, prescription_events, sets
from domain.sessions import prescription as execution
from domain.sessions.prescription_commands import PrescriptionCommand
from domain.sessions.sets import SetState
from domain.sessions.states import Underway

WithinSet = (
    commands.CountRepetition
    | commands.RejectRepetition
    | commands.ReconcileRepetitions
    | commands.NoteFault
    | commands.NotePraise
    | commands.MeasureHold
    | commands.OverrideChecks
)
TrainingCommand = (
    WithinSet
    | commands.StartSet
    | commands.CompleteSet
    | commands.CompleteSession
    | commands.OverruleRepetition
    | commands.LogRepetitions
    | PrescriptionCommand
)
"""What is asked while the athlete trains."""


def decide(command: TrainingCommand, session: Underway) -> tuple[events.SessionEvent, ...]:
    """Say what happens when this is asked of an athlete who trains."""
    match command:
        case commands.StartSet():
            return _start_set(command, session)
        case commands.CompleteSet():
            return _complete_set(command, session)
        case commands.CompleteSession():
            return _complete(command, session)
        case commands.OverruleRepetition(set=number):
            if not 1 <= number <= session.sets:
                raise commands.SetOutOfOrder
            return sets.overrule(command, session.performed[number - 1])
        case commands.LogRepetitions(set=number):  # one more may be remembered in the rest
            if not session.sets:
                raise commands.NoSetUnderway
            if not 1 <= number <= session.sets:
                raise commands.SetOutOfOrder
            return sets.log(command, session.performed[number - 1])
        case (
            prescription_commands.TakePrescription()
            | prescription_commands.SkipSets()
            | prescription_commands.StartRest()
            | prescription_commands.EndRest()
        ):
            if session.set_is_open:
                raise commands.SetUnderway
            return execution.decide(command, session.execution, sets=session.sets)
        case (
            commands.CountRepetition()
            | commands.RejectRepetition()
            | commands.ReconcileRepetitions()
            | commands.NoteFault()
            | commands.NotePraise()
            | commands.MeasureHold()
            | commands.OverrideChecks()
        ):
            return _within_set(command, session)


def _start_set(command: commands.StartSet, session: Underway) -> tuple[events.SessionEvent, ...]:
    if session.set_is_open and command.set == session.sets:
        return ()  # asked twice, started once
    if session.set_is_open:
        raise commands.SetUnderway
    if command.set != session.sets + 1:
        raise commands.SetOutOfOrder
    coming = session.execution.next_set
    line, targets = command.line, (command.target_repetitions, command.target_hold_s)
    if line is None and coming and coming.prescribed.exercise_id == command.exercise_id:
        line = coming.line  # whoever watches a camera knows the exercise, not the prescription
        if targets == (None, None):
            targets = coming.prescribed.target_repetitions, coming.prescribed.target_hold_s
    return (
        events.SetStarted(
            set=command.set,
            exercise_id=command.exercise_id,
            counted_by=command.counted_by,
            target_repetitions=targets[0],
            load_kg=command.load_kg,
            target_hold_s=targets[1],
            line=line,
            at_ms=command.at_ms,
        ),
    )


def _within_set(command: WithinSet, session: Underway) -> tuple[events.SessionEvent, ...]:
    if not session.set_is_open:
        raise commands.NoSetUnderway
    if command.set != session.sets:
        raise commands.SetOutOfOrder
    state = session.performed[-1]
    match command:
        case commands.CountRepetition():
            return sets.count(command, state)
        case commands.RejectRepetition(set=number, span=span, reason=reason):
            return (events.RepetitionRejected(set=number, span=span, reason=reason),)
        case commands.ReconcileRepetitions():
            return sets.reconcile(command, state)
        case commands.NoteFault():
            return (_fault(command, state),)
        case commands.NotePraise(set=number, cue=cue, at_ms=at):
            repetition = state.number_of(command.repetition)
            return (events.PraiseEarned(set=number, repetition=repetition, cue=cue, at_ms=at),)
        case commands.MeasureHold():
            return (_hold(command),)
        case commands.OverrideChecks(set=number, checks=checks, at_ms=at):
            overridden = events.ChecksOverridden(set=number, checks=checks, at_ms=at)
            return () if state.overridden else (overridden,)


def _fault(command: commands.NoteFault, state: SetState) -> events.FaultSeen:
    number = command.repetition
    return events.FaultSeen(
        set=command.set,
        repetition=None if number is None else state.number_of(number),
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
        by_hand=command.by_hand,
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
    standing = session.performed[-1].repetitions
    return (events.SetCompleted(set=command.set, repetitions=standing, span=command.span),)


def _complete(
    command: commands.CompleteSession, session: Underway
) -> tuple[events.SessionEvent, ...]:
    if session.set_is_open:
        raise commands.SetUnderway
    performed: dict[ExerciseId, list[events.PerformedSet]] = {}
    for number, state in enumerate(session.performed, 1):
        performed.setdefault(state.exercise_id, []).append(sets.performed(number, state))
    return (
        *(
            events.ExercisePerformed(
                athlete_id=session.athlete_id,
                exercise_id=exercise,
                sets=tuple(of_it),
                at=command.at,
            )
            for exercise, of_it in performed.items()
        ),
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
            repetitions=sum(state.repetitions for state in session.performed),
            accuracy=command.accuracy,
            performance=command.performance,
            calories_kcal=command.calories_kcal,
            skipped=session.execution.left_out,
            body_mass=command.body_mass,
            exercises=tuple(performed),
        ),
    )


def evolve(session: Underway, event: events.SessionEvent) -> Underway:
    """Say what this fact changes."""
    match event:
        case events.SetStarted(exercise_id=exercise, load_kg=load, line=line):
            return replace(
                session,
                set_is_open=True,
                performed=(*session.performed, SetState(exercise, load)),
                execution=execution.begin_set(session.execution, line),
            )
        case events.SetCompleted():
            return replace(session, set_is_open=False)
        case (
            events.RepetitionCounted()
            | events.RepetitionRejected()
            | events.RepetitionsReconciled()
            | events.RepetitionOverruled()
            | events.HoldMeasured()
            | events.ChecksOverridden()
        ):
            if not 1 <= event.set <= session.sets:
                return session
            state = sets.evolve(session.performed[event.set - 1], event)
            return session.with_set(event.set, state)
        case (
            prescription_events.PrescriptionTaken()
            | prescription_events.SetsSkipped()
            | prescription_events.RestStarted()
            | prescription_events.RestAdjusted()
            | prescription_events.RestEnded()
        ):
            return replace(session, execution=execution.evolve(session.execution, event))
        case (
            events.FaultSeen()
            | events.PraiseEarned()
            | events.ExercisePerformed()
            | events.SessionStarted()
            | events.SessionCompleted()
            | events.SessionDeleted()
            | events.SessionRestored()
            | events.TagsChanged()
            | prescription_events.HealthKitRequested()
            | prescription_events.HealthKitSynced()
            | prescription_events.HealthKitFailed()
        ):
            return session
