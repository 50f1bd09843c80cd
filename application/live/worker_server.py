"""RPC server of the workers: checks the secret, traces the call, calls the handler."""

import hmac
from typing import Any, Final

import structlog

from application.kernel.rpc import NotServed, WrongSecret
from application.kernel.telemetry import OFF, Telemetry, TraceParent
from application.live.worker_contract import METHODS, Method
from application.live.worker_handlers import Handlers

MAX_REQUEST_BYTES: Final = 4 * 1024 * 1024
"""Largest request: the longest chunk, 600 frames with world landmarks, has 2.8 MB as JSON."""

BEARER: Final = "bearer "


class RpcServer:
    """Serves the workers of this process. Any thread may call it.

    `secret` is what callers must send; None admits every caller.
    """

    def __init__(
        self, handlers: Handlers, *, secret: str | None = None, telemetry: Telemetry = OFF
    ) -> None:
        self._handlers = handlers
        self._secret = secret
        self._tracing = telemetry.tracing

    @property
    def methods(self) -> tuple[Method[Any, Any], ...]:
        """The methods of the workers of this process."""
        return tuple(method for method in METHODS if method in self._handlers)

    def admit(self, authorization: str) -> None:
        """Check the secret: `Bearer` and the secret. Raises WrongSecret."""
        if self._secret is None:
            return
        named, given = authorization[: len(BEARER)], authorization[len(BEARER) :]
        is_right = hmac.compare_digest(given.encode(), self._secret.encode())
        if named.lower() != BEARER or not is_right:
            raise WrongSecret

    def answer(self, method: Method[Any, Any], request: Any, trace: TraceParent | None) -> Any:
        """Call the handler of a method. Raises Rejected."""
        work = self._handlers.get(method)
        if work is None:
            raise NotServed(f"This process does not answer for the {method.service}.")
        if trace is None:
            return work(request)
        name = f"answer {method.service}.{method.name}"
        with (
            structlog.contextvars.bound_contextvars(correlation_id=str(trace.trace_id)),
            self._tracing.span(name, kind="server", beneath=trace),
        ):
            return work(request)
