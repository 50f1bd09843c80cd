"""Whoever watches an athlete train sees the newest pose, and never makes the athlete wait.

Each viewer has a short queue of their own; what does not fit pushes the oldest out, so that a slow
viewer misses frames and nobody else notices. Viewers are told what comes through their own process.
"""

import asyncio
import json
import math
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from domain.ids import TenantId
from domain.motion.landmarks import Floats, PoseChunk

WAITING: Final = 4
"""Messages that wait for one viewer: two seconds of half seconds."""

Watched = tuple[TenantId, str]
"""A session, or recording, of a tenant."""


class PoseBroadcast:
    """The viewers of this process. Belongs to one event loop."""

    def __init__(self) -> None:
        self._queues: defaultdict[Watched, set[asyncio.Queue[str]]] = defaultdict(set)

    @contextmanager
    def subscribe(self, watched: Watched) -> Generator[asyncio.Queue[str]]:
        """Lend a queue into which comes what is shown, until the end of the block."""
        queue = asyncio.Queue[str](WAITING)
        self._queues[watched].add(queue)
        try:
            yield queue
        finally:
            self._queues[watched].discard(queue)
            if not self._queues[watched]:
                del self._queues[watched]

    def is_watched(self, watched: Watched) -> bool:
        """Whether anybody is there; otherwise nothing has to be made ready for them."""
        return watched in self._queues

    def show(self, watched: Watched, message: str) -> None:
        """Show something to all who watch, at once."""
        for queue in self._queues.get(watched, ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(message)


def pose_message(session: str, chunk: PoseChunk) -> str:
    """Say the poses of frames as viewers are told them; null is what was not found."""
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
    """Say points as a client is told them: null for one that was not found, and for none at all."""
    rows: list[list[float]] = points.tolist()
    named = [None if math.isnan(row[0]) else [round(each, 5) for each in row] for row in rows]
    return named if any(named) else None
