"""Harness of live benchmarks: a server with its workers and services."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from adapters.bus.kafka.admin import KafkaTopics
from adapters.migrations import upgrade
from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.kernel.topics import TOPICS
from benchmarks._cpu import cpu_of_descendants_s
from domain.motion.landmarks import PoseChunk
from tools.local_services.databases import fresh_database
from tools.local_services.kafka import LocalKafka
from tools.local_services.postgres import LocalPostgres

KINELOG: Final = Path(sys.executable).with_name("kinelog")
PATH: Final = "/v1/workouts/streaming"
INTERVAL_S: Final = 0.5
CHUNK: Final = 15
"""Frames of half a second, at 30 a second."""


@dataclass(frozen=True)
class Rig:
    """Server at `url`, Kafka's address if it is used, and the processes by role.

    `environment` starts further processes of the same platform, `database` is that of a distributed
    one.
    """

    url: str
    kafka: str | None
    processes: Mapping[str, int]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    database: str | None = None

    def cpu_s(self) -> dict[str, float]:
        """Return the CPU seconds so far by role; those of other programs are in `services`."""
        used = cpu_of_descendants_s(os.getpid())
        ready = {role: used.pop(process) for role, process in self.processes.items()}
        return ready | ({"services": sum(used.values())} if self.kafka else {})


def chunks() -> list[PoseChunk]:
    """Return the chunks of a set that outlasts the measurement, with a cue at each repetition."""
    video = landmarks(
        Performance(exercise="squat", repetitions=60, faults=("trunk_lean",), landmark_noise_px=1.0)
    )
    assert video.world is not None
    return [
        PoseChunk(
            video.times_s[at : at + CHUNK],
            video.image[at : at + CHUNK],
            video.world[at : at + CHUNK],
            video.aspect_ratio,
        )
        for at in range(0, len(video) - CHUNK, CHUNK)
    ]


@contextmanager
def running(environment: Mapping[str, str], *words: str) -> Generator[tuple[int, Any]]:
    """Run a command of Kinelog; yield its process id and its first line of output."""
    with subprocess.Popen(
        [KINELOG, *words, "--json"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.pid, json.loads(process.stdout.readline())
        finally:
            process.terminate()


@contextmanager
def embedded(**settings: str) -> Generator[Rig]:
    """Run an embedded server."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"KINELOG_HOME": home, "KINELOG_PORT": "0", **settings}
        with running(environment, "serve") as (process, ready):
            yield Rig(ready["url"], None, {"serve": process}, environment)


@contextmanager
def distributed(**settings: str) -> Generator[Rig]:
    """Run a server with PostgreSQL, Kafka and a worker of each kind behind it."""
    with ExitStack() as opened:
        home = opened.enter_context(tempfile.TemporaryDirectory())
        kafka = opened.enter_context(LocalKafka(jvm_options=()))
        postgres = opened.enter_context(LocalPostgres())
        database = opened.enter_context(fresh_database(postgres.url))
        upgrade(database)
        KafkaTopics(kafka.bootstrap).create(TOPICS)
        environment = {
            "KINELOG_HOME": home,
            "KINELOG_PORT": "0",
            "KINELOG_READ_YOUR_WRITES_TIMEOUT_S": "0",
            "KINELOG_SIGN_IN": "open",
            "KINELOG_POSTGRES_URL": database,
            "KINELOG_KAFKA": kafka.bootstrap,
            **settings,
        }
        processes: dict[str, int] = {}
        for kind in ("pose", "exercise"):
            worker = running(environment, "worker", kind)
            processes[f"work {kind}"] = opened.enter_context(worker)[0]
        process, ready = opened.enter_context(running(environment, "serve"))
        yield Rig(
            ready["url"],
            kafka.bootstrap,
            {"serve": process, **processes},
            environment,
            database,
        )
