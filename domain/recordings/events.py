"""What happens to the recording of a session: its frames, kept as chunks in the media store.

Its name and description are what a person wrote, so they are sealed with that person's key.
"""

from datetime import datetime

from domain.ids import SessionId, UserId
from domain.kernel import event
from domain.personal import Personal


@event("recording.started", version=2)
class RecordingStarted:
    user_id: UserId
    session_id: SessionId
    name: Personal[str]
    description: Personal[str]
    aspect_ratio: float
    at: datetime


@event("recording.frames_appended")
class FramesAppended:
    """A chunk of landmarks was stored. Frames themselves are telemetry, not facts (C-29)."""

    first_frame: int
    frames: int
    start_ms: int
    end_ms: int
    digest: str
    """SHA-256 of the chunk in the media store, in hexadecimal."""


@event("recording.video_attached")
class VideoAttached:
    digest: str
    media_type: str


@event("recording.completed")
class RecordingCompleted:
    duration_ms: int
    frame_count: int
    at: datetime


@event("recording.images_appended")
class ImagesAppended:
    """Pictures of a chunk's frames were stored, each under its digest, and the list of them too."""

    first_frame: int
    frames: int
    images: int
    digest: str
    """SHA-256 of the list: for each frame of the chunk the digest of its picture, or none."""


@event("recording.paused")
class RecordingPaused:
    at: datetime


@event("recording.resumed")
class RecordingResumed:
    at: datetime


@event("recording.failed")
class RecordingFailed:
    """Nothing more can be kept of it; what was kept stays."""

    reason: str
    at: datetime


@event("recording.described", version=2)
class RecordingDescribed:
    """Somebody gave it another name or description."""

    name: Personal[str]
    description: Personal[str]


@event("recording.deleted")
class RecordingDeleted:
    """It is not shown any more, and can be brought back for a while."""

    at: datetime


@event("recording.restored")
class RecordingRestored:
    at: datetime


@event("recording.media_removed")
class RecordingMediaRemoved:
    """Its landmarks, pictures and film are gone for ever."""

    at: datetime


RecordingEvent = (
    RecordingStarted
    | FramesAppended
    | ImagesAppended
    | VideoAttached
    | RecordingPaused
    | RecordingResumed
    | RecordingCompleted
    | RecordingFailed
    | RecordingDescribed
    | RecordingDeleted
    | RecordingRestored
    | RecordingMediaRemoved
)
