"""Worker channel over RPC: one call for each chunk, and one for the progress of a session.

A circuit breaker keeps clients from waiting for workers that are unavailable.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

import structlog
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from application.kernel.bus import BusUnavailable
from application.kernel.rpc import CallRejected, Method, RpcClient, WorkersUnavailable
from application.live.chunk import FrameChunk, SessionKey
from application.live.replies import LiveReply
from application.live.worker_contract import GET_PROGRESS, TRACK_CHUNK
from application.live.worker_handlers import to_live_chunk

THRESHOLD: Final = 5
"""Failures in a row that open the circuit."""
OPEN_S: Final = 2.0
"""Time for which the circuit stays open; about two intervals of a delayed client."""
LEAST_S: Final = 0.2
"""Least time for a worker to reply, however late a chunk is sent."""

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")

log = structlog.get_logger()


class RpcWorkerChannel:
    """A `WorkerChannel` over RPC: a reply confirms that the chunk is stored.

    No reply comes later, and none reaches other processes. Belongs to one event loop.
    """

    def __init__(self, calls: RpcClient) -> None:
        self._calls = calls

    async def start(self, on_reply: Callable[[LiveReply], None]) -> None:
        self._on_reply = on_reply
        self._breakers = AsyncCircuitBreakerFactory(
            default_threshold=THRESHOLD,
            default_ttl=OPEN_S,
            exclude=[asyncio.CancelledError, CallRejected],
        )
        await self._calls.start()

    async def stop(self) -> None:
        await self._calls.stop()

    async def ready(self, within_s: float) -> bool:  # noqa: ARG002  no replies to wait for
        """Return True."""
        return True

    async def refresh(self, key: SessionKey, within_s: float) -> None:
        with suppress(BusUnavailable, CallRejected):  # a query of the chunk will show it
            reply = await self._called(GET_PROGRESS, key, within_s)
            if reply.standing is not None:
                self._on_reply(LiveReply(key, reply.standing.sequence, reply.standing))

    async def request(self, key: SessionKey, message: FrameChunk, within_s: float) -> LiveReply:
        try:
            reply = await self._called(TRACK_CHUNK, to_live_chunk(key, message), within_s)
        except CallRejected as refused:
            if refused.sort not in {"invalid", "conflict"}:
                log.error(  # noqa: TRY400  misconfigured: a traceback would not help
                    "live.workers_refuse", code=refused.refusal, detail=refused.detail
                )
                raise BusUnavailable(f"The workers let nobody in: {refused.detail}") from refused
            why = f"{refused.refusal}: {refused.detail}"
            reply = LiveReply.unprocessed(key, message, why)
        self._on_reply(reply)
        return reply

    async def publish(self, reply: LiveReply, within_s: float) -> None:  # noqa: ARG002  it is here
        """Pass the reply to this process, the only one that listens."""
        self._on_reply(reply)

    async def _called(
        self, method: Method[RequestT, ResponseT], request: RequestT, within_s: float
    ) -> ResponseT:
        """Call a worker unless the circuit is open. Raises BusUnavailable and CallRejected."""
        try:
            async with await self._breakers.get_breaker("workers"):
                return await self._calls.call(method, request, max(within_s, LEAST_S))
        except (WorkersUnavailable, OpenedState) as error:
            raise BusUnavailable(f"No worker took a chunk: {error!r}.") from error
