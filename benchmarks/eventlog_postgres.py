"""The event log beside `psycopg` by hand: what the port costs, in one run on one server.

Both sides have tables of the same shape on a PostgreSQL of their own, which is removed afterwards,
and the same guarantees: row-level security by tenant, the advisory lock that makes the order of
positions that of commits, the command's id and the stream's version looked at first, a time that
never falls, a notification, durable commits. By hand, these are the shortest statements that do
it, one connection, prepared, parameters and results in binary form, all that need no answer sent
together; an event is not read back before it is stored, and an envelope remains a row of values.
Rounds alternate, and so does who begins; times are medians, and a ratio is the median of the
rounds' ratios, so that a machine that is busy for a while does not tilt it.

Run `python -m benchmarks.eventlog_postgres [--json]`.
"""

import argparse
import json
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from adapters.clock import new_id, utc_now
from adapters.eventlog.postgres import PostgresEventLog
from adapters.local_services.databases import create_database
from adapters.local_services.postgres import LocalPostgres
from adapters.migrations import upgrade
from application.ports import Change
from benchmarks.eventlog import TENANT, facts, seconds
from domain.kernel import Origin
from domain.sessions import events

BATCHES = {1: 300, 10: 200, 100: 100, 1000: 30}
"""Events in a transaction, and how many such transactions each side writes."""
LOADS = {10: 300, 100: 200, 1000: 60}
"""Events in a stream, and how often each side loads it."""
SECTIONS = (100, 1000, 10_000)
"""Events in a section of a scan."""
SCANS = 7

KNOWN = "SELECT position FROM kinelog.command_log WHERE tenant_id = %b AND command_id = %b"
VERSION = "SELECT max(originator_version) FROM kinelog.events WHERE originator_id = %b"
LAST = "SELECT recorded_at FROM kinelog.events ORDER BY position DESC LIMIT 1"
INSERT = """
WITH added AS (
    INSERT INTO kinelog.events (originator_id, originator_version, topic, schema_version, state,
        event_id, tenant_id, recorded_at, actor, correlation_id, causation_id)
    SELECT %b, %b::bigint + number, topic, schema_version, state, event_id, %b, %b, %b, %b, %b
    FROM unnest(%b::text[], %b::integer[], %b::bytea[], %b::uuid[])
        WITH ORDINALITY AS new (topic, schema_version, state, event_id, number)
    ORDER BY number RETURNING position)
SELECT max(position) FROM added
"""
REMEMBER = "INSERT INTO kinelog.command_log VALUES (%b, %b, %b)"
LOAD = """
SELECT position, originator_version, topic, schema_version, state, event_id, actor,
    correlation_id, causation_id, recorded_at
FROM kinelog.events WHERE originator_id = %b ORDER BY originator_version
"""
SCAN = """
SELECT position, originator_id, originator_version, topic, schema_version, state, event_id,
    tenant_id, actor, correlation_id, causation_id, recorded_at
FROM kinelog.events WHERE position > %b ORDER BY position LIMIT %b
"""
SIZE = """
SELECT sum(pg_table_size(name)) AS tables, sum(pg_indexes_size(name)) AS indexes
FROM unnest(ARRAY['kinelog.events', 'kinelog.command_log']::regclass[]) AS name
"""


