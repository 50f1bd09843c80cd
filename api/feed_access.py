"""Whoever follows a session does so as long as they may, and nobody follows too many."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from typing import Final

from anyio.to_thread import run_sync

from api.caller import Caller
from application.live.chunk import SessionKey
from application.live.feed import Entries, FeedPosition
from application.sessions.history import SessionNotFound
from application.users.errors import SignInRequired
from domain.ids import SessionId
from domain.kernel import Rejected

MAX_PER_CALLER: Final = 10
"""Streams of one person at a time: some devices, with some pages each."""
MOST: Final = 500
"""Streams of one process at a time; each has a connection to Redis."""
FRESH_S: Final = 0.5
"""Nothing is told on the word of a look at somebody's rights that is older than this."""
LOOK_S: Final = 3.0
"""So often they are looked at while nothing is to be told; less than a heartbeat."""


class TooManyStreams(Rejected):
    """A person follows so many sessions at a time, and one process has so many followers."""

    code = "progress.too_many_streams"
    kind = "unavailable"


class OpenStreams:
    """Counts the streams of this process. Belongs to one event loop."""

    def __init__(self, most_of_one: int = MAX_PER_CALLER, most: int = MOST) -> None:
        self._most_of_one = most_of_one
        self._most = most
        self._open: Counter[tuple[str, ...]] = Counter()

    @contextmanager
    def acquire(self, whose: tuple[str, ...]) -> Generator[None]:
        """Open a stream until the end of the block. Raises TooManyStreams."""
        if self._open[whose] >= self._most_of_one or self._open.total() >= self._most:
            raise TooManyStreams
        self._open[whose] += 1
        try:
            yield
        finally:
            self._open[whose] -= 1
            self._open += Counter()  # forgets those who follow nothing any more


@dataclass(frozen=True)
class Following:
    """Somebody follows sessions through one connection; `token` is what they have signed in with.

    What a token says may end: each look asks anew.
    """

    caller: Caller
    token: str | None
    streams: OpenStreams

    async def session(self, session_id: str, after: FeedPosition) -> AsyncGenerator[Entries, None]:
        """Tell a session's progress after a place; about each second without news, nothing.

        Raises SessionNotFound, TokenRefused, SignInRequired, TooManyStreams, StorageUnavailable:
        at first, or whenever it comes to that.
        """
        await run_sync(self._look, session_id)
        looked, loop = asyncio.get_running_loop().time(), asyncio.get_running_loop()
        key = SessionKey(self.caller.tenant_id, SessionId(session_id))
        follow = self.caller.platform.progress.follow
        with self.streams.acquire(self.caller.cache_scope[:2]):
            async with aclosing(follow(key, after)) as batches:
                async for entries in batches:
                    if loop.time() - looked > (FRESH_S if entries else LOOK_S):
                        await run_sync(self._look, session_id)
                        looked = loop.time()
                    yield entries

    def _look(self, session_id: str) -> None:
        """Look whether this session is there for them, still."""
        caller = self._caller_now()
        key = caller.tenant_id, SessionId(session_id)
        owner = caller.platform.owners.of_session(*key)
        if owner is None or not caller.sees("session", owner):
            raise SessionNotFound

    def _caller_now(self) -> Caller:
        if self.caller.claims is None:
            return self.caller
        if self.token is None:
            raise SignInRequired
        services = self.caller.platform.accounts()
        return replace(self.caller, claims=services.sign_in_service.authenticate(self.token))
