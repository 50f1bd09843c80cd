"""Session decider: one athlete performs one workout, set by set."""

from dataclasses import replace
from datetime import datetime

from domain.kernel import Decider
from domain.personal import Erased, Personal
from domain.sessions import (
    commands,
    detections,
    events,
    feedback,
    healthkit,
    prescription_commands,
    prescription_events,
    underway,
)
from domain.sessions.correction_commands import (
    CorrectExercise,
    SessionCorrected,
    SessionNotCompleted,
)
from domain.sessions.feedback_commands import GiveFaultFeedback, RateSet
from domain.sessions.set_state import with_event
from domain.sessions.states import Completed, Deleted, NotStarted, Session, Underway
from domain.sessions.tag_commands import ChangeTags
from domain.sessions.tags import normalize_tags, refuse_new_commas

__all__ = ["SESSION", "Completed", "Deleted", "NotStarted", "Session", "Underway"]

AthleteCommand = (
    commands.FinishSet
    | commands.LogHold
    | commands.LogRepetitions
    | commands.OverruleRepetition
    | prescription_commands.BeginNextSet
    | prescription_commands.SkipSets
    | prescription_commands.StartRest
    | prescription_commands.EndRest
)
"""Commands of an athlete who performs a session. Before its start, they are `SessionNotFound`."""

CommandAtAnyTime = (
    commands.DeleteSession
    | commands.RestoreSession
    | ChangeTags
    | CorrectExercise
    | GiveFaultFeedback
    | RateSet
)
"""Commands about a session whether or not it is completed."""


