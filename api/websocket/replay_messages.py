"""What is said on the WebSocket through which a recording is replayed (docs/how-to/replay.md)."""

from typing import Annotated, Any, Final, Literal, Self

import numpy as np
from pydantic import ConfigDict, Field, TypeAdapter, model_validator

from api.views.base import Body
from api.websocket.pose_broadcast import told_points
from application.recordings.frame_index import IndexedChunk, Times
from application.recordings.playback import FASTEST, SLOWEST, Loop
from domain.kernel import Rejected
from domain.motion.landmarks import PoseChunk

MOST_CREDITS: Final = 64
FURTHEST_MS: Final = 1e9
MOST_STEPS: Final = 1000

STRICT: Final = ConfigDict(extra="forbid", allow_inf_nan=False)

Time = Annotated[float, Field(ge=-FURTHEST_MS, le=FURTHEST_MS)]


class NoFrames(Rejected):
    """Nothing is kept of this recording that could be replayed."""

    code = "replay.no_frames"


class OutOfSequence(Rejected):
    """The number of a message is greater than that of the one before it."""

    code = "replay.sequence"
    kind = "invalid"


class _Said(Body):
    model_config = STRICT

    seq: int = Field(ge=1, le=2**53)


class _Wish(_Said):
    credits: int | None = Field(default=None, ge=1, le=MOST_CREDITS)


class MoreFrames(_Said):
    """Nothing but more credits."""

    type: Literal["frames"]
    credits: int = Field(ge=1, le=MOST_CREDITS)


class Word(_Wish):
    """What needs no more said."""

    type: Literal["play", "pause"]


class Seek(_Wish):
    """Go to a time, or to a frame, or so many frames back or forth."""

    type: Literal["seek"]
    time_ms: Time | None = None
    frame: int | None = Field(default=None, ge=0, le=2**31)
    step: int | None = Field(default=None, ge=-MOST_STEPS, le=MOST_STEPS)
    again: bool = False

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(each is not None for each in (self.time_ms, self.frame, self.step)) != 1:
            raise ValueError("Say exactly one of timeMs, frame and step.")
        if self.step == 0:
            raise ValueError("A step is not 0.")
        return self


class Rate(_Wish):
    """Go faster or slower."""

    type: Literal["rate"]
    rate: float = Field(ge=SLOWEST, le=FASTEST)


class LoopWish(_Wish):
    """Repeat a part, or nothing any more."""

    type: Literal["loop"]
    start_ms: Time | None
    end_ms: Time | None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.start_ms is None) != (self.end_ms is None):
            raise ValueError("A loop has both a start and an end, or is null.")
        return self


Wish = MoreFrames | Word | Seek | Rate | LoopWish
SAID: Final = TypeAdapter[Wish](Annotated[Wish, Field(discriminator="type")])


class LoopTold(Body):
    """The part that is repeated."""

    start_ms: float
    end_ms: float


class Position(Body):
    """Where the replay stands."""

    time_ms: float
    frame: int
    playing: bool
    waiting: bool
    rate: float
    loop: LoopTold | None
    frame_count: int
    end_ms: float

    @staticmethod
    def looped(loop: Loop | None) -> LoopTold | None:
        """Tell a loop."""
        return None if loop is None else LoopTold.model_validate(loop)


class End(Body):
    """There is nothing more, for good or for now."""

    time_ms: float
    frame: int
    final: bool


def frames_told(chunk: int, entry: IndexedChunk, read: PoseChunk, times: Times) -> dict[str, Any]:
    """Tell a chunk's frames; null is what was not found."""
    worlds = [None] * len(read) if read.world is None else list(read.world)
    frames = [
        {
            "frame": entry.first + number,
            "timeMs": time_ms,
            "landmarks": told_points(image),
            "worldLandmarks": None if world is None else told_points(world),
        }
        for number, (time_ms, image, world) in enumerate(
            zip(np.asarray(times).tolist(), read.image, worlds, strict=True)
        )
    ]
    return {"chunk": chunk, "first": entry.first, "frames": frames}
