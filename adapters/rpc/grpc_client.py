"""Worker RPC client over gRPC (HTTP/2)."""

# gRPC is without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import json
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import grpc  # type: ignore[import-untyped]  # without types
from grpc import aio

from adapters.rpc.grpc_errors import to_rejection
from application.kernel.rpc import (
    MAX_REQUEST_BYTES,
    Codec,
    InvalidMessage,
    Method,
    WorkersUnavailable,
)

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")

MIN_TIMEOUT_S: Final = 0.001
CONNECT_MS: Final = 5000
"""Time limit of a connection attempt with its handshakes; a busy machine takes a second."""

ROUND_ROBIN: Final = json.dumps({"loadBalancingConfig": [{"round_robin": {}}]})
"""Round robin over the workers behind a name: any may process any chunk."""

OPTIONS: Final = (
    ("grpc.max_receive_message_length", MAX_REQUEST_BYTES),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", CONNECT_MS),  # also limits each attempt to connect
    ("grpc.max_reconnect_backoff_ms", 2000),
    ("grpc.service_config", ROUND_ROBIN),
    ("grpc.enable_http_proxy", 0),
)


class GrpcClient:
    """An `RpcClient` to `address`, a host:port or gRPC's name of several.

    `root` is the PEM certificate that signed the workers' own; without it, nothing is encrypted.
    `headers` returns the trace headers of a call.
    """

    def __init__(
        self,
        address: str,
        codec: Codec,
        *,
        secret: str | None = None,
        root: bytes | None = None,
        headers: Callable[[], Sequence[tuple[str, bytes]]] = tuple,
    ) -> None:
        self._address = address
        self._codec = codec
        self._root = root
        self._headers = headers
        self._authorization = () if secret is None else (("authorization", f"Bearer {secret}"),)

    async def start(self) -> None:
        if self._root is None:
            self._channel: Any = aio.insecure_channel(self._address, options=OPTIONS)
            return
        credentials = grpc.ssl_channel_credentials(self._root)
        self._channel = aio.secure_channel(self._address, credentials, options=OPTIONS)

    async def stop(self) -> None:
        await self._channel.close()

    async def call(
        self, method: Method[RequestT, ResponseT], request: RequestT, within_s: float
    ) -> ResponseT:
        """Call a method. Raises WorkersUnavailable and CallRejected."""
        trace = ((name, text.decode()) for name, text in self._headers())
        call = self._channel.unary_unary(method.full_name)
        try:
            content = await call(
                self._codec.encode(request),
                timeout=max(within_s, MIN_TIMEOUT_S),
                metadata=(*self._authorization, *trace),
            )
        except aio.AioRpcError as failed:
            raise to_rejection(failed) from failed
        return decode_response(self._codec, method, content)


def decode_response(codec: Codec, method: Method[Any, ResponseT], content: bytes) -> ResponseT:
    """Decode a response. Raises WorkersUnavailable for anything else."""
    try:
        return codec.decode(method.response, content)
    except InvalidMessage as error:
        raise WorkersUnavailable(f"The response is not one of a worker: {error.detail}") from error
