"""Events and commands of a recording."""

from datetime import UTC, datetime, timedelta

from domain.ids import SessionId, UserId
from domain.personal import Personal
from domain.recordings import commands, events
from domain.recordings.recording import RECORDING
from tests.specification import specification

given = specification(RECORDING)
AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
ADA = UserId("ada")
DIGEST = "0123456789abcdef" * 4
OTHER = "fedcba9876543210" * 4
STARTED = events.RecordingStarted(
    user_id=ADA,
    session_id=SessionId("s-1"),
    name=Personal(ADA, "Squats"),
    description=Personal(ADA, "in the garden"),
    aspect_ratio=16 / 9,
    at=AT,
)
FILMED = events.VideoAttached(digest=DIGEST, media_type="video/mp4")


def chunk(first: int, frames: int = 15) -> events.FramesAppended:
    return events.FramesAppended(
        first_frame=first,
        frames=frames,
        start_ms=first * 33,
        end_ms=first * 33 + 495,
        digest=DIGEST,
    )


def completed(frame_count: int) -> events.RecordingCompleted:
    return events.RecordingCompleted(duration_ms=60_000, frame_count=frame_count, at=AT)


COMPLETE = commands.CompleteRecording(duration_ms=60_000, at=AT)
LATER = AT + timedelta(hours=1)
DELETED = events.RecordingDeleted(at=LATER)
DELETE, RESTORE = commands.DeleteRecording(at=LATER), commands.RestoreRecording(at=LATER)
IMAGES = events.ImagesAppended(first_frame=0, frames=15, images=2, digest=OTHER)
REQUESTED = events.VideoRequested(at=AT)
FAILED = events.RecordingFailed(reason="No video.", at=AT)
UNFILMED = events.VideoFailed(problem="media.missing", at=AT)
STOP = commands.StopRecording(at=AT)
ATTACH = commands.AttachVideo(digest=DIGEST, media_type="video/mp4")
FAIL = commands.FailVideo(problem="media.missing", at=AT)
STOPPED = events.RecordingCompleted(duration_ms=chunk(0).end_ms, frame_count=15, at=AT)
