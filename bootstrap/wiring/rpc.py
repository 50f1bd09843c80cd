"""Build the RPC workers and their clients."""

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from adapters.analytics.rollups import PostgresRollUps
from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.sqlite import SqliteEventLog
from adapters.live.sensor_store import SCHEMA
from adapters.live.tracker_store import SqlTrackerStore
from adapters.rpc.cue_memory_token import read_memory, write_memory
from adapters.rpc.in_process import InProcessClient
from adapters.sql.engines import open_engine
from application import intents
from application.analytics import rollups
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import EventLog
from application.kernel.rpc import Handlers, RpcClient, RpcServer
from application.kernel.tracing import trace_headers
from application.live.chunk_processor import ChunkProcessor, WorkerGuard
from application.live.detections import DetectionRecorder
from application.live.feed import FeedPublisher
from application.live.tracker_store import LoggedTrackerStore
from application.live.worker_handlers import CoachHandler, ExerciseHandler, PoseHandler, handlers
from bootstrap.settings import Settings
from bootstrap.wiring.bus import SettingMissing
from bootstrap.wiring.consumers import build_analytics
from bootstrap.wiring.encryption import build_encryption
from bootstrap.wiring.platform import ensure_folder
from bootstrap.wiring.pose import build_image_analyzer
from bootstrap.wiring.session_feed import build_feed_channel
from domain.kernel import Rejected
from streams.codecs import decode_state, encode_state
from streams.json_codec import JsonCodec


class Worker(StrEnum):
    """Workers that serve RPC calls."""

    POSE = "pose"
    EXERCISE = "exercise"
    COACH = "coach"
    NLP = "nlp"
    METRICS = "metrics"


CONNECTIONS: Final = 8
"""Connections to the tracker states; each chunk uses one for a millisecond."""


class FileUnreadable(Rejected):
    """A file that a setting names does not exist or cannot be read."""

    code = "setting.file_unreadable"
    kind = "invalid"


def all_workers(settings: Settings) -> Sequence[Worker]:
    """Return the workers that can be served: the analysts' tables of metrics need PostgreSQL."""
    return [each for each in Worker if each != Worker.METRICS or settings.postgres_url is not None]


@contextmanager
def build_worker_server(settings: Settings, workers: Sequence[Worker]) -> Generator[RpcServer]:
    """Build the RPC server of these workers. Raises SettingMissing and StorageUnavailable."""
    with ExitStack() as opened:
        served: Handlers = {}
        if {Worker.POSE, Worker.EXERCISE}.intersection(workers):
            log = opened.enter_context(_log(settings))
            log.head()
            commands = CommandHandler(log, settled=lambda _: None)
            served = opened.enter_context(_handlers_on_the_log(settings, workers, commands))
        if Worker.COACH in workers:
            coach = CoachHandler(read=read_memory, write=write_memory)
            served = {**served, **handlers(coach=coach)}
        if Worker.NLP in workers:
            served = {**served, **handlers(nlp=intents.recognize)}
        if Worker.METRICS in workers:
            store = PostgresRollUps(opened.enter_context(build_analytics(settings)))
            served = {**served, **handlers(metrics=partial(rollups.renew, store=store))}
        yield RpcServer(served, secret=worker_secret(settings))


@contextmanager
def _handlers_on_the_log(
    settings: Settings, workers: Sequence[Worker], commands: CommandHandler
) -> Generator[Handlers]:
    recorder = DetectionRecorder(commands)
    exercise = ExerciseHandler(recorder) if Worker.EXERCISE in workers else None
    if Worker.POSE not in workers:
        yield handlers(exercise=exercise)
        return
    with build_pose_handler(settings) as make_pose_handler:
        yield handlers(pose=make_pose_handler(recorder), exercise=exercise)


