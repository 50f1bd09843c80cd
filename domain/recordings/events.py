"""What happens to the recording of a session: its frames, kept as chunks in the media store."""

from datetime import datetime

from domain.ids import SessionId, UserId
from domain.kernel import event


@event("recording.started")
class RecordingStarted:
    user_id: UserId
    session_id: SessionId
    name: str
    description: str
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


RecordingEvent = RecordingStarted | FramesAppended | VideoAttached | RecordingCompleted
