"""Load test: the maximum number of athletes that a server can follow in real time.

Each client sends half a second of landmarks every half second over its own connection, by default a
WebSocket, even if the server asks it to slow down. Clients are at different moments of their
repetitions, as people are. A chunk is on time if a *live* answer arrives within a limit, by default
half a second, after the chunk's capture; a provisional count is therefore late, and so is a chunk
that had to wait for the previous answer. A load is sustained if 95 of 100 chunks are on time, none
is lost, and every session ends with the count of the bare fold for the same chunks.
"""

import asyncio
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import aiohttp

from adapters.clock import utc_now
from application.live.chunk import FrameChunk, IngestChunk, SessionKey
from application.live.chunk_codec import decode, encode
from application.live.tracker import TrackerState, track
from benchmarks._harness import INTERVAL_S, Rig
from benchmarks._live_clients import PATIENCE_S, Client, OpenClient, by_socket
from domain.ids import DEFAULT_TENANT, SessionId
from domain.motion.landmarks import PoseChunk

IN_TIME_MS: Final = 500.0
STAGE_S, WARM_UP_S = 10.0, 3.0
WARM_UP_CHUNKS: Final = round(WARM_UP_S / INTERVAL_S)
FIRST, MOST = 8, 1024
IN_TIME: Final = 0.95
"""Required share of chunks on time; a load ends early once it cannot be reached any more."""
OPENINGS: Final = 8
"""Sessions that are opened concurrently before the measurement starts."""
ANYBODY: Final = SessionId("0" * 36)
"""Placeholder in the prepared bodies, of the same length as the ids that replace it."""


VIDEOS: Final = 7
"""Number of videos. Each begins half a second after the one before, to spread the repetitions."""


@dataclass(frozen=True)
class Video:
    """Recorded set that a client sends: the chunks' bodies, and the final count."""

    bodies: Sequence[bytes]
    repetitions: int


@dataclass(frozen=True)
class Sent:
    """Sent chunk, by the id of its trace; times in nanoseconds since 1970."""

    due_ns: int
    sent_ns: int
    answered_ns: int


@dataclass
class Stage:
    """Result of one load: the outcome of its `chunks` after the warm-up."""

    sessions: int
    chunks: int
    latency_ms: list[float] = field(default_factory=list[float])
    missed: int = 0
    degraded: int = 0
    lost: int = 0
    miscounted: int = 0
    traced: dict[str, Sent] = field(default_factory=dict[str, Sent])
    cpu_ms: dict[str, float] = field(default_factory=dict[str, float])

    @property
    def p95_ms(self) -> float:
        """Return the 95th percentile of the time to a live answer, over all chunks sent."""
        if len(self.latency_ms) < 2:
            return math.inf
        return statistics.quantiles(self.latency_ms, n=20, method="inclusive")[-1]

    @property
    def is_hopeless(self) -> bool:
        """Return whether too many chunks were late for the load to be sustained."""
        return self.missed > (1 - IN_TIME) * self.chunks

    @property
    def is_borne(self) -> bool:
        return not (self.is_hopeless or self.lost or self.miscounted)


def videos_of(chunks: Sequence[PoseChunk], seconds: float) -> list[Video]:
    """Return videos of this length, each beginning one chunk after the one before."""
    length = round(seconds / INTERVAL_S)
    return [_video_of(chunks[begin : begin + length]) for begin in range(VIDEOS)]


def _video_of(chunks: Sequence[PoseChunk]) -> Video:
    """Return the bodies of a set of these chunks, and the count of the fold for them."""
    began_s = float(chunks[0].times_s[0])
    key = SessionKey(DEFAULT_TENANT, ANYBODY)
    standing: TrackerState | None = None
    bodies: list[bytes] = []
    for at, chunk in enumerate(chunks, start=1):
        shown = replace(chunk, times_s=chunk.times_s - began_s)
        message = FrameChunk(
            set=1, sequence=at, exercise="squat", model="bench", last=False, chunk=shown
        )
        bodies.append(encode(IngestChunk(session=key, message=message)))
        read = decode(bodies[-1], DEFAULT_TENANT).message
        standing = track(standing, at, read).session
    assert standing is not None
    return Video(bodies, standing.feedback.repetitions)


