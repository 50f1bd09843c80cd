"""Worker RPC client over HTTP, with JSON."""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import httpx2

from adapters.rpc.grpc_client import decode_response
from application.kernel.rpc import CallRejected, Codec, Method, WorkersUnavailable
from domain.kernel import Rejected, RejectionKind

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")

KIND: Final[dict[int, RejectionKind]] = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    412: "stale",
}
"""Kinds of rejections by status; all others are invalid."""


class HttpClient:
    """An `RpcClient` to `url`, the prefix of the paths of the contract.

    `root` is the file of the certificate that signed the workers' own, for https. `headers` returns
    the trace headers of a call.
    """

    def __init__(
        self,
        url: str,
        codec: Codec,
        *,
        secret: str | None = None,
        root: str | None = None,
        headers: Callable[[], Sequence[tuple[str, bytes]]] = tuple,
    ) -> None:
        self._url = url.rstrip("/")
        self._codec = codec
        self._root = root
        self._headers = headers
        own = {} if secret is None else {"Authorization": f"Bearer {secret}"}
        self._own = {"Content-Type": "application/json", **own}

    async def start(self) -> None:
        verify = True if self._root is None else ssl.create_default_context(cafile=self._root)
        self._client = httpx2.AsyncClient(verify=verify, trust_env=False, timeout=None)

    async def stop(self) -> None:
        await self._client.aclose()

    async def call(
        self, method: Method[RequestT, ResponseT], request: RequestT, within_s: float
    ) -> ResponseT:
        """Call a method. Raises WorkersUnavailable and CallRejected."""
        trace = {name: text.decode() for name, text in self._headers()}
        try:
            async with asyncio.timeout(within_s):
                response = await self._client.post(
                    f"{self._url}{method.path}",
                    content=self._codec.encode(request),
                    headers={**self._own, **trace},
                )
        except (httpx2.TransportError, TimeoutError) as error:
            raise WorkersUnavailable(f"No worker replied: {error!r}") from error
        if response.is_success:
            return decode_response(self._codec, method, response.content)
        raise to_rejection(response)


def to_rejection(response: httpx2.Response) -> Rejected:
    """Convert an error response to CallRejected or WorkersUnavailable."""
    try:
        problem: Any = response.json()
        code, detail = str(problem["code"]), str(problem["detail"])
    except (ValueError, TypeError, KeyError):  # not a problem of Kinelog
        return WorkersUnavailable(f"The response {response.status_code} is not one of a worker.")
    if response.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR:
        return WorkersUnavailable(f"No worker replied: {code}: {detail}")
    return CallRejected(code, KIND.get(response.status_code, "invalid"), detail)
