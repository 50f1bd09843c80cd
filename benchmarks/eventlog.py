"""The event log beside `sqlite3` by hand: what the port costs, in one run on one disk.

Both sides keep the same columns with the same guarantees (WAL, synchronous=FULL, the write lock
at once, the command's id and the stream's version looked at first), make the same identifiers
and hold the same dataclasses in the end. By hand, an event is not read back before it is stored,
and no envelope is built when it is loaded. Rounds alternate; figures are medians.

Run `python -m benchmarks.eventlog [--json]`.
"""

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from adapters.clock import new_id, utc_now
from adapters.eventlog.sqlite import SqliteEventLog
from application.ports import Change
from domain.ids import ExerciseId, TenantId
from domain.kernel import Origin
from domain.sessions import events
from domain.values import CountedBy, Span, Tempo

TENANT = TenantId("default")
BATCHES = {1: 200, 10: 200, 100: 60, 1000: 15}
"""Events in a transaction, and how many such transactions each side writes."""
LOADS = {10: 200, 100: 100, 1000: 80}
"""Events in a stream, and how often each side loads it."""

SCHEMA = """
CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT, originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL, topic TEXT NOT NULL, schema_version INTEGER NOT NULL,
    state BLOB NOT NULL, event_id BLOB NOT NULL, tenant_id TEXT NOT NULL, actor TEXT NOT NULL,
    correlation_id BLOB NOT NULL, causation_id BLOB, recorded_at INTEGER NOT NULL,
    UNIQUE (originator_id, originator_version)
);
CREATE TABLE command_log (
    tenant_id TEXT NOT NULL, command_id BLOB NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, command_id)
) WITHOUT ROWID;
"""


class ByHand:
    """The shortest code that keeps the promises of the port."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.executescript(SCHEMA)
        self.encode = msgspec.json.Encoder().encode
        self.decoders = {
            ("session.set_started", 1): msgspec.json.Decoder(events.SetStarted).decode,
            ("session.repetition_counted", 1): msgspec.json.Decoder(
                events.RepetitionCounted
            ).decode,
        }

    def append(self, stream: str, version: int, facts: Sequence[Any], origin: Origin) -> None:
        originator = f"{origin.tenant_id}/{stream}"
        correlation = origin.correlation_id.bytes
        command_id = new_id().bytes
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        known = "SELECT position FROM command_log WHERE tenant_id=? AND command_id=?"
        assert run(known, (TENANT, command_id)).fetchone() is None
        newest = "SELECT MAX(originator_version) FROM events WHERE originator_id=?"
        assert (run(newest, (originator,)).fetchone()[0] or 0) == version
        at = int(utc_now().timestamp() * 1_000_000)
        insert = "INSERT INTO events VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?)"
        rows = [
            (originator, number, fact.event_name, fact.schema_version, self.encode(fact),
             new_id().bytes, TENANT, origin.actor, correlation, None, at)
            for number, fact in enumerate(facts, version + 1)
        ]  # fmt: skip
        self.connection.executemany(insert, rows)
        position = run("SELECT last_insert_rowid()").fetchone()[0]
        run("INSERT INTO command_log VALUES (?,?,?)", (TENANT, command_id, position))
        run("COMMIT")

    def load(self, stream: str) -> list[Any]:
        rows = self.connection.execute(
            "SELECT * FROM events WHERE originator_id=? ORDER BY originator_version",
            (f"{TENANT}/{stream}",),
        ).fetchall()
        return [self.decoders[row[3], row[4]](row[5]) for row in rows]


def facts(count: int) -> list[Any]:
    """A set and its repetitions, as a session has them."""
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


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def compare(
    port: Callable[[int], object], raw: Callable[[int], object], rounds: int
) -> list[float]:
    """Median seconds of both sides, who take turns; the first round warms up."""
    pairs = [
        (seconds(lambda n=n: port(n)), seconds(lambda n=n: raw(n)))  # type: ignore[misc]
        for n in range(rounds + 1)
    ]
    return [statistics.median(side) for side in zip(*pairs[1:], strict=True)]


def run() -> list[dict[str, Any]]:
    """Measure in a folder that is removed afterwards; one row for each kind of work."""
    origin = Origin(tenant_id=TENANT, actor="user/ada", correlation_id=UUID(int=1))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        log = SqliteEventLog(Path(folder, "port.sqlite"), clock=utc_now, new_id=new_id)
        raw = ByHand(Path(folder, "raw.sqlite"))
        results = [*appends(log, raw, origin), *loads(log, raw, origin)]
        log.close()
        raw.connection.close()
    return results


def appends(log: SqliteEventLog, raw: ByHand, origin: Origin) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    for size, rounds in BATCHES.items():
        batch = facts(size)

        def by_port(n: int, batch: list[Any] = batch, size: int = size) -> None:
            change = Change(f"session-{size}-{n}", 0, batch)
            log.append([change], origin=origin, command_id=new_id())

        def by_hand(n: int, batch: list[Any] = batch, size: int = size) -> None:
            raw.append(f"session-{size}-{n}", 0, batch, origin)

        results.append(row("append", size, compare(by_port, by_hand, rounds)))
    return results


def loads(log: SqliteEventLog, raw: ByHand, origin: Origin) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    for size, rounds in LOADS.items():
        stream = f"loaded-{size}"
        for version, fact in enumerate(facts(size)):  # one command an event, as it happens live
            log.append([Change(stream, version, [fact])], origin=origin, command_id=new_id())
            raw.append(stream, version, [fact], origin)
        times = compare(
            lambda _, stream=stream: log.load(TENANT, stream),  # type: ignore[misc]
            lambda _, stream=stream: raw.load(stream),  # type: ignore[misc]
            rounds,
        )
        results.append(row("load", size, times))
    return results


def row(work: str, size: int, times: list[float]) -> dict[str, Any]:
    port, raw = (round(1e6 * median, 1) for median in times)
    return {
        "benchmark": "eventlog",
        "work": work,
        "events": size,
        "port_us": port,
        "raw_us": raw,
        "ratio": round(port / raw, 2),
    }


def main() -> None:
    """Print the table, or JSON with `--json`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    results = run()
    if options.json:
        print(json.dumps(results, indent=2))
        return
    print(f"{'work':<8}{'events':>7}{'port µs':>12}{'sqlite3 µs':>12}{'ratio':>8}")
    for result in results:
        print(
            f"{result['work']:<8}{result['events']:>7}{result['port_us']:>12,.1f}"
            f"{result['raw_us']:>12,.1f}{result['ratio']:>8.2f}"
        )


if __name__ == "__main__":
    main()
