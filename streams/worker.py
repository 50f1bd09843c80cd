"""Worker process: one Faust application, one consumer group, one kind of work."""

# Faust leaves many of its types open.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

import faust

from streams.subscription import FollowingApp

SESSION_TIMEOUT_S: Final = 10.0
"""Silence after which the group reassigns a worker's partitions."""
LINGER_S: Final = 0.005
"""How long a message waits for a batch, if some were sent before: a request with few messages costs
as much as one with many."""
METADATA_MAX_AGE_MS: Final = 5_000
"""How often a worker refreshes Kafka's list of topics. A restarted broker lists none at first, and
a worker that joins the group then gets no partitions until the next refresh."""
BATCH_BYTES: Final = 256 * 1024
"""Batch size per partition: the states of forty sessions; the default fits two."""


def make_app(
    group: str,
    *,
    bootstrap: str,
    folder: Path,
    partitions: int,
    session_timeout_s: float = SESSION_TIMEOUT_S,
    **options: Any,
) -> FollowingApp:
    """Build an application without agents; `PoseWorker` and its like add them.

    `group` is the consumer group. `bootstrap` is Kafka's host:port, several separated by commas.
    `folder` is for Faust's own files. `partitions` is the number of partitions of its existing
    topics. No port is opened. `options` are further settings of Faust.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return FollowingApp(
        group,
        broker=[f"kafka://{address}" for address in bootstrap.split(",")],
        datadir=folder,
        store="memory://",
        web_enabled=False,
        topic_partitions=partitions,
        topic_disable_leader=True,
        broker_session_timeout=session_timeout_s,
        broker_heartbeat_interval=session_timeout_s / 6,
        broker_request_timeout=max(session_timeout_s, 40.0),
        consumer_auto_offset_reset="earliest",
        consumer_metadata_max_age_ms=METADATA_MAX_AGE_MS,
        producer_acks=-1,
        producer_linger=LINGER_S,
        producer_max_batch_size=BATCH_BYTES,
        stream_wait_empty=False,
        logging_config=None,
        **options,
    )


class _Worker(faust.Worker):
    """Faust worker that keeps the logging setup and prints only that it is running."""

    def __init__(self, app: FollowingApp, at_work: Callable[[], None]) -> None:
        super().__init__(app, override_logging=False, quiet=True)
        self.spinner = None
        self._at_work = at_work

    async def on_startup_finished(self) -> None:
        await super().on_startup_finished()
        if not self.should_stop:
            self._at_work()


def run(app: FollowingApp, *, at_work: Callable[[], None] = lambda: None) -> NoReturn:
    """Run until SIGTERM or SIGINT, finish what is in flight, and exit with 0; with 1 on a crash.

    `at_work` is called when signal handlers are installed and the session states are loaded.
    """
    _Worker(app, at_work).execute_from_commandline()
