"""Rules of a session under way: sets, rests, and what happens within a set."""

from dataclasses import replace

from domain.ids import ExerciseId
from domain.sessions import commands, events, prescription_commands, prescription_events, sets
from domain.sessions import prescription as progress
from domain.sessions.ending import ended_at
from domain.sessions.moments import MAX_SESSION_MS, to_ms
from domain.sessions.prescription import NextSet
from domain.sessions.prescription_commands import PrescriptionCommand
from domain.sessions.scoring import ExerciseSpec, ExerciseSpecs, summarize
from domain.sessions.set_state import SetEvent, begin, with_event
from domain.sessions.states import Underway
from domain.values import CountedBy, FormMeasured, Span, UnknownExercise, within

DEFAULT_REST_S = 60
"""Rest after a set without a prescription, the default of a prescription."""

WithinSet = sets.Detected | commands.LogHold | commands.OverrideChecks
AthleteCorrection = commands.OverruleRepetition | commands.LogRepetitions
TrainingCommand = (
    WithinSet
    | AthleteCorrection
    | commands.StartSet
    | commands.FinishSet
    | commands.CompleteSet
    | commands.CompleteSession
    | PrescriptionCommand
)
"""Commands of a session under way."""


def decide(command: TrainingCommand, session: Underway) -> tuple[events.SessionEvent, ...]:
    """Return the events of a command while the athlete trains."""
    match command:
        case commands.StartSet():
            return _start_set(command, session)
        case commands.FinishSet():
            return _finish_set(command, session)
        case commands.CompleteSet():
            return _complete_set(command, session)
        case commands.CompleteSession():
            return _complete(command, session)
        case commands.OverruleRepetition() | commands.LogRepetitions():
            return _of_any_set(command, session)
        case prescription_commands.BeginNextSet():
            return _begin_next_set(command, session)
        case (
            prescription_commands.TakePrescription()
            | prescription_commands.SkipSets()
            | prescription_commands.StartRest()
            | prescription_commands.EndRest()
        ):
            return _between_sets(command, session)
        case (
            commands.CountRepetition()
            | commands.RejectRepetition()
            | commands.ReconcileRepetitions()
            | commands.NoteFault()
            | commands.NotePraise()
            | commands.MeasureHold()
            | commands.LogHold()
            | commands.OverrideChecks()
        ):
            return _within_set(command, session)


def _of_any_set(command: AthleteCorrection, session: Underway) -> tuple[events.SessionEvent, ...]:
    """Apply the athlete's command to a set, which may be over."""
    if isinstance(command, commands.LogRepetitions) and not session.sets:
        raise commands.NoSetUnderway
    if not 1 <= command.set <= session.sets:
        raise commands.SetOutOfOrder
    state = session.performed[command.set - 1]
    match command:
        case commands.OverruleRepetition():
            return sets.overrule(command, state)
        case commands.LogRepetitions(at=at):
            return sets.log(command, to_ms(at, session.started_at), state)


def _between_sets(
    command: prescription_commands.TakePrescription
    | prescription_commands.SkipSets
    | prescription_commands.StartRest
    | prescription_commands.EndRest,
    session: Underway,
) -> tuple[events.SessionEvent, ...]:
    if session.set_is_open:
        raise commands.SetUnderway
    match command:
        case prescription_commands.TakePrescription(lines=lines):
            return progress.take(lines, session.prescription, sets=session.sets)
        case prescription_commands.SkipSets():
            return progress.skip(command, session.prescription)
        case prescription_commands.StartRest(planned_s=planned_s, at=at):
            planned_s = _prescribed_rest_s(session) if planned_s is None else planned_s
            resting, at_ms = session.prescription.resting, to_ms(at, session.started_at)
            return progress.start_rest(planned_s, at_ms, resting, sets=session.sets)
        case prescription_commands.EndRest(at=at):
            return progress.end_rest(session.prescription, to_ms(at, session.started_at))


def _prescribed_rest_s(session: Underway) -> int:
    """Return the rest after the last set by its line, or the default."""
    line = session.performed[-1].line if session.performed else None
    if line is None:
        return DEFAULT_REST_S
    return session.prescription.lines[line - 1].rest_s


