"""What the doctor shows the principles on: the platform that the settings choose, and faults."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from typing import Final

from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.bus import KafkaBus
from adapters.bus.kafka.config import KafkaAddress
from adapters.cache.redis import RedisCache
from adapters.clock import new_id, utc_now
from adapters.health_checks.faults import LonelyPool, SilentServer, Stalled
from application.kernel.consumer import Consumer
from application.kernel.topics import DEAD_LETTERS_KEPT, WORK_KEPT, Group, Topic
from application.operations.principles import reading, waiting, writing
from application.operations.principles.kernel import (
    WITHIN_S,
    NotHere,
    Patient,
    Principle,
    Shown,
    show_all,
)
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import kafka_config
from bootstrap.wiring.composition import platform as opened
from bootstrap.wiring.health_check_targets import listed_sessions, streamed_twice

GROUP: Final = Group("kinelog-doctor", ("kinelog-doctor",))
TOPICS: Final = (
    Topic(GROUP.name, "What the doctor sends to itself.", WORK_KEPT, partitions=1),
    Topic(
        GROUP.dead_letters,
        "What the doctor could not work off.",
        DEAD_LETTERS_KEPT,
        partitions=1,
        compacted=True,
    ),
)


def shown(settings: Settings, tell: Callable[[Shown], object]) -> tuple[Shown, ...]:
    """Show all principles on the platform of these settings. Raises StorageUnavailable."""
    with opened(settings) as platform:
        patient = Patient(platform.log, platform.commands, utc_now, new_id)
        return show_all(principles(settings, platform, patient), tell)


def principles(settings: Settings, platform: Platform, patient: Patient) -> tuple[Principle, ...]:
    """Name the principles in the order of the requirements, each with what shows it."""
    return (
        Principle(
            "idempotency",
            lambda: writing.duplicates(patient, lambda name: streamed_twice(platform, name)),
        ),
        Principle(
            "event sourcing",
            lambda: writing.lost_process(
                patient, ChildWriter(settings), lambda name, n: writing.nth_fact(name, n, utc_now())
            ),
        ),
        Principle("transactions of several steps", lambda: writing.failed_step(patient)),
        Principle("circuit breaker", lambda: _dead_dependency(settings)),
        Principle("background jobs", lambda: _slow_job(patient)),
        Principle(
            "caching",
            lambda: reading.stale_cache(
                patient,
                lambda: listed_sessions(platform),
                lambda position: platform.fresh(position, WITHIN_S),
            ),
        ),
        Principle("connection pool", lambda: _exhausted_pool(settings)),
        Principle("dead letters", lambda: _poison_message(settings)),
    )


class ChildWriter:
    """Satisfies `writing.Writer` with a process that has the same settings."""

    def __init__(self, settings: Settings) -> None:
        url, keys = settings.postgres_url, settings.key_file
        given = {
            "KINELOG_HOME": settings.home,
            "KINELOG_CACHE": settings.cache,
            "KINELOG_READ_YOUR_WRITES_TIMEOUT_S": 0,
            "KINELOG_POSTGRES_URL": None if url is None else url.get_secret_value(),
            "KINELOG_KEY_FILE": keys,
        }
        told = {name: str(value) for name, value in given.items() if value is not None}
        self._environment = {**os.environ, **told}

    def killed_after(self, session: str, facts: int) -> int:
        """Kill it amid its work; what it said until then is what was acknowledged."""
        command = [sys.executable, "-m", "bootstrap.wiring.health_check_writer", session]
        with subprocess.Popen(  # noqa: S603  our own module, no shell
            command, env=self._environment, stdout=subprocess.PIPE, text=True
        ) as child:
            said = child.stdout
            if said is None:
                raise NotHere("The child has no output.")
            lines = [said.readline() for _ in range(facts)]
            child.kill()
            lines += said.readlines()
        return sum(line.endswith("\n") for line in lines)


def _dead_dependency(settings: Settings) -> str:
    if settings.postgres_url is None:
        raise NotHere("One process with its files has no dependency that could die.")
    with SilentServer() as silent, closing(RedisCache(silent.url)) as answers:
        silent.cache = answers
        return waiting.dead_dependency(silent)


def _slow_job(patient: Patient) -> str:
    with Stalled() as work:
        return waiting.slow_job(patient, work)


def _exhausted_pool(settings: Settings) -> str:
    if settings.postgres_url is None:
        raise NotHere("One process with its files has no server whose connections could run out.")
    with closing(LonelyPool(settings.postgres_url.get_secret_value())) as pool:
        return waiting.exhausted_pool(pool)


def _poison_message(settings: Settings) -> str:
    if settings.kafka is None:
        raise NotHere("Without Kafka nothing is worked off from messages.")
    with _bench(kafka_config(settings)) as bench:
        return reading.poison_message(bench)


@contextmanager
def _bench(kafka: KafkaAddress) -> Generator[reading.Bench]:
    KafkaTopics(kafka).create(TOPICS)
    with closing(KafkaBus(kafka)) as bus:
        draw = random.SystemRandom().random
        yield reading.Bench(
            bus=bus,
            group=GROUP,
            consumer=lambda work: Consumer(bus, GROUP, work, draw=draw, clock=utc_now),
            new_id=new_id,
        )
