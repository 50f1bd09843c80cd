"""GraphQL subscriptions: session events and cues.

Each result carries a `cursor`; resubscribing after it misses nothing.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack, aclosing
from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import UUID, uuid4

import strawberry
import structlog
from starlette.requests import HTTPConnection

from api.graphql.content import ContentItem, follow_content
from api.graphql.derived_types import convert
from api.graphql.fields import Resolver, use
from api.graphql.jobs import Job, follow_job
from api.graphql.pagination import key_of
from api.graphql.polling import follow_state
from api.graphql.pose_coach import LatestPoseSessions
from api.graphql.session_event_types import (
    Cued,
    CueEvent,
    SessionEvent,
    SessionProgressed,
    to_type,
)
from api.views.pose_coach import latest_sessions
from application.caller import Caller, checked_id
from application.live import feed_events
from application.live.feed import BEGINNING, Entry, FeedPosition
from application.live.feed_access import FeedAccess, OpenStreams
from application.users.errors import SignInRequired
from domain.kernel import Rejected

log = structlog.get_logger()


class InternalError(Rejected):
    """Internal error. Quote the correlation ID when you report it."""

    code = "internal"
    kind = "unavailable"


@dataclass
class Subscriber:
    """Subscriber of a connection; `caller` is set once a WebSocket has authenticated.

    `connection_params` is the payload of `connection_init`. While `open_socket` is not closed, an
    authenticated WebSocket counts as open.
    """

    connection: HTTPConnection
    caller: Caller | None = None
    token: str | None = None
    connection_params: dict[str, Any] | None = None
    open_socket: ExitStack = field(default_factory=ExitStack)

    def count_socket(self) -> None:
        """Count an authenticated WebSocket as open. Raises SignInRequired and TooManyStreams."""
        if self.caller is None:
            raise SignInRequired
        sockets: OpenStreams = self.connection.app.state.graphql_sockets
        scope, is_shared = self.caller.cache_scope[:2], self.caller.claims is None
        self.open_socket.enter_context(sockets.acquire(scope, is_shared=is_shared))

    def feed_access(self) -> FeedAccess:
        """Return their access to session feeds. Raises SignInRequired."""
        if self.caller is None:
            raise SignInRequired
        caller = replace(self.caller, request_id=uuid4())  # a socket has many operations
        return FeedAccess(caller, self.token, self.connection.app.state.streams)


Info = strawberry.Info[Subscriber, None]


def subscription(description: str, *, instead: str | None = None) -> Callable[[Resolver], Resolver]:
    """Declare a subscription. To type checkers, it stays a method."""
    declared = strawberry.subscription(description=description, deprecation_reason=use(instead))
    return cast("Callable[[Resolver], Resolver]", declared)


async def _entries(info: Info, session_id: str, after: str | None) -> AsyncGenerator[Entry, None]:
    """Yield the entries of a session. Raises what the feed raises, PlaceInvalid and IdInvalid."""
    place = BEGINNING if after is None else FeedPosition.parse(after)
    key = checked_id(key_of("Session", session_id))
    batches = info.context.feed_access().session(key, place)
    async with aclosing(batches):
        try:
            async for entries in batches:
                for entry in entries:
                    yield entry
        except Rejected:
            raise
        except Exception as unexpected:
            log.exception("graphql.failed", subscription=info.field_name)
            raise InternalError from unexpected


async def _cues(info: Info, session_id: str, after: str | None) -> AsyncGenerator[Entry, None]:
    async with aclosing(_entries(info, session_id, after)) as entries:
        async for entry in entries:
            if isinstance(entry.what, feed_events.CueGiven):
                yield entry


@strawberry.type
class Subscription:
    """Subscriptions."""

    @subscription("Events of a session, after a `cursor` or from the start, until its completion.")
    async def session_events(
        self, info: Info, session_id: strawberry.ID, after: str | None = None
    ) -> AsyncGenerator[SessionEvent, None]:
        """Follow a session."""
        async with aclosing(_entries(info, session_id, after)) as entries:
            async for entry in entries:
                yield SessionEvent(cursor=str(entry.id), event=to_type(entry.what))

    @subscription("Events of a session.", instead="sessionEvents")
    async def session_progress(
        self, info: Info, session_id: strawberry.ID, after: str | None = None
    ) -> AsyncGenerator[SessionProgressed, None]:
        """Follow a session."""
        async with aclosing(_entries(info, session_id, after)) as entries:
            async for entry in entries:
                yield SessionProgressed(cursor=str(entry.id), progress=to_type(entry.what))

    @subscription("Changes of an analysis job, after a `revision` or all, until it is over.")
    async def job_progress(
        self, info: Info, job_id: UUID, after: int = 0
    ) -> AsyncGenerator[Job, None]:
        """Follow a job."""
        async with aclosing(follow_job(info.context.feed_access(), job_id, after)) as changes:
            async for job in changes:
                yield Job.of(job)

    @subscription("A video, now and after each change, until it is published or rejected.")
    async def content_progress(
        self, info: Info, content_id: strawberry.ID
    ) -> AsyncGenerator[ContentItem, None]:
        """Follow a video."""
        key = key_of("ContentItem", content_id)
        async with aclosing(follow_content(info.context.feed_access(), key)) as changes:
            async for item in changes:
                yield ContentItem.of(item)

    @subscription("Your newest sessions with the pose coach: now, and after each change.")
    async def latest_workout_sessions(self, info: Info) -> AsyncGenerator[LatestPoseSessions, None]:
        """Follow the sessions of the pose coach."""
        access = info.context.feed_access()
        changes = follow_state(access, latest_sessions, lambda _: False)
        async with aclosing(changes):
            async for latest in changes:
                yield convert(LatestPoseSessions, latest)

    @subscription("Cues of a session, after a `cursor` or from the start.")
    async def session_cues(
        self, info: Info, session_id: strawberry.ID, after: str | None = None
    ) -> AsyncGenerator[CueEvent, None]:
        """Follow the cues of a session."""
        async with aclosing(_cues(info, session_id, after)) as entries:
            async for entry in entries:
                yield CueEvent(cursor=str(entry.id), cue=to_type(entry.what))

    @subscription("Cues of a session.", instead="sessionCues")
    async def cues(
        self, info: Info, session_id: strawberry.ID, after: str | None = None
    ) -> AsyncGenerator[Cued, None]:
        """Follow the cues of a session."""
        async with aclosing(_cues(info, session_id, after)) as entries:
            async for entry in entries:
                yield Cued(cursor=str(entry.id), cue=to_type(entry.what))
