"""An event log, a Kafka broker, and the relay processes between them."""

import os
import random
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

from adapters.bus.kafka.bus import KafkaBus
from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.postgres_checkpoints import PostgresCheckpointStore
from application.kernel.cloud_events import EncodedEvent, from_message
from application.kernel.ports import Change
from application.kernel.topics import CONTEXT_OF_CATEGORY, topic_of
from domain.ids import TenantId
from domain.kernel import Origin
from domain.sessions import events
from domain.values import Span
from tests.commands import Command

PATIENCE_S = 120.0
BATCH = 50
STREAMS = [f"{category}-{n}" for category in CONTEXT_OF_CATEGORY for n in range(6)]
COLORS = ("red", "blue")
Stream = tuple[str, str]
"""Tenant and stream id."""


@dataclass
class Site:
    """An event log that is written to, a Kafka broker, and the relay processes between them."""

    database: str
    bootstrap: str
    notes: Path
    tenants: list[str] = field(default_factory=lambda: [f"{color}-{uuid4()}" for color in COLORS])

    @contextmanager
    def relay(self, batch: int = BATCH) -> Generator[Command]:
        env = {**os.environ, "KINELOG_POSTGRES_URL": self.database, "KINELOG_KAFKA": self.bootstrap}
        words = ("events", "relay", f"--batch={batch}")
        process = Command(*words, environment=env, errors=self.notes, output=self.notes)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    @contextmanager
    def writer(self, seed: int) -> Generator[None]:
        """Append to many streams, some events at a time, until the block ends."""
        stop = Event()
        thread = Thread(target=self._write, args=(seed, stop))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _write(self, seed: int, stop: Event) -> None:
        rng = random.Random(seed)  # noqa: S311  a test's own chance
        log = PostgresEventLog(self.database, clock=utc_now, new_id=new_id)
        versions: Counter[Stream] = Counter()
        while not stop.wait(0.02):
            stream = (rng.choice(self.tenants), rng.choice(STREAMS))
            count = rng.randint(1, 12)
            facts = [
                events.HoldMeasured(set=1, span=Span(0, n), form=None, faults=())
                for n in range(count)
            ]
            origin = Origin(tenant_id=TenantId(stream[0]), actor="ada", correlation_id=uuid4())
            change = Change(stream[1], versions[stream], facts)
            log.append([change], origin=origin, command_id=uuid4())
            versions[stream] += count
        log.close()

    def position(self) -> int:
        return PostgresCheckpointStore(self.database).position()

    def head(self) -> int:
        log = PostgresEventLog(self.database, clock=utc_now, new_id=new_id)
        try:
            return log.head()
        finally:
            log.close()

    def wait_for(self, position: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self.position() < position:
            assert time.monotonic() < deadline, self.notes.read_text()
            time.sleep(0.1)

    def wait_for_note(self, text: str, times: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self.notes.read_text().count(text) < times:
            assert time.monotonic() < deadline, self.notes.read_text()
            time.sleep(0.1)

    def arrived(self) -> list[EncodedEvent]:
        bus = KafkaBus(self.bootstrap)
        topics = {topic_of(stream) for stream in STREAMS}
        found = [from_message(each.message) for topic in sorted(topics) for each in bus.read(topic)]
        bus.close()
        return [each for each in found if each.tenant_id in self.tenants]

    def logged(self) -> dict[Stream, int]:
        """Return the version of each stream in the log."""
        log = PostgresEventLog(self.database, clock=utc_now, new_id=new_id)
        recorded = log.scan(after=0, limit=10**6)
        log.close()
        return dict(Counter((fact.origin.tenant_id, fact.stream) for fact in recorded))


def deduplicated(arrived: list[EncodedEvent]) -> dict[Stream, int]:
    """Return the newest versions as a consumer sees them: duplicates dropped, gaps not allowed."""
    newest: dict[Stream, int] = {}
    for event in arrived:
        stream = (event.tenant_id, event.stream)
        assert event.version <= newest.get(stream, 0) + 1, f"a gap in {stream}"
        newest[stream] = max(newest.get(stream, 0), event.version)
    return newest
