"""Workers are asked in the process that asks."""

import asyncio
from typing import TypeVar

import structlog

from application.kernel.rpc import CallRefused, WorkersAway
from application.kernel.telemetry import current_trace
from application.live.worker_contract import Method
from application.live.worker_server import Answering
from domain.kernel import Rejected

Asked = TypeVar("Asked")
Told = TypeVar("Told")

log = structlog.get_logger()


class InProcessCalls:
    """`WorkerCalls` to the workers of this process, which work on threads."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    async def start(self) -> None:
        """Begin: they are here."""

    async def stop(self) -> None:
        """End."""

    async def call(self, method: Method[Asked, Told], asked: Asked, within_s: float) -> Told:
        """Ask. Raises WorkersAway and CallRefused. What takes too long is finished all the same."""
        work = self._answering.answer
        try:
            async with asyncio.timeout(within_s):
                told: Told = await asyncio.to_thread(work, method, asked, current_trace())
        except Rejected as refusal:
            if refusal.kind == "unavailable":
                raise WorkersAway(refusal.detail) from refusal
            raise CallRefused(refusal.code, refusal.kind, refusal.detail) from refusal
        except TimeoutError as late:
            raise WorkersAway(f"No worker answered: {late!r}") from late
        except Exception as failed:
            log.exception("worker.failed", method=method.full_name)
            raise WorkersAway("Something of ours broke.") from failed
        return told
