"""The four transports to a worker: in process, HTTP, gRPC and the bus."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import httpx2
import uvicorn
from faust.types import TP
from grpc import aio  # type: ignore[import-untyped]  # without types

from adapters.clock import new_id, utc_now
from adapters.live import pose_stream_codec
from adapters.rpc.cue_memory_token import read_memory, write_memory
from adapters.rpc.grpc_client import GrpcClient
from adapters.rpc.grpc_errors import to_rejection
from adapters.rpc.grpc_server import GrpcServer
from adapters.rpc.http_client import HttpClient
from adapters.rpc.http_client import to_rejection as http_rejection
from adapters.rpc.in_process import InProcessClient
from adapters.rpc.protobuf import ProtobufCodec
from api.worker_rpc import build_worker_app
from application import intents
from application.analytics import rollups
from application.kernel.rpc import CallRejected, Method, RpcClient, RpcServer
from application.live.chunk import FrameChunk, SessionKey
from application.live.detections import DetectionRecorder
from application.live.worker_contract import (
    RECORD_DETECTION,
    TRACK_CHUNK,
    DetectedFact,
    DetectionRecorded,
    LiveChunk,
    to_session_key,
)
from application.live.worker_handlers import CoachHandler, ExerciseHandler, handlers
from bootstrap.server import bind_socket
from domain.motion.landmarks import PoseChunk
from streams.exercise_worker import ExerciseWorker
from streams.json_codec import JsonCodec, read, write
from streams.pose_worker import PoseWorker
from streams.topic_names import Topics
from tests.live.session_fixture import InMemoryStateStore, SessionFixture, pose_handler
from tests.streams.positions import Notebook
from tests.streams.worker_harness import Outbox, offline_app

Way = Literal["in-process", "http", "grpc", "bus"]
WAYS: tuple[Way, ...] = ("in-process", "http", "grpc", "bus")
WITHIN_S = 60.0
SECRET = "open sesame"  # noqa: S105  a test's
RequestT = TypeVar("RequestT")
ReplyT = TypeVar("ReplyT")


class NoTraining:
    """Roll-ups of a tenant in which nobody has trained."""

    def renew(self, _tenant_id: str, _start: date, _end: date, compute: rollups.Compute) -> None:
        assert not compute([])


def workers(fixture: SessionFixture, states: InMemoryStateStore | None = None) -> RpcServer:
    """Build all workers on the log of a session fixture."""
    return RpcServer(
        handlers(
            pose=pose_handler(fixture, states),
            exercise=ExerciseHandler(DetectionRecorder(fixture.commands)),
            coach=CoachHandler(read=read_memory, write=write_memory),
            nlp=intents.recognize,
            metrics=partial(rollups.renew, store=NoTraining()),
        ),
        secret=SECRET,
    )


Raw = Callable[[Method[Any, Any], bytes], Awaitable[bytes]]


class Wire:
    """A client of workers, for messages and, with `send`, for arbitrary bytes."""

    def __init__(self, calls: RpcClient, send: Raw) -> None:
        self.call = calls.call
        self.send = send


@asynccontextmanager
async def way_to(way: Way, fixture: SessionFixture, folder: Path) -> AsyncGenerator[Any]:
    """Open a transport to workers on the log of a session fixture."""
    async with AsyncExitStack() as opened:
        match way:
            case "in-process":
                yield InProcessClient(workers(fixture))
            case "http":
                yield await opened.enter_async_context(over_http(workers(fixture)))
            case "grpc":
                yield await opened.enter_async_context(over_grpc(workers(fixture)))
            case "bus":
                yield await opened.enter_async_context(over_the_bus(fixture, folder))


@asynccontextmanager
async def over_http(answering: RpcServer, secret: str | None = SECRET) -> AsyncGenerator[Wire]:
    app = build_worker_app(answering, JsonCodec(), new_id=new_id)
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
    server, listener = uvicorn.Server(config), bind_socket("127.0.0.1", 0)
    running = asyncio.create_task(server._serve(sockets=[listener]))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    calls = HttpClient(url, JsonCodec(), secret=secret)
    await calls.start()

    async def send(method: Method[Any, Any], content: bytes) -> bytes:
        headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
        async with httpx2.AsyncClient(trust_env=False, timeout=WITHIN_S) as client:
            answer = await client.post(f"{url}{method.path}", content=content, headers=headers)
        if answer.is_success:
            return answer.content
        raise http_rejection(answer)

    yield Wire(calls, send)
    await calls.stop()
    server.should_exit = True
    await running


@asynccontextmanager
async def over_grpc(answering: RpcServer, secret: str | None = SECRET) -> AsyncGenerator[Wire]:
    server = GrpcServer(answering, ProtobufCodec())
    address = f"127.0.0.1:{await server.open('127.0.0.1:0')}"
    calls = GrpcClient(address, ProtobufCodec(), secret=secret)
    await calls.start()

    async def send(method: Method[Any, Any], content: bytes) -> bytes:
        async with aio.insecure_channel(address) as channel:
            metadata = (("authorization", f"Bearer {SECRET}"),)
            ask = channel.unary_unary(method.full_name)
            try:
                return cast("bytes", await ask(content, metadata=metadata, timeout=WITHIN_S))
            except aio.AioRpcError as failed:
                raise to_rejection(failed) from failed

    yield Wire(calls, send)
    await calls.stop()
    await server.close(WITHIN_S)


@asynccontextmanager
async def over_the_bus(fixture: SessionFixture, folder: Path) -> AsyncGenerator["Bus"]:
    bus = Bus(fixture, folder)
    async with bus.at_work():
        yield bus


class Bus:
    """The workers of the bus without a broker: each one's messages are passed to the other."""

    def __init__(self, fixture: SessionFixture, folder: Path) -> None:
        self.fixture = fixture
        self.topics = Topics()
        self.outbox = Outbox()
        self.pose = PoseWorker(
            offline_app(folder / "pose", self.outbox, self.topics.pose_worker.name),
            topics=self.topics,
            partitions=2,
            decode=pose_stream_codec.decode,
            clock=utc_now,
        )
        self.exercise = ExerciseWorker(
            offline_app(folder / "exercise", self.outbox, self.topics.exercise_worker.name),
            topics=self.topics,
            commands=fixture.commands,
            positions=Notebook(),
            clock=utc_now,
        )
        self.forwarded = 0

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[None]:
        await self.pose.follower.begin([TP(self.topics.pose_stream, 0)])
        await self.exercise.follower.begin([TP(self.topics.exercise_detect, 0)])
        async with (
            self.pose.agent.test_context() as self.poses,
            self.exercise.agent.test_context() as self.facts,
        ):
            yield
            await self.pose.checkpoints.drain()
            await self.exercise.checkpoints.drain()

    async def call(
        self, method: Method[RequestT, ReplyT], request: RequestT, within_s: float
    ) -> ReplyT:
        if isinstance(request, LiveChunk):
            key, message = unchecked(request)
            reply = await self._watch(str(key).encode(), pose_stream_codec.encode(key, message))
            return read(method.response, reply)
        assert isinstance(request, DetectedFact)
        del within_s
        return cast("ReplyT", await self._enter(request))

    async def send(self, method: Method[Any, Any], content: bytes) -> bytes:
        if method.name == TRACK_CHUNK.name:
            return await self._watch(b"default/s", content)
        assert method.name == RECORD_DETECTION.name
        await self._detect(b"default/s", content)
        return b""

    async def _watch(self, key: bytes, content: bytes) -> bytes:
        before, letters = len(self.outbox.to("pose.reply")), self._letters("pose-worker")
        await self.poses.put(key=key, value=content, headers=[])
        await worked(self.pose, self.poses, TP(self.topics.pose_stream, 0))
        facts = self.outbox.to("exercise.detect")
        for fact in facts[self.forwarded :]:
            await self._detect(fact.key or b"", fact.value or b"")
        self.forwarded = len(facts)
        replies = self.outbox.to("pose.reply")[before:]
        if not replies:
            self._refuse(self.topics.pose_worker, letters)
        return replies[0].value or b""

    async def _enter(self, fact: DetectedFact) -> DetectionRecorded:
        """Return the effect on the log, which is the only response there is."""
        await self._detect(f"{fact.tenant_id}/{fact.session_id}".encode(), write(fact))
        done = self.fixture.log.done(fact.tenant_id, fact.id)
        return DetectionRecorded(fact.id, 0 if done is None else done.position)

    async def _detect(self, key: bytes, content: bytes) -> None:
        letters = self._letters("exercise-worker")
        await self.facts.put(key=key, value=content, headers=[])
        await worked(self.exercise, self.facts, TP(self.topics.exercise_detect, 0))
        if self._letters("exercise-worker") > letters:
            self._refuse(self.topics.exercise_worker, letters)

    def _letters(self, group: str) -> int:
        return len(self.outbox.to(f"{group}.dlq"))

    def _refuse(self, group: Any, letters: int) -> None:
        reason = self.outbox.letters(group)[letters].reason
        raise CallRejected(reason.partition(":")[0], "invalid", reason)


async def worked(worker: Any, agent: Any, source: TP) -> None:
    """Wait until a worker has processed all its messages."""
    async with asyncio.timeout(WITHIN_S):
        while agent.sent_offset > worker.follower.due[source]:  # noqa: ASYNC110  no event
            await asyncio.sleep(0.001)


def unchecked(request: LiveChunk) -> tuple[SessionKey, FrameChunk]:
    """Convert a chunk without any checks."""
    frames = len(request.times_s)
    world = None if request.world is None else request.world.reshape(frames, 33, 3)
    return to_session_key(request.tenant_id, request.session_id), FrameChunk(
        set=request.set,
        sequence=request.sequence,
        exercise=request.exercise,
        model=request.model,
        last=request.last,
        chunk=PoseChunk(
            request.times_s, request.image.reshape(frames, 33, 4), world, request.aspect_ratio
        ),
        preferences=request.preferences,
    )
