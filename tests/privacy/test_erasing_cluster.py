"""On a cluster a user leaves personal data in PostgreSQL, Kafka and Redis; all is erased."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
from pydantic import SecretStr

from adapters.bus.kafka.admin import KafkaTopics
from application.kernel.bus import Delivery, Message
from application.kernel.dead_letters import list_dead_letters, to_dead_letter
from application.kernel.projection_runner import rebuild
from application.kernel.topics import DEAD_LETTER_TOPICS, QUEUES, TOPICS
from application.platform import Platform
from application.privacy.erasure import NotCertified
from application.privacy.erasure_certificate import verify
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus, build_relay
from bootstrap.wiring.encryption import build_encryption
from bootstrap.wiring.platform import build_projection_log
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from projections.registry import ALL
from projections.session_summary import SESSION_SUMMARY
from tests.api.cluster import at_work, cluster_database
from tests.privacy.distributed import database_folder, distributed_settings
from tests.privacy.person import ADDRESS, NAME, Person, found, settle
from tools.local_services.kafka import LocalKafka
from tools.local_services.postgres import LocalPostgres
from tools.local_services.redis import LocalRedis

pytestmark = pytest.mark.slow

MAILS = QUEUES[0]
TIME = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def postgres_of_ours() -> Iterator[LocalPostgres]:
    """A server whose files the test can read."""
    with LocalPostgres() as server:
        yield server


@pytest.fixture(scope="module")
def kafka_of_ours() -> Iterator[LocalKafka]:
    with LocalKafka() as server:
        KafkaTopics(server.bootstrap).create(TOPICS)
        yield server


@pytest.fixture
def settings(
    postgres_of_ours: LocalPostgres, kafka_of_ours: LocalKafka, tmp_path: Path
) -> Iterator[Settings]:
    with cluster_database(postgres_of_ours.url) as url, LocalRedis() as cache:
        its_own = distributed_settings(
            tmp_path, url, kafka=kafka_of_ours.bootstrap, redis_url=SecretStr(cache.url)
        )
        with at_work(its_own):
            yield its_own


def relayed(settings: Settings, platform: Platform) -> None:
    """Relay the whole log to the bus."""
    stop = threading.Event()
    with build_relay(settings) as relay, ThreadPoolExecutor(1) as thread:
        running = thread.submit(relay.run, stop)
        with build_kafka_bus(settings) as bus:
            wanted = len(platform.log.scan(after=0, limit=1000))
            while not running.done():
                names = [topic.name for topic in TOPICS if topic.name.startswith("kinelog.events.")]
                if sum(1 for name in names for _ in bus.read(name)) >= wanted:
                    break
        stop.set()
        running.result()


def spread(settings: Settings, person: Person) -> None:
    """Leave the address in a dead letter, and the name in Redis."""
    undelivered = Message("kinelog.events.users", f"default/user-{person.id}", b"{}")
    other = Message("kinelog.events.users", "default/user-somebody", b"{}")
    failed = ValueError(f"nobody takes messages for {ADDRESS}")
    with build_kafka_bus(settings) as bus:
        for offset, message in enumerate((undelivered, other)):
            reason = failed if message is undelivered else ValueError("full")
            letter = to_dead_letter(
                Delivery(message, 0, offset), MAILS, reason, attempts=3, at=TIME
            )
            bus.publish([letter])
    assert settings.redis_url is not None
    with closing(redis.Redis.from_url(settings.redis_url.get_secret_value())) as client:
        client.set("kinelog:answer:abc", f'{{"username": "{NAME}"}}')
        client.hset("kinelog:something", mapping={"name": NAME})
        client.set("kinelog:unrelated", "stays")


def test_erasure_removes_a_user_from_all_machines(
    settings: Settings, postgres_of_ours: LocalPostgres, kafka_of_ours: LocalKafka
) -> None:
    """C-24, R-TEN-12, R-TEN-09"""
    with open_platform(settings) as platform:
        person = settle(platform)
        relayed(settings, platform)
        spread(settings, person)
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="operator", correlation_id=uuid4())
        erasure = platform.privacy().erasure
        counts = erasure.plan(DEFAULT_TENANT, person.id).counts
        assert all(
            counts[step] for step in
            ("account", "read_models", "media", "jobs", "mails", "dead_letters", "caches")
        ), counts  # fmt: skip
        erasure.request(person.id, origin=origin, at_once=True)
        outcome = erasure.run(person.id, origin=origin)
        assert not isinstance(outcome, NotCertified), outcome
        content = verify(outcome, erasure.signer)
        assert content["chain"]["holds"]
        searched = {each["place"]: each["bytes"] for each in content["searched"]}
        assert all(searched[place] for place in ("PostgreSQL", "Kafka", "Redis")), searched
        with build_kafka_bus(settings) as bus:
            assert [each.message.key for each in list_dead_letters(bus, MAILS)] == [
                "default/user-somebody"
            ]
        assert settings.redis_url is not None
        with closing(redis.Redis.from_url(settings.redis_url.get_secret_value())) as client:
            keys: Any = client.keys("kinelog:*")
            limits = [key for key in keys if key.startswith(b"kinelog:rate:")]
            assert all(client.ttl(key) > 0 for key in limits)  # of hashes, for an hour at most
            assert set(keys) - set(limits) == {b"kinelog:unrelated"}
        with build_encryption(settings) as sealing:
            rebuild(build_projection_log(platform.log, sealing.database), platform.tables, *ALL)
        assert platform.read.get(SESSION_SUMMARY, DEFAULT_TENANT, person.session) is None
    data = postgres_of_ours.folder / "data"
    tables = [database_folder(postgres_of_ours, settings), data / "global", data / "pg_stat"]
    letters_of = {f"{topic.name}-0" for topic in DEAD_LETTER_TOPICS}
    topics = [
        each for each in (kafka_of_ours.folder / "data").iterdir()
        if each.is_dir() and each.name not in letters_of
    ]  # fmt: skip
    assert found(person, *tables, *topics, settings.home) == []