class Load:
    """Load of some athletes, from opening their sessions to the answer to their last chunk.

    The athletes begin one after the other, within `spread_s` seconds.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        videos: Sequence[Video],
        sessions: int,
        open_client: OpenClient = by_socket,
        within_ms: float = IN_TIME_MS,
        spread_s: float = INTERVAL_S,
    ) -> None:
        self._within_ms = within_ms
        self._spread_s = spread_s
        self._http = http
        self._open_client = open_client
        self._videos = videos
        self._chunks = len(videos[0].bodies)
        self.stage = Stage(sessions, chunks=sessions * (self._chunks - WARM_UP_CHUNKS))

    async def run(self, cpu_s: Callable[[], Mapping[str, float]]) -> Stage:
        """Open the sessions, then run all clients."""
        opening = asyncio.Semaphore(OPENINGS)
        number = self.stage.sessions
        ids = await asyncio.gather(*(self._open(opening) for _ in range(number)))
        begins = time.perf_counter() + INTERVAL_S
        watching = asyncio.create_task(self._watch_cpu(cpu_s))
        async with asyncio.TaskGroup() as clients:
            for place, session in enumerate(ids):
                video = self._videos[place % len(self._videos)]
                due = begins + self._spread_s * place / number
                clients.create_task(self._train(session, video, due))
        if self.stage.is_hopeless:
            watching.cancel()
            await self._recover()
        else:
            await watching
        return self.stage

    async def _recover(self) -> None:
        """Wait until the server has caught up and answers one more athlete on time."""
        session = await self._open(asyncio.Semaphore())
        until = time.perf_counter() + 2 * PATIENCE_S
        async with self._open_client(self._http) as client:
            for body in self._videos[0].bodies:
                began, reply = time.perf_counter(), None
                content = body.replace(ANYBODY.encode(), session.encode(), 1)
                while reply is None and time.perf_counter() < until:
                    reply = await client.ask(content, uuid4().hex)
                    await asyncio.sleep(0 if reply else INTERVAL_S / 2)
                in_time = 1000.0 * (time.perf_counter() - began) < self._within_ms
                if reply is None or (in_time and reply["mode"] == "live"):
                    return

    async def _open(self, opening: asyncio.Semaphore) -> str:
        began_at = utc_now() - timedelta(seconds=INTERVAL_S)
        body = {"athleteId": "ada", "at": began_at.isoformat()}
        async with opening, self._http.post("/v1/sessions", json=body) as answer:
            return str((await answer.json())["sessionId"])

    async def _watch_cpu(self, cpu_s: Callable[[], Mapping[str, float]]) -> None:
        """Measure the cost of a session, after the warm-up and before the first session ends."""
        seconds = self._chunks * INTERVAL_S - self._spread_s - WARM_UP_S
        await asyncio.sleep(self._spread_s + WARM_UP_S)
        before, own, began = cpu_s(), time.process_time(), time.perf_counter()
        await asyncio.sleep(seconds)
        lasted = (time.perf_counter() - began) * self.stage.sessions
        used = {role: seconds - before[role] for role, seconds in cpu_s().items()}
        used["generator"] = time.process_time() - own
        self.stage.cpu_ms = {role: 1000.0 * each / lasted for role, each in used.items()}

    async def _train(self, session: str, video: Video, begins: float) -> None:
        """Run one client, whose first chunk was captured when the clock shows `begins`."""
        last: Mapping[str, Any] | None = None
        async with self._open_client(self._http) as client:
            for number, body in enumerate(video.bodies):
                due = begins + INTERVAL_S * number
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                content = body.replace(ANYBODY.encode(), session.encode(), 1)
                last = await self._send(client, content, number + 1, due)
                if last is None:
                    self.stage.lost += 1
                    return
                if self.stage.is_hopeless:
                    return
            assert last is not None
            if await self._count(client, content, last) != video.repetitions:
                self.stage.miscounted += 1

    async def _send(
        self, client: Client, content: bytes, sequence: int, due: float
    ) -> Mapping[str, Any] | None:
        """Send a chunk until it is accepted; return the last answer, None if the chunk is lost."""
        trace, sent_ns = uuid4().hex, time.time_ns()
        due_ns = sent_ns - round(1e9 * (time.perf_counter() - due))
        while time.perf_counter() < due + PATIENCE_S:
            reply = await client.ask(content, trace)
            if reply is not None and reply["seqAck"] >= sequence:
                if sequence > WARM_UP_CHUNKS:
                    self._note(trace, Sent(due_ns, sent_ns, time.time_ns()), reply["mode"])
                return reply
            await asyncio.sleep(INTERVAL_S / 2)
        return None

    def _note(self, trace: str, sent: Sent, mode: str) -> None:
        latency_ms = (sent.answered_ns - sent.due_ns) / 1e6
        if mode != "live":
            self.stage.degraded += 1
            latency_ms = max(latency_ms, 2 * IN_TIME_MS)
        self.stage.missed += latency_ms > self._within_ms
        self.stage.latency_ms.append(latency_ms)
        self.stage.traced[trace] = sent

    async def _count(self, client: Client, content: bytes, last: Mapping[str, Any]) -> int:
        """Return the final count once it is the workers' and not a provisional one."""
        reply: Mapping[str, Any] | None = last
        until = time.perf_counter() + PATIENCE_S
        while reply is None or reply["mode"] != "live":
            if time.perf_counter() > until:
                return -1
            await asyncio.sleep(INTERVAL_S / 2)
            reply = await client.ask(content, uuid4().hex)
        return int(reply["repetitions"])


async def most(
    rig: Rig,
    videos: Sequence[Video],
    budget_s: float,
    open_client: OpenClient = by_socket,
    within_ms: float = IN_TIME_MS,
    spread_s: float = INTERVAL_S,
) -> tuple[Stage | None, list[Stage]]:
    """Search for the largest sustained load, by doubling and then by bisection.

    Return it, None if not even one session is sustained, and every load in the order of the
    attempts. A load that fails is tried once more, as the machine may have been busy for a moment.
    No load is started that would exceed the budget.
    """
    tried: list[Stage] = []
    best: Stage | None = None
    until = time.perf_counter() + budget_s
    number, beyond = FIRST, MOST + 1
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    async with aiohttp.ClientSession(rig.url, connector=connector, timeout=timeout) as http:
        while time.perf_counter() + STAGE_S + spread_s < until:
            load = Load(http, videos, number, open_client, within_ms, spread_s)
            stage = await load.run(rig.cpu_s)
            tried.append(stage)
            if stage.is_borne:
                best = stage
            elif [each.sessions for each in tried].count(number) < 2:
                continue
            else:
                beyond = number
            borne = best.sessions if best else 0
            if beyond - borne <= max(1, borne // 16):
                break
            doubled = max(FIRST, 2 * borne)
            number = doubled if doubled < beyond else (borne + beyond) // 2
    return best, tried
