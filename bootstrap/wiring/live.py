"""Wire the live service: chunks are processed in this process or by workers elsewhere."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL, Engine

from adapters.clock import utc_now
from adapters.live import pose_stream_codec
from adapters.live.kafka_channel import KafkaWorkerChannel
from adapters.live.rpc_channel import RpcWorkerChannel
from adapters.live.sensor_store import SCHEMA, SqlSensorStore
from adapters.sql.engines import open_engine
from adapters.video.isolated import IsolatedImages
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import EventLog
from application.kernel.read_models import ReadModels
from application.kernel.topics import POSE_REPLY, POSE_STREAM
from application.kernel.tracing import trace_headers
from application.live.chunk_processor import ChunkProcessor, SequenceGuard
from application.live.cue_preferences import CuePreferenceCache
from application.live.detections import DetectionRecorder
from application.live.local_transport import LocalTransport
from application.live.sequence_guard import SessionSnapshots
from application.live.service import ChunkTransport, ClosedTransport
from application.live.tracker_store import LoggedTrackerStore
from application.live.worker_transport import WorkerChannel, WorkerTransport
from bootstrap.settings import Settings
from bootstrap.wiring.bus import SettingMissing, kafka_config
from bootstrap.wiring.pose import build_image_analyzer
from bootstrap.wiring.rpc import build_tracker_states, build_worker_calls
from domain.coaching.preferences import CuePreferences
from domain.ids import TenantId, UserId
from projections.user_profile import USER_PROFILE
from streams.json_codec import JsonCodec

CONNECTIONS: Final = 4
"""Connections to the sensor store."""

MakeTransport = Callable[[CommandHandler], ChunkTransport]
"""Builds a transport from commands that do not wait for the read models."""


@contextmanager
def build_local_transport(
    settings: Settings,
    log: EventLog,
    read: ReadModels,
    settled: Callable[[int], object],
    images: IsolatedImages,
) -> Generator[MakeTransport]:
    """Process chunks in this process; tracker states are in a file of the data folder.

    `settled` brings the read models up to date. With an RPC transport in the settings, workers
    elsewhere process the chunks. Raises SettingMissing.
    """
    if settings.worker_transport == "bus":
        raise SettingMissing("Set KINELOG_POSTGRES_URL: workers on the bus have their log there.")
    if settings.worker_transport in {"grpc", "http"}:
        address = URL.create("sqlite", database=str(settings.home / "live.sqlite3"))
        with (
            _sensor_store(open_engine(address, schema="")) as sensors,
            _rpc_transport(settings, sensors, log, read) as make,
        ):
            yield make
        return

    def make_local(commands: CommandHandler) -> ChunkTransport:
        store = LoggedTrackerStore(states, DetectionRecorder(commands))
        guard = SequenceGuard(SessionSnapshots(log), _cue_preferences(read), utc_now)
        return LocalTransport(
            ChunkProcessor(store, guard, analyzer.analyze), store, settled=settled
        )

    with (
        build_tracker_states(settings) as states,
        build_image_analyzer(settings, images) as analyzer,
    ):
        yield make_local


@contextmanager
def build_worker_transport(
    settings: Settings, url: str, log: EventLog, read: ReadModels
) -> Generator[MakeTransport]:
    """Send chunks to workers, over the bus or by RPC. `url` is that of PostgreSQL.

    Over the bus without Kafka, chunks are rejected. Raises SettingMissing.
    """
    uses_rpc = settings.worker_transport not in {None, "bus"}
    if not uses_rpc and settings.kafka is None:
        yield lambda _: ClosedTransport()
        return
    engine = open_engine(url, schema=SCHEMA, connections=CONNECTIONS)
    with _sensor_store(engine) as sensors:
        if settings.kafka is None or uses_rpc:
            with _rpc_transport(settings, sensors, log, read) as make:
                yield make
            return
        channel = KafkaWorkerChannel(
            kafka_config(settings),
            frames=POSE_STREAM.name,
            replies=POSE_REPLY.name,
            encode=pose_stream_codec.encode,
            codec=JsonCodec(),
            headers=trace_headers,
        )
        yield lambda _: _worker_transport(settings, channel, sensors, log, read)


@contextmanager
def _rpc_transport(
    settings: Settings, sensors: SqlSensorStore, log: EventLog, read: ReadModels
) -> Generator[MakeTransport]:
    with build_worker_calls(settings) as make_client:
        yield lambda commands: _worker_transport(
            settings, RpcWorkerChannel(make_client(commands)), sensors, log, read
        )


def _worker_transport(
    settings: Settings,
    channel: WorkerChannel,
    sensors: SqlSensorStore,
    log: EventLog,
    read: ReadModels,
) -> ChunkTransport:
    return WorkerTransport(
        channel=channel,
        sensors=sensors,
        snapshots=SessionSnapshots(log),
        preferences=_cue_preferences(read),
        clock=utc_now,
        deadline_s=settings.live_deadline_s,
    )


@contextmanager
def _sensor_store(engine: Engine) -> Generator[SqlSensorStore]:
    try:
        yield SqlSensorStore(engine, clock=utc_now)
    finally:
        engine.dispose()


def _cue_preferences(read: ReadModels) -> CuePreferenceCache:
    """Build the cache of cue preferences, which come from the user profile."""

    def preferences(tenant_id: TenantId, user_id: UserId) -> CuePreferences:
        profile = read.get(USER_PROFILE, tenant_id, user_id)
        return CuePreferences() if profile is None else profile.cue_preferences

    return CuePreferenceCache(preferences)
