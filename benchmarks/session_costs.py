"""Costs of a live session that the capacity model needs: CPU, messages, bytes, connections, memory.

A distributed platform with all processes that a live session uses, and a second server without
clients, which shows what the replies to other servers' sessions cost. CPU seconds are the kernel's:
of the platform without a load, and at each load. Then the largest sustained load (`_live_load`).
Other programs on the machine disturb it: `others` are the CPUs that they used meanwhile.

Run `python -m benchmarks.session_costs [--json] [--sessions 8 16] [--budget 60] [--spread 8]`.
"""

import argparse
import asyncio
import json
import os
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import psycopg
from kafka import KafkaConsumer, TopicPartition

from application.kernel.topics import EXERCISE_DETECT, POSE_REPLY, POSE_STREAM, SESSIONS_CHANGELOG
from application.kernel.topics import events_topic as events_topic_of
from benchmarks._cpu import cpu_of_descendants_s, descendants, machine_s
from benchmarks._harness import INTERVAL_S, Rig, chunks, distributed, embedded, running
from benchmarks._live_clients import PATIENCE_S
from benchmarks._live_load import Load, Stage, most, videos_of

OPEN: Final = {"embedded": embedded, "distributed": distributed}
FOLLOWERS: Final = {
    "listener": ("serve",),
    "projections": ("worker", "projections"),
    "relay": ("events", "relay"),
}
"""Processes beside those of `_harness.distributed`; the listener is a server without clients."""
TOPICS: Final = (
    POSE_STREAM.name,
    POSE_REPLY.name,
    EXERCISE_DETECT.name,
    SESSIONS_CHANGELOG.name,
    events_topic_of("sessions"),
)
VIDEO_S, STAGE_S = 14.0, 10.0
IDLE_S: Final = 8.0
SAMPLE_S: Final = 0.5
ESTABLISHED: Final = "01"
Row = dict[str, Any]


@dataclass(frozen=True)
class Options:
    """Options of the measurement."""

    sessions: Sequence[int]
    budget_s: float
    spread_s: float


@dataclass
class Trace:
    """CPU seconds of other programs so far, by the time in nanoseconds since 1970."""

    samples: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])

    async def watch(self) -> None:
        """Sample until cancelled."""
        while True:
            busy, ours = machine_s(), time.process_time()
            ours += sum(cpu_of_descendants_s(os.getpid()).values())
            self.samples.append((time.time_ns(), busy - ours))
            await asyncio.sleep(SAMPLE_S)

    def cpus_during(self, stage: Stage) -> float | None:
        """Return the CPUs that other programs used during a load; None if it was too short."""
        sent = [each.due_ns for each in stage.traced.values()]
        if not sent:
            return None
        inside = [each for each in self.samples if min(sent) <= each[0] <= max(sent) + 5e8]
        if len(inside) < 2:
            return None
        (began_ns, before), (ended_ns, after) = inside[0], inside[-1]
        return round(1e9 * (after - before) / (ended_ns - began_ns), 2)


@dataclass(frozen=True)
class Platform(Rig):
    """Rig with all its processes by role; services are named by their program."""

    def cpu_s(self) -> dict[str, float]:
        """Return the CPU seconds so far by role."""
        used = cpu_of_descendants_s(os.getpid())
        seconds = {role: used.pop(process) for role, process in self.processes.items()}
        for process, spent in used.items():
            role = _service(process)
            seconds[role] = seconds.get(role, 0.0) + spent
        return seconds


def _service(process: int) -> str:
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return "ended"
    return next((name for name in ("kafka", "postgres") if name.encode() in command), "other")


async def idle_ms(platform: Platform) -> dict[str, float]:
    """Return the CPU milliseconds a second of each role without any session."""
    before, began = platform.cpu_s(), time.perf_counter()
    await asyncio.sleep(IDLE_S)
    lasted = time.perf_counter() - began
    return {
        role: 1000.0 * (seconds - before.get(role, 0.0)) / lasted
        for role, seconds in platform.cpu_s().items()
    }


def fit(idle: Mapping[str, float], stages: Sequence[Stage]) -> dict[str, Row]:
    """Return, by role, the idle cost, and the cost of a session at each load beyond it."""
    return {
        role: {
            "idle_ms_per_s": round(idle.get(role, 0.0), 1),
            "ms_per_session_s": {
                stage.sessions: round(stage.cpu_ms[role] - idle.get(role, 0.0) / stage.sessions, 2)
                for stage in stages
                if role in stage.cpu_ms
            },
        }
        for role in sorted({role for stage in stages for role in stage.cpu_ms})
    }


def messages(bootstrap: str) -> dict[str, Row]:
    """Return number and mean size of the messages by topic: key, value and headers."""
    result: dict[str, Row] = {}
    for topic in TOPICS:
        consumer = KafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
        numbers = consumer.partitions_for_topic(topic) or set()
        partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        consumer.seek_to_beginning(*partitions)
        sizes: list[int] = []
        while any(consumer.position(each) < ends[each] for each in partitions):
            for records in consumer.poll(timeout_ms=500).values():
                sizes += [_size(record) for record in records]
        consumer.close()
        mean = round(statistics.mean(sizes)) if sizes else 0
        result[topic] = {"messages": len(sizes), "bytes": mean}
    return result


