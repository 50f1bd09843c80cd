"""What may be asked of a recording, and how it is refused."""

import re
from datetime import datetime

from domain.ids import SessionId, UserId
from domain.kernel import Rejected, command
from domain.values import InvalidValue, Span, within

SHA256 = re.compile(r"[0-9a-f]{64}")


def check_digest(digest: str) -> None:
    """Refuse with InvalidValue what cannot name anything in the media store."""
    if not SHA256.fullmatch(digest):
        raise InvalidValue(f"{digest!r} is not a SHA-256 in hexadecimal.")


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
        if not self.user_id.strip():
            raise RecordingUserMissing


@command
class AppendFrames:
    first_frame: int
    frames: int
    start_ms: int
    end_ms: int
    digest: str

    def __post_init__(self) -> None:
        within("frames", self.frames, 1, 100_000)
        within("first_frame", self.first_frame, 0, 10_000_000)  # more than a day at 100 a second
        Span(self.start_ms, self.end_ms)  # refuses a chunk that ends before it starts
        check_digest(self.digest)


@command
class AttachVideo:
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


RecordingCommand = StartRecording | AppendFrames | AttachVideo | CompleteRecording


class RecordingUserMissing(Rejected):
    """A recording belongs to a user; an empty id would leave it without one (R-IDN-16)."""

    code = "recording.user_missing"
    kind = "invalid"


class RecordingAlreadyStarted(Rejected):
    """A recording starts once."""

    code = "recording.already_started"


class RecordingNotUnderway(Rejected):
    """Frames and video are added only while the recording runs."""

    code = "recording.not_underway"


class FramesOutOfOrder(Rejected):
    """Each chunk begins with the frame after the last one of the chunk before it."""

    code = "recording.frames_out_of_order"
    kind = "invalid"
