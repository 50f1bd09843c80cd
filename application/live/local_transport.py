"""Local transport: chunks are processed in the process that receives them.

Chunks that arrive while a batch is processed form the next batch, so that under load many sessions
share a transaction and a change of threads.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from typing import Final

import structlog

from application.live.chunk import IngestChunk, SessionKey
from application.live.chunk_processor import (
    AnalyzedChunk,
    ChunkProcessor,
    ChunkTask,
    ProcessedChunk,
)
from application.live.replies import ChunkResult, to_cues
from application.live.tracker_store import LoggedTrackerStore
from application.live.waiters import resolve
from domain.kernel import Origin

SETTLE_PAUSE_S: Final = 0.25
"""Pause before read models follow, so that they follow many sessions at once."""

ANALYSIS_THREADS: Final = 32
"""Threads for chunks with images, most of which wait for a model. Other chunks do not wait."""

log = structlog.get_logger()

Waiting = tuple[ChunkTask, asyncio.Future[ProcessedChunk]]


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
        self._analysis_threads: ThreadPoolExecutor | None = None
        self._analyses = set[asyncio.Future[AnalyzedChunk]]()
        self._waiting: list[Waiting] = []
        self._batches: asyncio.Task[None] | None = None
        self._unsettled = 0
        self._pause: asyncio.Task[None] | None = None
        self._is_urgent = False
        self._settling: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Do nothing: there is nothing to open."""

    async def stop(self) -> None:
        """Wait until all chunks are stored and the read models are up to date."""
        if self._analyses:
            await asyncio.wait(self._analyses)
            await asyncio.sleep(0)  # their chunks join a batch
        if self._analysis_threads is not None:
            self._analysis_threads.shutdown(wait=False)
            self._analysis_threads = None
        if self._batches is not None:
            await self._batches
        self._settle_now()
        if self._settling is not None:
            await self._settling

    async def send(self, command: IngestChunk, origin: Origin, /) -> ChunkResult:
        analyzed = AnalyzedChunk(command)
        if command.message.pictures:
            analyzed = await self._analyze(command)
        processed = await self._enqueue(ChunkTask(analyzed, origin))
        self._unsettled = max(self._unsettled, processed.position)
        if self._unsettled and (self._settling is None or self._settling.done()):
            self._settling = asyncio.create_task(self._settle())
        result = _to_result(command, processed)
        if result.over and self._unsettled:
            self._settle_now()
        return result

    def _analyze(self, command: IngestChunk) -> asyncio.Future[AnalyzedChunk]:
        if self._analysis_threads is None:
            self._analysis_threads = ThreadPoolExecutor(ANALYSIS_THREADS, "analysis")
        context = copy_context()
        analysis = asyncio.get_running_loop().run_in_executor(
            self._analysis_threads, lambda: context.run(self._processor.analyze, command)
        )
        self._analyses.add(analysis)
        analysis.add_done_callback(self._analyses.discard)
        return analysis

    def latest_set(self, session: SessionKey, /) -> int | None:
        return self._store.latest_set(session)

    def _settle_now(self) -> None:
        """Leave out the pause, when a set or the process ends."""
        self._is_urgent = True
        if self._pause is not None:
            self._pause.cancel()

    async def _settle(self) -> None:
        while self._unsettled:
            if not self._is_urgent:
                self._pause = asyncio.create_task(asyncio.sleep(SETTLE_PAUSE_S))
                await asyncio.wait([self._pause])
            self._is_urgent = False
            position, self._unsettled = self._unsettled, 0
            try:
                await asyncio.to_thread(self._settled, position)
            except Exception:  # the events are stored; the next settlement catches up
                log.exception("live.not_settled", position=position)

    async def _enqueue(self, task: ChunkTask) -> ProcessedChunk:
        outcome: asyncio.Future[ProcessedChunk] = asyncio.get_running_loop().create_future()
        self._waiting.append((task, outcome))
        if self._batches is None or self._batches.done():
            # A context of its own: the work belongs to several requests.
            self._batches = asyncio.create_task(self._process_batches(), context=Context())
        return await outcome

    async def _process_batches(self) -> None:
        """Process what waits, one chunk of each session at a time, until nothing does."""
        while self._waiting:
            batch = self._take_batch()
            outcomes: list[ProcessedChunk | Exception]
            try:
                outcomes = await asyncio.to_thread(
                    self._processor.process_all, [task for task, _ in batch]
                )
            except Exception as failed:  # noqa: BLE001  raised in each waiter
                outcomes = [failed] * len(batch)
            except asyncio.CancelledError:
                for _, waiter in (*batch, *self._waiting):
                    waiter.cancel()
                raise
            resolve((waiter for _, waiter in batch), outcomes)

    def _take_batch(self) -> list[Waiting]:
        """Take the oldest waiting chunk of each session."""
        batch: dict[SessionKey, Waiting] = {}
        self._waiting = [
            waiting
            for waiting in self._waiting
            if batch.setdefault(waiting[0].session, waiting) is not waiting
        ]
        return [*batch.values()]


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