def decide(command: commands.SessionCommand, session: Session) -> tuple[events.SessionEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    if isinstance(command, CommandAtAnyTime):
        return _at_any_time(command, session)
    match command, session:
        case commands.StartSession(), NotStarted():
            return (_started(command),)
        case commands.StartSession(), _:
            raise commands.SessionAlreadyStarted
        case commands.RecordDetections(), _:
            return _detected(command, session)
        case commands.CompleteSession(), Completed():
            return ()  # a repeated command changes nothing
        case _, NotStarted() if isinstance(command, AthleteCommand):
            raise commands.SessionNotFound
        case prescription_commands.RequestHealthKit() | prescription_commands.ConfirmHealthKit(), _:
            return _of_healthkit(command, session)
        case _, NotStarted() | Completed() | Deleted():
            raise commands.SessionNotUnderway
        case _, Underway():
            return underway.decide(command, session)


def _at_any_time(command: CommandAtAnyTime, session: Session) -> tuple[events.SessionEvent, ...]:
    match command:
        case commands.DeleteSession(at=at):
            return _deleted(at, session)
        case CorrectExercise():
            return _corrected(command, session)
        case commands.RestoreSession(at=at):
            return _restored(at, session)
        case ChangeTags():
            return _tagged(command, session)
        case GiveFaultFeedback():
            if not isinstance(session, Underway | Completed):
                raise commands.SessionMissing
            return feedback.decide(command, session.performed)
        case RateSet():
            if not isinstance(session, Underway | Completed):
                raise commands.SessionMissing
            return feedback.rate(command, session.performed)


def _started(command: commands.StartSession) -> events.SessionStarted:
    return events.SessionStarted(
        athlete_id=command.athlete_id,
        workout_id=command.workout_id,
        at=command.at,
        time_zone=command.time_zone,
    )


def _detected(
    command: commands.RecordDetections, session: Session
) -> tuple[events.SessionEvent, ...]:
    decided: list[events.SessionEvent] = []
    for each in command.detections:
        new = detections.decide(each, session)
        session = SESSION.fold(new, session)
        decided += new
    return tuple(decided)


def _of_healthkit(
    command: prescription_commands.HealthKitCommand, session: Session
) -> tuple[events.SessionEvent, ...]:
    match session:
        case NotStarted() | Deleted():
            raise commands.SessionMissing
        case Underway():
            raise prescription_commands.HealthKitTooEarly
        case Completed(healthkit=state):
            return healthkit.decide(command, state)


def _deleted(at: datetime, session: Session) -> tuple[events.SessionEvent, ...]:
    match session:
        case NotStarted():
            raise commands.SessionMissing
        case Deleted():
            return ()
        case Underway():
            return (events.SessionDeleted(at=at, trained=None),)
        case Completed(trained=trained):
            return (events.SessionDeleted(at=at, trained=trained),)


def _corrected(command: CorrectExercise, session: Session) -> tuple[events.SessionEvent, ...]:
    match session:
        case NotStarted() | Deleted():
            raise commands.SessionMissing
        case Underway():
            raise SessionNotCompleted
        case Completed():
            corrected = events.ExerciseCorrected(
                exercise_id=command.exercise_id,
                replacement_id=command.replacement_id,
                at=command.at,
            )
            return corrected, *_deleted(command.at, session)


def _restored(at: datetime, session: Session) -> tuple[events.SessionEvent, ...]:
    match session:
        case NotStarted():
            raise commands.SessionMissing
        case Underway() | Completed():
            return ()
        case Deleted(at=since, before=before):
            if at > since + commands.RESTORE_WINDOW:
                raise commands.SessionGone
            if isinstance(before, Completed) and before.replacement is not None:
                raise SessionCorrected
            trained = before.trained if isinstance(before, Completed) else None
            return (events.SessionRestored(at=at, trained=trained),)


def _tagged(command: ChangeTags, session: Session) -> tuple[events.TagsChanged, ...]:
    match session:
        case Underway(athlete_id=athlete) | Completed(trained=events.Trained(athlete_id=athlete)):
            if command.expected not in {None, session.tags}:
                raise commands.TagsMoved
            tags = normalize_tags(command.tags)
            refuse_new_commas(tags, earlier=(*session.tags, *command.earlier))
            is_same = tags == session.tags
            return () if is_same else (events.TagsChanged(tags=Personal(athlete, tags)),)
        case NotStarted() | Deleted() | Completed():
            raise commands.SessionMissing


def _trained(event: events.SessionCompleted) -> events.Trained:
    return events.Trained(
        athlete_id=event.athlete_id,
        started_at=event.started_at,
        time_zone=event.time_zone,
        sets=event.sets,
        repetitions=event.repetitions,
        duration_ms=event.duration_ms,
        calories_kcal=event.calories_kcal,
        accuracy=event.accuracy,
        exercises=event.exercises,
        verified_repetitions=event.verified_repetitions,
        form_measured=event.form_measured,
    )


def _completed(event: events.SessionCompleted, session: Session) -> Completed:
    if not isinstance(session, Underway):
        return Completed(_trained(event))
    return Completed(
        _trained(event),
        tags=session.tags,
        performed=session.performed,
        lines=session.prescription.lines,
    )


def _hidden(event: events.SessionDeleted, session: Underway | Completed) -> Deleted:
    if isinstance(session, Completed):
        # a restoration adds what the deletion has subtracted
        session = replace(session, trained=event.trained)
    return Deleted(event.at, session)


def evolve(session: Session, event: events.SessionEvent) -> Session:
    """Apply one event. History is never refused."""
    match event, session:
        case events.SessionStarted(), _:
            return Underway(event.athlete_id, event.workout_id, event.at, event.time_zone)
        case events.SessionCompleted(), _:
            return _completed(event, session)
        case events.TagsChanged(tags=tags), Underway() | Completed():
            return replace(session, tags=() if isinstance(tags.value, Erased) else tags.value)
        case events.SessionRestored(), Deleted(before=before):
            return before
        case events.SessionDeleted(), Underway() | Completed():
            return _hidden(event, session)
        case _, Underway():
            return underway.evolve(session, event)
        case _, Completed():
            return _evolve_completed(session, event)
        case _, NotStarted() | Deleted():
            return session


def _evolve_completed(session: Completed, event: events.SessionEvent) -> Completed:
    match event:
        case events.FaultFeedbackGiven() | events.SetRated() | events.RepetitionRejected():
            return replace(session, performed=with_event(session.performed, event))
        case events.ExerciseCorrected(replacement_id=replacement):
            return replace(session, replacement=replacement)
        case (
            prescription_events.HealthKitRequested()
            | prescription_events.HealthKitSynced()
            | prescription_events.HealthKitFailed()
        ):
            return replace(session, healthkit=healthkit.evolve(event))
        case _:  # other late detections change nothing in a completed session
            return session


SESSION = Decider[commands.SessionCommand, events.SessionEvent, Session](
    "session", initial=NotStarted(), decide=decide, evolve=evolve
)
