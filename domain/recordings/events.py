"""Events of the recording of a session. Its frames are chunks in the media store.

A person wrote its name and description, so they are encrypted with that person's key.
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


@event("recording.film_requested")
class VideoRequested:
    """The video of the recording's images is to be made."""

    at: datetime


@event("recording.video_attached")
class VideoAttached:
    """The recording has its video: the uploaded one, or that of its images."""

    digest: str
    media_type: str


@event("recording.film_failed")
class VideoFailed:
    """The video of the images could not be made; everything else of the recording stays."""

    problem: str
    """Code of the rejection, such as `media.missing`."""
    at: datetime


@event("recording.completed")
class RecordingCompleted:
    duration_ms: int
    frame_count: int
    at: datetime


@event("recording.images_appended")
class ImagesAppended:
    """Images of a chunk's frames were stored, each under its digest, and a list of them."""

    first_frame: int
    frames: int
    images: int
    digest: str
    """SHA-256 of the list: for each frame of the chunk the digest of its image, or none."""


@event("recording.paused")
class RecordingPaused:
    at: datetime


@event("recording.resumed")
class RecordingResumed:
    at: datetime


@event("recording.failed")
class RecordingFailed:
    """The recording ended without its video; what was stored stays.

    Earlier versions made the video before they completed the recording.
    """

    reason: str
    at: datetime


@event("recording.described", version=2)
class RecordingDescribed:
    """The name or description was changed."""

    name: Personal[str]
    description: Personal[str]


@event("recording.deleted")
class RecordingDeleted:
    """The recording is hidden, and can be restored for a while."""

    at: datetime


@event("recording.restored")
class RecordingRestored:
    at: datetime


@event("recording.media_removed")
class RecordingMediaRemoved:
    """Its landmarks, images and video were removed for good.

    Either it was deleted long enough ago, or the time is over for which media are kept.
    """

    at: datetime


RecordingEvent = (
    RecordingStarted
    | FramesAppended
    | ImagesAppended
    | VideoRequested
    | VideoAttached
    | VideoFailed
    | RecordingPaused
    | RecordingResumed
    | RecordingCompleted
    | RecordingFailed
    | RecordingDescribed
    | RecordingDeleted
    | RecordingRestored
    | RecordingMediaRemoved
)
