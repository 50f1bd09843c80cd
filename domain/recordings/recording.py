"""Recording decider: the frames of a session, chunk by chunk, for replay."""

from dataclasses import replace
from datetime import datetime

from domain.ids import UserId
from domain.kernel import Decider, value
from domain.personal import Personal
from domain.recordings import commands, events


@value
class NotStarted:
    """Nothing is recorded."""


@value
class Running:
    """The recording runs: `frames` are stored so far, `video` is the digest of its video."""

    user_id: UserId
    frames: int = 0
    video: str | None = None
    paused: bool = False


@value
class Completed:
    """The recording is final."""

    user_id: UserId


@value
class Failed:
    """The recording ended before it was complete."""

    user_id: UserId


@value
class Deleted:
    """The recording is hidden since `at`; restoring it brings back the state `before`."""

    at: datetime
    before: "Running | Completed | Failed"


@value
class Removed:
    """Its media are removed."""


Recording = NotStarted | Running | Completed | Failed | Deleted | Removed


def decide(
    command: commands.RecordingCommand, recording: Recording
) -> tuple[events.RecordingEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    match command:
        case commands.StartRecording():
            if not isinstance(recording, NotStarted):
                raise commands.RecordingAlreadyStarted
            return (_started(command),)
        case (
            commands.DescribeRecording()
            | commands.DeleteRecording()
            | commands.RestoreRecording()
            | commands.RemoveMedia()
        ):
            return _managed(command, recording)
        case commands.CompleteRecording() if isinstance(recording, Completed):
            return ()
        case _:
            if not isinstance(recording, Running):
                raise commands.RecordingNotUnderway
            return _while_running(command, recording)


def _while_running(
    command: commands.AppendFrames
    | commands.AttachVideo
    | commands.PauseRecording
    | commands.ResumeRecording
    | commands.CompleteRecording
    | commands.FailRecording,
    recording: Running,
) -> tuple[events.RecordingEvent, ...]:
    match command:
        case commands.AppendFrames():
            return _append(command, recording)
        case commands.AttachVideo(digest=digest, media_type=media_type):
            if digest == recording.video:
                return ()
            return (events.VideoAttached(digest=digest, media_type=media_type),)
        case commands.PauseRecording(at=at):
            return () if recording.paused else (events.RecordingPaused(at=at),)
        case commands.ResumeRecording(at=at):
            return (events.RecordingResumed(at=at),) if recording.paused else ()
        case commands.CompleteRecording(duration_ms=duration, at=at):
            frames = recording.frames
            return (events.RecordingCompleted(duration_ms=duration, frame_count=frames, at=at),)
        case commands.FailRecording(reason=reason, at=at):
            return (events.RecordingFailed(reason=reason, at=at),)


def _managed(
    command: commands.DescribeRecording
    | commands.DeleteRecording
    | commands.RestoreRecording
    | commands.RemoveMedia,
    recording: Recording,
) -> tuple[events.RecordingEvent, ...]:
    match command:
        case commands.RestoreRecording(at=at):
            return _restored(at, recording)
        case commands.RemoveMedia(at=at):
            return _removed(at, recording)
        case commands.DeleteRecording(at=at):
            if isinstance(recording, Deleted | Removed):
                return ()
            _owner(recording)
            return (events.RecordingDeleted(at=at),)
        case commands.DescribeRecording():
            return (_described(command, _owner(recording)),)


def _owner(recording: Recording) -> UserId:
    """Return the owner of a recording that exists. Raises RecordingNotFound."""
    if isinstance(recording, NotStarted | Deleted | Removed):
        raise commands.RecordingNotFound
    return recording.user_id


def _described(command: commands.DescribeRecording, owner: UserId) -> events.RecordingDescribed:
    return events.RecordingDescribed(
        name=Personal(owner, command.name), description=Personal(owner, command.description)
    )


def _restored(at: datetime, recording: Recording) -> tuple[events.RecordingEvent, ...]:
    match recording:
        case NotStarted():
            raise commands.RecordingNotFound
        case Running() | Completed() | Failed():
            return ()
        case Deleted(at=since) if at <= since + commands.RESTORE_WINDOW:
            return (events.RecordingRestored(at=at),)
        case Deleted() | Removed():
            raise commands.RecordingGone


def _removed(at: datetime, recording: Recording) -> tuple[events.RecordingEvent, ...]:
    match recording:
        case NotStarted():
            raise commands.RecordingNotFound
        case Removed():
            return ()
        case Deleted(at=since) if at > since + commands.RESTORE_WINDOW:
            return (events.RecordingMediaRemoved(at=at),)
        case Running() | Completed() | Failed() | Deleted():
            raise commands.RecordingRestorable


def _started(command: commands.StartRecording) -> events.RecordingStarted:
    return events.RecordingStarted(
        user_id=command.user_id,
        session_id=command.session_id,
        name=Personal(command.user_id, command.name),
        description=Personal(command.user_id, command.description),
        aspect_ratio=command.aspect_ratio,
        at=command.at,
    )


def _append(
    command: commands.AppendFrames, recording: Running
) -> tuple[events.RecordingEvent, ...]:
    stored = recording.frames
    if command.first_frame + command.frames <= stored:
        return ()  # a repeated chunk
    if recording.paused:
        raise commands.RecordingIsPaused
    if command.first_frame != stored:
        raise commands.FramesOutOfOrder
    appended = events.FramesAppended(
        first_frame=command.first_frame,
        frames=command.frames,
        start_ms=command.start_ms,
        end_ms=command.end_ms,
        digest=command.digest,
    )
    if command.images_digest is None:
        return (appended,)
    images = events.ImagesAppended(
        first_frame=command.first_frame,
        frames=command.frames,
        images=command.images,
        digest=command.images_digest,
    )
    return (appended, images)


def evolve(recording: Recording, event: events.RecordingEvent) -> Recording:
    """Apply one event. History is never refused."""
    match event, recording:
        case events.RecordingStarted(user_id=owner), _:
            return Running(owner)
        case events.RecordingMediaRemoved(), _:
            return Removed()
        case events.RecordingRestored(), Deleted(before=before):
            return before
        case _, NotStarted() | Removed() | Deleted():
            return recording
        case events.RecordingDeleted(at=at), _:
            return Deleted(at, recording)
        case events.RecordingCompleted(), _:
            return Completed(recording.user_id)
        case events.RecordingFailed(), _:
            return Failed(recording.user_id)
        case _, Running():
            return _changed(recording, event)
        case _, Completed() | Failed():
            return recording


def _changed(recording: Running, event: events.RecordingEvent) -> Running:
    match event:
        case events.FramesAppended(first_frame=first, frames=frames):
            return replace(recording, frames=first + frames)
        case events.VideoAttached(digest=digest):
            return replace(recording, video=digest)
        case events.RecordingPaused():
            return replace(recording, paused=True)
        case events.RecordingResumed():
            return replace(recording, paused=False)
        case _:
            return recording


RECORDING = Decider[commands.RecordingCommand, events.RecordingEvent, Recording](
    "recording", initial=NotStarted(), decide=decide, evolve=evolve
)
