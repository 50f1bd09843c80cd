"""Commands of a recording, and their refusals."""

import re
from datetime import datetime, timedelta
from typing import Final

from domain.ids import SessionId, UserId
from domain.kernel import Rejected, command
from domain.personal import Personal
from domain.recordings.names import require_words
from domain.values import InvalidValue, Span, within

RESTORE_WINDOW: Final = timedelta(days=7)
"""Time in which a deleted recording can be restored; then its media are removed."""

SHA256 = re.compile(r"[0-9a-f]{64}")


def check_digest(digest: str) -> None:
    """Refuse with InvalidValue anything but a SHA-256 in hexadecimal."""
    if not SHA256.fullmatch(digest):
        raise InvalidValue(f"{digest!r} is not a SHA-256 in hexadecimal.")


Words = tuple[Personal[str], Personal[str]]
"""Name and description of a recording."""


@command
class StartRecording:
    user_id: UserId
    session_id: SessionId
    name: str
    description: str = ""
    aspect_ratio: float
    at: datetime

    def __post_init__(self) -> None:
        within("aspect_ratio", self.aspect_ratio, 0.05, 20.0)
        require_words(self.name, self.description)
        if not self.user_id.strip():
            raise RecordingUserMissing


@command
class AppendFrames:
    first_frame: int
    frames: int
    start_ms: int
    end_ms: int
    digest: str
    images: int = 0
    images_digest: str | None = None

    def __post_init__(self) -> None:
        within("frames", self.frames, 1, 100_000)
        within("images", self.images, 0, self.frames)
        if self.images_digest is not None:
            check_digest(self.images_digest)
        within("first_frame", self.first_frame, 0, 10_000_000)  # more than a day at 100 a second
        Span(self.start_ms, self.end_ms)  # refuses a chunk that ends before it starts
        check_digest(self.digest)


@command
class AttachVideo:
    """Give the recording its video, while it runs or once it is complete."""

    digest: str
    media_type: str

    def __post_init__(self) -> None:
        check_digest(self.digest)


@command
class CompleteRecording:
    duration_ms: int
    at: datetime

    def __post_init__(self) -> None:
        within("duration_ms", self.duration_ms, 0, 86_400_000)


@command
class PauseRecording:
    at: datetime


@command
class ResumeRecording:
    at: datetime


@command
class StopRecording:
    """Complete a live recording; if its video has failed, request it again."""

    at: datetime


@command
class FailVideo:
    """End the wait for a video that cannot be made, for the reason with this code."""

    problem: str
    at: datetime


@command
class DescribeRecording:
    """Replace name or description, or both. `expected`: the words that it must have."""

    name: str | None = None
    description: str | None = None
    expected: Words | None = None

    def __post_init__(self) -> None:
        require_words(self.name or "", self.description or "")


@command
class DeleteRecording:
    at: datetime


@command
class DeleteWithSession:
    """Delete the recording of a deleted session, if there is one."""

    at: datetime


@command
class RestoreRecording:
    at: datetime


@command
class RestoreWithSession:
    """Restore the recording that was deleted with its session, at `deleted_at`."""

    deleted_at: datetime | None
    at: datetime


@command
class RemoveMedia:
    """Remove the media of a recording that can no longer be restored."""

    at: datetime


@command
class RemoveOldMedia:
    """Remove the media because the time is over for which they are kept; the recording stays."""

    at: datetime


RecordingCommand = (
    StartRecording
    | AppendFrames
    | AttachVideo
    | PauseRecording
    | ResumeRecording
    | CompleteRecording
    | StopRecording
    | FailVideo
    | DescribeRecording
    | DeleteRecording
    | DeleteWithSession
    | RestoreRecording
    | RestoreWithSession
    | RemoveMedia
    | RemoveOldMedia
)


class RecordingUserMissing(Rejected):
    """A recording belongs to a user. Give a user id (R-IDN-16)."""

    code = "recording.user_missing"
    kind = "invalid"


class RecordingAlreadyStarted(Rejected):
    """The recording has already started."""

    code = "recording.already_started"


class RecordingNotUnderway(Rejected):
    """The recording is not running. Start another one."""

    code = "recording.not_underway"


class RecordingHasVideo(Rejected):
    """The recording already has a video."""

    code = "recording.has_video"


class FramesOutOfOrder(Rejected):
    """Frames are out of order: a chunk begins with the frame after the last stored one."""

    code = "recording.frames_out_of_order"
    kind = "invalid"


class RecordingIsPaused(Rejected):
    """The recording is paused. Resume it first."""

    code = "recording.paused"


class RecordingNotFound(Rejected):
    """There is no recording with this id, or it was deleted."""

    code = "recording.unknown"
    kind = "not_found"


class RecordingChanged(Rejected):
    """The name or description has changed since you read it. Read it again."""

    code = "recording.changed"
    kind = "stale"


class RecordingGone(Rejected):
    """The media of this recording are removed: it was deleted more than seven days ago."""

    code = "recording.gone"


class RecordingNotKept(Rejected):
    """This recording is no longer kept: its video and movement were deleted."""

    code = "recording.not_kept"
    kind = "not_found"


class RecordingRestorable(Rejected):
    """The recording can still be restored, so its media stay for now."""

    code = "recording.restorable"
