"""Cost and latency of a pose worker called by RPC, compared with the bare fold.

One session is sent chunk by chunk, half a second of landmarks each, to the worker in this process,
over gRPC and over HTTP. The worker appends facts to a log and stores the session's state, both in
SQLite and on disk before it answers. `cpu` is the processor time per chunk, of caller and worker
together; unlike `p50` and `p95` it does not depend on the machine's other work.

Run `python -m benchmarks.worker_calls [--json] [--repetitions 40]`.
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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters.clock import new_id, utc_now
from adapters.rpc.grpc_client import GrpcClient
from adapters.rpc.http_client import HttpClient
from adapters.rpc.in_process import InProcessClient
from adapters.rpc.protobuf import ProtobufCodec
from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.kernel.command_handler import Request
from application.kernel.rpc import Codec, RpcClient
from application.live.chunk import FrameChunk, SessionKey
from application.live.tracker import TrackerState, track
from application.live.worker_contract import TRACK_CHUNK
from application.live.worker_handlers import to_live_chunk
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.rpc import Worker, build_worker_server
from domain.ids import DEFAULT_TENANT, SessionId, UserId
from domain.kernel import Origin
from domain.motion.landmarks import PoseChunk
from domain.sessions.commands import StartSession
from domain.sessions.session import SESSION
from streams.json_codec import JsonCodec

KINELOG = Path(sys.executable).with_name("kinelog")
CHUNK = 15
WITHIN_S = 60.0


@dataclass(frozen=True)
class Figures:
    """Milliseconds per chunk of one alternative."""

    way: str
    cpu_ms: float
    p50_ms: float
    p95_ms: float


def messages(repetitions: int) -> list[FrameChunk]:
    video = landmarks(Performance(repetitions=repetitions, landmark_noise_px=1.0))
    starts = range(0, len(video), CHUNK)
    return [
        FrameChunk(
            set=1,
            sequence=sequence,
            exercise="squat",
            model="mannequin",
            last=at + CHUNK >= len(video),
            chunk=part(video, slice(at, at + CHUNK)),
        )
        for sequence, at in enumerate(starts, start=1)
    ]


def part(video: PoseChunk, which: slice) -> PoseChunk:
    world = None if video.world is None else video.world[which]
    return PoseChunk(video.times_s[which], video.image[which], world, video.aspect_ratio)


def worker_cpu_s(process: int) -> float:
    """Return the processor time of a process, by proc(5)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def session(settings: Settings) -> SessionKey:
    """Start a session."""
    key = SessionKey(DEFAULT_TENANT, SessionId(str(new_id())))
    origin = Origin(tenant_id=key.tenant_id, actor="benchmark", correlation_id=new_id())
    started = StartSession(athlete_id=UserId("ada"), at=utc_now() - timedelta(hours=1))
    with open_platform(settings) as opened:
        request = Request(SESSION, key.session_id, [started])
        opened.commands.execute(request, origin=origin, command_id=new_id())
    return key


def figures(way: str, took_s: Sequence[float], cpu_s: float) -> Figures:
    ordered = sorted(took_s)
    return Figures(
        way=way,
        cpu_ms=1000.0 * cpu_s / len(ordered),
        p50_ms=1000.0 * statistics.median(ordered),
        p95_ms=1000.0 * ordered[int(0.95 * (len(ordered) - 1))],
    )


def bare(chunks: Sequence[FrameChunk]) -> Figures:
    state: TrackerState | None = None
    took: list[float] = []
    began = time.process_time()
    for message in chunks:
        at = time.perf_counter()
        state = track(state, message.sequence, message).session
        took.append(time.perf_counter() - at)
    return figures("fold", took, time.process_time() - began)


def called(
    way: str,
    calls: RpcClient,
    key: SessionKey,
    chunks: Sequence[FrameChunk],
    others_cpu_s: Callable[[], float] = lambda: 0.0,
) -> Figures:
    async def main() -> Figures:
        await calls.start()
        took: list[float] = []
        began = time.process_time() + others_cpu_s()
        for message in chunks:
            at = time.perf_counter()
            reply = await calls.call(TRACK_CHUNK, to_live_chunk(key, message), WITHIN_S)
            took.append(time.perf_counter() - at)
            assert reply.refused is None, reply.refused
        cpu_s = time.process_time() + others_cpu_s() - began
        await calls.stop()
        return figures(way, took, cpu_s)

    return asyncio.run(main())


def written(codec: Codec, key: SessionKey, message: FrameChunk) -> int:
    return len(codec.encode(to_live_chunk(key, message)))


def measured(home: Path, chunks: Sequence[FrameChunk]) -> list[Figures]:
    settings = Settings(home=home)
    results = [bare(chunks)]
    with build_worker_server(settings, [Worker.POSE]) as answering:
        key = session(settings)
        results.append(called("in process", InProcessClient(answering), key, chunks))
    words = ["worker", "rpc", "pose", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0", "--json"]
    environment = {**os.environ, "KINELOG_HOME": str(home)}
    with subprocess.Popen([KINELOG, *words], env=environment, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        where: dict[str, Any] = json.loads(worker.stdout.readline())
        ways: dict[str, RpcClient] = {
            "grpc": GrpcClient(where["grpc"], ProtobufCodec()),
            "http": HttpClient(where["http"], JsonCodec()),
        }
        for way, calls in ways.items():
            used = lambda: worker_cpu_s(worker.pid)  # noqa: E731  of this process alone
            results.append(called(way, calls, session(settings), chunks, used))
        worker.terminate()
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--repetitions", type=int, default=40)
    options = parser.parse_args()
    chunks = messages(options.repetitions)
    with tempfile.TemporaryDirectory() as folder:
        results = measured(Path(folder), chunks)
    key = SessionKey(DEFAULT_TENANT, SessionId("s"))
    sizes = {
        "protobuf": written(ProtobufCodec(), key, chunks[0]),
        "json": written(JsonCodec(), key, chunks[0]),
    }
    if options.json:
        print(json.dumps({"bytes": sizes, "ways": [vars(each) for each in results]}))
        return
    print(f"{len(chunks)} chunks; one has {sizes} bytes")
    for each in results:
        times = f"p50 {each.p50_ms:6.2f} ms  p95 {each.p95_ms:6.2f} ms"
        print(f"{each.way:12} cpu {each.cpu_ms:6.2f} ms  {times}")


if __name__ == "__main__":
    main()
