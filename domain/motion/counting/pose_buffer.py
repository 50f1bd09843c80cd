"""Compressed poses of a set, kept for the review at its end.

Only poses of unknown scale are buffered: with metric landmarks the signals are degrees and
proportions already. A pose is the thirteen joints that move a body, each axis one byte within their
bounding box; `axis_scale` undoes the box. Fifteen poses a second are kept. When there are too many,
every second one is dropped, so a long set is coarser but never takes more room.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from domain.motion.landmarks import LANDMARK_COUNT, Landmark, PoseChunk
from domain.motion.signals.body import Array
from domain.motion.signals.resampling import RATE_HZ, TAPS
from domain.motion.state import PoseBuffer

JOINTS: Final = (
    int(Landmark.NOSE),
    *range(Landmark.LEFT_SHOULDER, Landmark.RIGHT_WRIST + 1),
    *range(Landmark.LEFT_HIP, Landmark.RIGHT_ANKLE + 1),
)
"""Head, shoulders, elbows, wrists, hips, knees and ankles."""

MOST_MOMENTS: Final = 720
"""48 s at fifteen moments a second, 96 s at half of that, and so on: at most 31 kB."""

LONGEST_S: Final = 15 * 60.0
"""Longest set to decode. The kept moments of a longer one are seconds apart, and the review of a
set that was left open for hours would take minutes and gigabytes."""

STEPS: Final = 255
"""A byte's steps: a box 1.8 m high is known to 7 mm, well below the pose model's own error."""

TINY: Final = 1e-6

_MOMENT: Final = np.dtype([("slot", "<u4"), ("joints", "u1", (len(JOINTS), 3))])


class DecodedPoses(NamedTuple):
    """Decoded poses of a set, 15 samples a second, without the gaps at its ends.

    `times_s` (n,). `chunk`: poses in boxes, one for each kept sample. `kept` (m,): indices of the
    kept samples among the n. `seen` (n,): samples between two kept ones that are close enough.
    """

    times_s: Array
    chunk: PoseChunk
    kept: npt.NDArray[np.intp]
    seen: npt.NDArray[np.bool_]


def append_poses(memory: PoseBuffer, chunk: PoseChunk, seen: npt.NDArray[np.bool_]) -> PoseBuffer:
    """Append the first frame of each slot in which the athlete is `seen`, (n,).

    The result does not depend on how frames are cut into chunks.
    """
    slots = np.round(chunk.times_s * RATE_HZ).astype(np.int64)
    buffered = np.frombuffer(memory.moments[-_MOMENT.itemsize :], _MOMENT)["slot"]
    latest = int(buffered[0]) if len(buffered) else -1
    new = np.flatnonzero(seen & (slots > latest) & (slots % memory.every == 0))
    if not len(new):
        return memory
    new = new[np.unique(slots[new], return_index=True)[1]]
    added = np.zeros(len(new), _MOMENT)
    added["slot"] = slots[new]
    added["joints"] = _normalize(chunk.image[new][:, JOINTS, :3])
    return _thin_out(PoseBuffer(memory.every, memory.moments + added.tobytes()))


def _normalize(points: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    low, high = points.min(axis=1, keepdims=True), points.max(axis=1, keepdims=True)
    share = (points - low) / np.maximum(high - low, TINY)
    return np.asarray(np.round(np.nan_to_num(share) * STEPS), dtype=np.uint8)


def _thin_out(memory: PoseBuffer) -> PoseBuffer:
    """Drop every second slot until the buffer is small enough."""
    every, moments = memory.every, np.frombuffer(memory.moments, _MOMENT)
    if len(moments) <= MOST_MOMENTS:
        return memory
    while len(moments) > MOST_MOMENTS:
        every *= 2
        moments = moments[moments["slot"] % every == 0]
    return PoseBuffer(every, moments.tobytes())


def decode(memory: PoseBuffer) -> DecodedPoses | None:
    """Decode the buffer; None if fewer than two samples were seen, or over too long a time."""
    moments = np.frombuffer(memory.moments, _MOMENT)
    if len(moments) < 2:
        return None
    slots = moments["slot"].astype(np.int64)
    if slots[-1] - slots[0] > LONGEST_S * RATE_HZ:
        return None
    image = np.full((len(moments), LANDMARK_COUNT, 4), np.nan, np.float32)
    image[:, JOINTS, :3] = moments["joints"] / np.float32(STEPS)
    image[:, :, 3] = 1.0
    kept = slots - slots[0]
    seen = np.zeros(kept[-1] + 1, dtype=bool)
    seen[kept] = True
    for step in range(1, memory.every):
        seen[kept[:-1] + step] |= np.diff(kept) <= memory.every
    times_s: Array = np.arange(int(slots[0]), int(slots[-1]) + 1) / RATE_HZ
    return DecodedPoses(times_s, PoseChunk(slots / RATE_HZ, image), kept, seen)


def evenly(recollection: DecodedPoses, measured: Array) -> Array:
    """Interpolate the gaps between kept samples (m, k) linearly and smooth, (n, k)."""
    everywhere = np.arange(len(recollection.times_s))
    columns: list[Array] = [
        np.interp(everywhere, recollection.kept, measured[:, column])
        for column in range(measured.shape[1])
    ]
    reach = len(TAPS) // 2
    padded: Array = np.pad(np.stack(columns, axis=1), ((reach, reach), (0, 0)), mode="edge")
    smooth = np.zeros((len(everywhere), measured.shape[1]))
    for offset, tap in enumerate(TAPS):
        smooth += tap * padded[offset : offset + len(everywhere)]
    return smooth
