"""Time of `GET /v1/recommend` for a cached list and for a new one, beside an empty request.

One process with SQLite, people with thirty sessions each, and the library of exercises as
candidates. A new list reads the features, ranks, and stores an event; each context has a list of
its own, so a new context needs a new list.

Run `python -m benchmarks.recommend [--json]`.
"""

import argparse
import json
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from application.kernel.command_handler import Request
from application.platform import Platform
from application.sessions.exercise_specs import exercise_specs
from bootstrap.embedded import embedded
from bootstrap.pages import pages_folder
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, ExerciseId, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span

PEOPLE: Final = 10
SESSIONS: Final = 30
CONTEXTS: Final = 20
EXERCISES: Final = ("squat", "push_up", "pull_up", "lunge", "plank", "deadlift")


def train(platform: Platform) -> None:
    """Let everyone complete their sessions."""
    specs = exercise_specs()
    for number in range(PEOPLE * SESSIONS):
        user, ago = UserId(f"user-{number % PEOPLE}"), number // PEOPLE
        at = platform.clock() - timedelta(days=ago, hours=2)
        done: list[Any] = [commands.StartSession(athlete_id=user, at=at)]
        for place in (1, 2, 3):
            exercise = ExerciseId(EXERCISES[(ago + place) % len(EXERCISES)])
            begins = 60_000 * place
            done += [
                commands.StartSet(
                    set=place,
                    exercise_id=exercise,
                    counted_by=CountedBy("manual", "", 1),
                    at_ms=begins,
                ),
                commands.CompleteSet(set=place, span=Span(begins, begins + 30_000)),
            ]
        done.append(commands.CompleteSession(at=at + timedelta(minutes=20), specs=specs))
        origin = Origin(tenant_id=DEFAULT_TENANT, actor=user, correlation_id=uuid4())
        platform.commands.execute(
            Request(SESSION, str(uuid4()), done), origin=origin, command_id=uuid4()
        )
    platform.fresh(platform.log.head(), 120.0)


def milliseconds(client: TestClient, path: str) -> float:
    """Return the time of one request."""
    begun = time.perf_counter()
    client.get(path).raise_for_status()
    return 1000 * (time.perf_counter() - begun)


def summary(times: list[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    return {
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
    }


def measure(client: TestClient) -> dict[str, dict[str, float]]:
    """Return times by kind of request."""
    paths = [
        f"/v1/recommend?userId=user-{user}&context=page_{context}"
        for context in range(CONTEXTS)
        for user in range(PEOPLE)
    ]
    milliseconds(client, "/v1/recommend?userId=user-0&context=first")
    return {
        "reference": summary([milliseconds(client, "/healthz") for _ in paths]),
        "miss": summary([milliseconds(client, each) for each in paths]),
        "hit": summary([milliseconds(client, each) for each in paths]),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", cache=Path(folder) / "cache")
        with embedded(settings) as platform:
            train(platform)
            app = build_app(
                platform, web=pages_folder("test"), config=ApiConfig(sign_in_required=False)
            )
            with TestClient(app) as client:
                measured = measure(client)
    if arguments.json:
        print(json.dumps(measured))
        return
    for name, figures in measured.items():
        print(f"{name:10} p50 {figures['p50_ms']:6.1f} ms  p95 {figures['p95_ms']:6.1f} ms")


if __name__ == "__main__":
    main()