def _begin_next_set(
    command: prescription_commands.BeginNextSet, session: Underway
) -> tuple[events.SessionEvent, ...]:
    if command.number == session.sets and session.set_is_open:
        if session.performed[-1].counted_by.source == command.source:
            return ()  # a repeated command changes nothing
        raise commands.SetUnderway  # another device counts it in another way
    if command.number not in {None, session.sets + 1}:
        raise commands.SetOutOfOrder
    coming = session.prescription.next_set
    if command.exercise_id is not None:
        exercise_id = command.exercise_id
    elif coming is not None:
        exercise_id = coming.prescribed.exercise_id
    else:
        raise prescription_commands.NothingPrescribed
    spec = _spec_of(exercise_id, command.specs)
    if session.set_is_open:
        raise commands.SetUnderway
    within("set", session.sets + 1, 1, commands.MAX_SETS)
    at_ms = to_ms(command.at, session.started_at)
    model = spec.trained_model if command.source == "server" else None
    repetitions, hold_s = _targets(coming, exercise_id, spec)
    started = events.SetStarted(
        set=session.sets + 1,
        exercise_id=exercise_id,
        counted_by=CountedBy(command.source, command.model, spec.version, model),
        target_repetitions=repetitions,
        load_kg=command.load_kg,
        target_hold_s=hold_s,
        line=None if coming is None else coming.line,
        at_ms=at_ms,
        claimed=True,
    )
    return (*progress.end_rest(session.prescription, at_ms), started)


def _spec_of(exercise_id: ExerciseId, specs: ExerciseSpecs) -> ExerciseSpec:
    if exercise_id not in specs:
        raise UnknownExercise.of(exercise_id, specs)
    return specs[exercise_id]


def _targets(
    coming: NextSet | None, exercise_id: ExerciseId, spec: ExerciseSpec
) -> tuple[int | None, int | None]:
    """Return the targets in repetitions and seconds; a substitute of the same kind keeps them."""
    if coming is None:
        return None, None
    prescribed = coming.prescribed
    is_same_kind = (spec.kind == "hold") == (prescribed.target_hold_s is not None)
    if exercise_id != prescribed.exercise_id and not is_same_kind:
        return None, None
    return prescribed.target_repetitions, prescribed.target_hold_s


def _start_set(command: commands.StartSet, session: Underway) -> tuple[events.SessionEvent, ...]:
    if session.set_is_open and command.set == session.sets:
        return ()  # a repeated command changes nothing
    if session.set_is_open:
        raise commands.SetUnderway
    if command.set != session.sets + 1:
        raise commands.SetOutOfOrder
    coming = session.prescription.next_set
    line, targets = command.line, (command.target_repetitions, command.target_hold_s)
    if line is None and coming and coming.prescribed.exercise_id == command.exercise_id:
        line = coming.line  # a camera knows the exercise, not the prescription
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
            claimed=command.claimed,
        ),
    )


def _within_set(command: WithinSet, session: Underway) -> tuple[events.SessionEvent, ...]:
    if not session.set_is_open:
        raise commands.NoSetUnderway
    if command.set != session.sets:
        raise commands.SetOutOfOrder
    state = session.performed[-1]
    match command:
        case commands.LogHold():
            return (_logged_hold(command, session),)
        case commands.OverrideChecks(set=number, checks=checks, at_ms=at):
            overridden = events.ChecksOverridden(set=number, checks=checks, at_ms=at)
            return () if state.overridden else (overridden,)
        case _:
            return sets.detect(command, state)


def _logged_hold(command: commands.LogHold, session: Underway) -> events.HoldMeasured:
    end_ms = to_ms(command.at, session.started_at)
    held_ms = command.duration_ms
    return events.HoldMeasured(
        set=command.set,
        span=Span(max(end_ms - held_ms, 0), max(end_ms, held_ms)),
        form=None,
        faults=(),
        by_hand=True,
        source="manual",
    )


def _finish_set(command: commands.FinishSet, session: Underway) -> tuple[events.SessionEvent, ...]:
    end_ms = to_ms(command.at, session.started_at)
    start_ms = command.start_ms
    if start_ms is None:
        is_begun = 1 <= command.set <= session.sets
        first_ms = session.performed[command.set - 1].first_ms if is_begun else None
        start_ms = end_ms if first_ms is None else min(first_ms, end_ms)
    span = Span(start_ms, max(start_ms, end_ms))
    return _complete_set(commands.CompleteSet(set=command.set, span=span), session)


