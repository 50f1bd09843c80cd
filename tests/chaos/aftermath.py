"""State of all stores after a chaos run, read once everything has caught up."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from typing import Any, Final

import psycopg
from kafka import KafkaConsumer, TopicPartition

from adapters.analytics.database import Analytics
from adapters.analytics.windows import PostgresWindows
from adapters.bus.kafka.bus import KafkaBus
from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.postgres_checkpoints import PostgresCheckpointStore
from adapters.event_log.postgres_encoded_reader import PostgresEncodedLog
from adapters.event_log.worker_checkpoints import SqlPositions
from adapters.migrations import SCHEMA
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.sql.engines import open_engine
from application.kernel.cloud_events import EncodedEvent, from_message
from application.kernel.dead_letters import list_dead_letters
from application.kernel.projection_runner import rebuild
from application.kernel.topics import (
    EVENT_TOPICS,
    EXERCISE_DETECT,
    EXERCISE_WORKER,
    POSE_STREAM,
    POSE_WORKER,
    SESSIONS_CHANGELOG,
)
from domain.kernel import Recorded
from domain.sessions import events
from projections.registry import ALL
from streams.analytics_worker import GROUP as ANALYTICS
from streams.table_checkpoints import DUE, due_key
from tests.adapters.analytics.reading import stored_windows
from tests.application.analytics.examples import seen, windows
from tests.chaos import checks
from tests.chaos.athletes import Athlete, of_frames, truth
from tests.chaos.platform import Site
from tests.erasure import nobody_is_erased
from tests.projections.stores import contents

ALL_OF_IT: Final = 10**7


class Aftermath:
    """The stores of an idle platform. Sessions of `known` streams are ignored."""

    def __init__(self, site: Site, excluded: frozenset[str] = frozenset()) -> None:
        url = site.database
        self._excluded = excluded
        self._site = site
        self._opened = ExitStack()
        enter = self._opened.enter_context
        self._log = enter(closing(PostgresEventLog(url, clock=utc_now, new_id=new_id)))
        self._stored = enter(closing(PostgresEncodedLog(url)))
        self._rows = enter(closing(Database(url)))
        self._tables = SqlProjectionStore(self._rows)
        self._bus = enter(closing(KafkaBus(site.kafka)))
        engine = open_engine(url, schema=SCHEMA)
        self._opened.callback(engine.dispose)
        self._positions = SqlPositions(engine)
        self._windows = PostgresWindows(
            enter(closing(Analytics.at(url))), is_erased=nobody_is_erased
        )

    def close(self) -> None:
        """Close all stores."""
        self._opened.close()

    def unworked(self) -> dict[str, int]:
        """Count the pending events of each follower, without those that have none."""
        head = self._log.head()
        (sessions,) = ANALYTICS.topics
        live = self._tables.live(ALL)
        analytics = self._windows.positions(ANALYTICS.name, sessions)
        facts = self._positions.load(EXERCISE_WORKER.name, EXERCISE_DETECT.name)
        left = {
            "relay": head - PostgresCheckpointStore(self._site.database).position(),
            "projections": len(ALL) - sum(table.position >= head for table in live),
            "pose": self._left(POSE_STREAM.name, self._watched()),
            "exercise": self._left(EXERCISE_DETECT.name, facts),
        }
        if not left["relay"]:  # before that, the topic is incomplete
            left["analytics"] = self._left(sessions, analytics)
        return {name: count for name, count in left.items() if count}

    def _left(self, topic: str, due: Mapping[int, int]) -> int:
        with closing(KafkaConsumer(bootstrap_servers=self._site.kafka)) as consumer:
            found = consumer.partitions_for_topic(topic) or ()
            ends = consumer.end_offsets([TopicPartition(topic, number) for number in found])
        return sum(end - due.get(tp.partition, 0) for tp, end in ends.items())

    def _watched(self) -> dict[int, int]:
        """Return the positions that the pose workers stored with their states."""
        due: dict[int, int] = {}
        for each in self._bus.read(SESSIONS_CHANGELOG.name):
            if each.message.key.encode() == due_key(each.partition) and each.message.value:
                due[each.partition] = DUE.unpack(each.message.value)[0]
        return due

    def streams(self) -> frozenset[str]:
        """Return all streams of the log."""
        return frozenset(event.stream for event in self.logged())

    def logged(self) -> Sequence[EncodedEvent]:
        """Return all events of the log."""
        return self._stored.scan(after=0, limit=ALL_OF_IT)

    def arrived(self) -> list[EncodedEvent]:
        """Return all events on Kafka, including duplicates."""
        topics = [topic.name for topic in EVENT_TOPICS]
        return [from_message(each.message) for topic in topics for each in self._bus.read(topic)]

    def wrong(self, athletes: Sequence[Athlete]) -> list[str]:
        """Return all violated invariants."""
        logged, recorded = self.logged(), self._log.scan(after=0, limit=ALL_OF_IT)
        performed = {
            f"session-{each.session_id}": (truth(each.act), each.act.repetitions)
            for each in athletes
        }
        return [
            *(each.failure for each in athletes if each.failure),
            *checks.log_holds(logged, self._commands()),
            *checks.sessions_hold(performed, self._by_stream(recorded), events.RepetitionCounted),
            *checks.bus_holds(logged, self.arrived()),
            *checks.rebuilt_holds(*self._rebuilt()),
            *checks.windows_hold(stored_windows(self._site.database), windows(map(seen, recorded))),
            *self._dead_letters(),
        ]

    def _commands(self) -> list[int]:
        with psycopg.connect(self._site.database) as connection:
            found = connection.execute("SELECT position FROM kinelog.command_log").fetchall()
        return [position for (position,) in found]

    def _rebuilt(self) -> tuple[dict[str, Any], dict[str, Any]]:
        before = contents(self._rows, self._tables)
        rebuild(self._log, self._tables, *ALL)
        return before, contents(self._rows, self._tables)

    def _dead_letters(self) -> list[str]:
        return [
            f"{group.name} put {len(found)} messages aside: {found[0]}"
            for group in (POSE_WORKER, EXERCISE_WORKER, ANALYTICS)
            if (found := list_dead_letters(self._bus, group))
        ]

    def _by_stream(self, recorded: Sequence[Recorded[Any]]) -> dict[str, tuple[Any, ...]]:
        facts: dict[str, list[Any]] = defaultdict(list)
        for each in recorded:
            if each.stream not in self._excluded:
                facts[each.stream].append(each.event)
        return {stream: of_frames(found) for stream, found in facts.items()}
