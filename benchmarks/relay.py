"""Cost of the relay compared with a plain producer of the same client and the same messages.

Both send events of the same size, with the same headers and keys, to topics of a Kafka and, for the
relay, from a PostgreSQL of their own; both are removed afterwards. The plain producer has its
messages in memory already and waits once, at the end; the relay reads them from the log, writes
their envelopes, waits for each batch and moves its position. Rounds alternate; figures are medians.
`cpu` is the processor time of this process, which shows whether the machine was busy.

kafka-python computes a checksum of every byte in Python unless the package `crc32c` is installed;
the output shows which.

Run `python -m benchmarks.relay [--json]`.
"""

import argparse
import importlib.util
import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from statistics import median
from threading import Event
from typing import Any

import structlog

from adapters.bus.kafka import client
from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.bus import BATCH_BYTES, KafkaBus
from adapters.clock import new_id, utc_now
from adapters.event_log.notify_tail import NotifyTail
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.postgres_checkpoints import PostgresCheckpointStore
from adapters.event_log.postgres_encoded_reader import PostgresEncodedLog
from adapters.migrations import upgrade
from application.kernel.bus import Message
from application.kernel.cloud_events import to_message
from application.kernel.ports import Change
from application.kernel.relay import relay_subscription
from application.kernel.topics import EVENT_TOPICS
from benchmarks.eventlog import TENANT, facts
from bootstrap.garbage_collection import reduce_garbage_collection
from domain.kernel import Origin
from tools.local_services.databases import create_database
from tools.local_services.kafka import LocalKafka
from tools.local_services.postgres import LocalPostgres

EVENTS = 40_000
STREAMS = 400
ROUNDS = 5


@dataclass(frozen=True)
class Took:
    """Seconds of wall-clock time and of this process's processor time, for EVENTS events."""

    wall_s: float
    cpu_s: float


def timed(work: Callable[[], object]) -> Took:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


def fill(database: str) -> None:
    """Write the log: sessions with a set and its repetitions."""
    with closing(PostgresEventLog(database, clock=utc_now, new_id=new_id)) as log:
        for _ in range(STREAMS):
            origin = Origin(tenant_id=TENANT, actor="user/ada", correlation_id=new_id())
            change = Change(f"session-{new_id()}", 0, facts(EVENTS // STREAMS))
            log.append([change], origin=origin, command_id=new_id())


def bare(bootstrap: str, messages: Sequence[Message]) -> None:
    """Send all messages with a plain producer, as fast as it can."""
    producer = client.producer(
        bootstrap, acks="all", enable_idempotence=True, batch_size=BATCH_BYTES, linger_ms=5
    )
    prepared = [(sent, sent.key.encode(), list(sent.headers)) for sent in messages]
    for sent, key, headers in prepared:
        producer.send(sent.topic, value=sent.value, key=key, headers=headers)
    producer.flush()
    producer.close()


def relayed(database: str, bootstrap: str) -> None:
    """Relay the whole log, from its first event."""
    stop = Event()

    def until_the_end(position: int) -> None:
        if position >= EVENTS:
            stop.set()

    held = PostgresCheckpointStore(database)
    held.rewind(0)
    with (
        closing(PostgresEncodedLog(database)) as log,
        closing(NotifyTail(database)) as tail,
        closing(KafkaBus(bootstrap)) as bus,
    ):
        relay = relay_subscription(
            log=log, tail=tail, bus=bus, checkpoints=held, draw=lambda: 1.0, relayed=until_the_end
        )
        relay.run(stop)


def run() -> dict[str, Any]:
    """Measure on servers of our own, both sides with the relay's settings of this process."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    reduce_garbage_collection()
    with LocalPostgres() as postgres, LocalKafka(jvm_options=()) as kafka:
        database = create_database(postgres.url)
        upgrade(database)
        fill(database)
        KafkaTopics(kafka.bootstrap).create(EVENT_TOPICS)
        with closing(PostgresEncodedLog(database)) as log:
            messages = [to_message(event) for event in log.scan(after=0, limit=EVENTS)]
        rounds = [
            (
                timed(lambda: relayed(database, kafka.bootstrap)),
                timed(lambda: bare(kafka.bootstrap, messages)),
            )
            for _ in range(ROUNDS + 1)
        ][1:]
    return to_rows(rounds)


def to_rows(rounds: Sequence[tuple[Took, Took]]) -> dict[str, Any]:
    relay, raw = ([each[side] for each in rounds] for side in (0, 1))
    wall, raw_wall = (median(took.wall_s for took in side) for side in (relay, raw))
    cpu, raw_cpu = (median(took.cpu_s for took in side) for side in (relay, raw))
    return {
        "benchmark": "relay",
        "events": EVENTS,
        "crc32c": "native" if importlib.util.find_spec("crc32c") else "python",
        "relay_events_s": round(EVENTS / wall),
        "producer_events_s": round(EVENTS / raw_wall),
        "ratio": round(wall / raw_wall, 2),
        "relay_events_cpu_s": round(EVENTS / cpu),
        "producer_events_cpu_s": round(EVENTS / raw_cpu),
        "cpu_ratio": round(cpu / raw_cpu, 2),
    }


def main() -> None:
    """Print the figures, or JSON with `--json`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    result = run()
    if options.json:
        print(json.dumps(result, indent=2))
        return
    for name, figure in result.items():
        print(f"{name:<24}{figure:>14}")


if __name__ == "__main__":
    main()
