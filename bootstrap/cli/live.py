"""`kinelog live`: training before a camera, without a camera, and following who trains."""

import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Final

import httpx2
import typer

from adapters.api_client.follow import ProgressClient
from adapters.api_client.live import LiveClient
from adapters.clock import utc_now
from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.live.chunk import FrameChunk, IngestChunk, SessionKey
from bootstrap.cli.output import JsonOption, TenantOption, err, out, print_json, table
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, SessionId, TenantId
from domain.motion.landmarks import PoseChunk

FIRST_INTERVAL_S: Final = 0.5
MODEL: Final = "mannequin"

app = typer.Typer(
    help="Training before a camera, without a camera, and following who trains.",
    no_args_is_help=True,
)

UrlOption = Annotated[str | None, typer.Option(help="The server; without, the one here.")]
TokenOption = Annotated[
    str | None,
    typer.Option(envvar="KINELOG_TOKEN", help="Access token, for a server that wants one."),
]


@dataclass(frozen=True)
class Training:
    """What the sample athlete does: `sets` times the same; `speed` 0 is as fast as it can be."""

    performance: Performance
    sets: int
    speed: float

    @property
    def duration_s(self) -> float:
        """Of all sets."""
        return self.sets * self.performance.duration_s


@app.command()
def send(
    *,
    url: UrlOption = None,
    exercise: Annotated[str, typer.Option(help="What is performed.")] = "squat",
    reps: Annotated[int, typer.Option(min=1, max=1000, help="Repetitions of a set.")] = 10,
    sets: Annotated[int, typer.Option(min=1, max=100, help="How often.")] = 1,
    speed: Annotated[
        float, typer.Option(min=0, max=1000, help="1 is real time; 0 waits for nothing.")
    ] = 1.0,
    athlete: Annotated[str, typer.Option(help="User id of who trains.")] = "athlete",
    token: TokenOption = None,
    tenant: TenantOption = DEFAULT_TENANT,
    patience: Annotated[
        float, typer.Option(min=0, max=86_400, help="Seconds to try to get a chunk through.")
    ] = 300.0,
    seed: Annotated[int, typer.Option(min=0, help="Of the noise in the landmarks.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Stream a sample athlete's landmarks to a server as a phone does; tell what it counted."""
    performance = Performance(exercise=exercise, repetitions=reps, landmark_noise_px=1.0, seed=seed)
    training = Training(performance, sets, speed)
    with _server(url) as http:
        client = LiveClient(http, tenant=tenant, patience_s=patience, token=token)
        told = trained(client, training, TenantId(tenant), athlete)
    if as_json:
        print_json(told)
    else:
        _show(told)


@app.command()
def follow(
    session: Annotated[str, typer.Argument(help="The session's id.")],
    *,
    url: UrlOption = None,
    after: Annotated[
        str | None, typer.Option(help="Begin after this cursor; without, at the beginning.")
    ] = None,
    token: TokenOption = None,
    tenant: TenantOption = DEFAULT_TENANT,
    patience: Annotated[
        float,
        typer.Option(min=0, max=86_400, help="Seconds to try to go on when nothing comes through."),
    ] = 300.0,
    as_json: JsonOption = False,
) -> None:
    """Tell how a session goes, as it goes, until it is over; --json prints a line for each entry.

    Where the connection is cut, it goes on after what was told last.
    """
    with _server(url) as http:
        client = ProgressClient(http, tenant=tenant, patience_s=patience, token=token)
        for entry in client.follow(session, after):
            if as_json:
                print_json(entry)
            else:
                told = "  ".join(f"{name}: {said}" for name, said in entry["data"].items())
                out.print(f"{entry['event']:<20} {told}", markup=False)
            sys.stdout.flush()


def _server(url: str | None) -> httpx2.Client:
    settings = Settings()
    base = url or f"http://{settings.host}:{settings.port}"
    return httpx2.Client(base_url=base, trust_env=False)


def trained(
    client: LiveClient, training: Training, tenant_id: TenantId, athlete: str
) -> dict[str, Any]:
    """Train before a server. Raises NotDelivered and ServerRefused."""
    ahead_s = 0.0 if training.speed == 1.0 else training.duration_s
    session_id = client.start(athlete, utc_now() - timedelta(seconds=ahead_s))
    stage = _Stage(client, SessionKey(tenant_id, SessionId(session_id)), training)
    counted = [stage.perform(number) for number in range(1, training.sets + 1)]
    summary = client.complete(session_id, frames=stage.frames, framesWithPose=stage.frames)
    seen = client.experience
    return {
        "sessionId": session_id,
        "exercise": training.performance.exercise,
        "performed": training.sets * training.performance.repetitions,
        "counted": sum(counted),
        "chunks": stage.sequence,
        "sent": seen.sent,
        "resent": seen.resent,
        "degraded": seen.degraded,
        "tookMs": {
            "p50": round(statistics.median(seen.took_ms), 1),
            "p95": round(sorted(seen.took_ms)[int(0.95 * (len(seen.took_ms) - 1))], 1),
            "max": round(max(seen.took_ms), 1),
        },
        "summary": summary,
    }


class _Stage:
    """Performs sets, and sends what a camera sees of them in the time that it takes."""

    def __init__(self, client: LiveClient, key: SessionKey, training: Training) -> None:
        self._client = client
        self._key = key
        self._training = training
        self._film = landmarks(training.performance)
        self._interval_s = FIRST_INTERVAL_S
        self._began = time.monotonic()
        self.sequence = 0
        self.frames = 0

    def perform(self, number: int) -> int:
        """Perform a set; gives the count of the last answer."""
        answer: dict[str, Any] = {}
        for chunk, last in self._chunks((number - 1) * self._training.performance.duration_s):
            self.sequence += 1
            self.frames += len(chunk)
            message = FrameChunk(
                set=number,
                sequence=self.sequence,
                exercise=self._training.performance.exercise,
                model=MODEL,
                last=last,
                chunk=chunk,
            )
            answer = self._client.send(IngestChunk(session=self._key, message=message))
            self._interval_s = answer["nextIntervalMs"] / 1000.0
        return int(answer["repetitions"])

    def _chunks(self, offset_s: float) -> Iterator[tuple[PoseChunk, bool]]:
        """Cut the film as the server wants it, each part when its last frame is taken."""
        film, at = self._film, 0
        while at < len(film):
            end = int((film.times_s < film.times_s[at] + self._interval_s).sum())
            part = slice(at, end)
            times = film.times_s[part] + offset_s
            self._wait_until(float(times[-1]))
            world = None if film.world is None else film.world[part]
            yield PoseChunk(times, film.image[part], world, film.aspect_ratio), end >= len(film)
            at = end

    def _wait_until(self, time_s: float) -> None:
        if self._training.speed > 0.0:
            due = self._began + time_s / self._training.speed
            time.sleep(max(0.0, due - time.monotonic()))


def _show(told: dict[str, Any]) -> None:
    shown = table(None, "", "", right=[""])
    for name in ("performed", "counted", "chunks", "sent", "resent", "degraded"):
        shown.add_row(name, str(told[name]))
    for name, took in told["tookMs"].items():
        shown.add_row(f"answer {name}", f"{took} ms")
    shown.add_row("in the log", str(told["summary"]["repetitions"]))
    out.print(shown)
    err.print(f"The session is {told['sessionId']}", markup=False)
