"""Recording decider: the frames of a session, chunk by chunk, for replay."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from domain.ids import UserId
from domain.kernel import Decider, value
from domain.personal import Personal, text_of
from domain.recordings import commands, events
from domain.recordings.commands import Words
from domain.recordings.names import description_of, name_of

VideoStatus = Literal["none", "pending", "ready", "failed"]
"""Whether a recording has a video: "none" if it has no images to make one of."""


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
    has_images: bool = False
    video: str | None = None
    paused: bool = False


@value
class Completed:
    """The recording is final, but for its video, whose digest is `video`."""

    user_id: UserId
    words: Words
    video_status: VideoStatus = "none"
    video: str | None = None


@value
class Failed:
    """The recording of an earlier version ended without a video; it has what was stored before."""

    user_id: UserId
    words: Words
    stored: Running | None = None


@value
class Removed:
    """The media of the recording were removed at a time; its name and description stay."""

    user_id: UserId
    words: Words
    at: datetime


@value
class Deleted:
    """The recording is hidden since `at`; restoring it brings back the state `before`."""

    at: datetime
    before: Running | Completed | Failed | Removed


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
            | commands.RemoveOldMedia()
        ):
            return _managed(command, recording)
        case commands.DeleteWithSession() | commands.RestoreWithSession():
            return _with_session(command, recording)
        case _:
            if isinstance(recording, Completed):
                return _when_completed(command, recording)
            if isinstance(recording, Failed):
                return _when_failed(command, recording)
            if isinstance(recording, Removed):
                return _when_removed(command)
            if not isinstance(recording, Running):
                raise commands.RecordingNotUnderway
            return _while_running(command, recording)


_Recording = (
    commands.AppendFrames
    | commands.AttachVideo
    | commands.PauseRecording
    | commands.ResumeRecording
    | commands.CompleteRecording
    | commands.StopRecording
    | commands.FailVideo
)


def _while_running(command: _Recording, recording: Running) -> tuple[events.RecordingEvent, ...]:
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
            return _completed(duration, at, recording)
        case commands.StopRecording(at=at):
            return _completed(recording.end_ms, at, recording)
        case commands.FailVideo():
            return ()


def _completed(
    duration_ms: int, at: datetime, recording: Running
) -> tuple[events.RecordingEvent, ...]:
    completed = events.RecordingCompleted(
        duration_ms=duration_ms, frame_count=recording.frames, at=at
    )
    if recording.has_images and recording.video is None:
        return (completed, events.VideoRequested(at=at))
    return (completed,)


def _when_completed(command: _Recording, recording: Completed) -> tuple[events.RecordingEvent, ...]:
    match command:
        case commands.CompleteRecording():
            return ()
        case commands.StopRecording(at=at):
            return (events.VideoRequested(at=at),) if recording.video_status == "failed" else ()
        case commands.AttachVideo(digest=digest, media_type=media_type):
            if digest == recording.video:
                return ()
            if recording.video_status == "ready":
                raise commands.RecordingHasVideo
            return (events.VideoAttached(digest=digest, media_type=media_type),)
        case commands.FailVideo(problem=problem, at=at):
            if recording.video_status != "pending":
                return ()
            return (events.VideoFailed(problem=problem, at=at),)
        case commands.AppendFrames() | commands.PauseRecording() | commands.ResumeRecording():
            raise commands.RecordingNotUnderway


def _when_failed(command: _Recording, recording: Failed) -> tuple[events.RecordingEvent, ...]:
    """Complete the recording as it is, and request its video; nothing can be added any more."""
    if not isinstance(command, commands.StopRecording) or recording.stored is None:
        raise commands.RecordingNotUnderway
    return _completed(recording.stored.end_ms, command.at, recording.stored)


def _when_removed(command: _Recording) -> tuple[events.RecordingEvent, ...]:
    """A client that returns late may end the recording; nothing can be added any more."""
    if isinstance(command, commands.CompleteRecording | commands.StopRecording):
        return ()
    raise commands.RecordingNotUnderway


def _managed(
    command: commands.DescribeRecording
    | commands.DeleteRecording
    | commands.RestoreRecording
    | commands.RemoveMedia
    | commands.RemoveOldMedia,
    recording: Recording,
) -> tuple[events.RecordingEvent, ...]:
    match command:
        case commands.RestoreRecording(at=at):
            return _restored(at, recording)
        case commands.RemoveMedia(at=at):
            return _removed(at, recording)
        case commands.RemoveOldMedia(at=at):
            return _removed_as_old(at, recording)
        case commands.DeleteRecording(at=at):
            if isinstance(recording, Deleted):
                return ()
            existing(recording)
            return (events.RecordingDeleted(at=at),)
        case commands.DescribeRecording():
            return (_described(command, existing(recording)),)


def existing(recording: Recording) -> Running | Completed | Failed | Removed:
    """Return a recording that is neither missing nor deleted. Raises RecordingNotFound."""
    if isinstance(recording, NotStarted | Deleted):
        raise commands.RecordingNotFound
    return recording


def _described(
    command: commands.DescribeRecording, recording: Running | Completed | Failed | Removed
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
        case commands.DeleteWithSession(at=at), Running() | Completed() | Failed() | Removed():
            return (events.RecordingDeleted(at=at),)
        case commands.RestoreWithSession(at=at, deleted_at=since), Deleted(at=deleted_at):
            is_back = deleted_at == since and not _is_gone(recording)
            return _restored(at, recording) if is_back else ()
        case _:
            return ()


def _restored(at: datetime, recording: Recording) -> tuple[events.RecordingEvent, ...]:
    match recording:
        case NotStarted():
            raise commands.RecordingNotFound
        case Running() | Completed() | Failed() | Removed():
            return ()
        case Deleted(at=since, before=before) if (
            at <= since + commands.RESTORE_WINDOW and not _is_gone(recording)
        ):
            restored = events.RecordingRestored(at=at)
            if isinstance(before, Completed) and before.video_status == "pending":
                return (restored, events.VideoRequested(at=at))  # no video is made while deleted
            return (restored,)
        case Deleted():
            raise commands.RecordingGone


def _is_gone(recording: Deleted) -> bool:
    """Return whether the media were removed because the recording stayed deleted."""
    before, last = recording.before, recording.at + commands.RESTORE_WINDOW
    return isinstance(before, Removed) and before.at > last


def _removed(at: datetime, recording: Recording) -> tuple[events.RecordingEvent, ...]:
    match recording:
        case NotStarted():
            raise commands.RecordingNotFound
        case Deleted(at=since) if at > since + commands.RESTORE_WINDOW:
            return _removed_as_old(at, recording)
        case Running() | Completed() | Failed() | Removed() | Deleted():
            raise commands.RecordingRestorable


def _removed_as_old(at: datetime, recording: Recording) -> tuple[events.RecordingEvent, ...]:
    match recording:
        case NotStarted():
            raise commands.RecordingNotFound
        case Removed() | Deleted(before=Removed()):
            return ()
        case Running() | Completed() | Failed() | Deleted():
            return (events.RecordingMediaRemoved(at=at),)


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
        case _, NotStarted():
            return recording
        case _, Deleted():
            return _while_deleted(recording, event)
        case events.RecordingMediaRemoved(at=at), _:
            return Removed(recording.user_id, recording.words, at)
        case events.RecordingDeleted(at=at), _:
            return Deleted(at, recording)
        case events.RecordingDescribed(name=name, description=description), _:
            return replace(recording, words=(name, description))
        case events.RecordingCompleted(), Running(video=video):
            status: VideoStatus = "none" if video is None else "ready"
            return Completed(recording.user_id, recording.words, status, video)
        case events.RecordingFailed(), Running() | Completed() | Failed():
            stored = recording if isinstance(recording, Running) else None
            return Failed(recording.user_id, recording.words, stored)
        case _, Running():
            return _changed(recording, event)
        case _, Completed() | Failed() | Removed():
            return _filmed(recording, event)


def _while_deleted(recording: Deleted, event: events.RecordingEvent) -> Recording:
    before = recording.before
    match event:
        case events.RecordingMediaRemoved(at=at):
            return replace(recording, before=Removed(before.user_id, before.words, at))
        case events.RecordingRestored():
            return before
        case _:
            return recording


def _filmed(
    recording: Completed | Failed | Removed, event: events.RecordingEvent
) -> Completed | Failed | Removed:
    match event, recording:
        case events.RecordingCompleted(), Failed():
            return Completed(recording.user_id, recording.words)
        case events.VideoRequested(), Completed():
            return replace(recording, video_status="pending")
        case events.VideoAttached(digest=digest), Completed():
            return replace(recording, video_status="ready", video=digest)
        case events.VideoFailed(), Completed():
            return replace(recording, video_status="failed")
        case _:
            return recording


def _changed(recording: Running, event: events.RecordingEvent) -> Running:
    match event:
        case events.FramesAppended(first_frame=first, frames=frames, end_ms=end_ms):
            return replace(recording, frames=first + frames, end_ms=end_ms)
        case events.ImagesAppended():
            return replace(recording, has_images=True)
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
