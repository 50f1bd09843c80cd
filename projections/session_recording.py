"""Session recording read model: one row per recording, with the fields of R-RPL-07."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from domain.ids import RecordingId, SessionId, UserId
from domain.kernel import Projection, Recorded
from domain.personal import text_of
from domain.recordings import events
from projections.kernel import fast_replace, stream_id

RecordingStatus = Literal["recording", "paused", "completed", "failed", "deleted"]
"""C-45."""

VideoStatus = Literal["none", "pending", "ready", "failed"]
"""Whether there is a video of the recording: "none" if there is nothing to make it of."""

OLD_FAILURE: Final = "video.unwritable"
"""Code for recordings of earlier versions that failed for lack of a video."""

VISIBLE_STATES: Final[tuple[RecordingStatus, ...]] = ("recording", "paused", "completed", "failed")
"""The states of recordings that lists have: not those that were deleted."""


@dataclass(frozen=True)
class SessionRecording:
    """A recording so far.

    `created_at` is the log's time (C-14). `duration` is whole seconds, rounded, of `duration_ms`
    (C-15); both and `frame_count` grow while it runs. `video_file_path` is where the media store
    keeps the video: its SHA-256 in hexadecimal; None while there is none. `video_problem` is the
    code of the reason why it could not be made; None unless that failed. `aspect_ratio` is width /
    height of the frames. `image_count` is how many frames have a picture. `status_before` is what a
    deleted recording was; None for others. `media_removed_at` is when its frames, pictures and
    video were removed for good, None while they are kept; it then has none of
    them, and is completed.
    """

    id: RecordingId
    session_id: SessionId
    user_id: UserId
    name: str
    description: str
    created_at: datetime
    status: RecordingStatus
    aspect_ratio: float
    duration: int = 0
    duration_ms: int = 0
    frame_count: int = 0
    video_file_path: str | None = None
    video_media_type: str | None = None
    image_count: int = 0
    status_before: RecordingStatus | None = None
    video_status: VideoStatus = "none"
    video_problem: str | None = None
    media_removed_at: datetime | None = None


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by recording."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.RecordingEvent) else ()


def evolve(row: SessionRecording | None, recorded: Recorded[Any]) -> SessionRecording | None:
    """Apply one event to the recording."""
    match recorded.event, row:
        case events.RecordingStarted() as started, _:
            return _started(recorded, started)
        case events.FramesAppended(first_frame=first, frames=frames, end_ms=end), _ if row:
            return _lasting(fast_replace(row, frame_count=first + frames), end)
        case events.VideoRequested() | events.VideoAttached() | events.VideoFailed(), _ if row:
            return _filmed(row, recorded.event)
        case events.RecordingCompleted(duration_ms=duration, frame_count=frames), _ if row:
            return _lasting(_completed(row, frames), duration)
        case events.ImagesAppended(images=images), SessionRecording():
            return fast_replace(row, image_count=row.image_count + images)
        case events.RecordingDescribed(name=name, description=description), SessionRecording():
            return fast_replace(row, name=text_of(name), description=text_of(description))
        case _, SessionRecording():
            return _standing(row, recorded.event)
        case _:
            return row


def _completed(row: SessionRecording, frames: int) -> SessionRecording:
    completed = fast_replace(row, status="completed", frame_count=frames)
    if row.status != "failed":
        return completed
    return fast_replace(completed, video_status="none", video_problem=None)


def _filmed(
    row: SessionRecording, event: events.VideoRequested | events.VideoAttached | events.VideoFailed
) -> SessionRecording:
    match event:
        case events.VideoRequested():
            return fast_replace(row, video_status="pending", video_problem=None)
        case events.VideoAttached(digest=digest, media_type=media_type):
            return fast_replace(
                row,
                video_status="ready",
                video_problem=None,
                video_file_path=digest,
                video_media_type=media_type,
            )
        case events.VideoFailed(problem=problem):
            return fast_replace(row, video_status="failed", video_problem=problem)


def _standing(row: SessionRecording, event: object) -> SessionRecording:
    match event:
        case events.RecordingPaused():
            return fast_replace(row, status="paused")
        case events.RecordingResumed():
            return fast_replace(row, status="recording")
        case events.RecordingFailed():
            return fast_replace(
                row, status="failed", video_status="failed", video_problem=OLD_FAILURE
            )
        case events.RecordingDeleted():
            return fast_replace(row, status="deleted", status_before=row.status)
        case events.RecordingRestored():
            return fast_replace(row, status=row.status_before or "completed", status_before=None)
        case events.RecordingMediaRemoved(at=at):
            return _removed(row, at)
        case _:
            return row


def _removed(row: SessionRecording, at: datetime) -> SessionRecording:
    is_deleted = row.status == "deleted"
    return fast_replace(
        row,
        status="deleted" if is_deleted else "completed",
        status_before="completed" if is_deleted else None,
        video_file_path=None,
        video_media_type=None,
        frame_count=0,
        image_count=0,
        video_status="none",
        video_problem=None,
        media_removed_at=at,
    )


def _started(recorded: Recorded[Any], event: events.RecordingStarted) -> SessionRecording:
    return SessionRecording(
        id=RecordingId(stream_id(recorded)),
        session_id=event.session_id,
        user_id=event.user_id,
        name=text_of(event.name),
        description=text_of(event.description),
        created_at=recorded.recorded_at,
        status="recording",
        aspect_ratio=event.aspect_ratio,
    )


def _lasting(row: SessionRecording, duration_ms: int) -> SessionRecording:
    return fast_replace(row, duration_ms=duration_ms, duration=(duration_ms + 500) // 1000)


SESSION_RECORDING = Projection(
    name="session_recording",
    version=6,
    row=SessionRecording,
    keys=keys,
    evolve=evolve,
    indexes=(("session_id",), ("user_id", "created_at")),
    kind="recording",
)
