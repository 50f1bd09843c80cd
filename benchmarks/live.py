"""Live sessions over HTTP beside the bare fold: how long an answer takes, and a cue.

Sessions are streamed in real time, half a second of landmarks at a time, to a server of one's own:
embedded, and distributed with a worker of each kind behind Kafka. `worker` is the time from when a
chunk is on the bus to when its answer is; `door` is the rest of what the client waits. A cue's
delay begins with the end of the movement that it is about, so it has the wait for the chunk's end
and for the fold to be sure in it.

Run `python -m benchmarks.live [--json] [--sessions 8 32] [--seconds 20]`.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
from kafka import KafkaConsumer, TopicPartition

from adapters.clock import utc_now
from adapters.faust import pose_messages
from adapters.kafka.topics import KafkaTopics
from adapters.local_services.databases import fresh_database
from adapters.local_services.kafka import LocalKafka
from adapters.local_services.postgres import LocalPostgres
from adapters.mannequin.athlete import landmarks
from adapters.mannequin.performance import Performance
from adapters.migrations import upgrade
from application.live_format import MEDIA_TYPE, encode
from application.live_frames import IngestFrames
from application.live_motion import LiveKey, PoseMessage
from application.topics import PARTITIONS, POSE_REPLY, POSE_STREAM, TOPICS
from domain.ids import DEFAULT_TENANT, SessionId
from domain.motion.catalogue import exercise
from domain.motion.fold import advance, begin
from domain.motion.landmarks import PoseChunk

KINELOG = Path(sys.executable).with_name("kinelog")
PATH = "/v1/workouts/streaming"
COMPACT = {"Content-Type": MEDIA_TYPE}
INTERVAL_S = 0.5
CHUNK = 15
WARM_UP_S = 5.0


@dataclass
class Seen:
    """What clients saw after the warm-up."""

    took_ms: list[float] = field(default_factory=list[float])
    cue_ms: list[float] = field(default_factory=list[float])
    modes: dict[str, int] = field(default_factory=dict[str, int])


def chunks() -> list[PoseChunk]:
    """A set that lasts longer than the measurement, with a cue at each repetition."""
    film = landmarks(
        Performance(exercise="squat", repetitions=60, faults=("trunk_lean",), landmark_noise_px=1.0)
    )
    assert film.world is not None
    return [
        PoseChunk(
            film.times_s[at : at + CHUNK],
            film.image[at : at + CHUNK],
            film.world[at : at + CHUNK],
            film.aspect_ratio,
        )
        for at in range(0, len(film) - CHUNK, CHUNK)
    ]


def bare_fold_ms(film: Sequence[PoseChunk]) -> float:
    """The median time of the fold for a chunk."""
    definition = exercise("squat")
    state = begin(definition)
    took: list[float] = []
    for chunk in film:
        began = time.perf_counter()
        state = advance(definition, state, chunk).state
        took.append(1000.0 * (time.perf_counter() - began))
    return statistics.median(took)


async def train(
    http: httpx2.AsyncClient, film: Sequence[PoseChunk], late_s: float, seconds: float, seen: Seen
) -> None:
    """Be one client; it begins `late_s` after the first one."""
    await asyncio.sleep(late_s)
    began_at = utc_now() - timedelta(seconds=INTERVAL_S)  # the first chunk is filmed already
    body = {"athleteId": "ada", "at": began_at.isoformat()}
    session = SessionId((await http.post("/v1/sessions", json=body)).json()["sessionId"])
    began = time.perf_counter() - INTERVAL_S
    for sequence, chunk in enumerate(film[: int(seconds / INTERVAL_S)], start=1):
        due = began + float(chunk.times_s[0]) + INTERVAL_S
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        message = PoseMessage(
            set=1, sequence=sequence, exercise="squat", model="bench", last=False, chunk=chunk
        )
        content = encode(IngestFrames(session=LiveKey(DEFAULT_TENANT, session), message=message))
        told: dict[str, Any] = {"seqAck": 0}
        while told["seqAck"] < sequence:  # what is not kept goes again, when the server says so
            await asyncio.sleep(told.get("nextIntervalMs", 0) / 1000.0)
            sent = time.perf_counter()
            told = (await http.post(PATH, content=content, headers=COMPACT)).json()
            answered = time.perf_counter()
            if answered - began > WARM_UP_S:
                seen.took_ms.append(1000.0 * (answered - sent))
                seen.modes[told["mode"]] = seen.modes.get(told["mode"], 0) + 1
                seen.cue_ms += [1000.0 * (answered - began) - cue["atMs"] for cue in told["cues"]]


async def trained(url: str, film: Sequence[PoseChunk], sessions: int, seconds: float) -> Seen:
    """Train with so many clients, spread over the interval."""
    seen = Seen()
    limits = httpx2.Limits(max_connections=sessions)
    async with (
        httpx2.AsyncClient(base_url=url, trust_env=False, timeout=30, limits=limits) as http,
        asyncio.TaskGroup() as clients,
    ):
        for number in range(sessions):
            late_s = INTERVAL_S * number / sessions
            clients.create_task(train(http, film, late_s, seconds, seen))
    return seen


@contextmanager
def running(environment: Mapping[str, str], *words: str) -> Generator[Any]:
    """Run a command of Kinelog; gives what it said when it was at work."""
    with subprocess.Popen(
        [KINELOG, *words, "--json"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


@contextmanager
def embedded() -> Generator[str]:
    """Run a server by itself; gives its URL."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"KINELOG_HOME": home, "KINELOG_PORT": "0"}
        with running(environment, "serve") as told:
            yield told["url"]


