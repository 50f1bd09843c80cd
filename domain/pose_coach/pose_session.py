"""Pose session decider: a summary is saved once, never changed, and may be deleted."""

from datetime import datetime

from domain.kernel import Decider, value
from domain.personal import Personal
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
            if _content(existing) != _content(saved):
                raise commands.PoseSessionDiffers
            return ()
        case Deleted():
            raise commands.PoseSessionWasDeleted


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
    del session
    match event:
        case events.PoseSessionSaved():
            return Saved(event)
        case events.PoseSessionDeleted():
            return Deleted()


POSE_SESSION = Decider[commands.PoseSessionCommand, events.PoseSessionEvent, PoseSession](
    "pose_session", initial=NotSaved(), decide=decide, evolve=evolve
)
