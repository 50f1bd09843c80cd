"""The RPC server finishes open calls before it closes, and accepts no new ones."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from adapters.rpc.grpc_client import GrpcClient
from adapters.rpc.http_client import HttpClient
from adapters.rpc.protobuf import ProtobufCodec
from application.kernel.rpc import RpcClient, RpcServer, WorkersUnavailable
from application.live.worker_contract import CHOOSE_CUE, CueRequest, CueResponse
from bootstrap import rpc_server
from domain.motion.facts import PoseLost
from streams.json_codec import JsonCodec

WITHIN_S = 60.0
NOTICED = CueRequest("squat", b"", PoseLost(1.0))


class StubHandler:
    """A coach handler that waits until it is released."""

    def __init__(self) -> None:
        self.called, self.release = Event(), Event()

    def choose(self, _noticed: CueRequest) -> CueResponse:
        self.called.set()
        assert self.release.wait(WITHIN_S)
        return CueResponse(b"thought")


StartServer = Callable[..., AbstractAsyncContextManager[str]]


@pytest.mark.parametrize(
    ("server", "connect"),
    [
        (rpc_server._grpc, lambda address: GrpcClient(address, ProtobufCodec())),
        (rpc_server._http, lambda address: HttpClient(address, JsonCodec())),
    ],
    ids=["grpc", "http"],
)
def test_open_calls_are_answered_before_the_server_closes(
    server: StartServer, connect: Callable[[str], RpcClient]
) -> None:
    """R-POS-09, R-EVT-11."""
    handler = StubHandler()

    async def main() -> None:
        closing = asyncio.Event()

        async def serve(opened: "asyncio.Future[str]") -> None:
            async with server(
                RpcServer({CHOOSE_CUE: handler.choose}), "127.0.0.1:0", None, WITHIN_S
            ) as at:
                opened.set_result(at)
                await closing.wait()

        opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(serve(opened))
        calls = connect(await opened)
        await calls.start()
        answer = asyncio.create_task(calls.call(CHOOSE_CUE, NOTICED, WITHIN_S))
        called = asyncio.create_task(asyncio.to_thread(handler.called.wait, WITHIN_S))
        await asyncio.wait({answer, called}, return_when=asyncio.FIRST_COMPLETED)
        assert not answer.done(), answer.exception()
        closing.set()
        await wait_until_refused(connect, opened.result())
        assert not answer.done()
        handler.release.set()
        assert (await answer).memory == b"thought"
        await serving
        await calls.stop()

    asyncio.run(main())


def test_a_server_with_the_wrong_tls_key_is_never_announced(tmp_path: Path) -> None:
    """R-POS-09"""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    for each in (key, certificate):
        each.write_text("no key")

    async def main() -> None:
        async with rpc_server._http(
            RpcServer({}), "127.0.0.1:0", rpc_server.Tls(key, certificate), 1.0
        ):
            raise AssertionError

    with pytest.raises(rpc_server.TlsInvalid):
        asyncio.run(main())


async def wait_until_refused(connect: Callable[[str], Any], address: str) -> None:
    """Call until the server refuses."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            calls = connect(address)
            await calls.start()
            try:
                await calls.call(CHOOSE_CUE, NOTICED, 0.2)
            except WorkersUnavailable as error:
                if "DEADLINE" not in error.detail and "Timeout" not in error.detail:
                    return
            finally:
                await calls.stop()
