"""Worker transport: sends chunks to workers, over the bus or by RPC, and returns replies.

A chunk that the bus acknowledged is not lost: the workers process it as soon as they can. A worker
called by RPC acknowledges a chunk by its reply. Without a reply in time, provisional feedback is
sent, marked as `degraded` and never stored. While the bus or the RPC worker is unavailable, nothing
is acknowledged, so the client keeps its chunks and sends them again.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextvars import Context
from typing import Final, Protocol

from application.kernel.bus import BusUnavailable
from application.kernel.ports import Clock
from application.live.chunk import FrameChunk, IngestChunk, SensorSample, SessionChunk, SessionKey
from application.live.cue_preferences import CuePreferenceCache
from application.live.provisional import ProvisionalTracker
from application.live.replies import ChunkResult, LiveReply, StreamProgress, after, to_cues
from application.live.reply_cache import ReplyCache
from application.live.sequence_guard import (
    SequenceGap,
    SessionSnapshot,
    SessionSnapshots,
    check_sequence,
    is_lost,
)
from application.live.waiters import resolve
from domain.kernel import Origin, Rejected
from domain.sessions.session import Underway

REPLY_DELAY_S: Final = 0.2
"""Longest delay of a reply that another process has received; it usually takes milliseconds."""
POLL_S: Final = 0.01
"""Pause between two checks for such a reply."""
GATHER_S: Final = 0.025
"""Shortest time between two batches of chunks. The chunks of a batch share a query and requests to
Kafka, and so do their replies. With few sessions, no chunk waits."""

Prepared = tuple[SessionSnapshot, FrameChunk]


class ChunkRefused(Rejected):
    """The workers could not process the chunk. Go on with the next one."""

    code = "live.chunk_refused"

    def __init__(self, why: str, expected: int) -> None:
        super().__init__(f"The workers could not process this chunk: {why}")
        self.expected = expected


class WorkerChannel(Protocol):
    """Channel to the workers; its replies reach every process."""

    async def start(self, on_reply: Callable[[LiveReply], None]) -> None:
        """Start, and pass every reply to `on_reply`, those of the last minute included."""
        ...

    async def stop(self) -> None: ...

    async def ready(self, within_s: float) -> bool:
        """Wait until all replies so far were received; return False on a timeout."""
        ...

    async def refresh(self, key: SessionKey, within_s: float) -> None:
        """Receive the progress of a session, if the channel can request it."""
        ...

    async def request(
        self, key: SessionKey, message: FrameChunk, within_s: float
    ) -> LiveReply | None:
        """Send a chunk and wait for the reply, None on a timeout.

        On return the bus has acknowledged the chunk. Raises BusUnavailable if it may not have.
        """
        ...

    async def publish(self, reply: LiveReply, within_s: float) -> None:
        """Send a reply to all processes. Raises BusUnavailable."""
        ...


class SensorStore(Protocol):
    """Store of sensor samples. Raises StorageUnavailable."""

    def keep(self, key: SessionKey, sequence: int, sensors: tuple[SensorSample, ...]) -> None: ...


class WorkerTransport:
    """A `ChunkTransport` in any number of processes; a session may move between them.

    `deadline_s` is how long to wait for a reply. Belongs to one event loop.
    """

    def __init__(
        self,
        *,
        channel: WorkerChannel,
        sensors: SensorStore,
        snapshots: SessionSnapshots,
        preferences: CuePreferenceCache,
        clock: Clock,
        deadline_s: float,
    ) -> None:
        self._channel = channel
        self._sensors = sensors
        self._snapshots = snapshots
        self._preferences = preferences
        self._clock = clock
        self._deadline_s = deadline_s
        self._waiting: list[tuple[IngestChunk, asyncio.Future[Prepared]]] = []
        self._next_batch_at = 0.0
        self._batches = set[asyncio.Task[None]]()
        self._replies = ReplyCache()
        self._provisional = ProvisionalTracker()

    async def start(self) -> None:
        """Start to receive replies."""
        await self._channel.start(self._replies.put)

    async def stop(self) -> None:
        """Stop."""
        await self._channel.stop()

    async def send(self, command: IngestChunk, _origin: Origin, /) -> ChunkResult:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._deadline_s
        key = command.session
        snapshot, message = await self._prepare_with_others(command)
        progress = await self._progress(command, snapshot, deadline)
        replies = self._replies.get(key)
        reply = None if replies is None else replies.by_sequence.get(command.sequence)
        is_refused = reply is not None and reply.refused is not None
        place = check_sequence(snapshot, progress, command, self._clock, is_refused=is_refused)
        if place == "duplicate" and reply is not None:
            return self._to_result(command, reply)
        sent = command.with_message(message)
        try:
            reply = await self._request(sent, progress, deadline - loop.time())
        except BusUnavailable:
            return self._to_degraded_result(sent)
        if reply is None:
            return self._to_degraded_result(sent)
        self._provisional.end(key)
        is_processed = reply.feedback is not None
        if is_processed and is_lost(sent, reply.standing):  # another server has sent its number
            raise SequenceGap(self._acknowledged(key) + 1)
        return self._to_result(sent, reply)

    async def _prepare_with_others(self, command: IngestChunk) -> Prepared:
        """Prepare a chunk with those that wait. Raises UnknownExercise and StorageUnavailable."""
        prepared: asyncio.Future[Prepared] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, prepared))
        if len(self._waiting) == 1:
            # A context of its own: the work belongs to several requests.
            batch = asyncio.create_task(self._prepare_batch(), context=Context())
            self._batches.add(batch)
            batch.add_done_callback(self._batches.discard)
        return await prepared

    async def _prepare_batch(self) -> None:
        """Prepare all that wait, beside earlier batches: an outage of the log delays each."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._next_batch_at - loop.time()))
        self._next_batch_at = loop.time() + GATHER_S
        batch, self._waiting = self._waiting, []
        outcomes: Sequence[Prepared | Exception]
        try:
            outcomes = await asyncio.to_thread(self._prepare_all, [each for each, _ in batch])
        except Exception as failed:  # noqa: BLE001  raised in each waiter
            outcomes = [failed] * len(batch)
        resolve((waiter for _, waiter in batch), outcomes)

    def _prepare_all(self, commands: Sequence[IngestChunk]) -> list[Prepared | Exception]:
        """Prepare chunks; return for each the result or why it failed."""
        snapshots = self._snapshots.get_all({command.session for command in commands})
        prepared: list[Prepared | Exception] = []
        for command in commands:
            snapshot = snapshots[command.session]
            if isinstance(snapshot, Exception):
                prepared.append(snapshot)
                continue
            try:
                prepared.append(self._prepare(command, snapshot))
            except Exception as failed:  # noqa: BLE001  returned for this chunk, and not for the others
                prepared.append(failed)
        return prepared

    def _prepare(self, command: IngestChunk, snapshot: SessionSnapshot) -> Prepared:
        """Return the session, and the frames with all that workers need of its athlete.

        Raises UnknownExercise and StorageUnavailable.
        """
        message = self._preferences.attach(command, snapshot)
        return snapshot, self._snapshots.with_definition(command.session, message, snapshot)

    def latest_set(self, session: SessionKey, /) -> int | None:
        replies = self._replies.get(session)
        return None if replies is None else replies.latest_set

    async def _progress(
        self, command: IngestChunk, snapshot: SessionSnapshot, deadline: float
    ) -> StreamProgress | None:
        """Return the progress of the session's chunks, None before the first.

        Another process may have sent the chunk before this one a moment ago. If no process has
        heard of the session for a minute, the client's sequence is trusted.
        """
        loop = asyncio.get_running_loop()
        await self._channel.ready(deadline - loop.time())
        replies = self._replies.get(command.session)
        if (0 if replies is None else replies.progress.sequence) < command.sequence - 1:
            await self._channel.refresh(command.session, deadline - loop.time())
            replies = self._replies.get(command.session)
        give_up_at = loop.time() + REPLY_DELAY_S
        while replies is not None and replies.progress.sequence < command.sequence - 1:
            if loop.time() > give_up_at:
                break
            await asyncio.sleep(POLL_S)
            replies = self._replies.get(command.session)
        if replies is not None:
            return replies.progress
        return None if command.sequence == 1 else _trusted_progress(snapshot, command)

    async def _request(
        self, sent: SessionChunk, progress: StreamProgress | None, within_s: float
    ) -> LiveReply | None:
        """Return the workers' reply, None if the chunk is stored and no reply came in time."""
        key, message = sent.session, sent.message
        if sent.sensors:
            await asyncio.to_thread(self._sensors.keep, key, sent.sequence, sent.sensors)
        reply = await self._channel.request(key, message, within_s)
        if reply is None:
            stored = LiveReply(key, sent.sequence, after(progress, message))
            await self._channel.publish(stored, self._deadline_s)
            self._replies.put(stored)
        return reply

    def _to_result(self, sent: SessionChunk, reply: LiveReply) -> ChunkResult:
        """Convert a worker's reply. Raises ChunkRefused."""
        acknowledged = max(self._acknowledged(sent.session), reply.sequence)
        if reply.refused is not None or reply.feedback is None:
            raise ChunkRefused(reply.refused or "", acknowledged + 1)
        return ChunkResult(
            sequence=sent.sequence,
            acknowledged=acknowledged,
            set=reply.standing.set,
            over=reply.standing.over,
            mode="live",
            feedback=reply.feedback,
            cues=reply.cues,
            found=reply.found,
        )

    def _to_degraded_result(self, sent: SessionChunk) -> ChunkResult:
        """Return the last feedback of the workers, and what was counted here since."""
        replies = self._replies.get(sent.session)
        newest = None if replies is None else replies.newest
        result = self._provisional.track(sent.session, sent.message, newest)
        state = result.session
        return ChunkResult(
            sequence=sent.sequence,
            acknowledged=self._acknowledged(sent.session),
            set=state.watching.set,
            over=state.motion is None,
            mode="degraded",
            feedback=state.feedback,
            cues=to_cues(result.detections, state.watching.set),
        )

    def _acknowledged(self, key: SessionKey) -> int:
        replies = self._replies.get(key)
        return 0 if replies is None else replies.progress.sequence


def _trusted_progress(snapshot: SessionSnapshot, command: IngestChunk) -> StreamProgress:
    """Assume that all chunks before this one were received, and all sets before its set.

    The log may not have the latest set yet. A chunk that ends a set may itself have caused the
    set's end in the log.
    """
    state, before = snapshot.state, command.message.set - 1
    is_open = isinstance(state, Underway) and state.set_is_open
    return StreamProgress(
        set=max(state.sets, before) if isinstance(state, Underway) else before,
        sequence=command.sequence - 1,
        exercise=snapshot.exercise or command.message.exercise,
        over=not (is_open or command.message.last),
        seen_to_s=None,
    )
