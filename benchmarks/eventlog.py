"""Cost of the event log port on SQLite compared with plain `sqlite3`, in one run on one disk.

Both sides store the same columns with the same guarantees (WAL, synchronous=FULL, an immediate
write lock, checks of the command's id and the stream's version, a hash chain by tenant), generate
the same identifiers and return the same dataclasses. The plain code does not read an event back
before it is stored, and builds no envelope when it is loaded. Rounds alternate; times are medians,
and a ratio is the median of the rounds' ratios.

Run `python -m benchmarks.eventlog [--percent 100] [--json]`; percent of the usual rounds.
"""

import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import UUID

import msgspec

from adapters.clock import new_id, utc_now
from adapters.event_log.sqlite import SqliteEventLog
from application.audit.hash_chain import NO_HASH, fact_bytes, link_hash, origin_bytes
from application.kernel.ports import Change, EventLog
from benchmarks._report import Row, compare, part, print_report, row
from domain.ids import ExerciseId, TenantId
from domain.kernel import Origin
from domain.sessions import events
from domain.values import CountedBy, Span, Tempo

TENANT = TenantId("default")
ORIGIN: Final = Origin(tenant_id=TENANT, actor="user/ada", correlation_id=UUID(int=1))
BATCHES = {1: 200, 10: 200, 100: 60, 1000: 15}
"""Events per transaction, and the number of such transactions on each side."""
LOADS = {10: 200, 100: 100, 1000: 80}
"""Events per stream, and the number of times each side loads it."""

SCHEMA = """
CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT, originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL, topic TEXT NOT NULL, schema_version INTEGER NOT NULL,
    state BLOB NOT NULL, event_id BLOB NOT NULL, tenant_id TEXT NOT NULL, actor TEXT NOT NULL,
    correlation_id BLOB NOT NULL, causation_id BLOB, recorded_at INTEGER NOT NULL,
    previous_hash BLOB NOT NULL, hash BLOB NOT NULL,
    UNIQUE (originator_id, originator_version)
);
CREATE INDEX events_of_tenant ON events (tenant_id, position);
CREATE TABLE command_log (
    tenant_id TEXT NOT NULL, command_id BLOB NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, command_id)
) WITHOUT ROWID;
"""


class Raw(Protocol):
    """Interface of the plain implementation."""

    def append(self, stream: str, version: int, facts: Sequence[Any]) -> None: ...

    def load(self, stream: str) -> list[Any]: ...


def decoders() -> dict[tuple[str, int], Any]:
    """Return the decoder of each measured event by its name and version."""
    kinds: tuple[Any, ...] = (events.SetStarted, events.RepetitionCounted)
    return {
        (kind.event_name, kind.schema_version): msgspec.json.Decoder(kind).decode for kind in kinds
    }


