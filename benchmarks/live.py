"""Live sessions: latency of replies and cues, and the maximum number of sessions.

Sessions are streamed in real time, half a second of landmarks at a time, to a server started for
the benchmark: embedded, and distributed with a worker of each kind behind Kafka. `worker` is the
time from the chunk on the bus to its answer on the bus; `endpoint` is the rest of the client's
wait. `echo` is the answer of a server that does nothing with a chunk, at the same pace (`_echo`).
A cue's delay begins with the end of the movement that it is about, so it includes the wait
for the chunk's end and for the fold to be certain.

`most` is the largest number of sessions that the server can follow on this machine, which it shares
with the clients, and if distributed also with PostgreSQL and Kafka (`_live_load` defines a
sustained load); the cost of a session in each process, in milliseconds of CPU per second; and the
parts of the response time (`_latency`), from the traces of a share of all chunks, which are sent to
a local collector. Only requests carry the client's trace id: use `--transport http` for that.

Run `python -m benchmarks.live [--json] [--sessions 8 32] [--seconds 25] [--budget 80]`.
"""

import argparse
import asyncio
import json
import math
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import aiohttp
from kafka import KafkaConsumer, TopicPartition

from adapters.clock import utc_now
from adapters.live import pose_stream_codec
from application.kernel.topics import PARTITIONS, POSE_REPLY, POSE_STREAM
from application.live.chunk import FrameChunk, IngestChunk, SessionKey
from application.live.chunk_codec import encode
from benchmarks._echo import echo_server
from benchmarks._harness import INTERVAL_S, Rig, chunks, distributed, embedded
from benchmarks._latency import hops_ms, on_bus_ns
from benchmarks._live_clients import CLIENTS, PATIENCE_S, Client
from benchmarks._live_load import IN_TIME_MS, STAGE_S, Stage, most, videos_of
from benchmarks._spans import collector
from domain.ids import DEFAULT_TENANT, SessionId
from domain.motion.exercises.library import get_exercise
from domain.motion.fold import advance, begin
from domain.motion.landmarks import PoseChunk

WARM_UP_S = 5.0


COMPOSITIONS = ("embedded", "distributed")
Row = dict[str, Any]
OpenRig = Callable[..., AbstractContextManager[Rig]]


@dataclass(frozen=True)
class Options:
    """Options of the measurement."""

    sessions: Sequence[int]
    seconds: float
    budget_s: float
    share: float
    within_ms: float
    transport: str
    compositions: Sequence[str]


@dataclass
class Seen:
    """Measurements of the clients after the warm-up."""

    took_ms: list[float] = field(default_factory=list[float])
    cue_ms: list[float] = field(default_factory=list[float])
    modes: dict[str, int] = field(default_factory=dict[str, int])


def bare_fold_ms(video: Sequence[PoseChunk], pause_s: float = 0.0) -> float:
    """Return the median time of the fold per chunk, with a pause before each."""
    definition = get_exercise("squat")
    state = begin(definition)
    took: list[float] = []
    for chunk in video:
        if pause_s:
            time.sleep(pause_s)
        began = time.perf_counter()
        state = advance(definition, state, chunk).state
        took.append(1000.0 * (time.perf_counter() - began))
    return statistics.median(took)


async def train(
    http: aiohttp.ClientSession, client: Client, video: Sequence[PoseChunk], seen: Seen
) -> None:
    """Perform a video, and note the answers."""
    began_at = utc_now() - timedelta(seconds=INTERVAL_S)  # the first chunk is captured already
    body = {"athleteId": "ada", "at": began_at.isoformat()}
    async with http.post("/v1/sessions", json=body) as opened:
        session = SessionId((await opened.json())["sessionId"])
    began = time.perf_counter() - INTERVAL_S
    for sequence, chunk in enumerate(video, start=1):
        due = began + float(chunk.times_s[0]) + INTERVAL_S
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        message = FrameChunk(
            set=1, sequence=sequence, exercise="squat", model="bench", last=False, chunk=chunk
        )
        content = encode(IngestChunk(session=SessionKey(DEFAULT_TENANT, session), message=message))
        result: Mapping[str, Any] = {"seqAck": 0}
        while result["seqAck"] < sequence:  # a chunk that was not stored is sent again
            await asyncio.sleep(result.get("nextIntervalMs", 0) / 1000.0)
            sent = time.perf_counter()
            reply = await client.ask(content, uuid4().hex)
            answered = time.perf_counter()
            if reply is None:
                raise RuntimeError("A chunk got no answer.")
            result = reply
            if answered - began > WARM_UP_S:
                seen.took_ms.append(1000.0 * (answered - sent))
                seen.modes[result["mode"]] = seen.modes.get(result["mode"], 0) + 1
                seen.cue_ms += [1000.0 * (answered - began) - cue["atMs"] for cue in result["cues"]]


