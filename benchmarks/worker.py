"""Cost of a Faust worker compared with the bare fold, over the same half-second chunks in one run.

The bare fold runs in this process, over decoded chunks, once more over the messages as received
from Kafka, and a third time with all processing of a worker (`apply`), so that the rest is the cost
of Faust and Kafka. The worker is a process of its own that processes a full topic: it reads,
decodes, folds, publishes facts, waits for their acknowledgement, and stores states and position in
its changelog. Budget: 1.25 times the bare fold. CPU seconds are compared as well as seconds,
because Kafka runs on the same machine.

Then live sessions send a chunk every half second, and the delay is measured from sending a chunk to
its facts in Kafka. A frame waits for the rest of its chunk before that, 0.25 s on average.

Run `python -m benchmarks.worker [--json]`.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from adapters.bus.kafka.admin import KafkaTopics
from adapters.clock import utc_now
from adapters.live import pose_stream_codec
from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.kernel.topics import PARTITIONS, TOPICS
from application.live.chunk import FrameChunk, SessionKey
from application.live.tracker import TrackerState, track
from benchmarks._cpu import cpu_s
from bootstrap.garbage_collection import reduce_garbage_collection
from domain.ids import SessionId, TenantId
from domain.motion.exercises.library import get_exercise
from domain.motion.fold import advance, begin
from domain.motion.landmarks import PoseChunk
from streams.table_checkpoints import DUE, due_key
from streams.topic_names import Topics
from tools.local_services.kafka import LocalKafka

CHUNK = 15
SESSIONS = 16
LIVE_SESSIONS, LIVE_S = 24, 30
EXERCISES = ("squat", "push_up", "biceps_curl", "jumping_jack")
HERE = Path(__file__).parents[1]


def chunks(name: str) -> list[PoseChunk]:
    """Return a set of twenty repetitions in half-second chunks."""
    whole = landmarks(Performance(exercise=name, repetitions=20, landmark_noise_px=1.0))
    assert whole.world is not None
    return [
        PoseChunk(
            whole.times_s[at : at + CHUNK],
            whole.image[at : at + CHUNK],
            whole.world[at : at + CHUNK],
            whole.aspect_ratio,
        )
        for at in range(0, len(whole), CHUNK)
    ]


def messages(name: str) -> list[FrameChunk]:
    watched = chunks(name)
    return [
        FrameChunk(
            set=1,
            sequence=sequence,
            exercise=name,
            model="mannequin",
            last=sequence == len(watched),
            chunk=chunk,
        )
        for sequence, chunk in enumerate(watched, start=1)
    ]


KEY = SessionKey(TenantId("gym"), SessionId("s-1"))


class Videos:
    """Chunks of all sessions, as messages and as bytes."""

    def __init__(self) -> None:
        self.messages = {name: messages(name) for name in EXERCISES}
        self.bytes = {
            name: [pose_stream_codec.encode(KEY, message) for message in video]
            for name, video in self.messages.items()
        }

    def exercise(self, session: int) -> str:
        return EXERCISES[session % len(EXERCISES)]

    def in_turn(self, sessions: int) -> Iterator[tuple[int, int]]:
        """Yield session and chunk, one chunk of each session in turn."""
        for at in range(max(map(len, self.bytes.values()))):
            for session in range(sessions):
                if at < len(self.bytes[self.exercise(session)]):
                    yield session, at

    def frames(self, sessions: int) -> int:
        names = (self.exercise(session) for session in range(sessions))
        return sum(len(message.chunk) for name in names for message in self.messages[name])


def bare(videos: Videos) -> None:
    """Fold every session's decoded chunks, and nothing else."""
    states = {session: begin(get_exercise(videos.exercise(session))) for session in range(SESSIONS)}
    for session, at in videos.in_turn(SESSIONS):
        name = videos.exercise(session)
        chunk = videos.messages[name][at].chunk
        states[session] = advance(get_exercise(name), states[session], chunk).state


def bare_with_decoding(videos: Videos) -> None:
    """Decode and fold every session's chunks."""
    states = {session: begin(get_exercise(videos.exercise(session))) for session in range(SESSIONS)}
    for session, at in videos.in_turn(SESSIONS):
        name = videos.exercise(session)
        chunk = pose_stream_codec.decode(videos.bytes[name][at]).chunk
        states[session] = advance(get_exercise(name), states[session], chunk).state


