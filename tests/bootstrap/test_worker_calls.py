"""`kinelog worker rpc` serves the calls of gateways that are configured for it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from grpc import aio  # type: ignore[import-untyped]  # without types
from grpc_tools import protoc
from pydantic import SecretStr, ValidationError
from typer.testing import CliRunner

from adapters.api_client.live import LiveClient
from adapters.rpc.grpc_client import GrpcClient
from adapters.rpc.grpc_server import HEALTH, SERVING
from adapters.rpc.http_client import HttpClient
from adapters.rpc.protobuf import ProtobufCodec
from adapters.sample_athlete.performance import Performance
from api import schemas
from application.kernel.command_handler import Request
from application.kernel.rpc import CallRejected, RpcClient, RpcServer, WorkersUnavailable
from application.live.chunk import SessionKey
from application.live.worker_contract import CHOOSE_CUE, GET_PROGRESS, METHODS, ROLL_UP, CueRequest
from bootstrap.cli import worker as worker_cli
from bootstrap.cli.live import Training, stream_training
from bootstrap.platform import open_platform
from bootstrap.rpc_server import (
    AddressInvalid,
    UnauthenticatedWorkerAccess,
    build_tls,
    serve_workers,
)
from bootstrap.server import AddressUnavailable, bind_socket
from bootstrap.settings import Settings
from bootstrap.wiring.bus import SettingMissing
from bootstrap.wiring.rpc import (
    FileUnreadable,
    Worker,
    all_workers,
    build_worker_calls,
    build_worker_server,
)
from domain.ids import DEFAULT_TENANT, SessionId, UserId
from domain.kernel import Origin
from domain.motion.facts import PoseLost
from domain.sessions.commands import StartSession
from domain.sessions.events import SetCompleted
from domain.sessions.session import SESSION
from streams.json_codec import JsonCodec
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.certificates import certificate
from tests.commands import Command
from tests.live.chunks import take
from tests.plugins.services import Service

WITHIN_S = 60.0
SECRET = "open sesame"  # noqa: S105  a test's
KEY = SessionKey(DEFAULT_TENANT, SessionId("s"))


@contextmanager
def running(home: Path, *words: str, **settings: str) -> Generator[Command]:
    """Run a command until the block ends, and yield its process."""
    own = {"KINELOG_HOME": str(home), "KINELOG_CACHE": str(home / "cache"), "KINELOG_PORT": "0"}
    given = {f"KINELOG_{name.upper()}": text for name, text in settings.items()}
    environment = {**os.environ, **own, **given}
    with Command(*words, "--json", environment=environment, errors=home / "log.txt") as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: Command) -> dict[str, Any]:
    line = process.stdout.readline()
    assert line, process.wait()
    result: dict[str, Any] = json.loads(line)
    return result


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def workers(home: Path) -> Iterator[tuple[dict[str, Any], Command]]:
    """All workers, over gRPC and HTTP."""
    words = ("worker", "rpc", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0")
    with running(home, *words, worker_secret=SECRET) as process:
        yield said(process), process


def calls_to(where: dict[str, Any], way: str, secret: str | None = SECRET) -> RpcClient:
    if way == "grpc":
        return GrpcClient(where["grpc"], ProtobufCodec(), secret=secret)
    return HttpClient(where["http"], JsonCodec(), secret=secret)


async def requested(calls: RpcClient, method: Any, question: Any) -> Any:
    await calls.start()
    try:
        return await calls.call(method, question, WITHIN_S)
    finally:
        await calls.stop()


@pytest.mark.parametrize("way", ["grpc", "http"])
def test_workers_answer_where_they_say_to_those_who_know_the_secret(workers: Any, way: str) -> None:
    """R-POS-09, R-EVT-11."""
    where, _ = workers
    assert asyncio.run(requested(calls_to(where, way), GET_PROGRESS, KEY)).standing is None
    with pytest.raises(CallRejected):
        asyncio.run(requested(calls_to(where, way, None), GET_PROGRESS, KEY))


def test_workers_report_their_health(workers: Any) -> None:
    where, _ = workers

    async def health() -> bytes:
        async with aio.insecure_channel(where["grpc"]) as channel:
            result: bytes = await channel.unary_unary(HEALTH)(b"", timeout=WITHIN_S)
            return result

    assert asyncio.run(health()) == SERVING
    assert httpx2.get(f"{where['http']}/healthz", trust_env=False, timeout=60).json() == {
        "status": "ok"
    }


@pytest.mark.slow
@pytest.mark.parametrize("way", ["grpc", "http"])
def test_a_gateway_sends_its_frames_where_settings_say(workers: Any, home: Path, way: str) -> None:
    """R-EVT-11, C-54: and it counts like an embedded gateway."""
    where, _ = workers
    chosen = {
        "worker_transport": way,
        "worker_address": where[way],
        "live_deadline_s": "10",
        "sign_in": "open",
    }
    with running(home, "serve", worker_secret=SECRET, **chosen) as gateway:
        url = said(gateway)["url"].rstrip("/")
        with httpx2.Client(base_url=url, trust_env=False, timeout=60) as http:
            client = LiveClient(http, tenant=DEFAULT_TENANT, patience_s=WITHIN_S)
            performance = Performance(exercise="squat", repetitions=3, landmark_noise_px=1.0)
            training = Training(performance, sets=2, speed=0.0)
            result = stream_training(client, training, DEFAULT_TENANT, "ada")
    assert result["summary"]["repetitions"] == 6


def test_many_machines_need_no_bus_where_workers_are_called(
    postgres: Service, tmp_path: Path
) -> None:
    """C-54: two gateways and one worker on one PostgreSQL, without Kafka."""
    with upgraded_database(postgres.address) as url, ExitStack() as opened:
        settings = Settings(
            home=tmp_path,
            cache=tmp_path,
            postgres_url=SecretStr(url),
            read_your_writes_timeout_s=0,
            kafka=None,
            worker_transport="in-process",
            live_deadline_s=10,
        )
        gateways = [opened.enter_context(open_platform(settings)) for _ in range(2)]
        first = gateways[0]
        start = StartSession(athlete_id=UserId("ada"), at=first.clock() - timedelta(hours=1))
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=first.new_id())
        first.commands.execute(
            Request(SESSION, "s", [start]), origin=origin, command_id=first.new_id()
        )

        async def streamed() -> None:
            for gateway in gateways:
                await gateway.live.start()
            for turn, chunk in enumerate(take("s")):
                answer = await gateways[turn // 5 % 2].live.ingest(chunk, origin)
                assert answer.result.mode == "live"
            for gateway in gateways:
                await gateway.live.stop()

        asyncio.run(streamed())
        happened = [each.event for each in first.log.load(DEFAULT_TENANT, "session-s")]
    assert [done.repetitions for done in happened if isinstance(done, SetCompleted)] == [4]


STUB = """
import sys, grpc, kinelog_pb2 as kinelog, kinelog_pb2_grpc as services

