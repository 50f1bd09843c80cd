"""Access to session feeds: checked while a client follows, and limited per caller."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from typing import Final

from anyio.to_thread import run_sync

from application.caller import Caller
from application.live.chunk import SessionKey
from application.live.feed import Entries, FeedPosition, PlaceInvalid
from application.users.errors import SignInRequired
from domain.ids import SessionId
from domain.kernel import Rejected
from domain.sessions.commands import SessionNotFound

MAX_PER_CALLER: Final = 10
"""Concurrent streams of one caller: a few devices with a few pages each."""
MOST: Final = 500
"""Concurrent streams of one process; each has a connection to Redis."""
MOST_LIVE: Final = 2000
"""Concurrent live sockets of one process, which have no further connection."""
MOST_GRAPHQL: Final = 2000
"""Concurrent GraphQL sockets of one process; each of their subscriptions is a stream as well."""
MAX_CHECK_AGE_S: Final = 0.5
"""Maximum age of an access check before an entry is sent."""
CHECK_INTERVAL_S: Final = 3.0
"""Interval of access checks while there are no entries; shorter than a heartbeat."""


class TooManyStreams(Rejected):
    """Too many open streams. Close one, or retry later."""

    code = "progress.too_many_streams"
    kind = "unavailable"


class OpenStreams:
    """Counts the open streams of this process. Use it on one event loop only."""

    def __init__(self, most_of_one: int = MAX_PER_CALLER, most: int = MOST) -> None:
        self._most_of_one = most_of_one
        self._most = most
        self._open: Counter[tuple[str, ...]] = Counter()

    @contextmanager
    def acquire(self, scope: tuple[str, ...], *, is_shared: bool = False) -> Generator[None]:
        """Open a stream until the end of the block. Raises TooManyStreams.

        `is_shared`: many people have this scope, so only the limit of the process applies.
        """
        is_full = not is_shared and self._open[scope] >= self._most_of_one
        if is_full or self._open.total() >= self._most:
            raise TooManyStreams
        self._open[scope] += 1
        try:
            yield
        finally:
            self._open[scope] -= 1
            self._open += Counter()  # drops callers without streams


@dataclass(frozen=True)
class FeedAccess:
    """Access of one connection to session feeds. `token` is the access token, if any.

    A token may expire or be revoked: each check verifies it again.
    """

    caller: Caller
    token: str | None
    streams: OpenStreams

    async def session(self, session_id: str, after: FeedPosition) -> AsyncGenerator[Entries, None]:
        """Yield the entries of a session after a cursor; an empty batch each second without news.

        Raises SessionNotFound, TokenRefused, SignInRequired, TooManyStreams and StorageUnavailable,
        at the start or later, and PlaceInvalid for a cursor after the end of the log. Who follows a
        session while it is deleted gets that entry; nobody begins to follow a deleted one.
        """
        await run_sync(self._check, session_id)
        key = SessionKey(self.caller.tenant_id, SessionId(session_id))
        sessions = self.caller.platform.sessions
        if await run_sync(sessions.is_deleted, key.tenant_id, key.session_id):
            raise SessionNotFound
        if after.position > await run_sync(self.caller.platform.log.head):
            raise PlaceInvalid  # of another server, or of events that a restored backup lacks
        checked_at, loop = asyncio.get_running_loop().time(), asyncio.get_running_loop()
        follow = self.caller.platform.progress.follow
        with self.streams.acquire(self.caller.cache_scope[:2]):
            async with aclosing(follow(key, after)) as batches:
                async for entries in batches:
                    if loop.time() - checked_at > (
                        MAX_CHECK_AGE_S if entries else CHECK_INTERVAL_S
                    ):
                        await run_sync(self._check, session_id)
                        checked_at = loop.time()
                    yield entries

    def _check(self, session_id: str) -> None:
        """Check that the caller may still read the session."""
        caller = self.current_caller()
        key = caller.tenant_id, SessionId(session_id)
        owner = caller.platform.owners.of_session(*key)
        if owner is None or not caller.sees("session", owner):
            raise SessionNotFound

    def current_caller(self) -> Caller:
        """Return the caller, whose token is still valid. Raises SignInRequired and TokenRefused."""
        if self.caller.claims is None:
            return self.caller
        if self.token is None:
            raise SignInRequired
        services = self.caller.platform.accounts()
        return replace(self.caller, claims=services.sign_in_service.authenticate(self.token))
