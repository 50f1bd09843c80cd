"""Live service: ingest a chunk (C-01).

`IngestChunk` is validated when it is built. A driver takes it: `application.live.local_transport`
in one process, `application.live.worker_transport` on many machines.
"""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

import structlog

from application.live.chunk import IngestChunk, SessionKey
from application.live.chunk_result import ChunkResult, Confidence, frame_rate_confidence
from application.live.image_analysis import CheckImages, ImageProblem, accept_unchecked
from application.live.pacing import MAX_INTERVAL_MS, Pace
from domain.kernel import Origin, Rejected, value

MILLISECONDS: Final = 1000.0

log = structlog.get_logger()


@value
class ChunkResponse:
    """What a client is told of a chunk: what became of it, how sure we are, and when to go on.

    `next_interval_ms` is the time from this chunk to the next. `problems` are of its pictures.
    """

    taken: ChunkResult
    confidence: Confidence
    next_interval_ms: int
    problems: tuple[ImageProblem, ...] = ()


class ChunkTransport(Protocol):
    """Takes chunks in and folds them, here or elsewhere."""

    async def start(self) -> None:
        """Begin to work; called within the loop of whoever calls `take`."""
        ...

    async def stop(self) -> None:
        """End, and let go of everything."""
        ...

    async def send(self, command: IngestChunk, origin: Origin, /) -> ChunkResult:
        """Take a chunk. Raises Rejected where it is refused or cannot be kept.

        A chunk that is acknowledged is not lost, whatever dies; one that comes again changes
        nothing and is answered as before.
        """
        ...

    def latest_set(self, session: SessionKey, /) -> int:
        """Tell the latest set of which frames were taken, as far as is known here; 0 for none."""
        ...


class LiveClosed(Rejected):
    """Live sessions on many machines need Kafka between them, and this platform has none."""

    code = "live.closed"
    kind = "unavailable"


class ClosedTransport:
    """Takes nothing."""

    async def start(self) -> None:
        """Begin."""

    async def stop(self) -> None:
        """End."""

    async def send(self, _command: IngestChunk, _origin: Origin, /) -> ChunkResult:
        raise LiveClosed

    def latest_set(self, _session: SessionKey, /) -> int:
        return 0


class LiveService:
    """The way in for frames of live sessions; `timer` gives seconds of a clock that only rises.

    `heard` is given every chunk that was taken, with the answer to it, and waits for nothing.
    `check` leaves out pictures that are none.
    """

    def __init__(
        self,
        transport: ChunkTransport,
        timer: Callable[[], float],
        *,
        check: CheckImages = accept_unchecked,
        heard: Callable[[IngestChunk, ChunkResult], object] = lambda _asked, _taken: None,
    ) -> None:
        self._transport = transport
        self._check = check
        self._heard = heard
        self._timer = timer
        self._pace = Pace()

    async def start(self) -> None:
        """Begin to work."""
        await self._transport.start()

    async def stop(self) -> None:
        """End."""
        await self._transport.stop()

    def latest_set(self, session: SessionKey) -> int:
        """Tell the latest set of which frames were taken, as far as is known here; 0 for none."""
        return self._transport.latest_set(session)

    async def ingest(self, command: IngestChunk, origin: Origin) -> ChunkResponse:
        """Take a chunk in. Raises Rejected."""
        began = self._timer()
        problems: tuple[ImageProblem, ...] = ()
        if command.message.pictures:
            command, problems = await asyncio.to_thread(self._check, command)
        taken = await self._transport.send(command, origin)
        self._heard(command, taken)
        self._pace.note(MILLISECONDS * (self._timer() - began))
        is_kept = taken.acknowledged >= command.sequence
        if taken.mode == "degraded":
            log.warning(
                "live.degraded", session=str(command.session), sequence=taken.sequence, kept=is_kept
            )
        interval_ms = self._pace.interval_ms if is_kept else MAX_INTERVAL_MS
        return ChunkResponse(
            taken, frame_rate_confidence(command.message.chunk), interval_ms, problems
        )
