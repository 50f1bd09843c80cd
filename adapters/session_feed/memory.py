"""Session feed in memory, within one process."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from application.live.chunk import SessionKey
from application.live.feed import Entry, FeedPosition, TransientUpdate
from application.live.feed_events import FeedEvent, ModeChanged, ProgressMode
from application.live.tracker import RESENT_CHUNKS

KEPT: Final = 2000
"""Entries kept of a session; a busy hour has fewer."""
SESSIONS: Final = 1000
"""Sessions kept; followers of others read the events from the log."""


def now_ms() -> int:
    """Milliseconds since 1970: these numbers rise over a restart too."""
    return time.time_ns() // 1_000_000


@dataclass
class _Session:
    """The recent entries of a session, and the chunks that have updates in them."""

    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT))
    mode: ProgressMode | None = None
    sequence: int = 0
    cued: set[int] = field(default_factory=set[int])

    def add(self, facts: Sequence[Entry]) -> None:
        """Append events that are newer than all entries."""
        for entry in facts:
            if not self.entries or entry.id > self.entries[-1].id:
                self.entries.append(entry)

    def publish_transient(self, update: TransientUpdate, now: int) -> None:
        """Append a transient update after the newest entry."""
        if not self.entries:
            return
        if update.mode != self.mode and update.sequence >= self.sequence:
            self.mode = update.mode
            self._place(ModeChanged(update.mode), now)
        self.sequence = max(self.sequence, update.sequence)
        if update.cues and update.sequence not in self.cued:
            self.cued = {each for each in self.cued if each > update.sequence - RESENT_CHUNKS}
            self.cued.add(update.sequence)
            for cue in update.cues:
                self._place(cue, now)

    def _place(self, what: FeedEvent, now: int) -> None:
        newest = self.entries[-1].id
        place = FeedPosition(newest.position, max(now, newest.number + 1))
        self.entries.append(Entry(place, None, what))


class MemoryProgress:
    """A `FeedChannel` in memory. Any thread may publish; `clock` gives milliseconds since 1970."""

    def __init__(self, clock: Callable[[], int] = now_ms) -> None:
        self._clock = clock
        self._lock = Lock()
        self._sessions: OrderedDict[SessionKey, _Session] = OrderedDict()
        self._listeners: dict[SessionKey, set[_MemoryListener]] = {}

    def publish(self, session: SessionKey, facts: Sequence[Entry], /) -> None:
        with self._lock:
            self._session_of(session).add(facts)
        self._wake(session)

    def publish_transient(self, session: SessionKey, update: TransientUpdate, /) -> None:
        with self._lock:
            self._session_of(session).publish_transient(update, self._clock())
        self._wake(session)

    @asynccontextmanager
    async def listen(self, session: SessionKey, /) -> AsyncGenerator["_MemoryListener"]:
        listener = _MemoryListener(self, session)
        with self._lock:
            self._listeners.setdefault(session, set()).add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners[session].discard(listener)
                if not self._listeners[session]:
                    del self._listeners[session]

    def after(self, session: SessionKey, place: FeedPosition) -> list[Entry]:
        """Return all entries after a position."""
        with self._lock:
            session_ = self._sessions.get(session)
            return [] if session_ is None else [one for one in session_.entries if one.id > place]

    def _session_of(self, session: SessionKey) -> _Session:
        session_ = self._sessions.setdefault(session, _Session())
        self._sessions.move_to_end(session)
        if len(self._sessions) > SESSIONS:
            self._sessions.popitem(last=False)
        return session_

    def _wake(self, session: SessionKey) -> None:
        with self._lock:
            waiting = tuple(self._listeners.get(session, ()))
        for listener in waiting:
            listener.wake()


class _MemoryListener:
    """Receives one session on the event loop on which it was made."""

    def __init__(self, channel: MemoryProgress, session: SessionKey) -> None:
        self._channel = channel
        self._session = session
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Wake the listener. Called on any thread, during or after the loop."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)

    async def ensure(self, facts: Sequence[Entry]) -> None:
        self._channel.publish(self._session, facts)

    async def read(self, after: FeedPosition, wait_s: float) -> Sequence[Entry]:
        self._news.clear()
        entries = self._channel.after(self._session, after)
        if entries or not wait_s:
            return entries
        try:
            async with asyncio.timeout(wait_s):
                await self._news.wait()
        except TimeoutError:
            return ()
        return self._channel.after(self._session, after)
