"""How frames of live sessions become facts: in this process, or by workers elsewhere."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL, Engine

from adapters.clock import utc_now
from adapters.live import legacy_codec
from adapters.live.kafka_channel import KafkaPoseStream
from adapters.live.rpc_channel import CalledPoseStream
from adapters.live.tracker_store import SCHEMA, SqlLiveStore
from adapters.sql.engines import open_engine
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import EventLog
from application.kernel.read_models import ReadModels
from application.kernel.telemetry import trace_headers
from application.kernel.topics import POSE_REPLY, POSE_STREAM
from application.live.cue_preferences import CueWishes
from application.live.local_transport import FoldingDriver
from application.live.sequence_guard import SessionGate
from application.live.service import ClosedDriver, Driver
from application.live.worker_transport import PoseStream, RelayingDriver
from bootstrap.settings import Settings
from bootstrap.wiring.bus import SettingMissing, kafka_config
from bootstrap.wiring.images import build_image_analyzer
from bootstrap.wiring.rpc import build_worker_calls
from domain.coaching.preferences import CuePreferences
from domain.ids import TenantId, UserId
from projections.user_profile import USER_PROFILE
from streams.codecs import read_session, write_session
from streams.reply_codec import read_reply, write_reply

CONNECTIONS: Final = 4
"""To where sensor samples are kept."""

MakeDriver = Callable[[CommandHandler], Driver]
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
            yield lambda commands: FoldingDriver(
                store=store,
                commands=commands,
                settled=settled,
                gate=SessionGate(log),
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
        yield lambda _: ClosedDriver()
        return
    with _store(open_engine(url, schema=SCHEMA, connections=CONNECTIONS)) as store:
        if settings.kafka is None or is_called:
            with _called(settings, store, log, read) as made:
                yield made
            return
        stream = KafkaPoseStream(
            kafka_config(settings),
            frames=POSE_STREAM.name,
            replies=POSE_REPLY.name,
            encode=legacy_codec.encode,
            write=write_reply,
            read=read_reply,
            headers=trace_headers,
        )
        yield lambda _: _relaying(settings, stream, store, log, read)


@contextmanager
def _called(
    settings: Settings, store: SqlLiveStore, log: EventLog, read: ReadModels
) -> Generator[MakeDriver]:
    with build_worker_calls(settings) as calls:
        yield lambda commands: _relaying(
            settings, CalledPoseStream(calls(commands)), store, log, read
        )


def _relaying(
    settings: Settings, stream: PoseStream, store: SqlLiveStore, log: EventLog, read: ReadModels
) -> Driver:
    return RelayingDriver(
        stream=stream,
        sensors=store,
        gate=SessionGate(log),
        wishes=_wishes(read),
        clock=utc_now,
        deadline_s=settings.live_deadline_s,
    )


@contextmanager
def _store(engine: Engine) -> Generator[SqlLiveStore]:
    try:
        yield SqlLiveStore(engine, write=write_session, read=read_session, clock=utc_now)
    finally:
        engine.dispose()


def _wishes(read: ReadModels) -> CueWishes:
    """Look up how somebody wants to be coached where their profile is."""

    def preferences(tenant_id: TenantId, user_id: UserId) -> CuePreferences:
        profile = read.get(USER_PROFILE, tenant_id, user_id)
        return CuePreferences() if profile is None else profile.cue_preferences

    return CueWishes(preferences)
