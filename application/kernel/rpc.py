"""Worker RPC: client port, codec port, server and errors, in process, over gRPC or over HTTP.

Every transport guarantees, and `tests/contracts/test_worker_rpc.py` checks:

- at least once: a caller without a reply repeats the call; a reply means that the worker has stored
the results;

- order by key, which is a session: a caller sends one call per session at a time;

- the same request gives the same reply, byte for byte, with the same ids;

- an unreadable request is rejected for good; a readable one that cannot be processed gets a reply
with the reason, and the session continues without it.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from opentelemetry.context import Context
from opentelemetry.trace import SpanKind

from application.kernel.tracing import span
from domain.kernel import Rejected, RejectionKind
from domain.tenants.tenant_id import parse_tenant_id

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")

PACKAGE: Final = "kinelog.v1"
"""Package of the services in `api/contract/kinelog.proto`."""

MAX_REQUEST_BYTES: Final = 4 * 1024 * 1024
"""Largest request: the longest chunk, 600 frames with world landmarks, has 2.8 MB as JSON."""

BEARER: Final = "bearer "


@dataclass(frozen=True)
class Method(Generic[RequestT, ResponseT]):
    """A method of a worker. `path` is that of HTTP."""

    service: str
    name: str
    path: str
    request: type[RequestT]
    response: type[ResponseT]

    @property
    def full_name(self) -> str:
        """The path of gRPC."""
        return f"/{PACKAGE}.{self.service}/{self.name}"


Handlers = Mapping[Method[Any, Any], Callable[[Any], Any]]
"""The handler of each method; it blocks, and raises Rejected."""


class WorkersUnavailable(Rejected):
    """No worker replied in time. The request may have been processed; repeat it."""

    code = "worker.away"
    kind = "unavailable"


class InvalidMessage(Rejected):
    """The bytes are not a message of the contract."""

    code = "worker.message_broken"
    kind = "invalid"


class NotServed(Rejected):
    """This process does not serve that worker. Call another one."""

    code = "worker.not_served"
    kind = "not_found"


class WrongSecret(Rejected):
    """The worker secret is missing or wrong."""

    code = "worker.secret_wrong"
    kind = "unauthenticated"


class CallRejected(Rejected):
    """The worker rejects this request, however often it is sent.

    `refusal` is the code of its rule, and `sort` its kind.
    """

    code = "worker.refused"

    def __init__(self, refusal: str, sort: RejectionKind, detail: str) -> None:
        super().__init__(detail)
        self.refusal = refusal
        self.sort: RejectionKind = sort


class RpcClient(Protocol):
    """Calls workers. Belongs to one event loop."""

    async def start(self) -> None:
        """Start; a worker need not be there yet."""
        ...

    async def stop(self) -> None:
        """Stop, and close connections."""
        ...

    async def call(
        self, method: Method[RequestT, ResponseT], request: RequestT, within_s: float
    ) -> ResponseT:
        """Call a method. Raises WorkersUnavailable and CallRejected."""
        ...


class Codec(Protocol):
    """Encodes and decodes messages of the contract."""

    def encode(self, message: object) -> bytes: ...

    def decode(self, kind: type[ResponseT], content: bytes) -> ResponseT:
        """Decode a message of a class of the contract. Raises InvalidMessage."""
        ...


class RpcServer:
    """Serves the workers of this process. Any thread may call it.

    `secret` is what callers must send; None admits every caller.
    """

    def __init__(self, handlers: Handlers, *, secret: str | None = None) -> None:
        self._handlers = handlers
        self._secret = secret

    @property
    def methods(self) -> tuple[Method[Any, Any], ...]:
        """The methods of the workers of this process."""
        return tuple(self._handlers)

    def admit(self, authorization: str) -> None:
        """Check the secret: `Bearer` and the secret. Raises WrongSecret."""
        if self._secret is None:
            return
        named, given = authorization[: len(BEARER)], authorization[len(BEARER) :]
        is_right = hmac.compare_digest(given.encode(), self._secret.encode())
        if named.lower() != BEARER or not is_right:
            raise WrongSecret

    def answer(self, method: Method[Any, Any], request: Any, trace: Context | None = None) -> Any:
        """Call the handler of a method, in the trace of its caller, for the tenant of the request.

        Raises Rejected.
        """
        work = self._handlers.get(method)
        if work is None:
            raise NotServed(f"This process does not answer for the {method.service}.")
        tenant_id = request.tenant_id
        attributes: dict[str, str] = {}
        if tenant_id is not None:
            attributes["kinelog.tenant"] = parse_tenant_id(tenant_id)
        name = f"answer {method.service}.{method.name}"
        with span(name, trace, kind=SpanKind.SERVER, attributes=attributes):
            return work(request)
