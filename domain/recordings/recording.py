"""Recording decider: the frames of a session, chunk by chunk, for replay."""

from dataclasses import replace
from datetime import datetime

from domain.ids import UserId
from domain.kernel import Decider, value
from domain.personal import Personal, text_of
from domain.recordings import commands, events
from domain.recordings.commands import Words
from domain.recordings.names import description_of, name_of


@value
class NotStarted:
    """Nothing is recorded."""


@value
class Running:
    """The recording runs: `frames` are stored so far, until `end_ms`; `video` is a digest."""

    user_id: UserId
    words: Words
    frames: int = 0
    end_ms: int = 0
    video: str | None = None
    paused: bool = False


@value
class Completed:
    """The recording is final."""

    user_id: UserId
    words: Words


@value
class Failed:
    """The recording ended before it was complete."""

    user_id: UserId
    words: Words


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
        case commands.DeleteWithSession() | commands.RestoreWithSession():
            return _with_session(command, recording)
        case commands.CompleteRecording() | commands.StopRecording() if isinstance(
            recording, Completed
        ):
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
    | commands.StopRecording,
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
        case commands.StopRecording():
            return _stopped(command, recording)


def _stopped(
    command: commands.StopRecording, recording: Running
) -> tuple[events.RecordingEvent, ...]:
    if command.failure is not None:
        return (events.RecordingFailed(reason=command.failure, at=command.at),)
    completed = events.RecordingCompleted(
        duration_ms=recording.end_ms, frame_count=recording.frames, at=command.at
    )
    if command.video is None or command.video == recording.video:
        return (completed,)
    attached = events.VideoAttached(digest=command.video, media_type=command.media_type)
    return (attached, completed)


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
            existing(recording)
            return (events.RecordingDeleted(at=at),)
        case commands.DescribeRecording():
            return (_described(command, existing(recording)),)


def existing(recording: Recording) -> Running | Completed | Failed:
    """Return a recording that is neither missing nor deleted. Raises RecordingNotFound."""
    if isinstance(recording, NotStarted | Deleted | Removed):
        raise commands.RecordingNotFound
    return recording


def _described(
    command: commands.DescribeRecording, recording: Running | Completed | Failed
) -> events.RecordingDescribed:
    if command.expected not in {None, recording.words}:
        raise commands.RecordingChanged
    owner = recording.user_id
    name, description = (text_of(text) for text in recording.words)
    new_name = name_of(name) if command.name is None else command.name
    new_text = description_of(description) if command.description is None else command.description
    return events.RecordingDescribed(
        name=Personal(owner, new_name), description=Personal(owner, new_text)
    )


def _with_session(
    command: commands.DeleteWithSession | commands.RestoreWithSession, recording: Recording
) -> tuple[events.RecordingEvent, ...]:
    match command, recording:
        case commands.DeleteWithSession(at=at), Running() | Completed() | Failed():
            return (events.RecordingDeleted(at=at),)
        case commands.RestoreWithSession(at=at, deleted_at=since), Deleted(at=deleted_at):
            return _restored(at, recording) if deleted_at == since else ()
        case _:
            return ()


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
        case events.RecordingStarted(user_id=owner, name=name, description=description), _:
            return Running(owner, (name, description))
        case events.RecordingMediaRemoved(), _:
            return Removed()
        case events.RecordingRestored(), Deleted(before=before):
            return before
        case _, NotStarted() | Removed() | Deleted():
            return recording
        case events.RecordingDeleted(at=at), _:
            return Deleted(at, recording)
        case events.RecordingDescribed(name=name, description=description), _:
            return replace(recording, words=(name, description))
        case events.RecordingCompleted(), _:
            return Completed(recording.user_id, recording.words)
        case events.RecordingFailed(), _:
            return Failed(recording.user_id, recording.words)
        case _, Running():
            return _changed(recording, event)
        case _, Completed() | Failed():
            return recording


def _changed(recording: Running, event: events.RecordingEvent) -> Running:
    match event:
        case events.FramesAppended(first_frame=first, frames=frames, end_ms=end_ms):
            return replace(recording, frames=first + frames, end_ms=end_ms)
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
