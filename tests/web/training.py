"""A browser's live session against a server that can be stopped and restarted."""

import base64
import socket
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from platformdirs import user_cache_path
from playwright.sync_api import Browser, BrowserContext, Page, Request

from adapters.pose.model_file import PoseModelSource
from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from api.app import build_app
from api.config import ApiConfig
from application.platform import Platform
from bootstrap.embedded import embedded
from bootstrap.server import build_server_config
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, SessionId
from domain.motion.landmarks import PoseChunk
from domain.sessions import events
from tests.data_folders import prepared
from tests.thread_servers import ClosingServer
from tests.web.server import BUILT, PlatformServer
from tests.web.waiting import until
from tools.local_services.ports import Port

MODEL: Final = PoseModelSource(cache=user_cache_path("kinelog"))
"""Fetched once for all tests on this machine, as in the estimator's own tests."""

SET: Final = Performance(
    exercise="squat", repetitions=4, fps=30, landmark_noise_px=1.0, seed=7, faults=("trunk_lean",)
)

STREAMING: Final = "/v1/workouts/streaming"
SEQUENCE: Final = slice(10, 14)
"""The position of the sequence number in a chunk: `docs/how-to/stream.md`."""

BLANK: Final = "/healthz"
"""An empty page of this origin."""

TAKE = """
async ({ times, image, world, aspectRatio }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const floats = (text) => new Float32Array(bytes(text).buffer);
  const [points, metres] = [floats(image), floats(world)];
  window.video = times.map((timeMs, at) => ({
    timeMs, aspectRatio, people: 1,
    landmarks: points.subarray(132 * at, 132 * (at + 1)),
    world: metres.subarray(99 * at, 99 * (at + 1)),
  }));
  window.live = (await import("/static/src/live/live-session.js")).LiveSession;
  window.problems = []; window.modes = []; window.answers = [];
  window.watched = (session) => {
    window.session = session;
    session.addEventListener("problem", ({ detail }) => window.problems.push(detail.code));
    session.addEventListener("mode", ({ detail }) => window.modes.push(detail));
    session.addEventListener("answer", ({ detail }) => window.answers.push(detail));
  };
}
"""
BEGIN = """
async (options) => {
  const startedAt = Date.now() - 60_000;
  const training = { athleteId: "ada", exercise: "squat", startedAt, timeOrigin: startedAt };
  watched(await live.begin({ ...training, ...options }));
  return session.id;
}
"""
RESUME = """
async () => {
  const [{ sessionId, startedAt }] = await live.unfinished();
  watched(await live.resume(sessionId, { timeOrigin: startedAt }));
  return sessionId;
}
"""
PUSH = """
async ([from, to]) => {
  const frames = video.slice(from, to).filter(({ timeMs }) => timeMs > session.keptToMs);
  for (const [at, frame] of frames.entries()) {
    session.push(frame);
    if (at % 30 === 29) await new Promise((resolve) => setTimeout(resolve));
  }
}
"""


DATED = events.SessionStarted | events.ExercisePerformed | events.SessionCompleted
"""Events that contain their date."""


class RestartableServer:
    """A server on a fixed port that can be stopped and started again on the same data."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._port = Port()
        self.url = f"http://127.0.0.1:{self._port.number}"
        self.platform: Platform
        self.start()

    def start(self) -> None:
        """Serve from a thread."""
        self._lent = embedded(Settings(home=prepared(self._home), cache=self._home))
        self.platform = self._lent.__enter__()
        self.app = build_app(
            self.platform, web=BUILT, config=ApiConfig(pose_model=cache(MODEL.resolve))
        )
        listener = socket.create_server(("127.0.0.1", self._port.number))
        self._server = ClosingServer(build_server_config(self.app, shutdown_s=1))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, daemon=True
        )
        self._thread.start()

    def end(self) -> None:
        """Stop the server and close its data; its port stays reserved."""
        self._server.should_exit = True
        self._thread.join(timeout=60)
        self._lent.__exit__(None, None, None)

    def counted(self, session: str) -> list[Any]:
        """Return the training events of a session, without dated ones."""
        return [fact for fact in self.facts(session) if not isinstance(fact, DATED)]

    def facts(self, session: str) -> list[Any]:
        """Return all events of a session."""
        return list(self.platform.history.events(DEFAULT_TENANT, SessionId(session)))


class Trainee:
    """A browser page with an athlete in its camera, optionally as a tab beside another one."""

    def __init__(
        self,
        browser: Browser,
        server: RestartableServer,
        performance: Performance = SET,
        *,
        beside: "Trainee | None" = None,
    ) -> None:
        self.server = server
        self.performance = performance
        context = beside.context if beside else browser.new_context(base_url=server.url)
        self.context: BrowserContext = context
        self.page: Page = self.context.new_page()
        self.sequences: list[int] = []
        self.called: list[str] = []
        self.page.on("request", self._watch)
        self.open()

    def _watch(self, request: Request) -> None:
        self.called.append(request.url)
        body = request.post_data_buffer
        if request.url.endswith("/workouts/streaming") and body:
            self.sequences.append(int.from_bytes(body[SEQUENCE], "little"))

    def open(self) -> None:
        """Open the page, or open it again as a reload does."""
        self.page.goto(BLANK)
        chunk = landmarks(self.performance)
        self.frames = len(chunk)
        self.page.evaluate(TAKE, video_of(chunk))

    def begin(self, **config: Any) -> str:
        return str(self.page.evaluate(BEGIN, config))

    def resume(self) -> str:
        return str(self.page.evaluate(RESUME))

    def start_set(self) -> None:
        self.page.evaluate("session.startSet('squat', { target: 4 })")

    def push(self, start: float = 0.0, end: float = 1.0) -> None:
        """Perform a part of the set, from and to a share of it."""
        self.page.evaluate(PUSH, [round(start * self.frames), round(end * self.frames)])

    def complete(self, ended_at: int | None = None) -> dict[str, Any]:
        """Complete the session, now or at a time in ms since 1970, and wait for its summary."""
        self.page.evaluate(
            "(at) => void session.complete(at ?? undefined).then((it) => { window.summary = it; })",
            ended_at,
        )
        until(self.page, "window.summary !== undefined")
        summary: dict[str, Any] = self.page.evaluate("summary")
        return summary

    def until(self, expression: str) -> None:
        until(self.page, expression)

    def seen(self, expression: str) -> Any:
        return self.page.evaluate(expression)


def in_order(sequences: Sequence[int]) -> bool:
    """Return whether chunks were sent in order without gaps; repeats are allowed."""
    steps = np.diff([0, *sequences])
    return bool(((steps == 0) | (steps == 1)).all())


def video_of(chunk: PoseChunk) -> dict[str, Any]:
    """Return the landmarks of an athlete as the page takes them."""
    return {
        "times": (1000.0 * chunk.times_s).tolist(),
        "image": _floats(chunk.image),
        "world": _floats(chunk.world),
        "aspectRatio": chunk.aspect_ratio,
    }


def _floats(values: Any) -> str:
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()


def completed(server: PlatformServer) -> list[events.SessionCompleted]:
    log = server.platform.log
    found = [each.event for each in log.scan(after=0, limit=log.head())]
    return [each for each in found if isinstance(each, events.SessionCompleted)]
