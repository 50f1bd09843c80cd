"""Worker RPC: client port, codec port and errors, in process, over gRPC or over HTTP.

Every transport guarantees, and `tests/contracts/test_worker_rpc.py` checks:

- at least once: a caller without a reply repeats the call; a reply means that the worker has stored
the results;

- order by key, which is a session: a caller sends one call per session at a time;

- the same request gives the same reply, byte for byte, with the same ids;

- an unreadable request is rejected for good; a readable one that cannot be processed gets a reply
with the reason, and the session continues without it.
"""

from typing import Protocol, TypeVar

from application.live.worker_contract import Method
from domain.kernel import Rejected, RejectionKind

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")


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
