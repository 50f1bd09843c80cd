"""How fast a read model is rebuilt, beside the runner that the event store's library ships.

Both fold the same sessions into the same summaries, decode each event from its stored JSON, and
end with rows and position on disk; rounds alternate, figures are medians. An event counts once
for each read model that it is folded into. The shipped runner reads from memory, because its SQLite
recorder cannot be subscribed to, and keeps a row as one JSON text: both are in its favour. It is
shown as shipped, and with our SQLite setting (one fsync per checkpoint, not per event).

Run `python -m benchmarks.projections [--json]`; `--help` tells how to change the sizes.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock
from uuid import UUID, uuid4

import msgspec
from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import Tracking
from eventsourcing.projection import Projection as ShippedProjection
from eventsourcing.projection import ProjectionRunner
from eventsourcing.sqlite import SQLiteConnectionPool, SQLiteTrackingRecorder

from adapters.eventlog.codec import EVENTS
from adapters.eventlog.sqlite import SqliteEventLog
from adapters.readmodels.database import Database
from adapters.readmodels.filling import SqlProjectionTables
from application.ports import Change
from application.projecting import catch_up, prepare, rebuild
from domain.ids import DEFAULT_TENANT, ExerciseId, UserId
from domain.kernel import Origin, Recorded
from domain.sessions import events
from domain.values import CountedBy, Span, Tempo
from projections.catalogue import ALL
from projections.session_summary import SESSION_SUMMARY, SessionSummary

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="benchmark", correlation_id=UUID(int=1))
REPETITIONS = 30
ADA = UserId("ada")


class Result(NamedTuple):
    """Events a second of one way to fill read models."""

    name: str
    events: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.events / self.seconds


def session() -> list[Any]:
    """One set of 30 repetitions: 34 events."""
    return [
        events.SessionStarted(athlete_id=ADA, workout_id=None, at=AT, time_zone="UTC"),
        events.SetStarted(
            set=1,
            exercise_id=ExerciseId("squat"),
            counted_by=CountedBy("device", "blazepose-full", 1),
            target_repetitions=REPETITIONS,
            load_kg=None,
        ),
        *(repetition(number) for number in range(1, REPETITIONS + 1)),
        events.SetCompleted(set=1, repetitions=REPETITIONS, span=Span(0, 60_000)),
        events.SessionCompleted(
            athlete_id=ADA,
            workout_id=None,
            started_at=AT,
            time_zone="UTC",
            at=AT,
            duration_ms=60_000,
            frames=1800,
            frames_with_pose=1800,
            sets=1,
            repetitions=REPETITIONS,
            accuracy=0.9,
            performance=None,
            calories_kcal=10.0,
        ),
    ]


def repetition(number: int) -> events.RepetitionCounted:
    return events.RepetitionCounted(
        set=1,
        number=number,
        span=Span(number * 2000, number * 2000 + 1500),
        tempo=Tempo(eccentric_s=0.7, bottom_pause_s=0.1, concentric_s=0.6, top_pause_s=0.5),
        range_of_motion_deg=95.5,
        symmetry=0.98,
        form=0.9,
        confidence=0.8,
        faults=(),
    )


@dataclass(frozen=True)
class Fact(DomainEvent):
    """An event of ours, as the library stores events."""

    name: str
    payload: str


class Facts(Application[UUID]):
    """The library's application, whose log the shipped runner follows."""


class SummaryView(SQLiteTrackingRecorder):
    """Summaries as JSON, kept with the position in one transaction per event."""

    def construct_create_table_statements(self) -> list[str]:
        table = "CREATE TABLE IF NOT EXISTS summary (key TEXT PRIMARY KEY, row TEXT) WITHOUT ROWID"
        return [*super().construct_create_table_statements(), table]

    def fold(self, recorded: Recorded[Any], tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            for key in SESSION_SUMMARY.keys(recorded):
                cursor.execute("SELECT row FROM summary WHERE key = ?", (key,))
                found = cursor.fetchone()
                row = msgspec.json.decode(found["row"], type=SessionSummary) if found else None
                row = SESSION_SUMMARY.evolve(row, recorded)
                cursor.execute(
                    "INSERT OR REPLACE INTO summary VALUES (?, ?)", (key, msgspec.json.encode(row))
                )
            self._insert_tracking(cursor, tracking)


class Summary(ShippedProjection[SummaryView]):
    """The same fold, driven by the shipped runner."""

    name = "summary"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        event = EVENTS.decode(domain_event.name, 1, domain_event.payload.encode())
        stream = f"session-{domain_event.originator_id}"
        position = tracking.notification_id
        version = domain_event.originator_version
        recorded = Recorded(UUID(int=1), ORIGIN, stream, version, position, AT, event)
        self.view.fold(recorded, tracking)


def facts(sessions: int) -> Iterable[Fact]:
    for _ in range(sessions):
        originator = uuid4()
        for version, event in enumerate(session(), start=1):
            yield Fact(
                originator_id=originator,
                originator_version=version,
                timestamp=AT,
                name=event.event_name,
                payload=EVENTS.encode(event).decode(),
            )


def shipped(folder: Path, sessions: int) -> Result:
    """Time the library's runner from the moment at which all events are in its log."""
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.popo",
        "SUMMARY_PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "SUMMARY_SQLITE_DBNAME": str(folder / f"{uuid4()}.db"),
    }
    runner = ProjectionRunner(
        application_class=Facts,
        projection_class=Summary,
        view_class=SummaryView,
        env=environment,
    )
    with runner:
        stored = [runner.app.mapper.to_stored_event(fact) for fact in facts(sessions)]
        begun = time.perf_counter()
        runner.app.recorder.insert_events(stored)
        runner.wait(len(stored), timeout=600)
        seconds = time.perf_counter() - begun
    return Result("shipped runner, as shipped", len(stored), seconds)