class ByHand:
    """Shortest code with the guarantees of the port."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.executescript(SCHEMA)
        self.encode = msgspec.json.Encoder().encode
        self.decoders = decoders()

    def append(self, stream: str, version: int, facts: Sequence[Any]) -> None:
        originator = f"{TENANT}/{stream}"
        correlation = ORIGIN.correlation_id.bytes
        command_id = new_id().bytes
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        query = "SELECT position FROM command_log WHERE tenant_id=? AND command_id=?"
        assert run(query, (TENANT, command_id)).fetchone() is None
        newest = "SELECT MAX(originator_version) FROM events WHERE originator_id=?"
        assert (run(newest, (originator,)).fetchone()[0] or 0) == version
        at = int(utc_now().timestamp() * 1_000_000)
        chained = "SELECT hash FROM events WHERE tenant_id=? ORDER BY position DESC LIMIT 1"
        before = (run(chained, (TENANT,)).fetchone() or (NO_HASH,))[0]
        last = "SELECT seq FROM sqlite_sequence WHERE name='events'"
        position = (run(last).fetchone() or (0,))[0]
        origin = origin_bytes(
            tenant_id=TENANT, actor=ORIGIN.actor, correlation_id=correlation, causation_id=None,
            recorded_at_us=at,
        )  # fmt: skip
        rows: list[Any] = []
        for number, fact in enumerate(facts, version + 1):
            state, event_id, position = self.encode(fact), new_id().bytes, position + 1
            content = fact_bytes(
                originator_id=originator, version=number, name=fact.event_name,
                schema_version=fact.schema_version, event_id=event_id, payload=state,
            )  # fmt: skip
            own = link_hash(before, position, origin, content)
            rows.append(
                (position, originator, number, fact.event_name, fact.schema_version, state,
                 event_id, TENANT, ORIGIN.actor, correlation, None, at, before, own)
            )  # fmt: skip
            before = own
        self.connection.executemany("INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
        run("INSERT INTO command_log VALUES (?,?,?)", (TENANT, command_id, position))
        run("COMMIT")

    def load(self, stream: str) -> list[Any]:
        rows = self.connection.execute(
            "SELECT * FROM events WHERE originator_id=? ORDER BY originator_version",
            (f"{TENANT}/{stream}",),
        ).fetchall()
        return [self.decoders[row[3], row[4]](row[5]) for row in rows]


def facts(count: int) -> list[Any]:
    """Return a set and its repetitions, as a session has them."""
    counted_by = CountedBy("device", "pose_landmarker_lite", 1)
    started = events.SetStarted(
        set=1,
        exercise_id=ExerciseId("squat"),
        counted_by=counted_by,
        target_repetitions=None,
        load_kg=None,
    )
    return [started, *(repetition(number) for number in range(1, count))]


def repetition(number: int) -> events.RepetitionCounted:
    return events.RepetitionCounted(
        set=1,
        number=number,
        span=Span(number * 2000, number * 2000 + 1800),
        tempo=Tempo(0.9, 0.1, 0.7, 0.1),
        range_of_motion_deg=95.25,
        symmetry=0.97,
        form=0.86,
        confidence=0.93,
        faults=("knees_in",),
    )


def appends(log: EventLog, raw: Raw, batches: Mapping[int, int], percent: int) -> list[Row]:
    """Append new streams of each size on both sides; one row per size."""
    results: list[Row] = []
    for size, rounds in batches.items():
        batch = facts(size)

        def by_port(n: int, batch: list[Any] = batch, size: int = size) -> None:
            change = Change(f"session-{size}-{n}", 0, batch)
            log.append([change], origin=ORIGIN, command_id=new_id())

        def by_hand(n: int, batch: list[Any] = batch, size: int = size) -> None:
            raw.append(f"session-{size}-{n}", 0, batch)

        results.append(row("append", size, compare(by_port, by_hand, part(rounds, percent))))
    return results


def write_streams(log: EventLog, raw: Raw, loads: Mapping[int, int]) -> None:
    """Write the streams that are loaded later: one command per event, as in a live session."""
    for size in loads:
        for version, fact in enumerate(facts(size)):
            change = Change(f"loaded-{size}", version, [fact])
            log.append([change], origin=ORIGIN, command_id=new_id())
            raw.append(f"loaded-{size}", version, [fact])


def load_streams(log: EventLog, raw: Raw, loads: Mapping[int, int], percent: int) -> list[Row]:
    """Load the written stream of each size on both sides; one row per size."""
    results: list[Row] = []
    for size, rounds in loads.items():
        stream = f"loaded-{size}"
        times = compare(
            lambda _, stream=stream: log.load(TENANT, stream),  # type: ignore[misc]
            lambda _, stream=stream: raw.load(stream),  # type: ignore[misc]
            part(rounds, percent),
        )
        results.append(row("load", size, times))
    return results


def run(percent: int) -> list[Row]:
    """Measure in a folder that is removed afterwards; one row per kind of work."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        log = SqliteEventLog(Path(folder, "port.sqlite"), clock=utc_now, new_id=new_id)
        raw = ByHand(Path(folder, "raw.sqlite"))
        appended = appends(log, raw, BATCHES, percent)
        write_streams(log, raw, LOADS)
        loaded = load_streams(log, raw, LOADS, percent)
        log.close()
        raw.connection.close()
    return [*appended, *loaded]


if __name__ == "__main__":
    print_report(__doc__, run, percent=100)
