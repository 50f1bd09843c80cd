"""Rebuild speed of a read model compared with the runner shipped with the event store's library.

Both fold the same sessions into the same summaries, decode each event from its stored JSON, and end
with rows and position on disk; rounds alternate, figures are medians. An event counts once for each
read model that it is folded into. The shipped runner reads from memory, because its SQLite recorder
cannot be subscribed to, and stores a row as one JSON text: both are in its favor. It is shown as
shipped, and with our SQLite setting (one fsync per checkpoint, not per event).

Run `python -m benchmarks.projections [--json]`; `--help` lists the sizes.
"""

import statistics
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol
from unittest import mock
from uuid import UUID, uuid4

import msgspec
from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import Tracking
from eventsourcing.projection import Projection as ShippedProjection
from eventsourcing.projection import ProjectionRunner
from eventsourcing.sqlite import SQLiteConnectionPool, SQLiteTrackingRecorder

from adapters.event_log.codec import EVENTS
from adapters.event_log.sqlite import SqliteEventLog
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from application.kernel.ports import Change, EventLog
from application.kernel.projection_runner import build_missing, catch_up, rebuild
from benchmarks._report import Row, print_report, seconds
from domain.ids import DEFAULT_TENANT, ExerciseId, UserId
from domain.kernel import Origin, Recorded
from domain.sessions import events
from domain.values import CountedBy, Span, Tempo
from projections.registry import ALL
from projections.session_summary import SESSION_SUMMARY, SessionSummary

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="benchmark", correlation_id=UUID(int=1))
REPETITIONS = 30
ADA = UserId("ada")


class Result(NamedTuple):
    """Events per second of one way to fill read models."""

    name: str
    events: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.events / self.seconds

    def beside(self, other: "Result") -> Row:
        return {
            "way": self.name,
            "events": self.events,
            "seconds": round(self.seconds, 3),
            "events_per_s": round(self.rate),
            "ratio": round(self.rate / other.rate, 1),
        }


