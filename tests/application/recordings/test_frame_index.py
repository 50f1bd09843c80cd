"""The index finds any frame of a recording without reading other chunks."""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil, log2
from typing import Any, cast
from uuid import UUID

import numpy as np
import pytest

from application.kernel.ports import EventLog, MediaMissing
from application.recordings.frame_index import FrameIndex, IndexedChunk, Pause
from application.recordings.pose_archive import PoseArchive
from domain.ids import DEFAULT_TENANT, RecordingId, TenantId
from domain.kernel import Origin, Recorded
from domain.motion.landmarks import PoseChunk
from domain.recordings import events

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
TENANT = TenantId(DEFAULT_TENANT)
FRAMES = 8
PERIOD_S = 1 / 15


class Tape:
    """A log with one recording, and an archive with its chunks that records its reads."""

    def __init__(self) -> None:
        self.history: list[Recorded[Any]] = []
        self.chunks: dict[str, PoseChunk] = {}
        self.reads: list[str] = []
        self.loads: list[int] = []

    def load(
        self, _tenant: TenantId, _stream: str, *, after_version: int = 0
    ) -> Sequence[Recorded[Any]]:
        self.loads.append(after_version)
        return self.history[after_version:]

    def read(self, _tenant: TenantId, _prefix: str, digest: str) -> PoseChunk:
        self.reads.append(digest)
        if digest not in self.chunks:
            raise MediaMissing
        return self.chunks[digest]

    def happened(self, event: Any) -> None:
        version = len(self.history) + 1
        origin = Origin(tenant_id=TENANT, actor="test", correlation_id=UUID(int=1))
        self.history.append(
            Recorded(UUID(int=version), origin, "recording-r", version, 100 + version, AT, event)
        )

    def kept(self, number: int, *, is_there: bool = True) -> None:
        """Append a chunk that starts at the end of the one before."""
        times = PERIOD_S * np.arange(FRAMES * number, FRAMES * (number + 1), dtype=np.float64)
        digest = f"{number:064}"
        if is_there:
            self.chunks[digest] = PoseChunk(times, np.zeros((FRAMES, 33, 4), np.float32))
        self.happened(
            events.FramesAppended(
                first_frame=FRAMES * number,
                frames=FRAMES,
                start_ms=round(1000 * times[0]),
                end_ms=round(1000 * times[-1]),
                digest=digest,
            )
        )

    def streamer(self) -> FrameIndex:
        streamer = FrameIndex(
            cast("EventLog", self), cast("PoseArchive", self), TENANT, RecordingId("r")
        )
        streamer.refresh()
        return streamer


@pytest.fixture
def tape() -> Tape:
    return Tape()


def test_every_frame_is_found_by_its_number_and_by_its_time(tape: Tape) -> None:
    """R-RPL-12: bounds of chunks are rounded, times of frames are not."""
    for number in range(5):
        tape.kept(number)
    streamer = tape.streamer()
    for frame in range(5 * FRAMES):
        time_ms = streamer.time_of(frame)
        assert time_ms == pytest.approx(1000 * PERIOD_S * frame, abs=0.001)
        assert streamer.frame_at(time_ms) == frame
        assert streamer.chunk_of(frame) == streamer.chunk_at(time_ms) == frame // FRAMES
    assert len(tape.reads) == 5  # each chunk once
    assert streamer.frame_at(-1.0) == 0
    assert streamer.frame_at(1e9) == streamer.frame_at(streamer.end_ms) == 5 * FRAMES - 1
    assert (streamer.time_of(-3), streamer.time_of(10**6)) == (0.0, streamer.time_of(39))


class Counted(Sequence[IndexedChunk]):
    """An index that counts its accesses."""

    def __init__(self, chunks: Sequence[IndexedChunk]) -> None:
        self._chunks = chunks
        self.reads = 0

    def __len__(self) -> int:
        return len(self._chunks)

    def __getitem__(self, at: Any) -> Any:
        self.reads += 1
        return self._chunks[at]


def test_a_moment_is_found_in_as_many_steps_as_the_index_has_doublings(tape: Tape) -> None:
    """C-32: a day has 200 000 chunks, and none is read."""
    chunks = [IndexedChunk(FRAMES * n, FRAMES, 500 * n, 500 * n + 466, "") for n in range(200_000)]
    streamer = tape.streamer()
    streamer.index = index = cast("Any", Counted(chunks))
    assert streamer.chunk_at(500 * 123_456 + 250) == 123_456
    assert streamer.chunk_of(FRAMES * 77_777 + 3) == 77_777
    assert index.reads <= 2 * ceil(log2(200_000)) + 2
    assert tape.reads == []


def test_a_frame_index_grows_by_reading_new_chunks_only(tape: Tape) -> None:
    """R-RPL-04"""
    tape.kept(0)
    streamer = tape.streamer()
    assert (streamer.frame_count, streamer.position) == (FRAMES, 101)
    assert not streamer.refresh()
    tape.kept(1)
    assert streamer.refresh()
    assert (streamer.frame_count, streamer.position) == (2 * FRAMES, 102)
    assert tape.loads == [0, 1, 1]


def test_a_pause_lies_between_the_frames_around_it(tape: Tape) -> None:
    """R-RPL-04: the last one, while the video is made, has no frames after it and is omitted."""
    tape.happened(events.RecordingPaused(at=AT))
    tape.kept(0)
    tape.happened(events.RecordingPaused(at=AT))
    tape.happened(events.RecordingResumed(at=AT))
    tape.kept(1)
    tape.kept(2)
    tape.happened(events.RecordingPaused(at=AT))
    tape.happened(events.RecordingCompleted(duration_ms=1, frame_count=24, at=AT))
    streamer = tape.streamer()
    assert streamer.pauses == [Pause(streamer.index[0].end_ms, streamer.index[1].start_ms)]
    assert not streamer.is_running


def test_frames_of_a_chunk_that_is_lost_have_even_times_and_it_is_read_once(tape: Tape) -> None:
    """R-RPL-06: so that single steps can skip it."""
    tape.kept(0)
    tape.kept(1, is_there=False)
    tape.kept(2)
    streamer = tape.streamer()
    for frame in range(3 * FRAMES):
        time_ms = streamer.time_of(frame)
        assert time_ms == pytest.approx(1000 * PERIOD_S * frame, abs=1.0)
        assert streamer.frame_at(time_ms) == frame
    assert len(tape.reads) == 3
    with pytest.raises(MediaMissing):
        streamer.read(1)


def test_an_empty_recording_has_no_frames(tape: Tape) -> None:
    streamer = tape.streamer()
    assert (streamer.frame_count, streamer.start_ms, streamer.end_ms) == (0, 0.0, 0.0)
