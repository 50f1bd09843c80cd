"""Build the principle checks of `kinelog doctor --principles`."""

import asyncio
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx2

from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.bus import KafkaBus
from adapters.bus.kafka.config import KafkaAddress
from adapters.clock import new_id, utc_now
from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from api.app import build_app
from application.kernel.consumer import consumer_subscription
from application.kernel.topics import DEAD_LETTERS_KEPT, WORK_KEPT, Group, Topic
from application.live.chunk import FrameChunk, IngestChunk, SessionKey
from application.live.service import LiveClosed
from application.operations.principles import reading, writing
from application.operations.principles.kernel import (
    ACTOR,
    TENANT,
    WITHIN_S,
    NotHere,
    Patient,
    Principle,
    Shown,
    show_all,
)
from application.operations.principles.writing import fact_id, nth_fact
from application.platform import Platform
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import kafka_config
from domain.ids import SessionId
from domain.kernel import Origin
from domain.motion.landmarks import PoseChunk
from domain.sessions import events

GROUP: Final = Group("kinelog-doctor", ("kinelog-doctor",))
TOPICS: Final = (
    Topic(GROUP.name, "Messages of `kinelog doctor` to itself.", WORK_KEPT, partitions=1),
    Topic(
        GROUP.dead_letters,
        "Dead letters of `kinelog doctor`.",
        DEAD_LETTERS_KEPT,
        partitions=1,
        compacted=True,
    ),
)


def run_principles(settings: Settings, report: Callable[[Shown], object]) -> tuple[Shown, ...]:
    """Check every principle on the platform of the settings. Raises StorageUnavailable."""
    with open_platform(settings) as platform:
        patient = Patient(platform.log, platform.commands, utc_now, new_id)
        return show_all(principles(settings, platform, patient), report)


def principles(settings: Settings, platform: Platform, patient: Patient) -> tuple[Principle, ...]:
    """Return the principles in the order of the requirements, each with its check."""
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
        Principle(
            "caching",
            lambda: reading.stale_cache(
                patient,
                lambda: listed_sessions(platform),
                lambda position: platform.fresh(position, WITHIN_S),
            ),
        ),
        Principle("dead letters", lambda: _poison_message(settings)),
    )


class ChildWriter:
    """Satisfies `writing.Writer` with a child process that has the same settings."""

    def __init__(self, settings: Settings) -> None:
        url, keys = settings.postgres_url, settings.key_file
        overrides = {
            "KINELOG_HOME": settings.home,
            "KINELOG_CACHE": settings.cache,
            "KINELOG_READ_YOUR_WRITES_TIMEOUT_S": 0,
            "KINELOG_POSTGRES_URL": None if url is None else url.get_secret_value(),
            "KINELOG_KEY_FILE": keys,
        }
        variables = {name: str(value) for name, value in overrides.items() if value is not None}
        self._environment = {**os.environ, **variables}

    def killed_after(self, session: str, facts: int) -> int:
        """Kill the writer while it writes; return the number of acknowledged events."""
        command = [sys.executable, "-m", "bootstrap.wiring.principles", session]
        with subprocess.Popen(  # noqa: S603  our own module, no shell
            command, env=self._environment, stdout=subprocess.PIPE, text=True
        ) as child:
            output = child.stdout
            if output is None:
                raise NotHere("The child process has no output.")
            lines = [output.readline() for _ in range(facts)]
            child.kill()
            lines += output.readlines()
        return sum(line.endswith("\n") for line in lines)


def _poison_message(settings: Settings) -> str:
    if settings.kafka is None:
        raise NotHere("Without Kafka there are no messages to process.")
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
            consumer=lambda work: consumer_subscription(bus, GROUP, work, draw=draw, clock=utc_now),
            new_id=new_id,
        )


QUERY: Final = "{ sessions(first: 100) { edges { node { sessionId } } } }"
REPETITIONS: Final = 3
FRAMES: Final = 15
"""Frames of a chunk: half a second."""
POLL_INTERVAL_S: Final = 0.1


def listed_sessions(platform: Platform) -> set[str]:
    """Query the newest sessions of `kinelog doctor` by GraphQL."""
    return asyncio.run(_query_sessions(platform))


async def _query_sessions(platform: Platform) -> set[str]:
    app = build_app(platform, web=Path(tempfile.gettempdir()))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://doctor", timeout=None
    ) as http:
        response = await http.post(
            "/graphql", json={"query": QUERY}, headers={"X-Tenant-ID": TENANT}
        )
    body: Any = response.json()
    return {edge["node"]["sessionId"] for edge in body["data"]["sessions"]["edges"]}


def streamed_twice(platform: Platform, session: str) -> int | None:
    """Stream a set, each chunk twice, and wait until it is in the log; return its repetitions.

    Returns None if no pose worker is running.
    """
    try:
        is_live = asyncio.run(_stream(platform, SessionKey(TENANT, SessionId(session))))
    except LiveClosed:
        return None
    is_recorded = is_live and asyncio.run(_recorded(platform, session))
    return REPETITIONS if is_recorded else None


async def _stream(platform: Platform, key: SessionKey) -> bool:
    """Return whether a worker replied to any chunk."""
    origin = Origin(tenant_id=TENANT, actor=ACTOR, correlation_id=platform.new_id())
    modes: set[str] = set()
    await platform.live.start()
    try:
        for message in _messages():
            for _ in range(2):
                command = IngestChunk(session=key, message=message)
                modes.add((await platform.live.ingest(command, origin)).result.mode)
    finally:
        await platform.live.stop()
    return "live" in modes


async def _recorded(platform: Platform, session: str) -> bool:
    """Wait until the end of the set is in the log."""
    until = platform.clock() + timedelta(seconds=WITHIN_S)
    while platform.clock() < until:
        recorded = platform.log.load(TENANT, f"session-{session}")
        if any(isinstance(each.event, events.SetCompleted) for each in recorded):
            return True
        await asyncio.sleep(POLL_INTERVAL_S)
    return False


def _messages() -> Iterator[FrameChunk]:
    video = landmarks(Performance(exercise="squat", repetitions=REPETITIONS))
    for sequence, at in enumerate(range(0, len(video), FRAMES), start=1):
        part = slice(at, at + FRAMES)
        world = None if video.world is None else video.world[part]
        yield FrameChunk(
            set=1,
            sequence=sequence,
            exercise="squat",
            model="mannequin",
            last=at + FRAMES >= len(video),
            chunk=PoseChunk(video.times_s[part], video.image[part], world, video.aspect_ratio),
        )


def main() -> None:
    """Write events to the named session until killed; print the number of each acknowledged one."""
    session = sys.argv[1]
    with open_platform(Settings()) as platform:
        patient = Patient(platform.log, platform.commands, utc_now, new_id)
        for number in count(1):
            event = nth_fact(session, number, utc_now())
            patient.write(event, command_id=fact_id(session, number))
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
