"""A recording: what the camera saw of a session, chunk by chunk, so that it can be replayed."""

from dataclasses import replace

from domain.kernel import Decider, value
from domain.recordings import commands, events


@value
class NotStarted:
    """Nothing is recorded."""


@value
class Running:
    """Frames arrive. `frames` are those stored so far, `video` the digest of the film, if any."""

    frames: int = 0
    video: str | None = None


@value
class Completed:
    """The recording is final."""


Recording = NotStarted | Running | Completed


def decide(
    command: commands.RecordingCommand, recording: Recording
) -> tuple[events.RecordingEvent, ...]:
    """Say what happens when this is asked of a recording in this state."""
    match command, recording:
        case commands.StartRecording(), NotStarted():
            return (_started(command),)
        case commands.StartRecording(), _:
            raise commands.RecordingAlreadyStarted
        case commands.CompleteRecording(), Completed():
            return ()
        case _, NotStarted() | Completed():
            raise commands.RecordingNotUnderway
        case commands.AppendFrames(), Running(frames=stored):
            return _append(command, stored)
        case commands.AttachVideo(digest=digest), Running(video=video) if digest == video:
            return ()
        case commands.AttachVideo(digest=digest, media_type=media_type), _:
            return (events.VideoAttached(digest=digest, media_type=media_type),)
        case commands.CompleteRecording(duration_ms=duration, at=at), Running(frames=stored):
            return (events.RecordingCompleted(duration_ms=duration, frame_count=stored, at=at),)


def _started(command: commands.StartRecording) -> events.RecordingStarted:
    return events.RecordingStarted(
        user_id=command.user_id,
        session_id=command.session_id,
        name=command.name,
        description=command.description,
        aspect_ratio=command.aspect_ratio,
        at=command.at,
    )


def _append(command: commands.AppendFrames, stored: int) -> tuple[events.RecordingEvent, ...]:
    if command.first_frame + command.frames <= stored:
        return ()  # a chunk sent again
    if command.first_frame != stored:
        raise commands.FramesOutOfOrder
    return (
        events.FramesAppended(
            first_frame=command.first_frame,
            frames=command.frames,
            start_ms=command.start_ms,
            end_ms=command.end_ms,
            digest=command.digest,
        ),
    )


def evolve(recording: Recording, event: events.RecordingEvent) -> Recording:
    """Say what this fact changes. History is never refused."""
    match event, recording:
        case events.RecordingStarted(), _:
            return Running()
        case events.RecordingCompleted(), _:
            return Completed()
        case _, NotStarted() | Completed():
            return recording
        case events.FramesAppended(first_frame=first, frames=frames), _:
            return replace(recording, frames=first + frames)
        case events.VideoAttached(digest=digest), _:
            return replace(recording, video=digest)


RECORDING = Decider[commands.RecordingCommand, events.RecordingEvent, Recording](
    "recording", initial=NotStarted(), decide=decide, evolve=evolve
)