class ByHand:
    """The shortest code that keeps the promises of the port."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.encode = msgspec.json.Encoder().encode
        self.decoders = {
            ("session.set_started", 1): msgspec.json.Decoder(events.SetStarted).decode,
            ("session.repetition_counted", 1): msgspec.json.Decoder(
                events.RepetitionCounted
            ).decode,
        }
        self.take("kinelog_writer")

    def take(self, role: str) -> None:
        self.connection.execute("SELECT set_config('role', %s, false)", [role])
        self.connection.execute("SET timezone TO 'UTC'")

    def run(self, statement: str, *parameters: Any) -> psycopg.Cursor[Any]:
        cursor = self.connection.cursor(binary=True)
        return cursor.execute(statement.encode(), parameters or None, prepare=True)

    def append(self, stream: str, version: int, facts: Sequence[Any], origin: Origin) -> None:
        originator = f"{TENANT}/{stream}"
        command_id = new_id()
        arrays = (
            [fact.event_name for fact in facts],
            [fact.schema_version for fact in facts],
            [self.encode(fact) for fact in facts],
            [new_id() for _ in facts],
        )
        with self.connection.transaction():
            with self.connection.pipeline():
                self.run("SELECT pg_advisory_xact_lock(1)")
                self.run("SELECT set_config('kinelog.tenant', %b, true)", TENANT)
                known = self.run(KNOWN, TENANT, command_id)
                newest = self.run(VERSION, originator)
                last = self.run(LAST)
            assert known.fetchone() is None
            assert (newest.fetchall()[0][0] or 0) == version
            at = max([utc_now(), *(row[0] for row in last)])
            position = self.run(
                INSERT, originator, version, TENANT, at, origin.actor, origin.correlation_id,
                None, *arrays,
            ).fetchall()[0][0]  # fmt: skip
            with self.connection.pipeline():
                self.run("SELECT pg_notify('by_hand', %b)", str(position))
                self.run(REMEMBER, TENANT, command_id, position)

    def load(self, stream: str) -> list[Any]:
        with self.connection.pipeline(), self.connection.transaction():
            self.run("SELECT set_config('kinelog.tenant', %b, true)", TENANT)
            rows = self.run(LOAD, f"{TENANT}/{stream}")
        return [(row, self.decoders[row[2], row[3]](row[4])) for row in rows]

    def scan(self, after: int, limit: int) -> list[Any]:
        rows = self.run(SCAN, after, limit).fetchall()
        return [(row, self.decoders[row[3], row[4]](row[5])) for row in rows]


@contextmanager
def both_sides() -> Generator[tuple[PostgresEventLog, ByHand, str]]:
    """Start a server with a database for each side, and remove it."""
    with LocalPostgres() as server:
        urls = [create_database(server.url, name) for name in ("port", "by_hand")]
        for url in urls:
            upgrade(url)
        log = PostgresEventLog(urls[0], clock=utc_now, new_id=new_id)
        raw = ByHand(urls[1])
        try:
            yield log, raw, urls[0]
        finally:
            raw.connection.close()
            log.close()


def compare(
    port: Callable[[int], object], raw: Callable[[int], object], rounds: int
) -> tuple[float, float, float]:
    """Median seconds of both sides, who take turns in beginning, and the median of their ratios.

    The first rounds warm up: statements are prepared and planned.
    """
    times: tuple[list[float], list[float]] = ([], [])
    sides = [(port, times[0]), (raw, times[1])]
    for n in range(rounds + 6):
        for work, taken in sides if n % 2 else reversed(sides):
            taken.append(seconds(lambda n=n, work=work: work(n)))  # type: ignore[misc]
    ours, theirs = (taken[6:] for taken in times)
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return median(ours), median(theirs), median(ratios)


def run() -> list[dict[str, Any]]:
    """Measure; one row for each kind of work."""
    origin = Origin(tenant_id=TENANT, actor="user/ada", correlation_id=UUID(int=1))
    with both_sides() as (log, raw, url):
        results = [*appends(log, raw, origin), *loads(log, raw, origin)]
        size = bytes_per_event(url, log.head())
        results += scans(log, raw)
    return [*results, size]


def appends(log: PostgresEventLog, raw: ByHand, origin: Origin) -> list[dict[str, Any]]:
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


def loads(log: PostgresEventLog, raw: ByHand, origin: Origin) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    for size in LOADS:
        stream = f"loaded-{size}"
        for version, fact in enumerate(facts(size)):  # one command an event, as it happens live
            log.append([Change(stream, version, [fact])], origin=origin, command_id=new_id())
            raw.append(stream, version, [fact], origin)
    raw.take("kinelog_app")
    for size, rounds in LOADS.items():
        stream = f"loaded-{size}"
        times = compare(
            lambda _, stream=stream: log.load(TENANT, stream),  # type: ignore[misc]
            lambda _, stream=stream: raw.load(stream),  # type: ignore[misc]
            rounds,
        )
        results.append(row("load", size, times))
    return results


def scans(log: PostgresEventLog, raw: ByHand) -> list[dict[str, Any]]:
    raw.take("kinelog_reader")
    head = log.head()

    def by_port(section: int) -> None:
        after = 0
        while read := log.scan(after=after, limit=section):
            after = read[-1].position

    def by_hand(section: int) -> None:
        after = 0
        while read := raw.scan(after, section):
            after = read[-1][0][0]

    results: list[dict[str, Any]] = []
    for section in SECTIONS:
        times = compare(
            lambda _, section=section: by_port(section),  # type: ignore[misc]
            lambda _, section=section: by_hand(section),  # type: ignore[misc]
            SCANS,
        )
        results.append({**row("scan", section, times), "port_events_per_s": round(head / times[0])})
    return results


def bytes_per_event(url: str, count: int) -> dict[str, Any]:
    with psycopg.connect(url) as connection:
        tables, indexes = connection.execute(SIZE).fetchall()[0]
        payloads = connection.execute("SELECT avg(length(state)) FROM kinelog.events").fetchall()
    return {
        "benchmark": "eventlog_postgres",
        "work": "size",
        "events": count,
        "bytes_per_event": round((tables + indexes) / count),
        "of_that_indexes": round(indexes / count),
        "of_that_payload": round(payloads[0][0]),
    }


def row(work: str, size: int, times: tuple[float, float, float]) -> dict[str, Any]:
    port, raw = (round(1e6 * taken, 1) for taken in times[:2])
    return {
        "benchmark": "eventlog_postgres",
        "work": work,
        "events": size,
        "port_us": port,
        "raw_us": raw,
        "ratio": round(times[2], 2),
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
    print(f"{'work':<8}{'events':>7}{'port µs':>12}{'psycopg µs':>12}{'ratio':>8}")
    for result in results[:-1]:
        rate = (
            f"  {result['port_events_per_s']:,} events/s" if "port_events_per_s" in result else ""
        )
        print(
            f"{result['work']:<8}{result['events']:>7}{result['port_us']:>12,.1f}"
            f"{result['raw_us']:>12,.1f}{result['ratio']:>8.2f}{rate}"
        )
    size = results[-1]
    print(
        f"{size['bytes_per_event']} bytes an event, {size['of_that_indexes']} of them indexes and"
        f" {size['of_that_payload']} the event's JSON"
    )


if __name__ == "__main__":
    main()
