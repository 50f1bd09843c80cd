"""Session frame view: frames of a recording, decoded from its chunks (R-RPL-08).

Frames are telemetry, not events: they have no table, and this view decodes them on demand (C-29).
"""

import math
from collections.abc import Sequence

import numpy as np

from domain.ids import RecordingId
from domain.kernel import value
from domain.motion.landmarks import Floats, PoseChunk
from projections.recording_chunk import RecordingChunk

Point = dict[str, float | None]
PoseData = dict[str, list[Point] | None]


@value
class SessionFrame:
    """One recorded frame.

    `id` is `frame_number` + 1, unique within the recording; `frame_number` counts from 0.
    `session_id` is the id of the recording, as R-RPL-08 names it. `timestamp` is seconds since
    the session began. `pose_data` holds 33 `landmarks` (x, y, z, visibility, as in PoseChunk) and
    33 `world_landmarks` (x, y, z in metres) or None for them; a number that was not seen is None,
    and so is the whole where the frame shows no person. `image_path` is where the media store
    keeps the frame's picture: its SHA-256 in hexadecimal; None where there is none.
    """

    id: int
    session_id: RecordingId
    timestamp: float
    frame_number: int
    pose_data: PoseData | None
    image_path: str | None = None


def frames_of(
    row: RecordingChunk, chunk: PoseChunk, pictures: Sequence[str | None] = ()
) -> tuple[SessionFrame, ...]:
    """Decode the frames of a stored chunk; ValueError if the chunk is not the row's.

    `pictures` has the image path of each frame; it is empty without images.
    """
    if len(chunk) != row.frames:
        raise ValueError(f"the chunk has {len(chunk)} frames, its row says {row.frames}")
    seen = np.logical_not(np.isnan(chunk.image).all(axis=(1, 2)))
    return tuple(
        SessionFrame(
            id=row.first_frame + index + 1,
            session_id=row.recording_id,
            timestamp=float(at),
            frame_number=row.first_frame + index,
            pose_data=_pose(chunk, index) if seen[index] else None,
            image_path=pictures[index] if pictures else None,
        )
        for index, at in enumerate(chunk.times_s)
    )


def _pose(chunk: PoseChunk, index: int) -> PoseData:
    return {
        "landmarks": _points(("x", "y", "z", "visibility"), chunk.image[index]),
        "world_landmarks": (
            None if chunk.world is None else _points(("x", "y", "z"), chunk.world[index])
        ),
    }


def _points(names: tuple[str, ...], numbers: Floats) -> list[Point]:
    """Name the numbers of (33, n) landmarks; JSON has no NaN, so an unseen number is None."""
    rows: list[list[float]] = numbers.tolist()
    return [
        {
            name: None if math.isnan(number) else number
            for name, number in zip(names, row, strict=True)
        }
        for row in rows
    ]