def live(videos: Videos) -> None:
    """Process the same bytes completely, as a worker does."""
    sessions: dict[int, TrackerState] = {}
    for position, (session, at) in enumerate(videos.in_turn(SESSIONS)):
        message = pose_stream_codec.decode(videos.bytes[videos.exercise(session)][at])
        sessions[session] = track(sessions.get(session), position, message).session


def seconds(work: Callable[[Videos], None], videos: Videos) -> tuple[float, float]:
    """Return seconds and CPU seconds of one call."""
    began, cpu = time.perf_counter(), time.process_time()
    work(videos)
    return time.perf_counter() - began, time.process_time() - cpu


@contextmanager
def worker(bootstrap: str, prefix: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one worker."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            *(sys.executable, "-m", "benchmarks.worker", "--be-a-worker"),
            *("--bootstrap", bootstrap, "--prefix", prefix, "--folder", folder),
        ]
        process = subprocess.Popen(
            command, cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def be_a_worker(bootstrap: str, prefix: str, folder: Path) -> None:
    """Work until stopped, as `kinelog worker pose` does."""
    from streams.pose_worker import PoseWorker  # noqa: PLC0415  only in the worker's process
    from streams.worker import make_app, run  # noqa: PLC0415

    reduce_garbage_collection()
    topics = Topics(prefix)
    group = topics.pose_worker.name
    app = make_app(group, bootstrap=bootstrap, folder=folder, partitions=PARTITIONS)
    decode = pose_stream_codec.decode
    PoseWorker(app, topics=topics, partitions=PARTITIONS, decode=decode, clock=utc_now)
    run(app)


def make_topics(bootstrap: str, names: Topics) -> None:
    """Create the declared topics under the prefix of this run."""
    prefixed = [replace(topic, name=f"{names.prefix}{topic.name}") for topic in TOPICS]
    KafkaTopics(bootstrap).create(prefixed)


@contextmanager
def reading(bootstrap: str, topic: str) -> Iterator[Any]:
    """Yield a consumer of all partitions of a topic from their beginning."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, fetch_max_wait_ms=20)
    partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    try:
        yield consumer
    finally:
        consumer.close()


def worked_off(bootstrap: str, videos: Videos) -> dict[str, float]:
    """Fill a topic, then let a worker process it; return seconds and CPU seconds per chunk."""
    topics = Topics(f"bench-{time.time_ns()}.")
    make_topics(bootstrap, topics)
    total = fill(bootstrap, topics, videos)
    due = dict.fromkeys(range(PARTITIONS), 0)
    marks: list[tuple[int, float, float]] = []
    with (
        worker(bootstrap, topics.prefix) as process,
        reading(bootstrap, topics.sessions_changelog) as consumer,
    ):
        while sum(due.values()) < total:
            for batch in consumer.poll(timeout_ms=50).values():
                for record in batch:
                    if record.key == due_key(record.partition):
                        due[record.partition] = DUE.unpack(record.value)[0]
            if process.poll() is not None:
                raise SystemExit(f"The worker ended with status {process.returncode}.")
            marks.append((sum(due.values()), time.perf_counter(), cpu_s(process.pid)))
    first = next(mark for mark in marks if mark[0] > total // 20)  # warmed up
    last = next(mark for mark in marks if mark[0] >= total)
    done = last[0] - first[0]
    return {"wall_s": (last[1] - first[1]) / done, "cpu_s": (last[2] - first[2]) / done}


def fill(bootstrap: str, topics: Topics, videos: Videos) -> int:
    """Send every session's chunks; return their number."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, linger_ms=20)
    total = 0
    for session, at in videos.in_turn(SESSIONS):
        value = videos.bytes[videos.exercise(session)][at]
        producer.send(topics.pose_stream, key=f"bench/{session}".encode(), value=value)
        total += 1
    producer.flush()
    producer.close()
    return total


def delays_ms(bootstrap: str, videos: Videos) -> list[float]:
    """Let sessions send in real time; return the milliseconds from each chunk to its facts."""
    topics = Topics(f"live-{time.time_ns()}.")
    make_topics(bootstrap, topics)
    sent_ms: dict[tuple[str, int], int] = {}
    with worker(bootstrap, topics.prefix):
        producer = KafkaProducer(bootstrap_servers=bootstrap)
        began = time.monotonic()
        for tick in range(LIVE_S * 2):
            for session in range(LIVE_SESSIONS):
                at_s = began + (tick + session / LIVE_SESSIONS) / 2
                time.sleep(max(0.0, at_s - time.monotonic()))
                video = videos.bytes[videos.exercise(session)]
                key = f"bench/{session}"
                sending = producer.send(topics.pose_stream, key=key.encode(), value=video[tick])
                sent_ms[key, tick + 1] = sending.get(timeout=60).timestamp
        producer.close()
    with reading(bootstrap, topics.exercise_detect) as consumer:
        ends = consumer.end_offsets(consumer.assignment())
        records: list[Any] = []
        while any(consumer.position(tp) < end for tp, end in ends.items()):
            for batch in consumer.poll(timeout_ms=200).values():
                records += batch
    sequence_of = sequences(videos)
    return [delay_ms(record, sequence_of, sent_ms) for record in records if steady(record, sent_ms)]


def steady(record: Any, sent_ms: Mapping[tuple[str, int], int]) -> bool:
    """Return whether a fact was detected after the worker's start-up."""
    return cast(int, record.timestamp) > min(sent_ms.values()) + 10_000


def delay_ms(
    record: Any,
    sequence_of: Mapping[tuple[str, int], int],
    sent_ms: Mapping[tuple[str, int], int],
) -> float:
    fact = json.loads(record.value)
    key = f"{fact['tenant_id']}/{fact['session_id']}"
    sequence = sequence_of[fact["exercise_id"], fact["number"]]
    return float(record.timestamp - sent_ms[key, sequence])


def sequences(videos: Videos) -> dict[tuple[str, int], int]:
    """Return the chunk in which each fact of each exercise is detected."""
    sequence_of: dict[tuple[str, int], int] = {}
    for name, video in videos.messages.items():
        standing: TrackerState | None = None
        for position, message in enumerate(video):
            standing, detections = track(standing, position, message)
            sequence_of |= {(name, one.number): one.sequence for one in detections}
    return sequence_of


def run() -> dict[str, Any]:
    """Measure all."""
    videos = Videos()
    total = sum(1 for _ in videos.in_turn(SESSIONS))
    with LocalKafka(jvm_options=()) as kafka:
        folds, decoding, living, working = [], [], [], []
        for _ in range(3):
            folds.append(seconds(bare, videos))
            decoding.append(seconds(bare_with_decoding, videos))
            living.append(seconds(live, videos))
            working.append(worked_off(kafka.bootstrap, videos))
        delays = delays_ms(kafka.bootstrap, videos)
    frames = videos.frames(SESSIONS)
    fold_s, fold_cpu_s = (statistics.median(side) for side in zip(*folds, strict=True))
    decode_s, decode_cpu_s = (statistics.median(side) for side in zip(*decoding, strict=True))
    live_s, live_cpu_s = (statistics.median(side) for side in zip(*living, strict=True))
    wall_s = statistics.median(one["wall_s"] for one in working) * total
    work_cpu_s = statistics.median(one["cpu_s"] for one in working) * total
    return {
        "chunks": total,
        "frames": frames,
        "fold_frames_per_s": round(frames / fold_s),
        "decode_and_fold_frames_per_s": round(frames / decode_s),
        "worker_frames_per_s": round(frames / wall_s),
        "worker_to_fold": round(wall_s / fold_s, 2),
        "worker_to_fold_cpu": round(work_cpu_s / fold_cpu_s, 2),
        "worker_to_decode_and_fold": round(wall_s / decode_s, 2),
        "worker_to_decode_and_fold_cpu": round(work_cpu_s / decode_cpu_s, 2),
        "worker_to_all_that_is_made": round(wall_s / live_s, 2),
        "worker_to_all_that_is_made_cpu": round(work_cpu_s / live_cpu_s, 2),
        "facts_timed": len(delays),
        "delay_ms_p50": round(statistics.median(delays), 1),
        "delay_ms_p95": round(statistics.quantiles(delays, n=20)[-1], 1),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="A Faust worker beside the bare fold.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--be-a-worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--bootstrap", help=argparse.SUPPRESS)
    parser.add_argument("--prefix", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.be_a_worker:
        be_a_worker(arguments.bootstrap, arguments.prefix, arguments.folder)
        return
    figures = run()
    if arguments.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:32} {figure:>12,}")


if __name__ == "__main__":
    main()