@contextmanager
def build_pose_handler(settings: Settings) -> Generator[Callable[[DetectionRecorder], PoseHandler]]:
    """Build the pose handler, whose tracker states are stored next to the log."""

    def make(recorder: DetectionRecorder) -> PoseHandler:
        store = LoggedTrackerStore(states, recorder)
        return PoseHandler(ChunkProcessor(store, WorkerGuard(), images.analyze), store)

    with build_tracker_states(settings) as states, build_image_analyzer(settings) as images:
        yield make


@contextmanager
def build_tracker_states(settings: Settings) -> Generator[SqlTrackerStore]:
    """Open the store of tracker states: PostgreSQL, or a file of the data folder."""
    if settings.postgres_url is None:
        file = URL.create("sqlite", database=str(ensure_folder(settings.home) / "live.sqlite3"))
        engine = open_engine(file, schema="")
    else:
        url = settings.postgres_url.get_secret_value()
        engine = open_engine(url, schema=SCHEMA, connections=CONNECTIONS)
    try:
        yield SqlTrackerStore(engine, encode=encode_state, decode=decode_state, clock=utc_now)
    finally:
        engine.dispose()


@contextmanager
def _log(settings: Settings) -> Generator[EventLog]:
    """Open the log for detections, which also publishes them to followers."""
    home = ensure_folder(settings.home)
    with ExitStack() as opened:
        codec = opened.enter_context(build_encryption(settings)).codec
        server: PostgresEventLog | SqliteEventLog
        if settings.postgres_url is None:
            file = home / "log.sqlite3"
            server = SqliteEventLog(file, clock=utc_now, new_id=new_id, codec=codec)
        else:
            url = settings.postgres_url.get_secret_value()
            server = PostgresEventLog(url, clock=utc_now, new_id=new_id, codec=codec)
        opened.callback(server.close)
        channel = opened.enter_context(build_feed_channel(settings))
        yield FeedPublisher(server, channel)


MakeCalls = Callable[[CommandHandler], RpcClient]
"""Builds a client from commands that do not wait for the read models."""


@contextmanager
def build_worker_calls(settings: Settings) -> Generator[MakeCalls]:
    """Build the client of the workers. Raises SettingMissing and FileUnreadable."""
    if settings.worker_transport == "in-process":
        with build_pose_handler(settings) as make_pose_handler:
            yield lambda commands: InProcessClient(
                RpcServer(handlers(pose=make_pose_handler(DetectionRecorder(commands))))
            )
        return
    calls = _calls_elsewhere(settings)
    yield lambda _: calls


def _calls_elsewhere(settings: Settings) -> RpcClient:
    if settings.worker_address is None:
        raise SettingMissing("Set KINELOG_WORKER_ADDRESS to where the workers answer.")
    if settings.worker_transport == "http":
        from adapters.rpc.http_client import HttpClient  # noqa: PLC0415  loaded where it is set

        root = settings.worker_tls_ca
        if root is not None:
            read_file(root)
        return HttpClient(
            settings.worker_address,
            JsonCodec(),
            secret=worker_secret(settings),
            root=None if root is None else str(root),
            headers=trace_headers,
        )
    from adapters.rpc.grpc_client import GrpcClient  # noqa: PLC0415  same
    from adapters.rpc.protobuf import ProtobufCodec  # noqa: PLC0415  same

    return GrpcClient(
        settings.worker_address,
        ProtobufCodec(),
        secret=worker_secret(settings),
        root=None if settings.worker_tls_ca is None else read_file(settings.worker_tls_ca),
        headers=trace_headers,
    )


def worker_secret(settings: Settings) -> str | None:
    """Return the secret that callers of workers must send, None if there is none."""
    secret = settings.worker_secret
    return None if secret is None else secret.get_secret_value()


def read_file(path: Path) -> bytes:
    """Read a file that a setting names. Raises FileUnreadable."""
    try:
        return path.read_bytes()
    except OSError as refused:
        raise FileUnreadable(f"{path} cannot be read: {refused.strerror}.") from refused