@contextmanager
def distributed() -> Generator[tuple[str, str]]:
    """Run a server with all that is behind it; gives its URL and Kafka's address."""
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
            "KINELOG_SETTLE_S": "0",
            "KINELOG_SIGN_IN": "open",
            "KINELOG_POSTGRES_URL": database,
            "KINELOG_KAFKA": kafka.bootstrap,
        }
        for kind in ("pose", "exercise"):
            opened.enter_context(running(environment, "work", kind))
        yield opened.enter_context(running(environment, "serve"))["url"], kafka.bootstrap


def ends(bootstrap: str, topic: str) -> dict[Any, int]:
    """Tell where a topic ends."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap)
    offsets: dict[Any, int] = consumer.end_offsets(
        [TopicPartition(topic, number) for number in range(PARTITIONS)]
    )
    consumer.close()
    return offsets


Chunk = tuple[bytes, int]
"""A session, and the place of a chunk in it."""


def sent_ms(
    bootstrap: str, begins: Mapping[Any, int], sequence: Callable[[bytes], int]
) -> dict[Chunk, int]:
    """When the first message of each chunk was sent, of those from these places on."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap)
    consumer.assign(list(begins))
    for partition, offset in begins.items():
        consumer.seek(partition, offset)
    last = consumer.end_offsets(list(begins))
    times: dict[Chunk, int] = {}
    while any(consumer.position(partition) < last[partition] for partition in begins):
        for records in consumer.poll(timeout_ms=500).values():
            for record in records:
                times.setdefault((record.key, sequence(record.value)), record.timestamp)
    consumer.close()
    return times


def worker_ms(bootstrap: str, before: Mapping[str, Mapping[Any, int]]) -> list[float]:
    """From when each chunk was sent to when its answer was, after the warm-up."""
    frames = sent_ms(
        bootstrap,
        before[POSE_STREAM.name],
        lambda value: pose_messages.HEADER.unpack_from(value)[3],
    )
    replies = sent_ms(
        bootstrap, before[POSE_REPLY.name], lambda value: int(json.loads(value)["sequence"])
    )
    return [
        float(replies[chunk] - sent)
        for chunk, sent in frames.items()
        if chunk in replies and chunk[1] > WARM_UP_S / INTERVAL_S
    ]


def shares(took: Sequence[float]) -> dict[str, float]:
    """Median, and the times that 95 and 99 of 100 stay below; nothing of less than two."""
    if len(took) < 2:
        return {}
    parts = statistics.quantiles(took, n=100)
    return {name: round(parts[at - 1], 1) for name, at in (("p50", 50), ("p95", 95), ("p99", 99))}


def figures(seen: Seen, sessions: int, fold_ms: float) -> dict[str, Any]:
    answer = shares(seen.took_ms)
    return {
        "sessions": sessions,
        "answers": len(seen.took_ms),
        "degraded": seen.modes.get("degraded", 0),
        "answer_ms": answer,
        "answer_p50_to_bare_fold": round(answer["p50"] / fold_ms, 1),
        "cue_ms": shares(seen.cue_ms),
    }


def run(sessions: Sequence[int], seconds: float) -> dict[str, Any]:
    """Measure all."""
    film = chunks()
    fold_ms = bare_fold_ms(film)
    told: dict[str, Any] = {"bare_fold_ms": round(fold_ms, 2), "embedded": [], "distributed": []}
    with embedded() as url:
        for count in sessions:
            seen = asyncio.run(trained(url, film, count, seconds))
            told["embedded"].append(figures(seen, count, fold_ms))
    with distributed() as (url, bootstrap):
        for count in sessions:
            topics = (POSE_STREAM.name, POSE_REPLY.name)
            before = {topic: ends(bootstrap, topic) for topic in topics}
            seen = asyncio.run(trained(url, film, count, seconds))
            worker = shares(worker_ms(bootstrap, before))
            door = round(statistics.median(seen.took_ms) - worker["p50"], 1)
            hops = {"worker_ms": worker, "door_p50_ms": door}
            told["distributed"].append(figures(seen, count, fold_ms) | hops)
    return told


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Live sessions beside the bare fold.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sessions", type=int, nargs="+", default=[8, 32])
    parser.add_argument("--seconds", type=float, default=25.0, help="of which 5 warm up")
    asked = parser.parse_args()
    told = run(asked.sessions, asked.seconds)
    if asked.json:
        print(json.dumps(told))
        return
    print(f"bare fold of half a second: {told['bare_fold_ms']} ms")
    for composition in ("embedded", "distributed"):
        for measured in told[composition]:
            print(f"{composition:12}", "  ".join(f"{name} {measured[name]}" for name in measured))


if __name__ == "__main__":
    main()