def shipped_without_fsync(folder: Path, sessions: int) -> Result:
    """Time the library's runner with the SQLite setting that our read models use."""
    connect = SQLiteConnectionPool._create_connection  # noqa: SLF001  there is no setting for it

    def relaxed(pool: SQLiteConnectionPool) -> Any:
        connection = connect(pool)
        connection.cursor().execute("PRAGMA synchronous = NORMAL")
        return connection

    with mock.patch.object(SQLiteConnectionPool, "_create_connection", relaxed):
        result = shipped(folder, sessions)
    return result._replace(name="shipped runner, synchronous = NORMAL")


def filled_log(folder: Path, sessions: int) -> SqliteEventLog:
    log = SqliteEventLog(folder / "events.db", clock=lambda: AT, new_id=uuid4)
    for number in range(0, sessions, 25):
        changes = [
            Change(f"session-{uuid4()}", 0, session()) for _ in range(min(25, sessions - number))
        ]
        log.append(changes, origin=ORIGIN, command_id=uuid4())
    return log


class Ours:
    """Our SQLite log, filled once, and the read models that are rebuilt from it."""

    def __init__(self, folder: Path, sessions: int) -> None:
        self.log = filled_log(folder, sessions)
        self.head = self.log.head()
        self.database = Database(f"sqlite:///{folder / 'read_models.db'}")
        self.tables = SqlProjectionTables(self.database)
        prepare(self.log, self.tables, ALL)

    def rebuild_one(self) -> Result:
        begun = time.perf_counter()
        rebuild(self.log, self.tables, SESSION_SUMMARY)
        return Result("rebuild session_summary", self.head, time.perf_counter() - begun)

    def rebuild_all(self) -> Result:
        begun = time.perf_counter()
        rebuild(self.log, self.tables, *ALL)
        seconds = time.perf_counter() - begun
        return Result(f"rebuild all {len(ALL)}, one reading", self.head * len(ALL), seconds)

    def close(self) -> None:
        self.database.close()
        self.log.close()


def follow_one_by_one(log: SqliteEventLog, tables: SqlProjectionTables) -> float:
    """Median seconds until all read models have one new event."""
    stream, seconds = f"session-{uuid4()}", []
    for version, event in enumerate(session()):
        log.append([Change(stream, version, [event])], origin=ORIGIN, command_id=uuid4())
        begun = time.perf_counter()
        catch_up(log, tables, ALL)
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description="Rebuild rates beside the shipped runner's.")
    parser.add_argument("--sessions", type=int, default=1500)
    parser.add_argument("--shipped-sessions", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mine = Ours(folder, asked.sessions)
        rounds = [
            (
                shipped(folder, asked.shipped_sessions),
                shipped_without_fsync(folder, asked.shipped_sessions),
                mine.rebuild_one(),
                mine.rebuild_all(),
            )
            for _ in range(asked.rounds)
        ]
        live = follow_one_by_one(mine.log, mine.tables)
        mine.close()
    middle = [
        sorted(way, key=lambda result: result.rate)[len(way) // 2]
        for way in zip(*rounds, strict=True)
    ]
    report(asked, middle, live)


def report(asked: argparse.Namespace, results: list[Result], live: float) -> None:
    theirs = results[0].rate
    if asked.json:
        rows = [
            {**result._asdict(), "rate": result.rate, "ratio": result.rate / theirs}
            for result in results
        ]
        print(json.dumps({"results": rows, "follow_one_event_ms": live * 1000}, indent=2))
        return
    print(f"{'':40}{'events':>10}{'seconds':>10}{'events/s':>12}{'ratio':>9}")
    for name, count, seconds in results:
        rate = count / seconds
        print(f"{name:40}{count:>10,}{seconds:>10.2f}{rate:>12,.0f}{rate / theirs:>8.1f}x")
    print(f"one event into all {len(ALL)} read models: {live * 1000:.1f} ms (median)")


if __name__ == "__main__":
    main()
