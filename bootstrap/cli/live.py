"""`kinelog live`: stream a simulated athlete to a server, and follow live sessions."""

import statistics
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
from bootstrap.cli.output import JsonOption, TenantOption, err, one_line, out, print_json, table
from bootstrap.network_settings import is_header_value
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, SessionId, TenantId
from domain.motion.landmarks import PoseChunk

FIRST_INTERVAL_S: Final = 0.5
TIMEOUT_S: Final = 30.0
"""Longest time until the server answers a request."""
MODEL: Final = "mannequin"
LARGEST_PORT: Final = 65535

app = typer.Typer(
    help="Stream a simulated athlete to a server, and follow live sessions.",
    no_args_is_help=True,
)


def _possible_url(url: str | None) -> str | None:
    """Return an HTTP URL whose host and port can exist. Raises BadParameter."""
    if url is None:
        return None
    try:
        parsed = httpx2.URL(url)
        host, port = parsed.host.encode("idna"), parsed.port or 0
    except (httpx2.InvalidURL, UnicodeError):
        host, port = b"", 0
    if not url.lower().startswith(("http://", "https://")) or not host or port > LARGEST_PORT:
        raise typer.BadParameter(
            f"{url!r} is not the URL of a server, such as http://127.0.0.1:8000."
        )
    return url


def _header_value(text: str | None) -> str | None:
    """Return a text that can be sent in a header. Raises BadParameter, without the text."""
    if text is None or is_header_value(text):
        return text
    raise typer.BadParameter("It is empty, has spaces around it, or characters that are not ASCII.")


UrlOption = Annotated[
    str | None,
    typer.Option(callback=_possible_url, help="The server's URL; by default the local one."),
]
TokenOption = Annotated[
    str | None,
    typer.Option(
        callback=_header_value,
        envvar="KINELOG_TOKEN",
        help="Access token, if the server requires sign-in.",
    ),
]


@dataclass(frozen=True)
class Training:
    """A simulated workout: the same performance `sets` times; `speed` 0 is as fast as possible."""

    performance: Performance
    sets: int
    speed: float

    @property
    def duration_s(self) -> float:
        """Duration of all sets."""
        return self.sets * self.performance.duration_s


@app.command()
def send(
    *,
    url: UrlOption = None,
    exercise: Annotated[str, typer.Option(help="The exercise.")] = "squat",
    reps: Annotated[int, typer.Option(min=1, max=1000, help="Repetitions per set.")] = 10,
    sets: Annotated[int, typer.Option(min=1, max=100, help="Number of sets.")] = 1,
    speed: Annotated[
        float, typer.Option(min=0, max=1000, help="1 is real time; 0 is as fast as possible.")
    ] = 1.0,
    athlete: Annotated[str, typer.Option(help="The athlete's user id.")] = "athlete",
    token: TokenOption = None,
    tenant: TenantOption = DEFAULT_TENANT,
    patience: Annotated[
        float, typer.Option(min=0, max=86_400, help="Seconds to retry a chunk.")
    ] = 300.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the noise in the landmarks.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Stream a simulated athlete's landmarks as a phone does, and print what the server counted."""
    performance = Performance(exercise=exercise, repetitions=reps, landmark_noise_px=1.0, seed=seed)
    training = Training(performance, sets, speed)
    with _server(url) as http:
        client = LiveClient(http, tenant=tenant, patience_s=patience, token=token)
        result = stream_training(client, training, TenantId(tenant), athlete)
    if as_json:
        print_json(result)
    else:
        _show(result)


@app.command()
def follow(
    session: Annotated[str, typer.Argument(help="The session's id.")],
    *,
    url: UrlOption = None,
    after: Annotated[
        str | None,
        typer.Option(
            callback=_header_value, help="Start after this cursor; at the beginning by default."
        ),
    ] = None,
    token: TokenOption = None,
    tenant: TenantOption = DEFAULT_TENANT,
    patience: Annotated[
        float,
        typer.Option(min=0, max=86_400, help="Seconds to retry a lost connection."),
    ] = 300.0,
    as_json: JsonOption = False,
) -> None:
    """Print the events of a live session until it ends; --json prints one line per event.

    After a lost connection, it resumes after the last event printed.
    """
    with _server(url) as http:
        client = ProgressClient(http, tenant=tenant, patience_s=patience, token=token)
        for entry in client.follow(session, after):
            if as_json:
                print_json(entry)
            else:
                out.print(f"{entry['event']:<20} {one_line(entry['data'])}")


def _server(url: str | None) -> httpx2.Client:
    settings = Settings()
    base = url or f"http://{settings.host}:{settings.port}"
    return httpx2.Client(base_url=base, trust_env=False, timeout=TIMEOUT_S)


def stream_training(
    client: LiveClient, training: Training, tenant_id: TenantId, athlete: str
) -> dict[str, Any]:
    """Stream a training to a server. Raises NotDelivered and ServerRefused."""
    ahead_s = 0.0 if training.speed == 1.0 else training.duration_s
    session_id = client.start(athlete, utc_now() - timedelta(seconds=ahead_s))
    performer = _Performer(client, SessionKey(tenant_id, SessionId(session_id)), training)
    counted = [performer.perform(number) for number in range(1, training.sets + 1)]
    frames, sets = performer.frames, training.sets
    summary = client.complete(session_id, frames=frames, framesWithPose=frames, streamedSets=sets)
    seen = client.statistics
    return {
        "sessionId": session_id,
        "exercise": training.performance.exercise,
        "performed": training.sets * training.performance.repetitions,
        "counted": sum(counted),
        "chunks": performer.sequence,
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


class _Performer:
    """Performs sets, and sends the landmarks a camera sees at the speed they happen."""

    def __init__(self, client: LiveClient, key: SessionKey, training: Training) -> None:
        self._client = client
        self._key = key
        self._training = training
        self._landmarks = landmarks(training.performance)
        self._interval_s = FIRST_INTERVAL_S
        self._began = time.monotonic()
        self.sequence = 0
        self.frames = 0

    def perform(self, number: int) -> int:
        """Perform a set; return the count in the last reply."""
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
        """Yield the landmarks in chunks of the server's interval, when each last frame is due."""
        video, at = self._landmarks, 0
        while at < len(video):
            end = int((video.times_s < video.times_s[at] + self._interval_s).sum())
            part = slice(at, end)
            times = video.times_s[part] + offset_s
            self._wait_until(float(times[-1]))
            world = None if video.world is None else video.world[part]
            yield PoseChunk(times, video.image[part], world, video.aspect_ratio), end >= len(video)
            at = end

    def _wait_until(self, time_s: float) -> None:
        if self._training.speed > 0.0:
            due = self._began + time_s / self._training.speed
            time.sleep(max(0.0, due - time.monotonic()))


def _show(result: dict[str, Any]) -> None:
    rows = table(None, "", "", right=[""])
    for name in ("performed", "counted", "chunks", "sent", "resent", "degraded"):
        rows.add_row(name, str(result[name]))
    for name, took in result["tookMs"].items():
        rows.add_row(f"answer {name}", f"{took} ms")
    rows.add_row("in the log", str(result["summary"]["repetitions"]))
    out.print(rows)
    err.print(f"The session is {result['sessionId']}")
