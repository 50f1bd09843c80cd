"""Worker processes on Faust: their topics, state and storage.

Importing this module loads Faust, which takes a second.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from typing import Final, NoReturn

from faust.auth import Credentials, SASLCredentials, SSLCredentials

from adapters.analytics.windows import PostgresWindows
from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.config import KafkaAddress
from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.worker_checkpoints import SqlPositions
from adapters.live import pose_stream_codec
from adapters.migrations import SCHEMA
from adapters.privacy.erased_subjects import ErasedSubjects
from adapters.sql.engines import open_engine
from adapters.telemetry import gauges
from application.analytics import rollups
from application.kernel.bus import TopicUnknown
from application.kernel.command_handler import CommandHandler
from application.kernel.metrics import watch
from application.kernel.topics import (
    CUE_MAKE,
    DEAD_LETTER_TOPICS,
    EXERCISE_DETECT,
    EXERCISE_WORKER,
    POSE_REPLY,
    POSE_STREAM,
    POSE_WORKER,
    SESSIONS_CHANGELOG,
    TOPICS,
    Group,
    Topic,
)
from application.live.feed import FeedPublisher
from bootstrap.settings import Settings
from bootstrap.wiring.bus import kafka_config, log_url
from bootstrap.wiring.consumers import build_analytics
from bootstrap.wiring.encryption import build_encryption
from bootstrap.wiring.platform import ensure_folder
from bootstrap.wiring.pose import build_image_analyzer
from bootstrap.wiring.session_feed import build_feed_channel
from bootstrap.wiring.telemetry import build_telemetry
from domain.kernel import Rejected
from streams.analytics_worker import GROUP as ANALYTICS
from streams.analytics_worker import AnalyticsWorker
from streams.exercise_worker import ExerciseWorker
from streams.pose_worker import PoseWorker
from streams.subscription import FollowingApp
from streams.topic_names import Topics
from streams.worker import make_app, run

CONNECTIONS: Final = 2
"""Connections to the checkpoints: one writes, one reads when partitions are reassigned."""


class PartitionCountMismatch(Rejected):
    """A topic and its changelog must have the same number of partitions."""

    code = "topic.uneven"


def run_pose_worker(settings: Settings, on_start: Callable[[], None]) -> NoReturn:
    """Run the pose worker, which turns landmarks into detections and cues, until shutdown; exit.

    Raises SettingMissing, BusUnavailable, TopicUnknown, PartitionCountMismatch, StorageUnavailable.
    """
    needed = [POSE_STREAM, EXERCISE_DETECT, CUE_MAKE, POSE_REPLY, SESSIONS_CHANGELOG]
    partitions = _partitions(settings, needed, POSE_WORKER)
    source, states = partitions[POSE_STREAM.name], partitions[SESSIONS_CHANGELOG.name]
    if source != states:
        raise PartitionCountMismatch(
            f"{POSE_STREAM.name} has {source} partitions and {SESSIONS_CHANGELOG.name} {states}:"
            " add partitions to the smaller one."
        )
    with (
        build_telemetry(settings, POSE_WORKER.name),
        build_image_analyzer(settings) as pictures,
    ):
        app = _app(settings, POSE_WORKER, source)
        PoseWorker(
            app,
            topics=Topics(),
            partitions=source,
            decode=pose_stream_codec.decode,
            clock=utc_now,
            analyze_images=pictures.analyze,
            without_pictures=pose_stream_codec.without_pictures,
        )
        run(app, at_work=on_start)


def run_exercise_worker(settings: Settings, on_start: Callable[[], None]) -> NoReturn:
    """Run the exercise worker, which records detections in sessions, until shutdown; then exit.

    Raises SettingMissing, BusUnavailable, TopicUnknown and StorageUnavailable.
    """
    url = log_url(settings)
    partitions = _partitions(settings, [EXERCISE_DETECT], EXERCISE_WORKER)
    with ExitStack() as opened:
        opened.enter_context(build_telemetry(settings, EXERCISE_WORKER.name))
        codec = opened.enter_context(build_encryption(settings)).codec
        server = PostgresEventLog(url, clock=utc_now, new_id=new_id, codec=codec)
        channel = opened.enter_context(build_feed_channel(settings))
        log = FeedPublisher(opened.enter_context(closing(server)), channel)
        log.head()
        engine = open_engine(url, schema=SCHEMA, connections=CONNECTIONS)
        opened.callback(engine.dispose)
        positions = SqlPositions(engine)
        positions.load(EXERCISE_WORKER.name, EXERCISE_DETECT.name)
        app = _app(settings, EXERCISE_WORKER, partitions[EXERCISE_DETECT.name])
        watch("pools", gauges.pools({**server.pools, "positions": engine}))
        commands = CommandHandler(log, settled=lambda _: None)
        ExerciseWorker(app, topics=Topics(), commands=commands, positions=positions, clock=utc_now)
        run(app, at_work=on_start)


def run_analytics_worker(settings: Settings, on_start: Callable[[], None]) -> NoReturn:
    """Run the analytics worker, which fills the analysts' windows, until shutdown; then exit.

    Raises SettingMissing, BusUnavailable, TopicUnknown and StorageUnavailable.
    """
    needed = [topic for topic in TOPICS if topic.name in {*ANALYTICS.topics, rollups.TOPIC}]
    partitions = _partitions(settings, needed, ANALYTICS)
    (source,) = ANALYTICS.topics
    with (
        build_telemetry(settings, ANALYTICS.name),
        build_analytics(settings) as analytics,
        build_encryption(settings) as encryption,
    ):
        app = _app(settings, ANALYTICS, partitions[source])
        watch("pools", gauges.pools({"analytics": analytics.engine}))
        windows = PostgresWindows(analytics, is_erased=ErasedSubjects(encryption.database))
        AnalyticsWorker(app, windows=windows, decode=encryption.codec.decode, clock=utc_now)
        run(app, at_work=on_start)


def _app(settings: Settings, group: Group, partitions: int) -> FollowingApp:
    kafka = kafka_config(settings)
    app = make_app(
        group.name,
        bootstrap=kafka.servers,
        broker_credentials=_credentials(kafka),
        folder=ensure_folder(settings.home) / "workers" / group.name,
        partitions=partitions,
    )
    watch("consumers", lambda: [lag for each in app.followers for lag in each.lags()])
    return app


def _credentials(kafka: KafkaAddress) -> Credentials | None:
    """Return Faust's credentials for Kafka."""
    if kafka.context is None:
        return None
    if kafka.user is None:
        return SSLCredentials(kafka.context)
    return SASLCredentials(
        username=kafka.user,
        password=kafka.password,
        ssl_context=kafka.context,
        mechanism=kafka.mechanism,
    )


def _partitions(settings: Settings, topics: Sequence[Topic], group: Group) -> dict[str, int]:
    """Return the number of partitions of the group's topics. Raises TopicUnknown for a missing one.

    Faust itself would wait for a missing topic, and read nothing once it exists.
    """
    kafka = kafka_config(settings)
    dead_letters = [topic for topic in DEAD_LETTER_TOPICS if topic.name == group.dead_letters]
    statuses = KafkaTopics(kafka).status([*topics, *dead_letters])
    for each in statuses:
        if each.state == "missing":
            raise TopicUnknown(
                f"Kafka at {kafka} has no topic {each.topic.name!r}."
                " Run kinelog events topics create."
            )
    return {each.topic.name: each.partitions for each in statuses}
