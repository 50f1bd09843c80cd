"""Pose session decider: a summary is saved once, and may be deleted.

Two devices may send different results of the same exercise and moment. They are merged: the result
is the same in whichever order they come, and however often.
"""

from dataclasses import replace
from datetime import datetime

from domain.kernel import Decider, value
from domain.personal import Erased, Personal
from domain.pose_coach import commands, events


@value
class NotSaved:
    """No session was saved under this id."""


@value
class Saved:
    """A session in the history of its athlete."""

    event: events.PoseSessionSaved


@value
class Deleted:
    """A session that was deleted. It does not come back."""


PoseSession = NotSaved | Saved | Deleted


def decide(
    command: commands.PoseSessionCommand, session: PoseSession
) -> tuple[events.PoseSessionEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    match command:
        case commands.SavePoseSession():
            return _save(command, session)
        case commands.DeletePoseSession(at=at):
            return _delete(at, session)


def _save(
    command: commands.SavePoseSession, session: PoseSession
) -> tuple[events.PoseSessionEvent, ...]:
    saved = _saved(command)
    match session:
        case NotSaved():
            return (saved,)
        case Saved(event=existing):
            return _merge(existing, saved)
        case Deleted():
            raise commands.PoseSessionWasDeleted


def _merge(
    existing: events.PoseSessionSaved, saved: events.PoseSessionSaved
) -> tuple[events.PoseSessionEvent, ...]:
    """Return the change of a session by another result; none if it has all of that result.

    The figures are those of the result with the most repetitions: its device saw the most. If they
    are equal, the longer one, then the more accurate one. Points of feedback are those of both.
    """
    if _content(existing) == _content(saved):
        return ()
    first, second = existing.feedback.value, saved.feedback.value
    if existing.exercise != saved.exercise:
        raise commands.PoseSessionDiffers
    if isinstance(first, Erased) or isinstance(second, Erased):
        raise commands.PoseSessionDiffers
    best = max(existing, saved, key=lambda each: (each.reps, each.duration_s, each.accuracy))
    points = tuple(sorted({*first, *second})[: commands.MAX_FEEDBACK])
    if {*points} == {*first}:
        points = first  # in the order in which they were sent
    merged = events.PoseSessionMerged(
        user_id=existing.user_id,
        reps=best.reps,
        accuracy=best.accuracy,
        duration_s=best.duration_s,
        feedback=Personal(existing.user_id, points),
        before_reps=existing.reps,
        before_accuracy=existing.accuracy,
        before_duration_s=existing.duration_s,
        at=saved.at,
    )
    return () if _content(_merged(existing, merged)) == _content(existing) else (merged,)


def _merged(
    saved: events.PoseSessionSaved, merged: events.PoseSessionMerged
) -> events.PoseSessionSaved:
    return replace(
        saved,
        reps=merged.reps,
        accuracy=merged.accuracy,
        duration_s=merged.duration_s,
        feedback=merged.feedback,
    )


def _delete(at: datetime, session: PoseSession) -> tuple[events.PoseSessionEvent, ...]:
    match session:
        case NotSaved():
            raise commands.PoseSessionNotFound
        case Saved(event=existing):
            return (
                events.PoseSessionDeleted(
                    user_id=existing.user_id,
                    reps=existing.reps,
                    accuracy=existing.accuracy,
                    duration_s=existing.duration_s,
                    at=at,
                ),
            )
        case Deleted():
            return ()


def _saved(command: commands.SavePoseSession) -> events.PoseSessionSaved:
    summary, user_id = command.summary, command.user_id
    return events.PoseSessionSaved(
        user_id=user_id,
        exercise=Personal(user_id, summary.exercise),
        reps=summary.reps,
        accuracy=summary.accuracy,
        ended_at=summary.ended_at,
        duration_s=summary.duration_s,
        feedback=Personal(user_id, summary.feedback),
        at=command.at,
    )


def _content(saved: events.PoseSessionSaved) -> tuple[object, ...]:
    """Return everything but the time of the save."""
    return (
        saved.user_id,
        saved.exercise,
        saved.reps,
        saved.accuracy,
        saved.ended_at,
        saved.duration_s,
        saved.feedback,
    )


def evolve(session: PoseSession, event: events.PoseSessionEvent) -> PoseSession:
    """Apply one event. History is never refused."""
    match event:
        case events.PoseSessionSaved():
            return Saved(event)
        case events.PoseSessionMerged():
            return Saved(_merged(session.event, event)) if isinstance(session, Saved) else session
        case events.PoseSessionDeleted():
            return Deleted()


POSE_SESSION = Decider[commands.PoseSessionCommand, events.PoseSessionEvent, PoseSession](
    "pose_session", initial=NotSaved(), decide=decide, evolve=evolve
)
