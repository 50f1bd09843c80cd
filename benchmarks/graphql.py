"""A page of 20 sessions over GraphQL and over REST, beside the same rows from SQL by hand.

All are asked through their ASGI application in this process, each in a worker thread, in turn, and
give JSON with the same values; by hand there is one statement for each kind of row and nothing
else: no validation, no problems, no headers. `page` has the fields of the list of sessions, `deep`
those and all sets and repetitions. Figures are medians of milliseconds.

Run `python -m benchmarks.graphql [--rounds 200] [--json]`.
"""

import argparse
import asyncio
import json
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from api.app import create_app
from application.commanding import Request
from application.platform import Platform
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, ExerciseId, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span, Tempo

SESSIONS: Final = 60
REPETITIONS: Final = 12
AT: Final = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)
DEVICE: Final = CountedBy("device", "blazepose-full", 1)

PAGE: Final = """
query Sessions($first: Int!) { sessions(first: $first) {
  edges { node {
    sessionId exerciseId status startedAt durationMs repetitionCount accuracy caloriesKcal
    performance { score }
  } }
  pageInfo { hasNextPage endCursor }
} }"""

DEEP: Final = """
query Sessions($first: Int!) { sessions(first: $first) {
  edges { node {
    sessionId exerciseId status startedAt durationMs repetitionCount accuracy caloriesKcal
    performance { score }
    sets { number exerciseId repetitions holdMs }
    repetitions {
      set number startMs endMs rangeOfMotionDeg symmetry form confidence faults
      tempo { eccentricS bottomPauseS concentricS topPauseS }
    }
  } }
  pageInfo { hasNextPage endCursor }
} }"""

SESSION_COLUMNS: Final = (
    "id, exercise_id, status, started_at, duration_ms, repetitions, accuracy, calories_kcal,"
    " performance_score"
)
SET_COLUMNS: Final = "session_id, number, exercise_id, repetitions, hold_ms"
REPETITION_COLUMNS: Final = (
    'session_id, "set", number, start_ms, end_ms, range_of_motion_deg, symmetry, form, confidence,'
    " faults, eccentric_s, bottom_pause_s, concentric_s, top_pause_s"
)


class ByHand:
    """The shortest code that gives these rows as JSON."""

    def __init__(self, tables: Path) -> None:
        self._tables = tables
        self._local = threading.local()

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/page", self.page), Route("/deep", self.deep)])

    def page(self, _: HttpRequest) -> Response:
        return _as_json(self._sessions())

    def deep(self, _: HttpRequest) -> Response:
        sessions = self._sessions()
        found = {session["id"]: session for session in sessions}
        for name, columns, order in (
            ("exercise_set", SET_COLUMNS, "number"),
            ("repetition", REPETITION_COLUMNS, '"set", number'),
        ):
            marks = ", ".join("?" * len(found))
            query = (
                f"SELECT {columns} FROM {name}"  # noqa: S608  constants of this file
                f" WHERE tenant_id = ? AND session_id IN ({marks}) ORDER BY {order}"
            )
            for row in self._rows(query, DEFAULT_TENANT, *found):
                found[row["session_id"]].setdefault(name, []).append(row)
        return _as_json(sessions)

    def _sessions(self) -> list[dict[str, Any]]:
        query = (
            f"SELECT {SESSION_COLUMNS} FROM session_summary"  # noqa: S608  the same
            " WHERE tenant_id = ? ORDER BY started_at DESC, key DESC LIMIT 21"
        )
        return self._rows(query, DEFAULT_TENANT)[:20]

    def _rows(self, query: str, *values: str) -> list[dict[str, Any]]:
        if not hasattr(self._local, "connection"):
            self._local.connection = sqlite3.connect(self._tables)
        cursor = self._local.connection.execute(query, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def _as_json(rows: list[dict[str, Any]]) -> Response:
    return Response(json.dumps({"items": rows}).encode(), media_type="application/json")


def fill(platform: Platform) -> None:
    """Write sessions of twelve squats each."""
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="benchmark", correlation_id=platform.new_id())
    for number in range(SESSIONS):
        at = AT + timedelta(hours=number)
        asked = [
            commands.StartSession(athlete_id=UserId("ada"), at=at),
            commands.StartSet(set=1, exercise_id=ExerciseId("squat"), counted_by=DEVICE),
            *(_repetition(each) for each in range(1, REPETITIONS + 1)),
            commands.CompleteSet(set=1, span=Span(0, 4000 * REPETITIONS)),
            commands.CompleteSession(at=at, duration_ms=4000 * REPETITIONS, accuracy=0.875),
        ]
        request = Request(SESSION, f"session-{number:03}", asked)
        platform.commands.execute(request, origin=origin, command_id=platform.new_id())


