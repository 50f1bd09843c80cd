"""Live service: ingest a chunk, and say when to send the next one (C-01).

`IngestChunk` is validated when it is built. A transport processes it:
`application.live.local_transport` in one process, `application.live.worker_transport` on many
machines.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from application.live.chunk import IngestChunk, SessionKey
from application.live.image_analysis import CheckImages, ImageProblem, accept_unchecked
from application.live.replies import ChunkResult, Confidence, frame_rate_confidence
from domain.kernel import Origin, Rejected, value

MILLISECONDS: Final = 1000.0
MIN_INTERVAL_MS: Final = 500
"""R-LIV-03."""
MAX_INTERVAL_MS: Final = 2000
"""Later feedback is of no use during training."""
STEP_MS: Final = 50
PATIENCE: Final = 4
"""A client waits for replies during at most a quarter of the time."""
WEIGHT: Final = 0.2
"""Weight of the newest response in the running mean: about the last ten count."""

SILENCE_S: Final = 30.0
"""After this silence a session counts as over, or its athlete rests out of sight."""

log = structlog.get_logger()


@dataclass
class Pace:
    """The interval of one process, from its response times (R-LIV-07)."""

    mean_ms: float = 0.0

    def note(self, took_ms: float) -> None:
        """Add a response time."""
        self.mean_ms += WEIGHT * (took_ms - self.mean_ms)

    @property
    def interval_ms(self) -> int:
        """Milliseconds from one chunk to the next, in steps of 50 from 500 to 2000."""
        wanted = PATIENCE * self.mean_ms
        stepped = STEP_MS * round(wanted / STEP_MS)
        return min(max(stepped, MIN_INTERVAL_MS), MAX_INTERVAL_MS)


@value
class ChunkResponse:
    """The response to a client: result, confidence, and when to send the next chunk.

    `next_interval_ms` is the time from this chunk to the next. `problems` are those of its images.
    """

    result: ChunkResult
    confidence: Confidence
    next_interval_ms: int
    problems: tuple[ImageProblem, ...] = ()


class ChunkTransport(Protocol):
    """Processes chunks, in this process or in workers."""

    async def start(self) -> None:
        """Start, within the event loop of the callers of `send`."""
        ...

    async def stop(self) -> None:
        """Stop, and close everything."""
        ...

    async def send(self, command: IngestChunk, origin: Origin, /) -> ChunkResult:
        """Process a chunk. Raises Rejected if it is invalid or cannot be stored.

        An acknowledged chunk is never lost. A duplicate changes nothing and gets the same result.
        """
        ...

    def latest_set(self, session: SessionKey, /) -> int | None:
        """Return the latest set with frames, 0 for none, None if this process knows no chunk."""
        ...


class LiveClosed(Rejected):
    """Live sessions on several machines need Kafka. Set KINELOG_KAFKA."""

    code = "live.closed"
    kind = "unavailable"


class ClosedTransport:
    """Rejects every chunk."""

    async def start(self) -> None:
        """Do nothing."""

    async def stop(self) -> None:
        """Do nothing."""

    async def send(self, _command: IngestChunk, _origin: Origin, /) -> ChunkResult:
        raise LiveClosed

    def latest_set(self, _session: SessionKey, /) -> int | None:
        return None


class LiveService:
    """Ingests chunks of live sessions; `timer` gives the seconds of a monotonic clock.

    `on_result` is called with every chunk and its result, and must not block. `check` removes
    invalid images.
    """

    def __init__(
        self,
        transport: ChunkTransport,
        timer: Callable[[], float],
        *,
        check: CheckImages = accept_unchecked,
        on_result: Callable[[IngestChunk, ChunkResult], object] = lambda _chunk, _result: None,
    ) -> None:
        self._transport = transport
        self._check = check
        self._on_result = on_result
        self._timer = timer
        self._pace = Pace()
        self._sent_at: dict[SessionKey, float] = {}

    async def start(self) -> None:
        """Start."""
        await self._transport.start()

    async def stop(self) -> None:
        """Stop."""
        await self._transport.stop()

    def latest_set(self, session: SessionKey) -> int | None:
        """Return the latest set with frames, 0 for none, None if this process knows no chunk."""
        return self._transport.latest_set(session)

    async def ingest(self, command: IngestChunk, origin: Origin) -> ChunkResponse:
        """Ingest a chunk. Raises Rejected."""
        began = self._timer()
        problems: tuple[ImageProblem, ...] = ()
        if command.message.pictures:
            command, problems = await asyncio.to_thread(self._check, command)
        result = await self._transport.send(command, origin)
        self._count(command.session)
        self._on_result(command, result)
        self._pace.note(MILLISECONDS * (self._timer() - began))
        is_kept = result.acknowledged >= command.sequence
        if result.mode == "degraded":
            log.warning(
                "live.degraded",
                session=str(command.session),
                sequence=result.sequence,
                kept=is_kept,
            )
        interval_ms = self._pace.interval_ms if is_kept else MAX_INTERVAL_MS
        return ChunkResponse(
            result, frame_rate_confidence(command.message.chunk), interval_ms, problems
        )

    def active_sessions(self) -> int:
        """Count the sessions that sent something lately through this process."""
        since = self._timer() - SILENCE_S
        return sum(at >= since for at in [*self._sent_at.values()])

    def _count(self, session: SessionKey) -> None:
        """Note that a session sent something, and forget the oldest session if it is idle."""
        self._sent_at.pop(session, None)
        self._sent_at[session] = self._timer()
        oldest = next(iter(self._sent_at))
        if self._sent_at[oldest] < self._timer() - SILENCE_S:
            del self._sent_at[oldest]
