"""Frames of a recording in pages, decoded from the stored chunks (C-29)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from application.kernel.read_models import CursorInvalid
from application.recordings.pose_archive import PoseArchive
from domain.ids import SessionId, TenantId
from domain.kernel import Rejected
from domain.motion.landmarks import PoseChunk
from projections.recording_chunk import RecordingChunk
from projections.session_frame import SessionFrame, frames_of

FRAMES: Final = 300
"""Default page size: ten seconds of an ordinary camera."""

MOST_FRAMES: Final = 1000


class TooManyFrames(Rejected):
    """A page has 0 to 1000 frames. Ask for fewer."""

    code = "page.too_many_frames"
    kind = "invalid"


@dataclass(frozen=True)
class FramePage:
    """Consecutive frames of one recording, and whether there are more on either side."""

    frames: tuple[SessionFrame, ...]
    has_next: bool
    has_previous: bool


def frame_page(
    archive: PoseArchive,
    tenant_id: TenantId,
    chunks: Sequence[RecordingChunk],
    *,
    first: int = FRAMES,
    after: str | None = None,
) -> FramePage:
    """Decode the first frames after a cursor. `chunks` are those of one recording, in order.

    Raises TooManyFrames, CursorInvalid, MediaMissing or MediaCorrupt.
    """
    if not 0 <= first <= MOST_FRAMES:
        raise TooManyFrames
    start = 0 if after is None else _number(after) + 1
    end = start + first
    total = sum(chunk.frames for chunk in chunks)
    touched = [chunk for chunk in chunks if chunk.first_frame < end and start < _end(chunk)]
    frames = tuple(
        frame
        for chunk in touched
        for frame in frames_of(
            chunk,
            _landmarks(archive, tenant_id, chunk),
            _pictures(archive, tenant_id, chunk),
        )
        if start <= frame.frame_number < end
    )
    return FramePage(frames, has_next=end < total, has_previous=start > 0 and total > 0)


def _landmarks(archive: PoseArchive, tenant_id: TenantId, chunk: RecordingChunk) -> PoseChunk:
    """Read a chunk. A recording has the id of its session."""
    return archive.read(tenant_id, SessionId(chunk.recording_id), chunk.digest)


def _pictures(
    archive: PoseArchive, tenant_id: TenantId, chunk: RecordingChunk
) -> tuple[str | None, ...]:
    if chunk.images is None:
        return ()
    return archive.pictures(tenant_id, SessionId(chunk.recording_id), chunk.images)


def _end(chunk: RecordingChunk) -> int:
    return chunk.first_frame + chunk.frames


def cursor(frame: SessionFrame) -> str:
    """Return the cursor of a frame."""
    return urlsafe_b64encode(f"frame:{frame.frame_number}".encode()).decode()


def _number(cursor_text: str) -> int:
    try:
        kind, _, number = urlsafe_b64decode(cursor_text.encode()).decode().partition(":")
        if kind == "frame" and number.isdecimal():
            return int(number)
    except ValueError:
        raise CursorInvalid from None
    raise CursorInvalid
