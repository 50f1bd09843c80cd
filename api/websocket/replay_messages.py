"""Messages of the replay WebSocket (docs/how-to/replay.md)."""

from typing import Annotated, Any, Final, Literal, Self

import numpy as np
from pydantic import ConfigDict, Field, TypeAdapter, model_validator

from api.views.base import Body
from api.websocket.pose_broadcast import point_rows
from application.recordings.frame_index import IndexedChunk, Times
from application.recordings.playback import MAX_RATE, MIN_RATE, Loop
from domain.kernel import Rejected
from domain.motion.landmarks import PoseChunk

MAX_CREDITS: Final = 64
MAX_TIME_MS: Final = 1e9
MAX_STEPS: Final = 1000

STRICT: Final = ConfigDict(extra="forbid", allow_inf_nan=False)

Time = Annotated[float, Field(ge=-MAX_TIME_MS, le=MAX_TIME_MS)]


class NoFrames(Rejected):
    """This recording has no frames yet."""

    code = "replay.no_frames"


class OutOfSequence(Rejected):
    """The sequence number of a message must be greater than that of the previous one."""

    code = "replay.sequence"
    kind = "invalid"


class _Message(Body):
    model_config = STRICT

    seq: int = Field(ge=1, le=2**53)


class _PlayerCommand(_Message):
    credits: int | None = Field(default=None, ge=1, le=MAX_CREDITS)


class MoreFrames(_Message):
    """Grant credits for more frames."""

    type: Literal["frames"]
    credits: int = Field(ge=1, le=MAX_CREDITS)


class PlayPause(_PlayerCommand):
    """Play or pause."""

    type: Literal["play", "pause"]


class Seek(_PlayerCommand):
    """Seek to a time or a frame, or by a number of frames."""

    type: Literal["seek"]
    time_ms: Time | None = None
    frame: int | None = Field(default=None, ge=0, le=2**31)
    step: int | None = Field(default=None, ge=-MAX_STEPS, le=MAX_STEPS)
    again: bool = False

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(each is not None for each in (self.time_ms, self.frame, self.step)) != 1:
            raise ValueError("Send exactly one of timeMs, frame and step.")
        if self.step == 0:
            raise ValueError("A step must not be 0.")
        return self


class Rate(_PlayerCommand):
    """Set the playback rate."""

    type: Literal["rate"]
    rate: float = Field(ge=MIN_RATE, le=MAX_RATE)


class SetLoop(_PlayerCommand):
    """Set or clear the loop."""

    type: Literal["loop"]
    start_ms: Time | None
    end_ms: Time | None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.start_ms is None) != (self.end_ms is None):
            raise ValueError("Send both start and end of a loop, or null for both.")
        return self


PlayerCommand = MoreFrames | PlayPause | Seek | Rate | SetLoop
PLAYER_COMMAND: Final = TypeAdapter[PlayerCommand](
    Annotated[PlayerCommand, Field(discriminator="type")]
)


class LoopView(Body):
    """The loop."""

    start_ms: float
    end_ms: float


class Position(Body):
    """State of the replay."""

    time_ms: float
    frame: int
    playing: bool
    waiting: bool
    rate: float
    loop: LoopView | None
    frame_count: int
    end_ms: float

    @staticmethod
    def looped(loop: Loop | None) -> LoopView | None:
        """Return the view of a loop."""
        return None if loop is None else LoopView.model_validate(loop)


class End(Body):
    """End of the recording; `final` if no frames will follow."""

    time_ms: float
    frame: int
    final: bool


def frames_view(chunk: int, entry: IndexedChunk, read: PoseChunk, times: Times) -> dict[str, Any]:
    """Return the message with a chunk's frames; landmarks that were not detected are null."""
    worlds = [None] * len(read) if read.world is None else list(read.world)
    frames = [
        {
            "frame": entry.first + number,
            "timeMs": time_ms,
            "landmarks": point_rows(image),
            "worldLandmarks": None if world is None else point_rows(world),
        }
        for number, (time_ms, image, world) in enumerate(
            zip(np.asarray(times).tolist(), read.image, worlds, strict=True)
        )
    ]
    return {"chunk": chunk, "first": entry.first, "frames": frames}
