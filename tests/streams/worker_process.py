"""A worker as a separate process that can be killed."""

import argparse
import faulthandler
import logging
import signal
import warnings
from pathlib import Path

from faust.transport.drivers.aiokafka import Transport
from faust.types import TopicT
from faust.types.tuples import Message

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.worker_checkpoints import SqlPositions
from adapters.live import pose_stream_codec
from adapters.migrations import SCHEMA
from adapters.sql.engines import open_engine
from application.kernel.command_handler import CommandHandler
from streams import pose_worker
from streams.exercise_worker import ExerciseWorker
from streams.pose_worker import PoseWorker
from streams.subscription import FaustSubscription, FollowingApp
from streams.topic_names import Topics
from streams.worker import make_app, run


def as_faust_does(app: FollowingApp) -> None:
    """Restore Faust's default behavior: committed offsets, and no check of the message order."""

    class Trusting(FaustSubscription):
        async def _take(self, message: Message) -> None:
            await self._work(message)

        async def _watch(self) -> None: ...

    def source(topic: str) -> TopicT:
        return app.topic(topic, key_serializer="raw", value_serializer="raw", acks=True)

    setattr(pose_worker, "FaustSubscription", Trusting)  # noqa: B010  only here is it another one
    app.source = source  # type: ignore[method-assign]
    app._new_transport = lambda: Transport(app.conf.broker_consumer, app)  # type: ignore[method-assign]


def main() -> None:
    faulthandler.register(signal.SIGUSR1)
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", choices=("pose", "exercise"), default="pose")
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--partitions", type=int, required=True)
    parser.add_argument("--session-timeout", type=float, default=6.0)
    parser.add_argument("--postgres")
    parser.add_argument("--control", action="store_true")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    topics = Topics(arguments.prefix)
    app = make_app(
        (topics.pose_worker if arguments.work == "pose" else topics.exercise_worker).name,
        bootstrap=arguments.bootstrap,
        folder=arguments.folder,
        partitions=arguments.partitions,
        session_timeout_s=arguments.session_timeout,
    )
    if arguments.work == "pose":
        if arguments.control:
            as_faust_does(app)
        PoseWorker(
            app,
            topics=topics,
            partitions=arguments.partitions,
            decode=pose_stream_codec.decode,
            clock=utc_now,
        )
    else:
        log = PostgresEventLog(arguments.postgres, clock=utc_now, new_id=new_id)
        ExerciseWorker(
            app,
            topics=topics,
            commands=CommandHandler(log, settled=lambda _: None),
            positions=SqlPositions(open_engine(arguments.postgres, schema=SCHEMA)),
            clock=utc_now,
        )
    run(app)


if __name__ == "__main__":
    main()
