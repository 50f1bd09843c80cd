"""Session feed: events and transient updates for followers, who resume where they were cut off.

Every entry has a position. That of an event is its position in the log, from which it can be read
again. A transient update lies between two events, under a rising number; it is lost when the
channel loses it, or has the end of the session before it. Nothing enters a channel before its
newest entry, so a follower at a position has received all before it.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

import structlog

from application.kernel.ports import AppendResult, Change, EventLog, StorageUnavailable
from application.live.chunk import IngestChunk, SessionKey
from application.live.feed_events import (
    CueGiven,
    FeedEvent,
    HealthKitChanged,
    ProgressMode,
    SessionCompleted,
    to_feed_events,
)
from application.live.replies import ChunkResult, Mode
from domain.ids import SessionId, TenantId
from domain.kernel import Origin, Rejected, value
from domain.sessions.session import SESSION

WAIT_S: Final = 1.0
"""Longest wait for news; also the interval of reading the log while a channel is unavailable."""

PLACE: Final = re.compile(r"(\d{1,15})(?:-(\d{1,15}))?", re.ASCII)


class PlaceInvalid(Rejected):
    """The position is invalid. Send one from the feed: a number, or two with a dash."""

    code = "progress.place_invalid"
    kind = "invalid"


@dataclass(frozen=True, slots=True, order=True)
class FeedPosition:
    """Position of an entry: an event of the log, or after it.

    `number` orders entries at the same position: from 0 those of the event, after that transient
    updates, by the millisecond in which they were published.
    """

    position: int
    number: int = 0

    @classmethod
    def parse(cls, text: str) -> "FeedPosition":
        """Parse what `str` wrote. Raises PlaceInvalid."""
        found = PLACE.fullmatch(text)
        if found is None:
            raise PlaceInvalid
        return cls(int(found[1]), int(found[2] or 0))

    def __str__(self) -> str:
        return f"{self.position}-{self.number}" if self.number else f"{self.position}"


BEGINNING: Final = FeedPosition(0)


@value
class Entry:
    """An entry of the feed. `version` is that of its event, None for a transient update."""

    id: FeedPosition
    version: int | None
    what: FeedEvent


Entries = tuple[Entry, ...]


@value
class TransientUpdate:
    """Transient update of a chunk of frames, identified by its sequence.

    It may be published again, here or in another process, and is delivered once.
    """

    sequence: int
    mode: ProgressMode
    cues: tuple[CueGiven, ...]


def entries_of(event: Any, position: int, version: int) -> Entries:
    """Return the feed entries of a session event."""
    return tuple(
        Entry(FeedPosition(position, number), version, what)
        for number, what in enumerate(to_feed_events(event))
    )


class FeedUnavailable(Exception):  # noqa: N818  not a failure: the log tells the facts
    """The channel cannot be reached at the moment."""


class Listener(Protocol):
    """Receives one session's channel. Raises FeedUnavailable."""

    async def ensure(self, facts: Sequence[Entry]) -> None:
        """Make sure that the channel has these events, in order, or newer entries."""
        ...

    async def read(self, after: FeedPosition, wait_s: float) -> Sequence[Entry]:
        """Return all entries after a position; if there are none, those that come in time."""
        ...


class FeedChannel(Protocol):
    """Carries the feed of sessions between processes, separated by tenant.

    It keeps recent entries, in order of positions. An entry that comes after one with a higher
    position is dropped: a follower who misses an event reads the log.
    """

    def publish(self, session: SessionKey, facts: Sequence[Entry], /) -> None:
        """Publish events soon. Never blocks or raises."""
        ...

    def publish_transient(self, session: SessionKey, update: TransientUpdate, /) -> None:
        """Publish a transient update soon. Never blocks or raises.

        Without any entry of the session in the channel it has no position, and is dropped.
        """
        ...

    def listen(self, session: SessionKey, /) -> AbstractAsyncContextManager[Listener]:
        """Listen to a session, on the running event loop."""
        ...


PREFIX: Final = f"{SESSION.category}-"

MODES: Final[dict[Mode, ProgressMode]] = {"live": "server", "degraded": "degraded"}


