"""Messages between a child process that finds poses and its parent.

Each request is answered by one message: END after `Open`, POSE or PEOPLE after `Find`, or REFUSAL.
The image of `Find` is in the memory that both share.
"""

from typing import Final, Literal

import msgspec
import numpy as np

from adapters.pose.model_file import Engine
from adapters.sandbox import Protection
from application.kernel.video import MAX_IMAGE_SIDE
from domain.motion.landmarks import LANDMARK_COUNT

Purpose = Literal["track", "look", "count"]
"""Follow one person through a video, find one in single images, or count the people in them."""

POSE, PEOPLE = b"L", b"N"

IMAGE_BYTES: Final = LANDMARK_COUNT * 4 * np.dtype(np.float32).itemsize
WORLD_BYTES: Final = LANDMARK_COUNT * 3 * np.dtype(np.float32).itemsize
"""Of a POSE: both, only the first if the model gives no metres, or nothing if nobody is there."""

SHARED_BYTES: Final = MAX_IMAGE_SIDE * MAX_IMAGE_SIDE * 3
"""Of the shared memory: one image of the largest size."""


class PoseTask(msgspec.Struct):
    """The model file, what runs it where, and the descriptor of the shared memory."""

    model: str
    engine: Engine
    delegate: Literal["cpu", "gpu"]
    shared: int


class Started(msgspec.Struct):
    """The child has loaded the model; it is confined by these protections."""

    protections: tuple[Protection, ...]


class Open(msgspec.Struct, tag=True):
    """Begin anew, for a purpose."""

    purpose: Purpose


class Find(msgspec.Struct, tag=True):
    """Look at the shared image, which is shown `time_s` seconds after the first one."""

    time_s: float
    height: int
    width: int


Request = Open | Find
