"""Instrumented chunk transport: the number of live sessions that send through this process."""

import time
from collections.abc import Callable
from typing import Final

from application.kernel.telemetry import Gauge, Metrics
from application.live.chunk import IngestChunk
from application.live.replies import ChunkResult
from application.live.service import ChunkTransport
from domain.kernel import Origin

SILENCE_S: Final = 30.0
"""After this silence a session counts as over, or its athlete rests out of sight."""


class InstrumentedTransport:
    """A `ChunkTransport` that tracks which sessions sent something lately."""

    def __init__(
        self,
        transport: ChunkTransport,
        metrics: Metrics,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = transport
        self._timer = timer
        self._seen: dict[str, float] = {}
        self.start = transport.start
        self.stop = transport.stop
        self.latest_set = transport.latest_set
        metrics.watch("live_sessions", lambda: [Gauge("kinelog_live_sessions", self.sessions())])

    async def send(self, command: IngestChunk, origin: Origin) -> ChunkResult:
        result = await self._transport.send(command, origin)
        self._seen.pop(str(command.session), None)
        self._seen[str(command.session)] = self._timer()
        self._forget()
        return result

    def sessions(self) -> int:
        """Count the sessions that sent something lately."""
        since = self._timer() - SILENCE_S
        return sum(at >= since for at in list(self._seen.values()))

    def _forget(self) -> None:
        """Evict the oldest session if it is idle."""
        oldest = next(iter(self._seen))
        if self._seen[oldest] < self._timer() - SILENCE_S:
            del self._seen[oldest]