class FeedPublisher:
    """An `EventLog` that publishes session events after each append.

    The events of one command have consecutive positions, the last of which the log returns.
    """

    def __init__(self, event_log: EventLog, channel: FeedChannel) -> None:
        self._log = event_log
        self._channel = channel
        self.done = event_log.done
        self.load = event_log.load
        self.load_many = event_log.load_many
        self.scan = event_log.scan
        self.head = event_log.head

    def append(
        self, changes: Sequence[Change], *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        appended = self._log.append(changes, origin=origin, command_id=command_id)
        if not appended.repeated:
            self._publish(changes, origin.tenant_id, appended.position)
        return appended

    def _publish(self, changes: Sequence[Change], tenant_id: TenantId, last: int) -> None:
        position = last - sum(len(change.events) for change in changes)
        for change in changes:
            first = position + 1
            position += len(change.events)
            if not change.events or not change.stream.startswith(PREFIX):
                continue
            key = SessionKey(tenant_id, SessionId(change.stream.removeprefix(PREFIX)))
            facts = [
                entry
                for number, event in enumerate(change.events)
                for entry in entries_of(event, first + number, change.expected_version + 1 + number)
            ]
            self._channel.publish(key, facts)


def transient_update_of(command: IngestChunk, result: ChunkResult) -> TransientUpdate:
    """Return the transient update of a chunk's result.

    Cues about a fault or a repetition are events, and come from the log.
    """
    cues = tuple(
        CueGiven(result.set, None, None, cue.cue, cue.at_ms)
        for cue in result.cues
        if cue.fault is None and cue.repetition == 0
    )
    return TransientUpdate(command.sequence, MODES[result.mode], cues)


QUIET_ROUNDS: Final = 5
"""A shared channel misses an event if a process dies before it publishes it."""

log = structlog.get_logger()


class SessionFeed:
    """The feeds of all sessions: events from the log, news by a channel.

    After `quiet_rounds` waits without news the log is read for what the channel missed.
    """

    def __init__(
        self, event_log: EventLog, channel: FeedChannel, *, quiet_rounds: int = QUIET_ROUNDS
    ) -> None:
        self._quiet_rounds = quiet_rounds
        self._log = event_log
        self._channel = channel

    def publish_transient(self, session: SessionKey, update: TransientUpdate) -> None:
        """Publish a transient update."""
        self._channel.publish_transient(session, update)

    async def follow(
        self, session: SessionKey, after: FeedPosition = BEGINNING
    ) -> AsyncGenerator[Entries, None]:
        """Yield all entries after a position, in order, until the session is over.

        Yields about each second without news an empty tuple. While the log is unavailable it waits;
        while the channel is, events come from the log, a second late.
        """
        async with self._channel.listen(session) as listener:
            follower = _Follower(self._log, session, listener, self._quiet_rounds, after)
            while not follower.is_over:
                news = await follower.round()
                if news or not follower.is_over:
                    yield news


@dataclass
class _Follower:
    """A follower who has received everything up to `seen`, and events up to a version.

    `newest` is the last known event. `is_behind`: the log may have what the channel missed.
    """

    log: EventLog
    session: SessionKey
    listener: Listener
    quiet_rounds: int
    seen: FeedPosition
    version: int = 0
    newest: Entries = ()
    is_behind: bool = True
    is_alone: bool = False
    is_over: bool = False
    quiet: int = 0

    async def round(self) -> Entries:
        """Return what is new, waiting a while for it."""
        if self.is_alone:
            await asyncio.sleep(WAIT_S)
        if self.is_behind:
            return await self._caught_up()
        try:
            news_entries = await self.listener.read(self.seen, WAIT_S)
        except FeedUnavailable:
            self.is_alone = self.is_behind = True
            return ()
        self.quiet = 0 if news_entries else self.quiet + 1
        self.is_behind = self.quiet >= self.quiet_rounds
        return self._taken(news_entries)

    async def _caught_up(self) -> Entries:
        """Synchronize log and channel.

        The channel gets the events before the follower does: transient updates then have a position
        after them.
        """
        try:
            facts = await asyncio.to_thread(self._facts)
        except StorageUnavailable as away:
            log.warning("progress.log_away", session=str(self.session), detail=away.detail)
            await asyncio.sleep(WAIT_S)
            return ()
        self.quiet, self.is_behind = 0, False
        try:
            await self.listener.ensure(facts or self.newest)
            news_entries = await self.listener.read(self.seen, 0.0)
            self.is_alone = False
        except FeedUnavailable:
            news_entries = ()
            self.is_alone = self.is_behind = True
        by_position = {entry.id: entry for entry in (*news_entries, *facts)}
        return self._taken(sorted(by_position.values(), key=lambda entry: entry.id))

    def _facts(self) -> Entries:
        """Read the events that are not known yet."""
        recorded = self.log.load(
            self.session.tenant_id,
            f"{SESSION.category}-{self.session.session_id}",
            after_version=self.version,
        )
        facts = tuple(
            entry for one in recorded for entry in entries_of(one.event, one.position, one.version)
        )
        if recorded:
            self.version = recorded[-1].version
        return facts

    def _taken(self, entries: Sequence[Entry]) -> Entries:
        """Return the new entries, up to an event before which one is missing.

        Transient updates after the end are left out: a follower who reads the log may bring the
        end to the channel before them, and stops there.
        """
        taken: list[Entry] = []
        for entry in entries:
            if entry.version is None:
                if self.is_over:
                    continue
            elif entry.version > self.version + 1:
                self.is_behind = True
                break
            else:
                self._note(entry)
            if entry.id > self.seen:
                self.seen = entry.id
                taken.append(entry)
        return tuple(taken)

    def _note(self, fact: Entry) -> None:
        """Note an event, and whether the feed is over with it.

        A health export that the device has not confirmed may take as long as the follower stays.
        """
        self.version = max(self.version, fact.version or 0)
        self.newest = (fact,)
        match fact.what:
            case SessionCompleted():
                self.is_over = True
            case HealthKitChanged(status=status):
                self.is_over = status != "pending"
            case _:
                pass  # other events do not end a session
