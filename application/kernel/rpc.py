"""How whoever needs a worker reaches one: in this process, over gRPC or over HTTP.

What every way promises, and `tests/contracts/test_worker_rpc.py` holds each of them to:

- at least once: whoever is not answered asks again, for as long as it takes; an answer means that
  what the worker had to keep is kept;
- in order for each key, which is a session: whoever asks sends one question about a session at a
  time, and the next one after its answer;
- the same question is answered the same, to the byte, and tells the same ids: nothing happens
  twice;
- what cannot be read is refused and never asked again; what was read and cannot be worked is
  answered with the reason, and the session goes on without it.
"""

from typing import Protocol, TypeVar

from application.live.worker_contract import Method
from domain.kernel import Rejected, RejectionKind

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")


class WorkersUnavailable(Rejected):
    """No worker answered in time: whether it did what was asked is not known; ask again."""

    code = "worker.away"
    kind = "unavailable"


class InvalidMessage(Rejected):
    """These bytes are no message of the contract."""

    code = "worker.message_broken"
    kind = "invalid"


class NotServed(Rejected):
    """This process answers for other workers."""

    code = "worker.not_served"
    kind = "not_found"


class WrongSecret(Rejected):
    """Workers answer only those who send their secret."""

    code = "worker.secret_wrong"
    kind = "unauthenticated"


class CallRejected(Rejected):
    """A worker will not do this, however often it is asked.

    `refusal` is the code of its rule, and `sort` its kind.
    """

    code = "worker.refused"

    def __init__(self, refusal: str, sort: RejectionKind, detail: str) -> None:
        super().__init__(detail)
        self.refusal = refusal
        self.sort: RejectionKind = sort


class RpcClient(Protocol):
    """Asks workers. Belongs to one event loop."""

    async def start(self) -> None:
        """Begin; a worker need not be there yet."""
        ...

    async def stop(self) -> None:
        """End, and let go of connections."""
        ...

    async def call(
        self, method: Method[RequestT, ResponseT], asked: RequestT, within_s: float
    ) -> ResponseT:
        """Ask, and wait for the answer. Raises WorkersUnavailable and CallRejected."""
        ...


class Codec(Protocol):
    """Writes messages of the contract as bytes, and reads them."""

    def encode(self, message: object) -> bytes: ...

    def decode(self, kind: type[ResponseT], content: bytes) -> ResponseT:
        """Read a message of a class of the contract. Raises InvalidMessage."""
        ...