coach = services.CoachWorkerStub(grpc.insecure_channel(sys.argv[1]))
noticed = kinelog.Noticed(exercise="squat", pose_lost=kinelog.PoseLost(at_s=1.0))
advised = coach.Choose(noticed, timeout=60, metadata=[("authorization", f"Bearer {sys.argv[2]}")])
print(advised.cue.cue)
"""


def test_the_contract_file_is_enough_to_call_workers(workers: Any, tmp_path: Path) -> None:
    """C-54: with code generated by protoc."""
    where, _ = workers
    contract = Path(schemas.__file__).parent / "contract"
    words = [f"-I{contract}", f"--python_out={tmp_path}", f"--grpc_python_out={tmp_path}"]
    assert protoc.main(["protoc", *words, "kinelog.proto"]) == 0
    asking = [sys.executable, "-c", STUB, where["grpc"], SECRET]
    result = subprocess.run(asking, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert result.stdout == "framing_step_in\n"


def test_a_stopped_server_exits_cleanly_and_accepts_no_calls(home: Path) -> None:
    words = ("worker", "rpc", "coach", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0")
    with running(home, *words) as process:
        where = said(process)
        noticed = CueRequest("squat", b"", PoseLost(1.0))
        result = asyncio.run(requested(calls_to(where, "grpc", None), CHOOSE_CUE, noticed))
        assert result.cue.fault is None
        with pytest.raises(CallRejected):
            asyncio.run(requested(calls_to(where, "grpc", None), GET_PROGRESS, KEY))
        process.send_signal(signal.SIGTERM)
        assert process.wait(WITHIN_S) == 0
        with pytest.raises(WorkersUnavailable):
            asyncio.run(requested(calls_to(where, "grpc", None), CHOOSE_CUE, noticed))


def test_workers_have_to_say_where_they_answer() -> None:
    assert CliRunner().invoke(worker_cli.app, ["rpc", "coach"]).exit_code == 2


def served(settings: Settings, **where: str) -> None:
    addresses = {"grpc": None, "http": None, **where}
    serve_workers(settings, RpcServer({}), announce=lambda _: None, **addresses)


@pytest.mark.parametrize("way", ["grpc", "http"])
@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "workers.example:50051"])
def test_serving_other_machines_requires_a_secret(way: str, address: str) -> None:
    """R-POS-09."""
    with pytest.raises(UnauthenticatedWorkerAccess):
        served(Settings(), **{way: address})


@pytest.mark.parametrize("address", ["here", "127.0.0.1", "127.0.0.1:x", ":1", "127.0.0.1:65536"])
def test_an_address_is_a_host_and_a_port(address: str) -> None:
    with pytest.raises(AddressInvalid):
        served(Settings(), grpc=address)


@pytest.mark.parametrize("way", ["grpc", "http"])
def test_an_address_that_is_taken_is_refused(way: str) -> None:
    with bind_socket("127.0.0.1", 0) as taken, pytest.raises(AddressUnavailable):
        served(Settings(), **{way: f"127.0.0.1:{taken.getsockname()[1]}"})


def test_a_missing_setting_is_named(tmp_path: Path) -> None:
    nowhere = Settings(home=tmp_path, worker_transport="grpc")
    with pytest.raises(SettingMissing, match="KINELOG_WORKER_ADDRESS"), build_worker_calls(nowhere):
        pass
    bus = Settings(home=tmp_path, worker_transport="bus")
    with pytest.raises(SettingMissing, match="KINELOG_POSTGRES_URL"), open_platform(bus):
        pass
    with pytest.raises(SettingMissing, match="KINELOG_WORKER_TLS_KEY"):
        build_tls(Settings(worker_tls_cert=tmp_path / "a"))
    both = Settings(worker_tls_cert=tmp_path / "a", worker_tls_key=tmp_path / "b")
    with pytest.raises(FileUnreadable):
        build_tls(both)


@pytest.mark.parametrize("secret", ["öffne dich", " x", "a\nb"])
def test_a_secret_has_to_fit_a_header(secret: str) -> None:
    with pytest.raises(ValidationError):
        Settings(worker_secret=SecretStr(secret))


def test_only_the_requested_workers_are_served(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, worker_secret=SecretStr("x"))
    with build_worker_server(settings, all_workers(settings)) as answering:
        assert answering.methods == tuple(each for each in METHODS if each != ROLL_UP)
    with (
        pytest.raises(SettingMissing, match="KINELOG_POSTGRES_URL"),
        build_worker_server(settings, [Worker.METRICS]),
    ):
        pass
    with build_worker_server(settings, [Worker.EXERCISE]) as answering:
        assert [method.service for method in answering.methods] == ["ExerciseWorker"]


def test_with_a_certificate_workers_speak_tls_alone(tmp_path: Path) -> None:
    """R-POS-09."""
    key, shown = map(str, certificate(tmp_path))
    words = ("worker", "rpc", "coach", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0")
    noticed = CueRequest("squat", b"", PoseLost(1.0))
    with running(tmp_path, *words, worker_tls_key=key, worker_tls_cert=shown) as process:
        where = said(process)
        assert where["http"].startswith("https://")
        for transport, address in (("grpc", where["grpc"]), ("http", where["http"])):
            settings = Settings(
                worker_transport=transport,  # type: ignore[arg-type]  # one of them
                worker_address=address,
                worker_tls_ca=Path(shown),
            )
            with build_worker_calls(settings) as calls:
                result = asyncio.run(requested(calls(None), CHOOSE_CUE, noticed))  # type: ignore[arg-type]  # asks nobody
                assert result.memory
            with build_worker_calls(settings.model_copy(update={"worker_tls_ca": None})) as calls:
                plain = calls(None)  # type: ignore[arg-type]  # same
                with pytest.raises(WorkersUnavailable):
                    asyncio.run(requested(plain, CHOOSE_CUE, noticed))