def _size(record: Any) -> int:
    headers = sum(len(name) + len(value or b"") for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers


def stored(database: str) -> Row:
    """Return the events of the log, and bytes an event in its tables and in those of read models.

    Bytes are of tables with their indexes, and include pages that are not full yet.
    """
    by_schema = """
        SELECT n.nspname, sum(pg_total_relation_size(c.oid))
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        GROUP BY 1"""
    with psycopg.connect(database) as connection:
        counted = connection.execute("SELECT count(*) FROM kinelog.events").fetchone()
        sizes = {name: int(size) for name, size in connection.execute(by_schema)}
        clients = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        ).fetchone()
    assert counted is not None
    assert clients is not None
    return {"events": counted[0], "bytes_by_schema": sizes, "clients": clients[0] - 1}


def connections(processes: Mapping[str, int], ports: Mapping[str, int]) -> dict[str, Row]:
    """Return the open TCP connections of each process to each service, and its memory."""
    remote = _remote_ports()
    result: dict[str, Row] = {}
    for role, process in processes.items():
        found: Counter[int] = Counter()
        for each in descendants(process):
            found.update(remote[inode] for inode in _sockets(each) if inode in remote)
        resident = sum(_resident_mb(each) for each in descendants(process))
        result[role] = {name: found[port] for name, port in ports.items()} | {"mb": round(resident)}
    return result


def _remote_ports() -> dict[str, int]:
    ports: dict[str, int] = {}
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == ESTABLISHED:
                ports[fields[9]] = int(fields[2].rpartition(":")[2], 16)
    return ports


def _sockets(process: int) -> Iterable[str]:
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            yield target[8:-1]


def _resident_mb(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def tried(stage: Stage, trace: Trace) -> Row:
    """Return a row about one load."""
    return {
        "sessions": stage.sessions,
        "borne": stage.is_borne,
        "p50_ms": round(statistics.median(stage.latency_ms), 1) if stage.latency_ms else None,
        "p95_ms": round(stage.p95_ms, 1) if stage.latency_ms else None,
        "late": round(stage.missed / stage.chunks, 3),
        "degraded": stage.degraded,
        "lost": stage.lost,
        "others": trace.cpus_during(stage),
    }


async def measured(platform: Platform, video: Sequence[Any], options: Options) -> Row:
    """Measure one composition."""
    trace = Trace()
    watching = asyncio.create_task(trace.watch())
    long, short = videos_of(video, VIDEO_S), videos_of(video, STAGE_S + options.spread_s)
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    async with aiohttp.ClientSession(platform.url, connector=connector, timeout=timeout) as http:
        await Load(http, long, min(options.sessions)).run(platform.cpu_s)  # warms up
        idle = await idle_ms(platform)
        stages = [await Load(http, long, number).run(platform.cpu_s) for number in options.sessions]
    result: Row = {"cpu": fit(idle, stages), "loads": [tried(stage, trace) for stage in stages]}
    if options.budget_s:
        best, attempts = await most(platform, short, options.budget_s, spread_s=options.spread_s)
        cpu = {} if best is None else {role: round(ms, 2) for role, ms in best.cpu_ms.items()}
        result["most"] = {
            "sessions": best.sessions if best else 0,
            "cpu_ms_per_session_s": cpu,
            "tried": [tried(each, trace) for each in attempts],
        }
    watching.cancel()
    return result


def run(name: str, options: Options) -> Row:
    """Start a composition with all processes, and measure it."""
    video = chunks()
    opened: AbstractContextManager[Rig] = OPEN[name]()
    with ExitStack() as stack:
        rig = stack.enter_context(opened)
        processes = dict(rig.processes)
        for role, words in FOLLOWERS.items() if rig.kafka else ():
            processes[role], _ = stack.enter_context(running(rig.environment, *words))
        platform = replace_processes(rig, processes)
        result = asyncio.run(measured(platform, video, options))
        ports: dict[str, int] = {}
        if rig.kafka and rig.database:
            ports["kafka"] = int(rig.kafka.rpartition(":")[2])
            ports["postgres"] = urlsplit(rig.database).port or 0
            result["stored"] = stored(rig.database)
            result["messages"] = messages(rig.kafka)
        result["connections"] = connections(processes, ports)
    return result


def replace_processes(rig: Rig, processes: Mapping[str, int]) -> Platform:
    """Return the rig with more processes, as a platform."""
    return Platform(rig.url, rig.kafka, processes, rig.environment, rig.database)


def main() -> None:
    """Print the figures as JSON, or one line for each."""
    parser = argparse.ArgumentParser(description="Costs of a live session by process.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sessions", type=int, nargs="+", default=[8, 12, 16])
    parser.add_argument("--budget", type=float, default=60.0, help="seconds of the search; 0: none")
    parser.add_argument(
        "--spread",
        type=float,
        default=INTERVAL_S,
        help="seconds within which the sessions of the search begin",
    )
    parser.add_argument("--only", choices=tuple(OPEN), nargs="+", default=tuple(OPEN))
    words = parser.parse_args()
    options = Options(words.sessions, words.budget, words.spread)
    result = {name: run(name, options) for name in words.only}
    if words.json:
        print(json.dumps(result))
        return
    for name, rows in result.items():
        for key, value in rows.items():
            print(f"{name:12} {key}", value)


if __name__ == "__main__":
    main()
