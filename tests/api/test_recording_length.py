"""Storing a chunk takes as long after an hour as at the start."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from application.kernel.command_handler import CommandHandler
from application.kernel.ports import EventLog
from application.platform import Platform
from application.recordings.recorder import FrameBatch, RecordingProgress
from domain.ids import DEFAULT_TENANT, RecordingId, SessionId, TenantId, UserId
from domain.kernel import Origin, Recorded
from domain.motion.landmarks import PoseChunk
from domain.recordings import commands

FRAMES = 5


@dataclass
class Counting:
    """A log that counts the events it reads."""

    log: EventLog
    read: list[int] = field(default_factory=list[int])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.log, name)

    def load(
        self, tenant_id: TenantId, stream: str, *, after_version: int = 0
    ) -> Sequence[Recorded[Any]]:
        found = self.log.load(tenant_id, stream, after_version=after_version)
        self.read.append(len(found))
        return found


def filmed(number: int) -> FrameBatch:
    times = 0.5 * number + np.arange(FRAMES) / 10
    chunk = PoseChunk(times, np.zeros((FRAMES, 33, 4), np.float32))
    return FrameBatch(FRAMES * number, chunk, (None,) * FRAMES)


def test_to_keep_frames_no_more_is_read_of_a_long_recording_than_of_a_short_one(
    platform: Platform,
) -> None:
    """R-RPL-02: changes by other writers in the meantime are still noticed."""
    log: Any = Counting(platform.log)
    recorder = replace(
        platform.recorder, log=log, commands=CommandHandler(log, settled=lambda _: None)
    )
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=platform.new_id())
    recording = RecordingId("long")
    start = commands.StartRecording(
        user_id=UserId("ada"),
        session_id=SessionId(recording),
        name="",
        aspect_ratio=1.0,
        at=platform.clock(),
    )
    kept: RecordingProgress = recorder.execute(recording, start, origin=origin)
    costs: list[int] = []
    for number in range(12):
        log.read.clear()
        kept, _ = recorder.append(kept, filmed(number), origin=origin)
        costs.append(sum(log.read))
    assert set(costs) == {1}
    assert kept == recorder.get_progress(DEFAULT_TENANT, recording)
    assert kept.frame_count == 12 * FRAMES

    ahead, _ = recorder.append(kept, filmed(12), origin=origin)
    log.read.clear()
    again, added = recorder.append(kept, filmed(12), origin=origin)
    assert (again, added, sum(log.read)) == (ahead, 0, 1)
