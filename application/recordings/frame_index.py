"""Frame index of a recording for replay: its chunks by time and frame number.

It is read from the recording's events, so it is always current, and grows with a recording that
still runs. Landmarks are read chunk by chunk when needed (C-32).
"""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from application.kernel.ports import EventLog, MediaCorrupt, MediaMissing
from application.recordings.pose_archive import PoseArchive
from domain.ids import RecordingId, SessionId, TenantId
from domain.kernel import Recorded, value
from domain.motion.landmarks import PoseChunk
from domain.recordings import events
from domain.recordings.recording import RECORDING

ROUNDING_MS: Final = 0.5
"""Chunk bounds are whole milliseconds; frame times are not."""

Times = npt.NDArray[np.float64]


@value
class IndexedChunk:
    """Consecutive frames, the first with number `first`, from 0.

    Times of the first and last frame are rounded, in milliseconds since the session began.
    """

    first: int
    frames: int
    start_ms: int
    end_ms: int
    digest: str


@value
class Pause:
    """A gap without frames, from the last one before it to the first one after it."""

    start_ms: int
    end_ms: int


class FrameIndex:
    """Index of the frames of one recording. Belongs to one replay."""

    def __init__(
        self, log: EventLog, archive: PoseArchive, tenant_id: TenantId, recording_id: RecordingId
    ) -> None:
        self._log = log
        self._archive = archive
        self._tenant_id = tenant_id
        self._recording_id = recording_id
        self._version = 0
        self._is_paused = False
        self._times: dict[int, Times] = {}
        self.index: list[IndexedChunk] = []
        self.pauses: list[Pause] = []
        self.is_running = False
        self.position = 0

    def refresh(self) -> bool:
        """Read new events; returns whether there are new frames.

        `position` is then that of the newest event. Raises StorageUnavailable.
        """
        before = len(self.index)
        new = self._log.load(
            self._tenant_id,
            f"{RECORDING.category}-{self._recording_id}",
            after_version=self._version,
        )
        self._apply(new)
        return len(self.index) > before

    def _apply(self, new: Iterable[Recorded[Any]]) -> None:
        for recorded in new:
            self._version, self.position = recorded.version, recorded.position
            match recorded.event:
                case events.RecordingStarted():
                    self.is_running = True
                case events.FramesAppended() as appended:
                    self._append(appended)
                case events.RecordingPaused():
                    self._is_paused = True
                case events.RecordingCompleted() | events.RecordingFailed():
                    self.is_running = False
                case _:
                    continue

    def _append(self, event: events.FramesAppended) -> None:
        if self._is_paused and self.index:
            self.pauses.append(Pause(self.index[-1].end_ms, event.start_ms))
        self._is_paused = False
        bounds = event.start_ms, event.end_ms
        self.index.append(IndexedChunk(event.first_frame, event.frames, *bounds, event.digest))

    @property
    def frame_count(self) -> int:
        """Number of stored frames."""
        return self.index[-1].first + self.index[-1].frames if self.index else 0

    @property
    def start_ms(self) -> float:
        """Time of the first frame, rounded; 0 where there is none."""
        return float(self.index[0].start_ms) if self.index else 0.0

    @property
    def end_ms(self) -> float:
        """Time of the last frame, rounded; 0 where there is none."""
        return float(self.index[-1].end_ms) if self.index else 0.0

    def chunk_at(self, time_ms: float) -> int:
        """Return the index of the chunk at a time, or the one before it; at least the first.

        O(log n), by bisection.
        """
        return max(0, bisect_right(self.index, time_ms + ROUNDING_MS, key=_start) - 1)

    def chunk_of(self, frame: int) -> int:
        """Return the index of the chunk of an existing frame. O(log n)."""
        return bisect_right(self.index, frame, key=_first) - 1

    def read(self, chunk: int) -> tuple[PoseChunk, Times]:
        """Read a chunk, and the times of its frames in milliseconds.

        Raises MediaMissing and MediaCorrupt.
        """
        entry = self.index[chunk]
        read = self._archive.read(self._tenant_id, SessionId(self._recording_id), entry.digest)
        times = self._times[chunk] = np.round(read.times_s * 1000.0, 3)
        return read, times

    def frame_at(self, time_ms: float) -> int:
        """Return the last frame at or before a time. Reads its chunk on first use.

        Raises StorageUnavailable.
        """
        chunk = self.chunk_at(time_ms)
        before = int(np.searchsorted(self._times_of(chunk), time_ms + ROUNDING_MS, side="right"))
        return self.index[chunk].first + max(0, before - 1)

    def time_of(self, frame: int) -> float:
        """Return the time of a frame; the number is limited to existing frames.

        Raises StorageUnavailable.
        """
        inside = max(0, min(frame, self.frame_count - 1))
        chunk = self.chunk_of(inside)
        return float(self._times_of(chunk)[inside - self.index[chunk].first])

    def _times_of(self, chunk: int) -> Times:
        """Return the times of a chunk's frames; evenly spaced for a lost chunk."""
        cached = self._times.get(chunk)
        if cached is not None:
            return cached
        try:
            return self.read(chunk)[1]
        except (MediaMissing, MediaCorrupt):
            lost = self.index[chunk]
            even = self._times[chunk] = np.linspace(lost.start_ms, lost.end_ms, lost.frames)
            return even


def _start(chunk: IndexedChunk) -> int:
    return chunk.start_ms


def _first(chunk: IndexedChunk) -> int:
    return chunk.first
