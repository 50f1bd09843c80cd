"""A door asks its pose worker about each chunk, and hears where a session stands when it must.

A circuit breaker keeps clients from waiting for workers that are away.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

import structlog
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from application.kernel.bus import BusUnavailable
from application.kernel.rpc import CallRejected, RpcClient, WorkersUnavailable
from application.live.chunk import FrameChunk, SessionKey
from application.live.replies import LiveReply, after
from application.live.worker_contract import STAND, WATCH, Method
from application.live.worker_handlers import to_live_chunk

THRESHOLD: Final = 5
"""Failures in a row that open the circuit."""
OPEN_S: Final = 2.0
"""How long nobody tries then; about two intervals of a client that was told to wait."""
LEAST_S: Final = 0.2
"""However late a chunk comes to be sent, workers are given so long before they count as away."""

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")

log = structlog.get_logger()


class RpcWorkerChannel:
    """A `PoseStream` whose workers are called: an answer says that the chunk is kept.

    There is no answer that comes later, and none that other processes hear. Belongs to one loop.
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

    async def ready(self, within_s: float) -> bool:  # noqa: ARG002  nothing is to be heard
        """Say yes."""
        return True

    async def refresh(self, key: SessionKey, within_s: float) -> None:
        with suppress(BusUnavailable, CallRejected):  # asking about the chunk will tell
            stood = await self._called(STAND, key, within_s)
            if stood.standing is not None:
                self._on_reply(LiveReply(key, stood.standing.sequence, stood.standing))

    async def request(self, key: SessionKey, message: FrameChunk, within_s: float) -> LiveReply:
        try:
            reply = await self._called(WATCH, to_live_chunk(key, message), within_s)
        except CallRejected as refused:
            if refused.sort not in {"invalid", "conflict"}:
                log.error(  # noqa: TRY400  it is a setting, no stack would tell
                    "live.workers_refuse", code=refused.refusal, detail=refused.detail
                )
                raise BusUnavailable(f"The workers let nobody in: {refused.detail}") from refused
            why = f"{refused.refusal}: {refused.detail}"
            reply = LiveReply(key, message.sequence, after(None, message), refused=why)
        self._on_reply(reply)
        return reply

    async def publish(self, reply: LiveReply, within_s: float) -> None:  # noqa: ARG002  it is here
        """Tell this process; it is the only one that would listen."""
        self._on_reply(reply)

    async def _called(
        self, method: Method[RequestT, ResponseT], asked: RequestT, within_s: float
    ) -> ResponseT:
        """Ask a worker, unless none answered lately. Raises BusUnavailable and CallRejected."""
        try:
            async with await self._breakers.get_breaker("workers"):
                return await self._calls.call(method, asked, max(within_s, LEAST_S))
        except (WorkersUnavailable, OpenedState) as away:
            raise BusUnavailable(f"No worker took a chunk: {away!r}.") from away
