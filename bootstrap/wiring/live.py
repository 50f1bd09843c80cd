"""How frames of live sessions become facts: in this process, or by workers elsewhere."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL, Engine

from adapters.clock import utc_now
from adapters.live import legacy_codec
from adapters.live.kafka_channel import KafkaWorkerChannel
from adapters.live.rpc_channel import RpcWorkerChannel
from adapters.live.tracker_store import SCHEMA, SqlTrackerStore
from adapters.sql.engines import open_engine
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import EventLog
from application.kernel.read_models import ReadModels
from application.kernel.telemetry import trace_headers
from application.kernel.topics import POSE_REPLY, POSE_STREAM
from application.live.cue_preferences import CuePreferenceCache
from application.live.local_transport import LocalTransport
from application.live.sequence_guard import SessionSnapshots
from application.live.service import ChunkTransport, ClosedTransport
from application.live.worker_transport import WorkerChannel, WorkerTransport
from bootstrap.settings import Settings
from bootstrap.wiring.bus import SettingMissing, kafka_config
from bootstrap.wiring.pose import build_image_analyzer
from bootstrap.wiring.rpc import build_worker_calls
from domain.coaching.preferences import CuePreferences
from domain.ids import TenantId, UserId
from projections.user_profile import USER_PROFILE
from streams.codecs import decode_state, encode_state
from streams.reply_codec import decode_reply, encode_reply

CONNECTIONS: Final = 4
"""To where sensor samples are kept."""

MakeDriver = Callable[[CommandHandler], ChunkTransport]
"""Of commands that do not wait until rows have followed."""


@contextmanager
def build_local_live_driver(
    settings: Settings, log: EventLog, read: ReadModels, settled: Callable[[int], object]
) -> Generator[MakeDriver]:
    """Fold here, and keep where sessions stand in a file of the data folder.

    `settled` lets rows follow facts. With a transport to workers elsewhere, they fold. Raises
    SettingMissing.
    """
    if settings.worker_transport == "bus":
        raise SettingMissing("Set KINELOG_POSTGRES_URL: workers on the bus have their log there.")
    address = URL.create("sqlite", database=str(settings.home / "live.sqlite3"))
    with _store(open_engine(address, schema="")) as store:
        if settings.worker_transport in {"grpc", "http"}:
            with _called(settings, store, log, read) as made:
                yield made
            return
        with build_image_analyzer(settings) as pictures:
            yield lambda commands: LocalTransport(
                store=store,
                commands=commands,
                settled=settled,
                gate=SessionSnapshots(log),
                wishes=_wishes(read),
                clock=utc_now,
                look=pictures.looked,
            )


@contextmanager
def build_remote_live_driver(
    settings: Settings, url: str, log: EventLog, read: ReadModels
) -> Generator[MakeDriver]:
    """Send frames to workers, over the bus or by calls. `url` is PostgreSQL's.

    Over the bus without Kafka, take none. Raises SettingMissing.
    """
    is_called = settings.worker_transport not in {None, "bus"}
    if not is_called and settings.kafka is None:
        yield lambda _: ClosedTransport()
        return
    with _store(open_engine(url, schema=SCHEMA, connections=CONNECTIONS)) as store:
        if settings.kafka is None or is_called:
            with _called(settings, store, log, read) as made:
                yield made
            return
        stream = KafkaWorkerChannel(
            kafka_config(settings),
            frames=POSE_STREAM.name,
            replies=POSE_REPLY.name,
            encode=legacy_codec.encode,
            write=encode_reply,
            read=decode_reply,
            headers=trace_headers,
        )
        yield lambda _: _relaying(settings, stream, store, log, read)


@contextmanager
def _called(
    settings: Settings, store: SqlTrackerStore, log: EventLog, read: ReadModels
) -> Generator[MakeDriver]:
    with build_worker_calls(settings) as calls:
        yield lambda commands: _relaying(
            settings, RpcWorkerChannel(calls(commands)), store, log, read
        )


def _relaying(
    settings: Settings,
    stream: WorkerChannel,
    store: SqlTrackerStore,
    log: EventLog,
    read: ReadModels,
) -> ChunkTransport:
    return WorkerTransport(
        stream=stream,
        sensors=store,
        gate=SessionSnapshots(log),
        wishes=_wishes(read),
        clock=utc_now,
        deadline_s=settings.live_deadline_s,
    )


@contextmanager
def _store(engine: Engine) -> Generator[SqlTrackerStore]:
    try:
        yield SqlTrackerStore(engine, write=encode_state, read=decode_state, clock=utc_now)
    finally:
        engine.dispose()


def _wishes(read: ReadModels) -> CuePreferenceCache:
    """Look up how somebody wants to be coached where their profile is."""

    def preferences(tenant_id: TenantId, user_id: UserId) -> CuePreferences:
        profile = read.get(USER_PROFILE, tenant_id, user_id)
        return CuePreferences() if profile is None else profile.cue_preferences

    return CuePreferenceCache(preferences)