async def trained(url: str, video: Sequence[PoseChunk], sessions: int, transport: str) -> Seen:
    """Run this many clients, with starts spread over the interval."""
    seen = Seen()

    async def start(delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        async with CLIENTS[transport](http) as client:
            await train(http, client, video, seen)

    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    async with (
        aiohttp.ClientSession(url, connector=connector, timeout=timeout) as http,
        asyncio.TaskGroup() as clients,
    ):
        for number in range(sessions):
            clients.create_task(start(INTERVAL_S * number / sessions))
    return seen


def ends(bootstrap: str, topic: str) -> dict[Any, int]:
    """Return the end offsets of a topic."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap)
    offsets: dict[Any, int] = consumer.end_offsets(
        [TopicPartition(topic, number) for number in range(PARTITIONS)]
    )
    consumer.close()
    return offsets


Chunk = tuple[bytes, int]
"""A session, and the sequence number of a chunk in it."""


def sent_ms(
    bootstrap: str, begins: Mapping[Any, int], sequence: Callable[[bytes], int]
) -> dict[Chunk, int]:
    """Return the time at which each chunk was first sent, from these offsets on."""
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
    """Return the times from each chunk on the bus to its answer, after the warm-up."""
    frames = sent_ms(
        bootstrap,
        before[POSE_STREAM.name],
        lambda value: pose_stream_codec.decode(value).sequence,
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
    """Return median, 95th and 99th percentile; nothing for fewer than two values."""
    if len(took) < 2:
        return {}
    parts = statistics.quantiles(took, n=100)
    return {name: round(parts[at - 1], 1) for name, at in (("p50", 50), ("p95", 95), ("p99", 99))}


def figures(
    seen: Seen, sessions: int, video: Sequence[PoseChunk], fold_ms: float
) -> dict[str, Any]:
    """Compare answers with the fold alone, without pauses and at the pace of these sessions."""
    answer = shares(seen.took_ms)
    paced_ms = bare_fold_ms(video, INTERVAL_S / sessions)
    return {
        "sessions": sessions,
        "answers": len(seen.took_ms),
        "degraded": seen.modes.get("degraded", 0),
        "answer_ms": answer,
        "answer_p50_to_bare_fold": round(answer["p50"] / fold_ms, 1),
        "paced_fold_ms": round(paced_ms, 2),
        "answer_p50_to_paced_fold": round(answer["p50"] / paced_ms, 1),
        "cue_ms": shares(seen.cue_ms),
    }


def fixed(rig: Rig, video: Sequence[PoseChunk], options: Options, fold_ms: float) -> list[Row]:
    """Measure given numbers of sessions, with the hops from Kafka if it is used."""
    result: list[Row] = []
    for count in options.sessions:
        topics = (POSE_STREAM.name, POSE_REPLY.name)
        before = {topic: ends(rig.kafka, topic) for topic in topics} if rig.kafka else {}
        shown = video[: int(options.seconds / INTERVAL_S)]
        seen = asyncio.run(trained(rig.url, shown, count, options.transport))
        result.append(figures(seen, count, shown, fold_ms))
        with echo_server() as url:
            echoed = asyncio.run(trained(url, shown, count, options.transport))
        result[-1]["echo_p50_ms"] = round(statistics.median(echoed.took_ms), 1)
        if rig.kafka:
            worker = shares(worker_ms(rig.kafka, before))
            endpoint = round(statistics.median(seen.took_ms) - worker["p50"], 1)
            result[-1] |= {"worker_ms": worker, "endpoint_p50_ms": endpoint}
    return result


def most_figures(best: Stage | None, tried: Sequence[Stage], split: Row) -> Row:
    """Return the largest sustained load, and each attempt."""
    loads = [
        {
            "sessions": each.sessions,
            "p95_ms": None if math.isinf(each.p95_ms) else round(each.p95_ms, 1),
            "degraded": each.degraded,
            "lost": each.lost,
            "miscounted": each.miscounted,
            "borne": each.is_borne,
        }
        for each in tried
    ]
    cpu_ms = {} if best is None else {role: round(ms, 2) for role, ms in best.cpu_ms.items()}
    refused = [each.sessions for each in tried if not each.is_borne]
    borne = 0 if best is None else best.sessions
    return {
        "sessions": borne,
        "not_borne": min((each for each in refused if each > borne), default=None),
        "answer_ms": {} if best is None else shares(best.latency_ms),
        "cpu_ms_per_session_second": cpu_ms,
        "hops_ms": split,
        "cores": os.cpu_count(),
        "tried": loads,
    }


def measured(
    name: str, open_rig: OpenRig, video: Sequence[PoseChunk], options: Options, fold_ms: float
) -> Row:
    """Measure one composition."""
    bus: dict[str, int] = {}
    best: Stage | None = None
    tried: list[Stage] = []
    with collector() as spans:
        settings = {
            "KINELOG_OTLP_ENDPOINT": spans.url,
            "KINELOG_TRACE_SAMPLE_RATIO": str(options.share),
        }
        with open_rig(**settings) as rig:
            result: Row = {name: fixed(rig, video, options, fold_ms)}
            if options.budget_s:
                videos, open_client = videos_of(video, STAGE_S), CLIENTS[options.transport]
                search = most(rig, videos, options.budget_s, open_client, options.within_ms)
                best, tried = asyncio.run(search)
            if best is not None and rig.kafka is not None and options.transport == "http":
                bus = on_bus_ns(rig.kafka, best.traced)
    if tried:  # every process has exported its last spans, as it has ended
        is_traced = options.transport == "http"
        split = hops_ms(best.traced, spans.times, bus) if best and is_traced else {}
        result["most"] = {name: most_figures(best, tried, split)}
    return result


def run(options: Options) -> Row:
    """Measure all compositions."""
    video = chunks()
    fold_ms = bare_fold_ms(video)
    result: Row = {"bare_fold_ms": round(fold_ms, 2), "most": {}}
    for name, open_rig in (("embedded", embedded), ("distributed", distributed)):
        if name in options.compositions:
            row = measured(name, open_rig, video, options, fold_ms)
            result["most"] |= row.pop("most", {})
            result |= row
    return result


def show(result: Row) -> None:
    """Print the figures, one line each."""
    print(f"bare fold of half a second: {result['bare_fold_ms']} ms")
    for name in COMPOSITIONS:
        for each in result.get(name, ()):
            print(f"{name:12}", "  ".join(f"{column} {each[column]}" for column in each))
    for name, maximum in result["most"].items():
        least = "at least " if maximum["not_borne"] is None else ""  # the budget was used up
        print(f"{name:12} most sessions: {least}{maximum['sessions']} on {maximum['cores']} cores")
        for column in ("answer_ms", "cpu_ms_per_session_second", "hops_ms"):
            print(f"{'':12} {column} {maximum[column]}")
        for load in maximum["tried"]:
            print(f"{'':12} tried", "  ".join(f"{column} {load[column]}" for column in load))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Live sessions beside the bare fold.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sessions", type=int, nargs="*", default=[16], help="none, to leave")
    parser.add_argument("--seconds", type=float, default=25.0, help="of which 5 warm up")
    parser.add_argument(
        "--budget", type=float, default=80.0, help="seconds for each search for `most`; 0 for none"
    )
    parser.add_argument("--only", choices=COMPOSITIONS, nargs="+", default=COMPOSITIONS)
    parser.add_argument(
        "--within", type=float, default=IN_TIME_MS, help="ms in which 95 of 100 answers must come"
    )
    parser.add_argument("--transport", choices=CLIENTS, default="websocket")
    parser.add_argument("--share", type=float, default=0.2, help="of all traces that is told")
    words = parser.parse_args()
    result = run(
        Options(
            sessions=words.sessions,
            seconds=words.seconds,
            budget_s=words.budget,
            share=words.share,
            within_ms=words.within,
            transport=words.transport,
            compositions=tuple(words.only),
        )
    )
    if words.json:
        print(json.dumps(result))
    else:
        show(result)


if __name__ == "__main__":
    main()
