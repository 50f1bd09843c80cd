"""Local transport: chunks are processed in the process that receives them."""

import asyncio
from collections.abc import Callable

import structlog

from application.live.chunk import IngestChunk, SessionKey
from application.live.chunk_processor import ChunkProcessor, LoggedTrackerStore, ProcessedChunk
from application.live.replies import ChunkResult, to_cues
from domain.kernel import Origin

log = structlog.get_logger()


class LocalTransport:
    """A `ChunkTransport` of one process. Belongs to one event loop.

    `settled` is called soon after detections were recorded, with the position of the log: it
    brings the read models up to date, and the athlete does not wait for them.
    """

    def __init__(
        self,
        processor: ChunkProcessor,
        store: LoggedTrackerStore,
        *,
        settled: Callable[[int], object],
    ) -> None:
        self._processor = processor
        self._store = store
        self._settled = settled
        self._unsettled = 0
        self._settling: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Do nothing: there is nothing to open."""

    async def stop(self) -> None:
        """Wait until the read models are up to date; all else is stored."""
        if self._settling is not None:
            await self._settling

    async def send(self, command: IngestChunk, origin: Origin, /) -> ChunkResult:
        processed = await asyncio.to_thread(self._process, command, origin)
        self._unsettled = max(self._unsettled, processed.position)
        if self._unsettled and (self._settling is None or self._settling.done()):
            self._settling = asyncio.create_task(self._settle())
        return _to_result(command, processed)

    def latest_set(self, session: SessionKey, /) -> int:
        return self._store.latest_set(session)

    async def _settle(self) -> None:
        while self._unsettled:
            position, self._unsettled = self._unsettled, 0
            try:
                await asyncio.to_thread(self._settled, position)
            except Exception:  # the events are stored; the next settlement catches up
                log.exception("live.not_settled", position=position)

    def _process(self, command: IngestChunk, origin: Origin) -> ProcessedChunk:
        return self._processor.process(self._processor.analyze(command), origin=origin)


def _to_result(command: IngestChunk, processed: ProcessedChunk) -> ChunkResult:
    state = processed.result.session
    return ChunkResult(
        sequence=command.sequence,
        acknowledged=state.sequence,
        set=state.watching.set,
        over=state.motion is None,
        mode="live",
        feedback=state.feedback,
        cues=to_cues(processed.result.detections, state.watching.set),
        found=processed.landmarks,
    )
