"""Workers are asked in the process that asks."""

import asyncio
from typing import TypeVar

import structlog

from application.kernel.rpc import CallRejected, WorkersUnavailable
from application.kernel.telemetry import current_trace
from application.live.worker_contract import Method
from application.live.worker_server import RpcServer
from domain.kernel import Rejected

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")

log = structlog.get_logger()


class InProcessClient:
    """`WorkerCalls` to the workers of this process, which work on threads."""

    def __init__(self, answering: RpcServer) -> None:
        self._answering = answering

    async def start(self) -> None:
        """Begin: they are here."""

    async def stop(self) -> None:
        """End."""

    async def call(
        self, method: Method[RequestT, ResponseT], asked: RequestT, within_s: float
    ) -> ResponseT:
        """Ask. Raises WorkersUnavailable and CallRejected; a late call still runs to its end."""
        work = self._answering.answer
        try:
            async with asyncio.timeout(within_s):
                told: ResponseT = await asyncio.to_thread(work, method, asked, current_trace())
        except Rejected as refusal:
            if refusal.kind == "unavailable":
                raise WorkersUnavailable(refusal.detail) from refusal
            raise CallRejected(refusal.code, refusal.kind, refusal.detail) from refusal
        except TimeoutError as late:
            raise WorkersUnavailable(f"No worker answered: {late!r}") from late
        except Exception as failed:
            log.exception("worker.failed", method=method.full_name)
            raise WorkersUnavailable("Something of ours broke.") from failed
        return told
