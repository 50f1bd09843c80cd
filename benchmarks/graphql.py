"""A page of 20 sessions over GraphQL and over REST, compared with plain SQL.

All requests go to their ASGI application in this process, alternating, and return JSON with the
same values. The plain code runs one statement per kind of row in a worker thread, and nothing else:
no validation, no problems, no headers. `page` has the fields of the list of sessions, `deep` those
and all sets and repetitions. `graphql` is as served, with responses cached until a read model
changes; `executed` is the same without the cache, and `trusted` with a trusted document, of which
only the hash is sent. `rest` and `listed` are the list over REST with and without the cache.
Figures are medians of milliseconds, of wall-clock and of processor time; `cpu_mean_ms` is the mean
of the latter, which includes the collection of garbage.

Run `python -m benchmarks.graphql [--rounds 200] [--json]`.
"""

import asyncio
import json
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from api.app import build_app
from api.config import ApiConfig
from api.graphql.persisted_queries import PersistedQueries, digest_of
from application.kernel.cache import NO_CACHE
from application.kernel.command_handler import Request
from application.platform import Platform
from application.sessions.exercise_specs import exercise_specs
from benchmarks._report import Row, in_turns, print_report
from bootstrap.embedded import embedded
from bootstrap.garbage_collection import reduce_garbage_collection
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
    """Shortest code that returns these rows as JSON.

    `connect` opens a DB-API connection, one per thread; `mark` is the placeholder of a value.
    """

    def __init__(self, connect: Callable[[], Any], mark: str) -> None:
        self._connect = connect
        self._mark = mark
        self._local = threading.local()

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/page", self.page), Route("/deep", self.deep)])

    def page(self, _: HttpRequest) -> Response:
        return _as_json(self._sessions())

    def deep(self, _: HttpRequest) -> Response:
        sessions = self._sessions()
        by_id = {session["id"]: session for session in sessions}
        for name, columns, order in (
            ("exercise_set", SET_COLUMNS, "number"),
            ("repetition", REPETITION_COLUMNS, '"set", number'),
        ):
            marks = ", ".join([self._mark] * len(by_id))
            query = (
                f"SELECT {columns} FROM {name}"  # noqa: S608  constants of this file
                f" WHERE tenant_id = {self._mark} AND session_id IN ({marks}) ORDER BY {order}"
            )
            for row in self._rows(query, DEFAULT_TENANT, *by_id):
                by_id[row["session_id"]].setdefault(name, []).append(row)
        return _as_json(sessions)

    def _sessions(self) -> list[dict[str, Any]]:
        query = (
            f"SELECT {SESSION_COLUMNS} FROM session_summary"  # noqa: S608  the same
            f" WHERE tenant_id = {self._mark} ORDER BY started_at DESC, key DESC LIMIT 21"
        )
        return self._rows(query, DEFAULT_TENANT)[:20]

    def _rows(self, query: str, *values: str) -> list[dict[str, Any]]:
        if not hasattr(self._local, "connection"):
            self._local.connection = self._connect()
        cursor = self._local.connection.execute(query, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def _as_json(rows: list[dict[str, Any]]) -> Response:
    body = json.dumps({"items": rows}, default=str).encode()
    return Response(body, media_type="application/json")


def fill(platform: Platform) -> None:
    """Write sessions of twelve squats each."""
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="benchmark", correlation_id=platform.new_id())
    for number in range(SESSIONS):
        at = AT + timedelta(hours=number)
        requests = [
            commands.StartSession(athlete_id=UserId("ada"), at=at),
            commands.StartSet(set=1, exercise_id=ExerciseId("squat"), counted_by=DEVICE),
            *(_repetition(each) for each in range(1, REPETITIONS + 1)),
            commands.CompleteSet(set=1, span=Span(0, 4000 * REPETITIONS)),
            commands.CompleteSession(
                at=at + timedelta(milliseconds=4000 * REPETITIONS), specs=exercise_specs()
            ),
        ]
        request = Request(SESSION, f"session-{number:03}", requests)
        platform.commands.execute(request, origin=origin, command_id=platform.new_id())


def _repetition(number: int) -> commands.CountRepetition:
    return commands.CountRepetition(
        source="server",
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
    """Send a request to an ASGI application, as a server would; return the body of the response."""
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


def by_hash(document: str) -> bytes:
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": digest_of(document)}}
    return json.dumps({"variables": {"first": 20}, "extensions": extensions}).encode()


class AnswersDiffer(Exception):  # noqa: N818  the figures would mean nothing
    """The alternatives to measure return different sessions."""


def rows_of(answer: bytes) -> list[tuple[str, int]]:
    """Return the sessions of a response, with the number of repetitions listed in each."""
    body = json.loads(answer)
    if "data" in body:
        nodes = [edge["node"] for edge in body["data"]["sessions"]["edges"]]
        return [(node["sessionId"], len(node.get("repetitions", ()))) for node in nodes]
    return [(row["id"], len(row.get("repetition", ()))) for row in body["items"]]


async def check(ways: dict[str, Callable[[], Any]]) -> None:
    """Raise AnswersDiffer unless all alternatives return the same 20 sessions."""
    answers = [rows_of(await way()) for way in ways.values()]
    if any(answer != answers[0] or len(answer) != 20 for answer in answers):
        raise AnswersDiffer


def beside(platform: Platform, by_hand: Starlette, home: Path, rounds: int) -> list[Row]:
    """Measure each shape by each alternative, compared with plain SQL."""
    reduce_garbage_collection()  # as `kinelog serve` does
    trusted = PersistedQueries({digest_of(document): document for document in (PAGE, DEEP)})
    config = ApiConfig(documents=trusted)
    app = build_app(platform, web=home, config=config)
    keeping_nothing = build_app(replace(platform, cache=NO_CACHE), web=home, config=config)
    listed = urlencode({"first": 20})

    def ways(shape: str, document: str) -> dict[str, Callable[[], Any]]:
        body, hash_only = graphql(document), by_hash(document)
        return {
            "sql": lambda: ask(by_hand, f"/{shape}"),
            "graphql": lambda: ask(app, "/graphql", body=body),
            "executed": lambda: ask(keeping_nothing, "/graphql", body=body),
            "trusted": lambda: ask(keeping_nothing, "/graphql", body=hash_only),
        }

    page = {
        **ways("page", PAGE),
        "rest": lambda: ask(app, "/v1/sessions", listed),
        "listed": lambda: ask(keeping_nothing, "/v1/sessions", listed),
    }
    shapes = {"page": page, "deep": ways("deep", DEEP)}
    measured = (asyncio.run(_beside(shape, each, rounds)) for shape, each in shapes.items())
    return [row for rows in measured for row in rows]


def run(rounds: int) -> list[Row]:
    """Measure with everything in one process and SQLite."""
    with tempfile.TemporaryDirectory(prefix="kinelog-") as folder:
        home = Path(folder)
        with embedded(Settings(home=home, cache=home / "cache")) as platform:
            fill(platform)
            by_hand = ByHand(lambda: sqlite3.connect(home / "tables.sqlite3"), "?")
            return beside(platform, by_hand.app(), home, rounds)


async def _beside(shape: str, ways: dict[str, Callable[[], Any]], rounds: int) -> list[Row]:
    await check(ways)
    return await in_turns(shape, ways, rounds, to="sql")


if __name__ == "__main__":
    print_report(__doc__, run, rounds=200)
