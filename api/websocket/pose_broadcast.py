"""Broadcast of live poses to the viewers of a session, without delaying the athlete.

Each viewer has a short queue. A new message replaces the oldest one in a full queue, so a slow
viewer misses frames and nothing else is delayed. A `PoseChannel` carries the messages to viewers in
other processes.
"""

import asyncio
import json
import math
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from application.live.pose_channel import PoseChannel, SingleProcess, Watched
from domain.motion.landmarks import Floats, PoseChunk

WAITING: Final = 4
"""Maximum number of messages that wait for one viewer: two seconds, at half a second each."""


class PoseBroadcast:
    """The viewers of this process, and by a channel those of others. Belongs to one event loop."""

    def __init__(self, channel: PoseChannel | None = None) -> None:
        self._queues: defaultdict[Watched, set[asyncio.Queue[str]]] = defaultdict(set)
        self._channel = channel or SingleProcess()

    @asynccontextmanager
    async def subscribe(self, watched: Watched) -> AsyncGenerator[asyncio.Queue[str]]:
        """Yield a queue that receives the messages of a session until the end of the block."""
        queue = asyncio.Queue[str](WAITING)
        self._queues[watched].add(queue)
        try:
            async with self._channel.listen(watched, partial(_put, queue)):
                yield queue
        finally:
            self._queues[watched].discard(queue)
            if not self._queues[watched]:
                del self._queues[watched]

    def is_watched(self, watched: Watched) -> bool:
        """Return whether a session has viewers; without any, no message needs to be built."""
        return watched in self._queues or self._channel.is_watched(watched)

    def show(self, watched: Watched, message: str) -> None:
        """Send a message to all viewers without waiting for them."""
        for queue in self._queues.get(watched, ()):
            _put(queue, message)
        if self._channel.is_watched(watched):
            self._channel.publish(watched, message)


def _put(queue: asyncio.Queue[str], message: str) -> None:
    """Add a message, instead of the oldest one if the queue is full."""
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(message)


def pose_message(session: str, chunk: PoseChunk) -> str:
    """Return the message with the poses of frames; landmarks that were not detected are null."""
    worlds = chunk.world if chunk.world is not None else [None] * len(chunk)
    frames = [
        {
            "timeMs": round(1000.0 * time_s, 3),
            "landmarks": point_rows(image),
            "worldLandmarks": None if world is None else point_rows(world),
        }
        for time_s, image, world in zip(chunk.times_s.tolist(), chunk.image, worlds, strict=True)
    ]
    return json.dumps({"type": "pose", "id": session, "frames": frames})


def point_rows(points: Floats) -> list[list[float] | None] | None:
    """Return points as JSON rows: null for a point that was not detected, None if none was."""
    rows: list[list[float]] = points.tolist()
    named = [None if math.isnan(row[0]) else [round(each, 5) for each in row] for row in rows]
    return named if any(named) else None
