"""Program that follows the log for both stores, announces a moment within a write, and stops there.

python -m tests.cli.pose_coach_follower TABLE DATABASE: it stops before the first commit to DATABASE
after a row was written to TABLE.
"""

import sys
from collections.abc import Sequence
from threading import Event
from typing import Any

import sqlalchemy as sa

from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.pose_coach import build_sink_subscription, open_pose_coach
from domain.ids import DEFAULT_TENANT
from domain.pose_coach.key import PoseCoachKey

ANNOUNCEMENT = "within the write"


def follow() -> tuple[int, ...]:
    """Follow the log to its end for both stores; return how many sessions each has."""
    settings = Settings()
    with open_platform(settings) as platform, open_pose_coach(settings, platform) as stores:
        both = (stores.document, stores.analytics)
        for store in both:
            stores.states.replay(store.name, platform.clock())
            with build_sink_subscription(settings, platform, stores, store) as subscription:
                subscription.run_once()
        return tuple(len(store.list(DEFAULT_TENANT, PoseCoachKey("athlete").uid)) for store in both)


def stop_within(table: str, database: str) -> None:
    """Announce the moment on the standard output, and do nothing from then on."""
    written = Event()

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def note(_connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(f"INSERT INTO {table} "):
            written.set()

    @sa.event.listens_for(sa.Engine, "commit")
    def stop(connection: sa.Connection) -> None:
        if written.is_set() and database in str(connection.engine.url.database):
            sys.stdout.write(f"{ANNOUNCEMENT}\n")
            sys.stdout.flush()
            Event().wait()


def main(words: Sequence[str]) -> None:
    """Follow the log, and stop on the way."""
    stop_within(*words)
    follow()


if __name__ == "__main__":
    main(sys.argv[1:])
