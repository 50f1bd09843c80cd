"""Consumers recover from a restarted broker that does not know its topics yet."""

import os
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from kafka import KafkaProducer

from adapters.bus.kafka.admin import KafkaTopics
from adapters.event_log.worker_checkpoints import SqlPositions
from adapters.migrations import SCHEMA
from adapters.sql.engines import open_engine
from application.kernel.topics import PARTITIONS, TOPICS
from streams.topic_names import Topics
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.commands import Command
from tests.plugins.services import Service
from tests.streams import worker_process

WITHIN_S = 120.0
"""Less than the five minutes after which Kafka's clients refresh their metadata."""
IDLE = "Ignoring missing topic"
REPOSITORY = Path(__file__).parents[2]


def until(condition: Callable[[], object], log: Path) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def worked(url: str, topics: Topics) -> int:
    """Return the number of processed messages."""
    engine = open_engine(url, schema=SCHEMA)
    try:
        due = SqlPositions(engine).load(topics.exercise_worker.name, topics.exercise_detect)
        return sum(due.values())
    finally:
        engine.dispose()


@pytest.mark.slow
@pytest.mark.timeout(4 * WITHIN_S)
def test_an_idle_worker_polls_again_soon(kafka: Service, postgres: Service, tmp_path: Path) -> None:
    """R-OPS-09: it joined while Kafka reported that the topic does not exist."""
    topics = Topics(f"missing-{time.time_ns()}.")
    log = tmp_path / "worker.log"
    log.touch()
    with upgraded_database(postgres.address) as url:
        words = [
            *(
                "--work",
                "exercise",
                "--bootstrap",
                kafka.address,
                "--prefix",
                topics.prefix,
                "--postgres",
                url,
            ),
            *("--folder", str(tmp_path / "faust"), "--partitions", str(PARTITIONS)),
        ]
        worker = Command(
            *words, environment=os.environ, errors=log, output=log, program=worker_process.main
        )
        try:
            until(lambda: IDLE in log.read_text(), log)
            made = [replace(topic, name=f"{topics.prefix}{topic.name}") for topic in TOPICS]
            KafkaTopics(kafka.address).create(made)
            with closing(KafkaProducer(bootstrap_servers=kafka.address)) as producer:
                producer.send(topics.exercise_detect, b"nothing that anybody could read").get(60)
            until(lambda: worked(url, topics), log)
        finally:
            worker.kill()
            worker.wait()