def _repetition(number: int) -> commands.CountRepetition:
    return commands.CountRepetition(
        set=1,
        number=number,
        span=Span(4000 * (number - 1), 4000 * number),
        tempo=Tempo(1.5, 0.25, 1.25, 0.5),
        range_of_motion_deg=92.5,
        symmetry=0.9375,
        form=0.875,
        faults=("knees_in",),
    )


async def ask(app: Any, path: str, query: str = "", body: bytes = b"") -> bytes:
    """Ask an ASGI application, as a server would; gives the body of its answer."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST" if body else "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"content-type", b"application/json")],
        "server": ("benchmark", 80),
        "state": {},
    }
    parts: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return b"".join(parts)


def graphql(document: str) -> bytes:
    return json.dumps({"query": document, "variables": {"first": 20}}).encode()


class AnswersDiffer(Exception):  # noqa: N818  the figures would mean nothing
    """Two ways were to be measured that do not tell the same sessions."""


def told(answer: bytes) -> list[tuple[str, int]]:
    """Tell which sessions an answer holds, and how many repetitions it lists with each."""
    body = json.loads(answer)
    if "data" in body:
        nodes = [edge["node"] for edge in body["data"]["sessions"]["edges"]]
        return [(node["sessionId"], len(node.get("repetitions", ()))) for node in nodes]
    return [(row["id"], len(row.get("repetition", ()))) for row in body["items"]]


async def check(ways: dict[str, Callable[[], Any]]) -> None:
    """Raise AnswersDiffer unless all ways tell the same 20 sessions."""
    answers = [told(await way()) for way in ways.values()]
    if any(answer != answers[0] or len(answer) != 20 for answer in answers):
        raise AnswersDiffer


async def measure(ways: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Ask in every way once a round; medians in milliseconds, the first tenth left out."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + rounds // 10):
        for name, way in ways.items():
            start = time.perf_counter()
            await way()
            took[name].append(1000 * (time.perf_counter() - start))
    return {name: statistics.median(each[rounds // 10 :]) for name, each in took.items()}


def run(rounds: int) -> dict[str, dict[str, float]]:
    """Give the medians of each shape by way, and the ratios to SQL by hand."""
    with tempfile.TemporaryDirectory(prefix="kinelog-") as folder:
        home = Path(folder)
        with embedded(Settings(home=home, cache=home / "cache")) as platform:
            fill(platform)
            by_hand = ByHand(home / "tables.sqlite3").app()
            app = create_app(platform, web=home)
            listed = urlencode({"first": 20})
            shapes: dict[str, dict[str, Callable[[], Any]]] = {
                "page": {
                    "sql": lambda: ask(by_hand, "/page"),
                    "rest": lambda: ask(app, "/v1/sessions", listed),
                    "graphql": lambda: ask(app, "/graphql", body=graphql(PAGE)),
                },
                "deep": {
                    "sql": lambda: ask(by_hand, "/deep"),
                    "graphql": lambda: ask(app, "/graphql", body=graphql(DEEP)),
                },
            }
            return {shape: asyncio.run(_beside(ways, rounds)) for shape, ways in shapes.items()}


async def _beside(ways: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    await check(ways)
    medians = await measure(ways, rounds)
    figures = {f"{name}_ms": round(median, 3) for name, median in medians.items()}
    ratios = {
        f"{name}_to_sql": round(median / medians["sql"], 2)
        for name, median in medians.items()
        if name != "sql"
    }
    return {**figures, **ratios}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = run(arguments.rounds)
    if arguments.json:
        print(json.dumps(figures))
        return
    for shape, told in figures.items():
        print(f"{shape}: " + ", ".join(f"{name} {value}" for name, value in told.items()))


if __name__ == "__main__":
    main()
