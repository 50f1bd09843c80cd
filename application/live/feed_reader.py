"""Feed reader: one sequence of events from the log and updates from the channel.

Nothing enters a channel before its newest entry, so a follower at a position has received all
before it.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from application.kernel.ports import EventLog, StorageUnavailable
from application.live.chunk import SessionKey
from application.live.feed import (
    BEGINNING,
    WAIT_S,
    Entries,
    Entry,
    FeedChannel,
    FeedPosition,
    FeedUnavailable,
    Listener,
    TransientUpdate,
    entries_of,
)
from application.live.feed_events import HealthKitChanged, SessionCompleted
from domain.sessions.session import SESSION

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

    def hear(self, session: SessionKey, heard: TransientUpdate) -> None:
        """Publish a transient update."""
        self._channel.hear(session, heard)

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
        self._note(facts)
        return facts

    def _taken(self, news_entries: Sequence[Entry]) -> Entries:
        """Return the new entries, up to an event before which one is missing."""
        taken: list[Entry] = []
        for entry in news_entries:
            if entry.id <= self.seen:
                continue
            if entry.version is not None and entry.version > self.version + 1:
                self.is_behind = True
                break
            self.version = max(self.version, entry.version or 0)
            self.seen = entry.id
            taken.append(entry)
        self._note(taken)
        return tuple(taken)

    def _note(self, entries: Sequence[Entry]) -> None:
        facts = [entry for entry in entries if entry.version is not None]
        if facts:
            self.newest = (facts[-1],)
            self.is_over = _is_over(facts, before=self.is_over)


def _is_over(facts: Sequence[Entry], *, before: bool) -> bool:
    """Whether the feed is over, including a health export that the device has not confirmed.

    That may take as long as the follower stays.
    """
    over = before
    for fact in facts:
        match fact.what:
            case SessionCompleted():
                over = True
            case HealthKitChanged(status=status):
                over = status != "pending"
            case _:
                pass  # ends nothing
    return over