def session(at: datetime = AT) -> list[Any]:
    """Return one set of 30 repetitions at a time: 34 events."""
    return [
        events.SessionStarted(athlete_id=ADA, workout_id=None, at=at, time_zone="UTC"),
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
            started_at=at,
            time_zone="UTC",
            at=at,
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
    """Event of ours in the library's format."""

    name: str
    payload: str


class Facts(Application[UUID]):
    """Application of the library whose log the shipped runner follows."""


class KeepsSummaries(Protocol):
    """Recorder of the library with a table of summaries as JSON, and the SQL for one of them."""

    find: ClassVar[str]
    keep: ClassVar[str]
    datastore: Any
    _insert_tracking: Any


class SummaryView(SQLiteTrackingRecorder):
    """The summaries in SQLite."""

    find = "SELECT row FROM summary WHERE key = ?"
    keep = "INSERT OR REPLACE INTO summary VALUES (?, ?)"

    def construct_create_table_statements(self) -> list[str]:
        table = "CREATE TABLE IF NOT EXISTS summary (key TEXT PRIMARY KEY, row TEXT) WITHOUT ROWID"
        return [*super().construct_create_table_statements(), table]


class Summary(ShippedProjection[Any]):
    """The same fold, run by the shipped runner; its view is a `KeepsSummaries`."""

    name = "summary"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        event = EVENTS.decode(domain_event.name, 1, domain_event.payload.encode())
        stream = f"session-{domain_event.originator_id}"
        version = domain_event.originator_version
        position = tracking.notification_id
        recorded = Recorded(UUID(int=1), ORIGIN, stream, version, position, AT, event)
        fold(self.view, recorded, tracking)


def fold(view: KeepsSummaries, recorded: Recorded[Any], tracking: Tracking) -> None:
    """Store the summary that results from the event, with the position in one transaction."""
    with view.datastore.transaction(commit=True) as cursor:
        for key in SESSION_SUMMARY.keys(recorded):
            cursor.execute(view.find, (key,))
            fetched = cursor.fetchone()
            row = msgspec.json.decode(fetched["row"], type=SessionSummary) if fetched else None
            row = SESSION_SUMMARY.evolve(row, recorded)
            cursor.execute(view.keep, (key, msgspec.json.encode(row)))
        view._insert_tracking(cursor, tracking)  # noqa: SLF001  what its subclasses are for


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


def shipped(how: str, view: type[Any], settings: Mapping[str, str], sessions: int) -> Result:
    """Time the library's runner from the moment at which all events are in its log."""
    runner = ProjectionRunner(
        application_class=Facts,
        projection_class=Summary,
        view_class=view,
        env={"PERSISTENCE_MODULE": "eventsourcing.popo", **settings},
    )
    with runner:
        stored = [runner.app.mapper.to_stored_event(fact) for fact in facts(sessions)]

        def follow() -> None:
            runner.app.recorder.insert_events(stored)
            runner.wait(len(stored), timeout=600)

        return Result(f"shipped runner, {how}", len(stored), seconds(follow))


def shipped_on_sqlite(how: str, folder: Path, sessions: int) -> Result:
    settings = {
        "SUMMARY_PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "SUMMARY_SQLITE_DBNAME": str(folder / f"{uuid4()}.db"),
    }
    return shipped(how, SummaryView, settings, sessions)


def shipped_without_fsync(folder: Path, sessions: int) -> Result:
    """Time the library's runner with the SQLite setting that our read models use."""
    connect = SQLiteConnectionPool._create_connection  # noqa: SLF001  there is no setting for it

    def relaxed(pool: SQLiteConnectionPool) -> Any:
        connection = connect(pool)
        connection.cursor().execute("PRAGMA synchronous = NORMAL")
        return connection

    with mock.patch.object(SQLiteConnectionPool, "_create_connection", relaxed):
        return shipped_on_sqlite("synchronous = NORMAL", folder, sessions)


class Ours:
    """Our log, filled once, and the read models that are rebuilt from it."""

    def __init__(self, log: EventLog, database: Database, sessions: int) -> None:
        self.log = log
        for number in range(0, sessions, 25):
            count = min(25, sessions - number)
            changes = [Change(f"session-{uuid4()}", 0, session()) for _ in range(count)]
            log.append(changes, origin=ORIGIN, command_id=uuid4())
        self.head = log.head()
        self.tables = SqlProjectionStore(database)
        build_missing(log, self.tables, ALL)

    def rebuild_one(self) -> Result:
        took = seconds(lambda: rebuild(self.log, self.tables, SESSION_SUMMARY))
        return Result("rebuild session_summary", self.head, took)

    def rebuild_all(self) -> Result:
        took = seconds(lambda: rebuild(self.log, self.tables, *ALL))
        return Result(f"rebuild all {len(ALL)}, one reading", self.head * len(ALL), took)


def follow_one_by_one(mine: Ours) -> float:
    """Return the median seconds until all read models include one new event."""
    stream, took = f"session-{uuid4()}", []
    for version, event in enumerate(session()):
        mine.log.append([Change(stream, version, [event])], origin=ORIGIN, command_id=uuid4())
        took.append(seconds(lambda: catch_up(mine.log, mine.tables, ALL)))
    return statistics.median(took)


def measured(
    ways: Sequence[Callable[[], Result]], live: Callable[[], float], rounds: int
) -> list[Row]:
    """Alternate the ways; return each median, its ratio to the first, and then `live`."""
    taken = [[way() for way in ways] for _ in range(rounds)]
    middle = [
        sorted(results, key=lambda result: result.rate)[rounds // 2]
        for results in zip(*taken, strict=True)
    ]
    last = {"way": f"one event into all {len(ALL)}", "seconds": round(live(), 4)}
    return [*(result.beside(middle[0]) for result in middle), last]


def run(sessions: int, shipped_sessions: int, rounds: int) -> list[Row]:
    """Measure in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            closing(SqliteEventLog(folder / "events.db", clock=lambda: AT, new_id=uuid4)) as log,
            closing(Database(f"sqlite:///{folder / 'read_models.db'}")) as database,
        ):
            mine = Ours(log, database, sessions)
            ways = [
                lambda: shipped_on_sqlite("as shipped", folder, shipped_sessions),
                lambda: shipped_without_fsync(folder, shipped_sessions),
                mine.rebuild_one,
                mine.rebuild_all,
            ]
            return measured(ways, lambda: follow_one_by_one(mine), rounds)


if __name__ == "__main__":
    print_report(__doc__, run, sessions=1500, shipped_sessions=60, rounds=5)
