"""A served platform with pages on its own port, a real decoder and a known athlete."""

import socket
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from adapters.video.decoder import PyAvDecoder
from api.app import build_app
from application.analysis.jobs import AnalysisJobService
from application.analysis.video_analyzer import AnalysisRequest, VideoAnalyzer
from application.kernel.command_handler import Request
from application.kernel.video import Pose, VideoFrame
from application.platform import Platform
from bootstrap.pages import pages_folder
from bootstrap.platform import open_platform
from bootstrap.server import build_server_config
from bootstrap.settings import OidcSettings, Settings
from bootstrap.wiring.api import build_api_config
from bootstrap.wiring.emails import sending_emails
from bootstrap.wiring.health_imports import importing_health_files
from bootstrap.wiring.payments import following_payments
from bootstrap.wiring.pose_coach import following_pose_coach
from domain.ids import DEFAULT_TENANT, ExerciseId, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span, Tempo
from tests.data_folders import prepared
from tests.thread_servers import serving
from tools.film_studio.video import render_video
from tools.payments.stripe_site import WEBHOOKS, StripeSite

SignIn = Literal["open", "required"]

BUILT = pages_folder("test")
"""The pages as they are served."""

PERFORMANCE = Performance(
    exercise="squat",
    repetitions=4,
    width=320,
    height=240,
    faults=("trunk_lean",),
    faulty_repetitions=(3,),
)
"""The filmed athlete does four squats, of which the third leans forward."""

BY_HAND = 22
"""Sessions logged without a camera: with the filmed one, more than one page of the list."""


class StubPoseEstimator:
    """A pose estimator that knows the performance in the video.

    It stops half-way through a video until the curtain is up, as it is initially.
    """

    model = "sample-athlete"

    def __init__(self, performance: Performance = PERFORMANCE) -> None:
        self.curtain = threading.Event()
        self.curtain.set()
        self.chunk = landmarks(performance)
        self.seen = 0

    @contextmanager
    def tracker(self) -> Generator["StubPoseEstimator"]:
        self.seen = 0
        yield self

    def track(self, frame: VideoFrame) -> Pose | None:
        index, self.seen = self.seen, self.seen + 1
        if index == len(self.chunk) // 2:
            assert self.curtain.wait(timeout=240), "the curtain never rose"
        assert self.chunk.world is not None
        return Pose(self.chunk.image[index], self.chunk.world[index])

    def people(self, frames: Iterable[VideoFrame]) -> Generator[int]:
        return (1 for _ in frames)


@dataclass(frozen=True)
class PlatformServer:
    """The URL of a server, and the platform behind it."""

    url: str
    platform: Platform
    estimator: StubPoseEstimator
    video: Path

    def analyze(self) -> str:
        """Analyze the video; return the session's id."""
        request = AnalysisRequest(video=self.video, athlete_id=UserId("athlete"), exercise="squat")
        done = self.platform.analyzer.analyze(
            request, origin=self._origin(), progress=lambda share: None
        )
        return str(done.report.session_id)

    def log_by_hand(
        self,
        number: int,
        *,
        repetitions: int = 2,
        completed: bool = True,
        athlete_id: str = "athlete",
        time_zone: str = "UTC",
    ) -> str:
        """Write a manually logged session, `number` days ago; its set is open until completed."""
        key = f"by-hand-{number:02}"
        at = datetime.now(UTC) - timedelta(days=number)
        athlete = UserId(athlete_id)
        session = commands.StartSession(athlete_id=athlete, at=at, time_zone=time_zone)
        counted_by = CountedBy("manual", "", 1)
        started = commands.StartSet(set=1, exercise_id=ExerciseId("push_up"), counted_by=counted_by)
        counted = [_repetition(each) for each in range(1, repetitions + 1)]
        span = Span(0, 2000 * repetitions)
        ending = (
            commands.CompleteSet(set=1, span=span),
            commands.CompleteSession(at=at + timedelta(milliseconds=span.end_ms), specs={}),
        )
        session_commands = (session, started, *counted, *(ending if completed else ()))
        self.platform.commands.execute(
            Request(SESSION, key, session_commands),
            origin=self._origin(),
            command_id=self.platform.new_id(),
        )
        return key

    def log_second_exercise(
        self, session: str, exercise: str, *, repetitions: int, completed: bool = False
    ) -> None:
        """Write a second set, of another exercise, to a manually logged session under way."""
        start = commands.StartSet(
            set=2, exercise_id=ExerciseId(exercise), counted_by=CountedBy("manual", "", 1)
        )
        counted = [replace(_repetition(each), set=2) for each in range(1, repetitions + 1)]
        ending = (
            commands.CompleteSet(set=2, span=Span(0, 60_000)),
            commands.CompleteSession(at=datetime.now(UTC), specs={}),
        )
        first = commands.CompleteSet(set=1, span=Span(0, 60_000))
        set_commands = (first, start, *counted, *(ending if completed else ()))
        self.platform.commands.execute(
            Request(SESSION, session, set_commands),
            origin=self._origin(),
            command_id=self.platform.new_id(),
        )

    def log_hold(self, duration_ms: int, *, athlete_id: str = "athlete") -> None:
        """Write a session with one timed plank."""
        at, key = datetime.now(UTC), "hold"
        counted_by = CountedBy("server", "blazepose-full", 1)
        span = Span(0, duration_ms)
        session_commands = (
            commands.StartSession(athlete_id=UserId(athlete_id), at=at),
            commands.StartSet(set=1, exercise_id=ExerciseId("plank"), counted_by=counted_by),
            commands.MeasureHold(set=1, span=span, source="server"),
            commands.CompleteSet(set=1, span=span),
            commands.CompleteSession(at=at, specs={}),
        )
        self.platform.commands.execute(
            Request(SESSION, key, session_commands),
            origin=self._origin(),
            command_id=self.platform.new_id(),
        )

    def count(self, session: str) -> None:
        """Count a verified repetition of the first set, as the live worker does."""
        self.platform.commands.execute(
            Request(SESSION, session, [_repetition(1)]),
            origin=self._origin(),
            command_id=self.platform.new_id(),
        )

    def _origin(self) -> Origin:
        correlation = self.platform.new_id()
        return Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=correlation)


