"""Frames are folded where they come in: in one process, with nothing else to run.

What is acknowledged is on disk, so that a crash loses nothing of it: first the facts enter the
log, under ids by which the log knows them again; then the state that they came from is stored
with the chunk's number. A crash in between leaves the older state, to which the client, who got
no answer, sends the same chunk again: it tells the same facts under the same ids.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Final, Protocol

import structlog

from application.kernel.cache import LruCache
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import Clock
from application.live.chunk import IngestChunk, SensorSample, SessionKey
from application.live.chunk_result import ChunkResult, to_cues, to_progress
from application.live.cue_preferences import CuePreferenceCache
from application.live.detections import record_chunk
from application.live.image_analysis import AnalyzeImages, drop_images
from application.live.sequence_guard import SessionSnapshots, check_sequence
from application.live.server_landmarks import ServerLandmarks, to_server_landmarks
from application.live.tracker import TrackerState, TrackResult, track
from domain.kernel import Origin

LOCKS: Final = 64
"""Sessions share locks; of those at the same time few meet."""
KEPT: Final = 1000
"""Sessions whose state is kept in memory beside the store."""


log = structlog.get_logger()


class LiveStore(Protocol):
    """Keeps where sessions stand and what their sensors told. Raises StorageUnavailable."""

    def load(self, key: SessionKey) -> TrackerState | None: ...

    def save(
        self, key: SessionKey, session: TrackerState, sensors: tuple[SensorSample, ...]
    ) -> None:
        """Store a state, and the samples that came with its chunk; on disk at return."""
        ...


class LocalTransport:
    """Takes chunks in one process, one after the other for each session.

    `settled` is called soon after facts were entered, with the position reached: an athlete does
    not wait for rows that nobody has asked for yet. `look` sees what is in pictures. Belongs to one
    event loop.
    """

    def __init__(
        self,
        *,
        store: LiveStore,
        commands: CommandHandler,
        settled: Callable[[int], object],
        gate: SessionSnapshots,
        wishes: CuePreferenceCache,
        clock: Clock,
        look: AnalyzeImages = drop_images,
    ) -> None:
        self._store = store
        self._commands = commands
        self._settled = settled
        self._gate = gate
        self._wishes = wishes
        self._clock = clock
        self._look = look
        self._unsettled = 0
        self._settling: asyncio.Task[None] | None = None
        self._locks = [Lock() for _ in range(LOCKS)]
        self._sessions = LruCache[SessionKey, TrackerState](KEPT)

    async def start(self) -> None:
        """Begin: there is nothing to do."""

    async def stop(self) -> None:
        """End: everything is stored, and the last rows follow."""
        if self._settling is not None:
            await self._settling

    async def take(self, command: IngestChunk, origin: Origin, /) -> ChunkResult:
        taken, position = await asyncio.to_thread(self._take, command, origin)
        self._unsettled = max(self._unsettled, position)
        if self._unsettled and (self._settling is None or self._settling.done()):
            self._settling = asyncio.create_task(self._settle())
        return taken

    def streamed(self, session: SessionKey, /) -> int:
        known = self._sessions.get(session) or self._store.load(session)
        return 0 if known is None else known.watching.set

    async def _settle(self) -> None:
        while self._unsettled:
            position, self._unsettled = self._unsettled, 0
            try:
                await asyncio.to_thread(self._settled, position)
            except Exception:  # the facts are there, and whatever settles next brings the rows
                log.exception("live.not_settled", position=position)

    def _take(self, command: IngestChunk, origin: Origin) -> tuple[ChunkResult, int]:
        """Take a chunk; gives the position that the log has reached by it too, 0 for none."""
        key, sent = command.session, command.message.chunk
        if command.message.pictures:
            command = self._looked(command)
        with self._locks[hash(key) % LOCKS]:
            before = self._sessions.get(key) or self._store.load(key)
            standing = None if before is None else to_progress(before)
            logged = self._gate.look(key)
            admitted = check_sequence(logged, standing, command, self._clock)
            message = self._wishes.added(command, logged)
            applied = track(before, command.sequence, message)
            position = 0
            if admitted == "new":
                position = record_chunk(self._commands, key, applied.told, origin=origin)
                self._store.save(key, applied.session, command.sensors)
            self._sessions.put(key, applied.session)
        found = to_server_landmarks(sent, command.message.chunk)
        return _taken(command, applied, found), position

    def _looked(self, command: IngestChunk) -> IngestChunk:
        """Look at the pictures of a chunk that will be taken, before its session waits for it."""
        key = command.session
        before = self._sessions.get(key) or self._store.load(key)
        standing = None if before is None else to_progress(before)
        if check_sequence(self._gate.look(key), standing, command, self._clock) == "seen":
            return command
        return replace(command, message=self._look(command.message))


def _taken(
    command: IngestChunk, applied: TrackResult, found: ServerLandmarks | None
) -> ChunkResult:
    session = applied.session
    return ChunkResult(
        sequence=command.sequence,
        acknowledged=session.sequence,
        set=session.watching.set,
        over=session.motion is None,
        mode="live",
        feedback=session.feedback,
        cues=to_cues(applied.told, session.watching.set),
        found=found,
    )
