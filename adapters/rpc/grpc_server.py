"""Worker RPC server over gRPC (HTTP/2): the services of the contract, and health."""

# gRPC and protobuf are without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import grpc  # type: ignore[import-untyped]  # without types
import structlog
from grpc import aio

from adapters.rpc.grpc_errors import CODE, STATUS
from application.kernel.rpc import MAX_REQUEST_BYTES, Codec, Method, RpcServer
from application.kernel.tracing import TRACE_PARENT, parse_traceparent
from application.live.worker_contract import METHODS
from domain.kernel import Rejected

HEALTH: Final = "/grpc.health.v1.Health/Check"
"""https://github.com/grpc/grpc/blob/master/doc/health-checking.md"""
SERVING: Final = b"\x08\x01"
NOT_SERVING: Final = b"\x08\x02"
"""A HealthCheckResponse whose only field, number 1, is the status."""

OPTIONS: Final = (
    ("grpc.max_receive_message_length", MAX_REQUEST_BYTES),
    ("grpc.so_reuseport", 0),  # so that a port that is taken is refused
)

Work = Callable[[bytes, Any], Awaitable[bytes]]

log = structlog.get_logger()


class PortTaken(OSError):  # noqa: N818  not our fault
    """The address is in use or cannot be listened on. Choose another one."""


class GrpcServer:
    """A gRPC server for the workers of this process. Belongs to one event loop.

    `key_and_certificate` are PEM, for TLS; without, nothing is encrypted.
    """

    def __init__(
        self,
        workers: RpcServer,
        codec: Codec,
        *,
        key_and_certificate: tuple[bytes, bytes] | None = None,
    ) -> None:
        self._workers = workers
        self._codec = codec
        self._tls = key_and_certificate
        self._is_serving = True

    async def open(self, address: str) -> int:
        """Listen on `host:port` and serve; return the port. Raises PortTaken."""
        self._server = aio.server(options=OPTIONS)
        self._server.add_generic_rpc_handlers(
            [
                *(_handler(method.full_name, self._work_of(method)) for method in METHODS),
                _handler(HEALTH, self._health),
            ]
        )
        try:
            port = self._listen(address)
        except RuntimeError as refused:
            raise PortTaken(str(refused)) from refused
        await self._server.start()
        return port

    async def close(self, within_s: float) -> None:
        """Stop listening, and finish running calls within the time."""
        self._is_serving = False
        await self._server.stop(within_s)

    def _listen(self, address: str) -> int:
        if self._tls is None:
            return int(self._server.add_insecure_port(address))
        return int(self._server.add_secure_port(address, grpc.ssl_server_credentials([self._tls])))

    def _work_of(self, method: Method[Any, Any]) -> Work:
        async def answer(content: bytes, context: Any) -> bytes:
            return await self._answer(method, content, context)

        return answer

    async def _answer(self, method: Method[Any, Any], content: bytes, context: Any) -> bytes:
        metadata = dict(context.invocation_metadata())
        try:
            return await asyncio.to_thread(self._work, method, content, metadata)
        except Rejected as refusal:
            code = ((CODE, refusal.code),)
            await context.abort(STATUS[refusal.kind], refusal.detail, code)
        except Exception:
            log.exception("worker.failed", method=method.full_name)
            await context.abort(grpc.StatusCode.INTERNAL, "Internal error.")
        raise AssertionError  # abort never returns

    def _work(self, method: Method[Any, Any], content: bytes, metadata: dict[str, str]) -> bytes:
        self._workers.admit(metadata.get("authorization", ""))
        request = self._codec.decode(method.request, content)
        trace = parse_traceparent(metadata.get(TRACE_PARENT, ""))
        return self._codec.encode(self._workers.answer(method, request, trace))

    async def _health(self, _request: bytes, _context: Any) -> bytes:
        """Report whether this process accepts calls, for any service."""
        return SERVING if self._is_serving else NOT_SERVING


def _handler(full_name: str, work: Work) -> Any:
    """Return the handler of a method: `/service/name`."""
    _, service, name = full_name.split("/")
    handlers = {name: grpc.unary_unary_rpc_method_handler(work)}
    return grpc.method_handlers_generic_handler(service, handlers)
