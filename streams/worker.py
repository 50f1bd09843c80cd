"""A worker process: one Faust application, one consumer group, one kind of work."""

import logging
from pathlib import Path
from typing import Any, Final

from streams.following import FollowingApp

SESSION_TIMEOUT_S: Final = 10.0
"""After this silence the group takes a worker's partitions away."""
LINGER_S: Final = 0.01
"""How long a message waits for others to go with it."""


def make_app(
    group: str,
    *,
    bootstrap: str,
    folder: Path,
    partitions: int,
    replicas: int = 1,
    session_timeout_s: float = SESSION_TIMEOUT_S,
    **options: Any,
) -> FollowingApp:
    """Make an application without agents yet; `add_pose_worker` and its like give it work.

    `group` is the consumer group. `bootstrap` is Kafka's host:port, several separated by commas.
    `folder` is for Faust's own files. `partitions` are those of the topics it works, which exist.
    No port is opened. `options` are further settings of Faust.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return FollowingApp(
        group,
        broker=[f"kafka://{address}" for address in bootstrap.split(",")],
        datadir=folder,
        store="memory://",
        web_enabled=False,
        topic_partitions=partitions,
        topic_replication_factor=replicas,
        topic_allow_declare=True,
        topic_disable_leader=True,
        broker_session_timeout=session_timeout_s,
        broker_heartbeat_interval=session_timeout_s / 6,
        broker_request_timeout=max(session_timeout_s, 40.0),
        consumer_auto_offset_reset="earliest",
        producer_acks=-1,
        producer_linger=LINGER_S,
        stream_wait_empty=False,
        logging_config=None,
        **options,
    )


def run(app: FollowingApp, *, loglevel: int = logging.INFO) -> None:
    """Work until SIGTERM or SIGINT."""
    worker = app.Worker(loglevel=loglevel, override_logging=False, quiet=True)
    worker.execute_from_commandline()
