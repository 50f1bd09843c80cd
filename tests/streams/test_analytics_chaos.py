"""A repeatedly killed analytics worker on a real Kafka yields exact windows."""

import os
import random
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from adapters.analytics.database import Analytics
from adapters.analytics.windows import PostgresWindows
from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.bus import KafkaBus
from adapters.event_log.codec import EVENTS
from application.analytics import rollups
from application.analytics.rollups import RollupRequest, from_message
from application.kernel.bus import Message
from application.kernel.cloud_events import encoded, to_message
from application.kernel.topics import TOPICS
from streams.analytics_worker import GROUP
from tests.adapters.analytics.reading import stored_windows
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.application.analytics.examples import seen, training, windows
from tests.commands import Command
from tests.erasure import nobody_is_erased
from tests.plugins.services import Service
from tests.streams import analytics_process

pytestmark = pytest.mark.slow

KILLS = 3
WITHIN_S = 240.0
SEED = 20300131
REPOSITORY = Path(__file__).parents[2]


@dataclass
class Site:
    """Kafka topics with a prefix, a database, and one worker at a time between them."""

    bootstrap: str
    database: str
    folder: Path
    prefix: str = field(default_factory=lambda: f"windows-{time.time_ns()}.")
    lives: int = 0

    @property
    def topic(self) -> str:
        return f"{self.prefix}{GROUP.topics[0]}"

    def make_topics(self) -> None:
        wanted = {GROUP.topics[0], GROUP.dead_letters, rollups.TOPIC}
        prefixed = [
            replace(topic, name=f"{self.prefix}{topic.name}")
            for topic in TOPICS
            if topic.name in wanted
        ]
        KafkaTopics(self.bootstrap).create(prefixed)

    @contextmanager
    def worker(self) -> Generator[Command]:
        self.lives += 1
        words = [
            *("--bootstrap", self.bootstrap, "--postgres", self.database),
            *("--prefix", self.prefix, "--life", str(self.lives)),
            *("--folder", str(self.folder / "faust")),
        ]
        log = self.folder / "worker.log"
        process = Command(
            *words, environment=os.environ, errors=log, output=log, program=analytics_process.main
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def publish(self, messages: Sequence[Message]) -> None:
        with closing(KafkaBus(self.bootstrap)) as bus:
            bus.publish([replace(each, topic=self.topic) for each in messages])

    def worked(self) -> int:
        """Return the number of processed messages."""
        with closing(Analytics.at(self.database)) as analytics:
            name = f"{self.prefix}{GROUP.name}"
            windows = PostgresWindows(analytics, is_erased=nobody_is_erased)
            return sum(windows.positions(name, self.topic).values())

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not condition():
            assert time.monotonic() < deadline, (self.folder / "worker.log").read_text()
            time.sleep(0.02)

    def requested_roll_ups(self) -> list[RollupRequest]:
        with closing(KafkaBus(self.bootstrap)) as bus:
            requests = bus.read(f"{self.prefix}{rollups.TOPIC}")
            return [from_message(each.message) for each in requests]


@pytest.fixture
def site(kafka: Service, postgres: Service, tmp_path: Path) -> Iterator[Site]:
    with upgraded_database(postgres.address) as url:
        site = Site(kafka.address, url, tmp_path)
        site.make_topics()
        yield site


@pytest.mark.timeout(3 * WITHIN_S)
def test_a_repeatedly_killed_worker_counts_every_event_once(site: Site) -> None:
    """R-EVT-08, R-EVT-13, R-EVT-16, C-44: the tables equal those of the pure fold."""
    chance = random.Random(SEED)  # noqa: S311  a test's own chance
    log = training(SEED, sessions=60)
    every = [to_message(encoded(each, EVENTS.encode)) for each in log.recorded]
    part = len(every) // (KILLS + 1)
    sent = 0
    for blow in range(KILLS):
        begin = blow * part
        again = every[max(0, begin - 40) : begin + part]  # like a relay after a kill
        site.publish(again)
        before, sent = site.worked(), sent + len(again)
        with site.worker() as worker:
            site.until(lambda: site.worked() > before)  # noqa: B023  within this round
            time.sleep(chance.uniform(0.0, 0.15))
            worker.kill()
            worker.wait()
    site.publish(every[KILLS * part :])
    sent += len(every) - KILLS * part
    with site.worker() as worker:
        site.until(lambda: site.worked() == sent)
        worker.terminate()
        assert worker.wait(WITHIN_S) == 0, (site.folder / "worker.log").read_text()
    expected = windows(map(seen, log.recorded))
    assert stored_windows(site.database) == expected
    assert set(site.requested_roll_ups()) <= {RollupRequest(*day) for day in expected.ends}
