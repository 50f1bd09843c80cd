"""Frames go to workers, through the bus or by calls, and their answer comes back the same way.

A chunk that the bus has acknowledged is not lost: the workers will fold it, whenever they can. A
worker that is called acknowledges by its answer. Where none comes in time, a provisional count of
this process answers instead, marked as `degraded` and written nowhere. Where the bus itself, or the
worker that is called, is away nothing is acknowledged, so that the client keeps its chunks and
sends them again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from application.kernel.bus import BusUnavailable
from application.kernel.cache import LruCache
from application.kernel.ports import Clock
from application.live.chunk import FrameChunk, IngestChunk, SensorSample, SessionKey
from application.live.chunk_result import ChunkResult, StreamProgress, to_cues
from application.live.cue_preferences import CuePreferenceCache
from application.live.replies import LiveReply, after
from application.live.reply_cache import ReplyCache
from application.live.sequence_guard import SessionSnapshot, SessionSnapshots, check_sequence
from application.live.tracker import TrackerState, TrackResult, track
from domain.kernel import Origin, Rejected
from domain.sessions.session import Underway

KEPT: Final = 1000
"""Sessions of which a provisional count is kept."""
NEWS_S: Final = 0.2
"""How long the word of another process may be under way; it takes milliseconds."""
LOOK_S: Final = 0.01
"""Between two looks for an answer that another process has had and this one has not heard yet."""


class ChunkRefused(Rejected):
    """The workers could not work a chunk; it is put aside, and the session goes on without it."""

    code = "live.chunk_refused"

    def __init__(self, why: str, expected: int) -> None:
        super().__init__(f"This chunk could not be worked: {why}")
        self.expected = expected


class WorkerChannel(Protocol):
    """Takes chunks to the workers and brings their answers, those to other processes too."""

    async def start(self, heard: Callable[[LiveReply], None]) -> None:
        """Begin; every answer is given to `heard`, those of the last minute too."""
        ...

    async def stop(self) -> None: ...

    async def ready(self, within_s: float) -> bool:
        """Wait until all answers so far were heard; False where time runs out before."""
        ...

    async def look(self, key: SessionKey, within_s: float) -> None:
        """Hear where a session stands, if that can be asked for; another process may know more."""
        ...

    async def ask(self, key: SessionKey, message: FrameChunk, within_s: float) -> LiveReply | None:
        """Send a chunk and wait for its answer; None where none comes in time.

        The chunk is acknowledged by the bus at return; BusUnavailable where it may not be.
        """
        ...

    async def tell(self, reply: LiveReply, within_s: float) -> None:
        """Tell an answer to all processes. Raises BusUnavailable."""
        ...


class SensorStore(Protocol):
    """Keeps what sensors told. Raises StorageUnavailable."""

    def keep(self, key: SessionKey, sequence: int, sensors: tuple[SensorSample, ...]) -> None: ...


class WorkerTransport:
    """Takes chunks in any number of processes; a session need not stay with one of them.

    `deadline_s` is how long an answer of the workers is waited for. Belongs to one event loop.
    """

    def __init__(
        self,
        *,
        stream: WorkerChannel,
        sensors: SensorStore,
        gate: SessionSnapshots,
        wishes: CuePreferenceCache,
        clock: Clock,
        deadline_s: float,
    ) -> None:
        self._stream = stream
        self._sensors = sensors
        self._gate = gate
        self._wishes = wishes
        self._clock = clock
        self._deadline_s = deadline_s
        self._book = ReplyCache()
        self._provisional = LruCache[SessionKey, TrackerState](KEPT)

    async def start(self) -> None:
        """Begin to hear answers."""
        await self._stream.start(self._book.note)

    async def stop(self) -> None:
        """End."""
        await self._stream.stop()

    async def take(self, command: IngestChunk, _origin: Origin, /) -> ChunkResult:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._deadline_s
        key = command.session
        logged = await asyncio.to_thread(self._gate.look, key)
        standing = await self._standing(command, logged, deadline)
        if check_sequence(logged, standing, command, self._clock) == "seen":
            page = self._book.page(key)
            if page is not None and command.sequence in page.replies:
                return self._answered(command, page.replies[command.sequence])
        message = await asyncio.to_thread(self._wishes.added, command, logged)
        if message is not command.message:  # to make a command is to check each landmark again
            command = replace(command, message=message)
        provisional = self._folded(command)
        try:
            reply = await self._asked(command, standing, deadline - loop.time())
        except BusUnavailable:
            return self._degraded(command, provisional)
        if reply is None:
            return self._degraded(command, provisional)
        return self._answered(command, reply)

    def streamed(self, session: SessionKey, /) -> int:
        page = self._book.page(session)
        return 0 if page is None else page.standing.set

    async def _standing(
        self, command: IngestChunk, logged: SessionSnapshot, deadline: float
    ) -> StreamProgress | None:
        """Tell where the session's chunks stand; None where this is the first.

        Another process may have taken the chunk before this one a moment ago. Of a session that
        nobody has spoken of for a minute, the client's word is believed.
        """
        loop = asyncio.get_running_loop()
        await self._stream.ready(deadline - loop.time())
        page = self._book.page(command.session)
        if (0 if page is None else page.standing.sequence) < command.sequence - 1:
            await self._stream.look(command.session, deadline - loop.time())
            page = self._book.page(command.session)
        patience = loop.time() + NEWS_S
        while page is not None and page.standing.sequence < command.sequence - 1:
            if loop.time() > patience:
                break
            await asyncio.sleep(LOOK_S)
            page = self._book.page(command.session)
        if page is not None:
            return page.standing
        return None if command.sequence == 1 else _believed(logged, command)

    def _folded(self, command: IngestChunk) -> TrackResult:
        """Count for the moment, by those chunks that came to this process."""
        key = command.session
        applied = track(self._provisional.get(key), command.sequence, command.message)
        self._provisional.put(key, applied.session)
        return applied

    async def _asked(
        self, command: IngestChunk, standing: StreamProgress | None, within_s: float
    ) -> LiveReply | None:
        """Give the workers' answer; None where the chunk is kept and they say nothing."""
        key, message = command.session, command.message
        if command.sensors:
            await asyncio.to_thread(self._sensors.keep, key, command.sequence, command.sensors)
        reply = await self._stream.ask(key, message, within_s)
        if reply is None:
            kept = LiveReply(key, command.sequence, after(standing, message))
            await self._stream.tell(kept, self._deadline_s)
            self._book.note(kept)
        return reply

    def _answered(self, command: IngestChunk, reply: LiveReply) -> ChunkResult:
        """Tell what the workers made of a chunk. Raises ChunkRefused."""
        acknowledged = max(self._acknowledged(command.session), reply.sequence)
        if reply.refused is not None or reply.feedback is None:
            raise ChunkRefused(reply.refused or "", acknowledged + 1)
        return ChunkResult(
            sequence=command.sequence,
            acknowledged=acknowledged,
            set=reply.standing.set,
            over=reply.standing.over,
            mode="live",
            feedback=reply.feedback,
            cues=reply.cues,
            found=reply.found,
        )

    def _degraded(self, command: IngestChunk, provisional: TrackResult) -> ChunkResult:
        """Answer by the provisional count, or by the workers' last word where that is higher."""
        session = provisional.session
        feedback, number = session.feedback, session.watching.set
        page = self._book.page(command.session)
        newest = None if page is None else page.newest
        if newest is not None and newest.feedback is not None and newest.standing.set == number:
            counted = max(feedback.repetitions, newest.feedback.repetitions)
            feedback = replace(feedback, repetitions=counted)
        return ChunkResult(
            sequence=command.sequence,
            acknowledged=self._acknowledged(command.session),
            set=number,
            over=session.motion is None,
            mode="degraded",
            feedback=feedback,
            cues=to_cues(provisional.told, number),
        )

    def _acknowledged(self, key: SessionKey) -> int:
        page = self._book.page(key)
        return 0 if page is None else page.standing.sequence


def _believed(logged: SessionSnapshot, command: IngestChunk) -> StreamProgress:
    """Suppose that all chunks before this one were taken, of the sets that the log knows.

    A chunk that ends a set may be the very one by which the log knows of the end.
    """
    state = logged.state
    is_open = isinstance(state, Underway) and state.set_is_open
    return StreamProgress(
        set=state.sets if isinstance(state, Underway) else 0,
        sequence=command.sequence - 1,
        exercise=logged.exercise or command.message.exercise,
        over=not (is_open or command.message.last),
        seen_to_s=None,
    )
