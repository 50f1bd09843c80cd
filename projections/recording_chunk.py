"""Recording chunk read model: one row per chunk of frames in the media store (C-29)."""

from dataclasses import dataclass
from typing import Any

from domain.ids import RecordingId
from domain.kernel import Projection, Recorded
from domain.recordings import events
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class RecordingChunk:
    """Consecutive frames of a recording, stored under the SHA-256 of their bytes.

    `first_frame` counts from 0. Times are milliseconds since the session began. `images` is the
    SHA-256 of the list of the frames' pictures, None where there are none.
    """

    id: str
    recording_id: RecordingId
    first_frame: int
    frames: int
    start_ms: int
    end_ms: int
    digest: str
    images: str | None = None


def chunk_id(recording: str, first_frame: int) -> str:
    """Return the key of a chunk, padded so that keys sort in frame order."""
    return f"{recording}/{first_frame:010}"


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by recording and first frame."""
    match recorded.event:
        case events.FramesAppended(first_frame=first) | events.ImagesAppended(first_frame=first):
            return (chunk_id(stream_id(recorded), first),)
        case _:
            return ()


def evolve(row: RecordingChunk | None, recorded: Recorded[Any]) -> RecordingChunk | None:
    """Add the chunk."""
    match recorded.event:
        case events.FramesAppended() as appended:
            recording = stream_id(recorded)
            return RecordingChunk(
                id=chunk_id(recording, appended.first_frame),
                recording_id=RecordingId(recording),
                first_frame=appended.first_frame,
                frames=appended.frames,
                start_ms=appended.start_ms,
                end_ms=appended.end_ms,
                digest=appended.digest,
            )
        case events.ImagesAppended(digest=digest) if row is not None:
            return fast_replace(row, images=digest)
        case _:
            return row


RECORDING_CHUNK = Projection(
    name="recording_chunk",
    version=3,
    row=RecordingChunk,
    keys=keys,
    evolve=evolve,
    indexes=(("recording_id", "first_frame"), ("recording_id", "start_ms")),
    kind="recording",
)