def _complete_set(
    command: commands.CompleteSet, session: Underway
) -> tuple[events.SessionEvent, ...]:
    if not session.set_is_open and command.set <= session.sets:
        return ()
    if not session.set_is_open:
        raise commands.NoSetUnderway
    if command.set != session.sets:
        raise commands.SetOutOfOrder
    repetitions = session.performed[-1].repetitions
    return (events.SetCompleted(set=command.set, repetitions=repetitions, span=command.span),)


def _complete(
    command: commands.CompleteSession, session: Underway
) -> tuple[events.SessionEvent, ...]:
    if session.set_is_open or command.expected_sets > session.sets:
        raise commands.SetUnderway
    at, started_at = command.at, session.started_at
    if command.within_day:
        at = ended_at(session, at)
    duration_ms = round((at - started_at).total_seconds() * 1000)
    within("duration_ms", duration_ms, 0, MAX_SESSION_MS)
    performed: dict[ExerciseId, list[events.PerformedSet]] = {}
    for number, state in enumerate(session.performed, 1):
        performed.setdefault(state.exercise_id, []).append(sets.performed(number, state))
    lines, body_mass = session.prescription.lines, command.body_mass
    scores = summarize(session.performed, lines, command.specs, body_mass.kg)
    measured = [state.form_measured for state in session.performed]
    completed = events.SessionCompleted(
        athlete_id=session.athlete_id,
        workout_id=session.workout_id,
        started_at=started_at,
        time_zone=session.time_zone,
        at=at,
        duration_ms=duration_ms,
        frames=command.capture.frames,
        frames_with_pose=command.capture.frames_with_pose,
        sets=session.sets,
        repetitions=sum(state.repetitions for state in session.performed),
        accuracy=scores.accuracy,
        performance=scores.performance,
        calories_kcal=scores.calories_kcal,
        skipped=session.prescription.left_out,
        body_mass=body_mass.source,
        exercises=tuple(performed),
        verified_repetitions=sum(state.verified_repetitions for state in session.performed),
        form_measured=FormMeasured(
            sum(each.repetitions for each in measured), sum(each.held_ms for each in measured)
        ),
    )
    exercises = (
        events.ExercisePerformed(
            athlete_id=session.athlete_id, exercise_id=exercise, sets=tuple(done), at=at
        )
        for exercise, done in performed.items()
    )
    rested = progress.end_rest(session.prescription, duration_ms)
    requested = (prescription_events.HealthKitRequested(at=at),)
    return (*rested, *exercises, completed, *(requested if command.request_healthkit else ()))


def evolve(session: Underway, event: events.SessionEvent) -> Underway:
    """Apply one event."""
    match event:
        case events.SetStarted(line=line):
            return replace(
                session,
                set_is_open=True,
                performed=(*session.performed, begin(event)),
                prescription=progress.begin_set(session.prescription, line),
            )
        case events.SetCompleted():
            return _with_event(replace(session, set_is_open=False), event)
        case (
            events.RepetitionCounted()
            | events.RepetitionRejected()
            | events.RepetitionsReconciled()
            | events.RepetitionOverruled()
            | events.HoldMeasured()
            | events.ChecksOverridden()
            | events.FaultSeen()
            | events.FaultFeedbackGiven()
            | events.SetRated()
        ):
            return _with_event(session, event)
        case (
            prescription_events.PrescriptionTaken()
            | prescription_events.SetsSkipped()
            | prescription_events.RestStarted()
            | prescription_events.RestAdjusted()
            | prescription_events.RestEnded()
        ):
            return replace(session, prescription=progress.evolve(session.prescription, event))
        case (
            events.PraiseEarned()
            | events.ExercisePerformed()
            | events.SessionStarted()
            | events.SessionCompleted()
            | events.SessionDeleted()
            | events.SessionRestored()
            | events.TagsChanged()
            | events.ExerciseCorrected()
            | prescription_events.HealthKitRequested()
            | prescription_events.HealthKitSynced()
            | prescription_events.HealthKitFailed()
        ):
            return session


def _with_event(session: Underway, event: SetEvent) -> Underway:
    return replace(session, performed=with_event(session.performed, event))
