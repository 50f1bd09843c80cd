"""The gRPC client waits for a worker that is slow to accept a connection."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Final

from adapters.rpc.grpc_client import GrpcClient
from adapters.rpc.protobuf import ProtobufCodec
from application.kernel.rpc import RpcServer
from application.live.worker_contract import CHOOSE_CUE, CueRequest, CueResponse
from bootstrap import rpc_server
from domain.motion.facts import PoseLost

LATER_S: Final = 0.8


def answer(_: CueRequest) -> CueResponse:
    return CueResponse(b"answered")


async def copy(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while content := await source.read(65_536):
            to.write(content)
            await to.drain()
    to.close()


@asynccontextmanager
async def delayed(address: str) -> AsyncGenerator[str]:
    """Forward connections to an address, each after a while, as a busy machine does."""
    host, _, port = address.rpartition(":")

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(LATER_S)
        answers, requests = await asyncio.open_connection(host, int(port))
        await asyncio.gather(copy(reader, requests), copy(answers, writer))

    server = await asyncio.start_server(forward, "127.0.0.1", 0)
    try:
        yield "{}:{}".format(*server.sockets[0].getsockname())
    finally:
        server.close()


def test_a_call_waits_for_a_slow_connection() -> None:
    """R-POS-09: it is not refused as if the worker were away."""

    async def main() -> bytes:
        async with (
            rpc_server._grpc(RpcServer({CHOOSE_CUE: answer}), "127.0.0.1:0", None, 1.0) as at,
            delayed(at) as slow,
        ):
            client = GrpcClient(slow, ProtobufCodec())
            await client.start()
            request = CueRequest("squat", b"", PoseLost(1.0))
            response = await client.call(CHOOSE_CUE, request, 30.0)
            await client.stop()
            return response.memory

    assert asyncio.run(main()) == b"answered"