def _repetition(number: int) -> commands.CountRepetition:
    return commands.CountRepetition(
        source="server",
        set=1,
        number=number,
        span=Span(2000 * (number - 1), 2000 * number),
        tempo=Tempo(1.0, 0.0, 1.0, 0.0),
        range_of_motion_deg=None,
        symmetry=None,
        form=None,
        confidence=1.0,
        faults=(),
    )


def filmed(folder: Path) -> Path:
    """Render the performance to a video."""
    path = folder / "squat.mp4"
    render_video(PERFORMANCE, path)
    return path


@contextmanager
def opened(
    home: Path,
    video: Path,
    *,
    performance: Performance = PERFORMANCE,
    sign_in: SignIn = "open",
    second_factor: Literal["optional", "staff"] = "staff",
    speech_endpoint: str | None = None,
    stripe: StripeSite | None = None,
    more: Mapping[str, Any] | None = None,
    providers: Callable[[str], Mapping[str, OidcSettings]] = lambda url: {},
) -> Generator[PlatformServer]:
    """Serve a new platform from a thread until the block ends.

    `performance` is what is seen in any video. `providers` gets the platform's URL and returns its
    identity providers. A `speech_endpoint` enables speech, and `stripe` payments; `more` are
    further settings.
    """
    estimator, listener = StubPoseEstimator(performance), socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = Settings(
        home=prepared(home),
        cache=home,
        max_upload_mb=1,
        sign_in=sign_in,
        second_factor=second_factor,
        sign_ins_per_minute=100_000,
        passwords_per_second=10_000,
        emails_per_hour=100_000,
        erasure_wait_s=0,
        base_url=url,
        postgres_url=None,
        speech="off" if speech_endpoint is None else "edge",
        speech_endpoint=speech_endpoint,
        oidc=dict(providers(url)),
        **({} if stripe is None else stripe.settings()),
        **(more or {}),
    )
    if stripe is not None:
        stripe.webhook_url = f"{url}{WEBHOOKS}"
    with listener, open_platform(settings) as real:
        analyzer = VideoAnalyzer(
            decoder=PyAvDecoder(),
            estimator=estimator,
            log=real.log,
            commands=real.commands,
            media=real.media,
            archive=real.archive,
            clock=real.clock,
        )
        store = real.jobs._store  # pyright: ignore[reportPrivateUsage]
        jobs = AnalysisJobService(store, analyzer, real.media)
        platform = replace(real, analyzer=analyzer, jobs=jobs)
        app = build_app(platform, web=BUILT, config=build_api_config(settings, "127.0.0.1"))
        with (
            serving(build_server_config(app, shutdown_s=1), listener),
            sending_emails(settings, platform),
            following_payments(settings, platform),
            following_pose_coach(settings, platform),
            importing_health_files(settings, platform),
        ):
            yield PlatformServer(url, platform, estimator, video)
