"""RPC server: serves worker calls over gRPC and HTTP, and shuts down gracefully."""

import asyncio
import signal
import ssl
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn

from adapters.clock import new_id
from adapters.rpc.grpc_server import GrpcServer, PortTaken
from adapters.rpc.protobuf import ProtobufCodec
from api.middleware.hosts import is_loopback
from api.worker_rpc import build_worker_app
from application.kernel.rpc import RpcServer
from bootstrap.http_protocol import BoundedHttpProtocol
from bootstrap.server import AddressUnavailable, bind_socket
from bootstrap.settings import Settings
from bootstrap.wiring.bus import SettingMissing
from bootstrap.wiring.rpc import read_file, worker_secret
from domain.kernel import Rejected
from streams.json_codec import JsonCodec

START_POLL_S: Final = 0.01

Announce = Callable[[dict[str, str]], None]


class AddressInvalid(Rejected):
    """Write an address as host:port."""

    code = "address.invalid"
    kind = "invalid"


class UnauthenticatedWorkerAccess(Rejected):
    """Other machines can reach this address. Set KINELOG_WORKER_SECRET to authenticate callers."""

    code = "worker.open_to_others"
    kind = "invalid"


class TlsInvalid(Rejected):
    """KINELOG_WORKER_TLS_KEY and KINELOG_WORKER_TLS_CERT must be a PEM key and its certificate."""

    code = "worker.tls_invalid"
    kind = "invalid"


@dataclass(frozen=True)
class Tls:
    """Readable files of a TLS key and its certificate."""

    key: Path
    certificate: Path


def build_tls(settings: Settings) -> Tls | None:
    """Return the TLS files of the settings, if any. Raises SettingMissing and FileUnreadable."""
    key, certificate = settings.worker_tls_key, settings.worker_tls_cert
    if key is None and certificate is None:
        return None
    if key is None or certificate is None:
        raise SettingMissing("Set both KINELOG_WORKER_TLS_CERT and KINELOG_WORKER_TLS_KEY.")
    for path in (key, certificate):
        read_file(path)
    return Tls(key, certificate)


def serve_workers(
    settings: Settings,
    workers: RpcServer,
    *,
    grpc: str | None,
    http: str | None,
    announce: Announce,
) -> None:
    """Serve on these addresses (host:port) until a shutdown signal, and finish open requests.

    Calls `announce` with the addresses once all of them listen. Raises AddressUnavailable,
    AddressInvalid, UnauthenticatedWorkerAccess, SettingMissing and FileUnreadable.
    """
    for address in (grpc, http):
        is_local = address is None or is_loopback(_parts(address)[0].strip("[]"))
        if not is_local and worker_secret(settings) is None:
            raise UnauthenticatedWorkerAccess
    asyncio.run(_serve(workers, grpc, http, build_tls(settings), settings.shutdown_s, announce))


async def _serve(
    workers: RpcServer,
    grpc: str | None,
    http: str | None,
    tls: Tls | None,
    shutdown_s: float,
    announce: Announce,
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as opened:
        where: dict[str, str] = {}
        if grpc is not None:
            where["grpc"] = await opened.enter_async_context(_grpc(workers, grpc, tls, shutdown_s))
        if http is not None:
            where["http"] = await opened.enter_async_context(_http(workers, http, tls, shutdown_s))
        announce(where)
        await stop.wait()


@asynccontextmanager
async def _grpc(
    workers: RpcServer, address: str, tls: Tls | None, shutdown_s: float
) -> AsyncGenerator[str]:
    pair = None if tls is None else (tls.key.read_bytes(), tls.certificate.read_bytes())
    server = GrpcServer(workers, ProtobufCodec(), key_and_certificate=pair)
    host, _ = _parts(address)
    try:
        port = await server.open(address)
    except PortTaken as refused:
        raise AddressUnavailable(f"{address} cannot be listened on: {refused}.") from refused
    try:
        yield f"{host}:{port}"
    finally:
        await server.close(shutdown_s)


class _Server(uvicorn.Server):
    """Server that leaves signal handling to its caller."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@asynccontextmanager
async def _http(
    workers: RpcServer, address: str, tls: Tls | None, shutdown_s: float
) -> AsyncGenerator[str]:
    config = uvicorn.Config(
        build_worker_app(workers, JsonCodec(), new_id=new_id),
        lifespan="off",
        http=BoundedHttpProtocol,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=max(1, round(shutdown_s)),
        ssl_keyfile=None if tls is None else tls.key,
        ssl_certfile=None if tls is None else tls.certificate,
    )
    try:
        config.load()
    except ssl.SSLError as unfit:
        raise TlsInvalid from unfit
    server = _Server(config)
    host, port = _parts(address)
    listener = bind_socket(host.strip("[]"), port)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started and not running.done():  # noqa: ASYNC110  uvicorn has no event
            await asyncio.sleep(START_POLL_S)
        scheme = "http" if tls is None else "https"
        yield f"{scheme}://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


def _parts(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise AddressInvalid(f"{address!r} is not an address. Give a host, a colon and a port.")
    return host, int(port)
