"""Worker RPC client for workers in the same process."""

import asyncio
from typing import TypeVar

import structlog

from application.kernel.rpc import CallRejected, Method, RpcServer, WorkersUnavailable
from domain.kernel import Rejected

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")

log = structlog.get_logger()


class InProcessClient:
    """An `RpcClient` to the workers of this process, which run on threads."""

    def __init__(self, workers: RpcServer) -> None:
        self._workers = workers

    async def start(self) -> None:
        """Do nothing."""

    async def stop(self) -> None:
        """Do nothing."""

    async def call(
        self, method: Method[RequestT, ResponseT], request: RequestT, within_s: float
    ) -> ResponseT:
        """Call a method. Raises WorkersUnavailable and CallRejected; a late call runs on."""
        work = self._workers.answer
        try:
            async with asyncio.timeout(within_s):
                response: ResponseT = await asyncio.to_thread(work, method, request)
        except Rejected as refusal:
            if refusal.kind == "unavailable":
                raise WorkersUnavailable(refusal.detail) from refusal
            raise CallRejected(refusal.code, refusal.kind, refusal.detail) from refusal
        except TimeoutError as timeout:
            raise WorkersUnavailable(f"No worker replied: {timeout!r}") from timeout
        except Exception as failed:
            log.exception("worker.failed", method=method.full_name)
            raise WorkersUnavailable("Internal error.") from failed
        return response
