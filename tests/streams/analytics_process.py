"""The analytics worker as a separate process that can be killed."""

import argparse
import logging
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Final

from adapters.analytics.database import Analytics
from adapters.analytics.windows import PostgresWindows
from adapters.clock import utc_now
from adapters.event_log.codec import EVENTS
from application.analytics import rollups
from application.kernel.topics import PARTITIONS
from streams import analytics_checkpoints
from streams.analytics_worker import GROUP, AnalyticsWorker
from streams.worker import make_app, run
from tests.erasure import nobody_is_erased

ROUND: Final = 20
"""Number of events stored at a time."""


def main() -> None:
    """Process the topics of a prefix until terminated.

    `--life` selects a new consumer group, so that it need not wait until Kafka notices the
    killed one. The position is stored with the windows, not in Kafka. Batches are small, so
    that a killed worker leaves work behind.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--postgres", required=True)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--life", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for limit in ("FULL_ROUND", "MOST_WAITING"):
        setattr(analytics_checkpoints, limit, ROUND)
    name = f"{arguments.prefix}{GROUP.name}"
    topics = tuple(f"{arguments.prefix}{topic}" for topic in GROUP.topics)
    app = make_app(
        f"{name}-{arguments.life}",
        bootstrap=arguments.bootstrap,
        folder=arguments.folder,
        partitions=PARTITIONS,
    )
    AnalyticsWorker(
        app,
        windows=PostgresWindows(Analytics.at(arguments.postgres), is_erased=nobody_is_erased),
        decode=EVENTS.decode,
        clock=utc_now,
        group=replace(GROUP, name=name, topics=topics),
        roll_ups=f"{arguments.prefix}{rollups.TOPIC}",
    )
    run(app, at_work=lambda: print("at work", file=sys.stderr, flush=True))  # noqa: T201  to the log


if __name__ == "__main__":
    main()
