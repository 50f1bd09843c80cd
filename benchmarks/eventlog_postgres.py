"""Cost of the event log port on PostgreSQL compared with plain `psycopg`, in one run on one server.

Both sides have tables of the same shape on a PostgreSQL of their own, which is removed afterwards,
and the same guarantees: row-level security by tenant, the advisory lock that puts positions in the
order of commits, checks of the command's id and the stream's version, a time that never decreases,
a hash chain by tenant, a notification, durable commits. The plain code uses the shortest statements
with these guarantees, one connection, prepared statements, parameters and results in binary form,
and a pipeline for everything that needs no answer; it does not read an event back before it is
stored, and leaves an envelope as a row of values. Rounds alternate, and so does the side that
begins; times are medians, and a ratio is the median of the rounds' ratios, so that a temporarily
busy machine does not distort it.

Run `python -m benchmarks.eventlog_postgres [--percent 100] [--json]`; percent of the usual rounds.
"""

from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from statistics import median
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.postgres_hash_chain import PostgresHashChain
from adapters.migrations import upgrade
from application.audit.hash_chain import (
    EPOCH,
    MICROSECOND,
    NO_HASH,
    fact_bytes,
    link_hash,
    origin_bytes,
)
from application.audit.verification import verify_chains
from benchmarks._report import Row, compare, part, print_report, row, seconds
from benchmarks.eventlog import (
    ORIGIN,
    TENANT,
    appends,
    decoders,
    load_streams,
    write_streams,
)
from tools.local_services.databases import create_database
from tools.local_services.postgres import LocalPostgres

BATCHES = {1: 300, 10: 200, 100: 100, 1000: 30}
"""Events per transaction, and the number of such transactions on each side."""
LOADS = {10: 300, 100: 200, 1000: 60}
"""Events per stream, and the number of times each side loads it."""
SECTIONS = (100, 1000, 10_000)
"""Events per batch of a scan."""
SCANS = 7

COMMAND = "SELECT position FROM kinelog.command_log WHERE tenant_id = %b AND command_id = %b"
VERSION = "SELECT max(originator_version) FROM kinelog.events WHERE originator_id = %b"
LAST = "SELECT recorded_at FROM kinelog.events ORDER BY position DESC LIMIT 1"
CHAINED = "SELECT hash FROM kinelog.events WHERE tenant_id = %b ORDER BY position DESC LIMIT 1"
POSITIONS = "SELECT nextval('kinelog.events_position_seq') FROM generate_series(1, %b)"
INSERT = """
INSERT INTO kinelog.events (position, originator_id, originator_version, topic, schema_version,
    state, event_id, tenant_id, recorded_at, actor, correlation_id, causation_id, previous_hash,
    hash)
OVERRIDING SYSTEM VALUE
SELECT position, %b, %b::bigint + number, topic, schema_version, state, event_id, %b, %b, %b, %b,
    %b, previous_hash, hash
FROM unnest(%b::bigint[], %b::text[], %b::integer[], %b::bytea[], %b::uuid[], %b::bytea[],
    %b::bytea[])
    WITH ORDINALITY AS new (position, topic, schema_version, state, event_id, previous_hash, hash,
        number)
ORDER BY number
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
    """Shortest code with the guarantees of the port."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.encode = msgspec.json.Encoder().encode
        self.decoders = decoders()
        self.take("kinelog_writer")

    def take(self, role: str) -> None:
        self.connection.execute("SELECT set_config('role', %s, false)", [role])
        self.connection.execute("SET timezone TO 'UTC'")

    def run(self, statement: str, *parameters: Any) -> psycopg.Cursor[Any]:
        cursor = self.connection.cursor(binary=True)
        return cursor.execute(statement.encode(), parameters or None, prepare=True)

    def append(self, stream: str, version: int, facts: Sequence[Any]) -> None:
        originator = f"{TENANT}/{stream}"
        command_id = new_id()
        states = [self.encode(fact) for fact in facts]
        event_ids = [new_id() for _ in facts]
        with self.connection.transaction():
            with self.connection.pipeline():
                self.run("SELECT pg_advisory_xact_lock(1)")
                self.run("SELECT set_config('kinelog.tenant', %b, true)", TENANT)
                result = self.run(COMMAND, TENANT, command_id)
                newest = self.run(VERSION, originator)
                last = self.run(LAST)
                chained = self.run(CHAINED, TENANT)
                drawn = self.run(POSITIONS, len(facts))
            assert result.fetchone() is None
            assert (newest.fetchall()[0][0] or 0) == version
            at = max([utc_now(), *(row[0] for row in last)])
            positions = [row[0] for row in drawn]
            before = [row[0] for row in chained] or [NO_HASH]
            hashes = chain(
                originator=originator, version=version, at=at, before=before[0],
                positions=positions, facts=facts, states=states, event_ids=event_ids,
            )  # fmt: skip
            with self.connection.pipeline():
                self.run(
                    INSERT, originator, version, TENANT, at, ORIGIN.actor, ORIGIN.correlation_id,
                    None, positions, [fact.event_name for fact in facts],
                    [fact.schema_version for fact in facts], states, event_ids,
                    [*before, *hashes[:-1]], hashes,
                )  # fmt: skip
                self.run("SELECT pg_notify('by_hand', %b)", str(positions[-1]))
                self.run(REMEMBER, TENANT, command_id, positions[-1])

    def load(self, stream: str) -> list[Any]:
        with self.connection.pipeline(), self.connection.transaction():
            self.run("SELECT set_config('kinelog.tenant', %b, true)", TENANT)
            rows = self.run(LOAD, f"{TENANT}/{stream}")
        return [(row, self.decoders[row[2], row[3]](row[4])) for row in rows]

    def scan(self, after: int, limit: int) -> list[Any]:
        rows = self.run(SCAN, after, limit).fetchall()
        return [(row, self.decoders[row[3], row[4]](row[5])) for row in rows]


def chain(
    *,
    originator: str,
    version: int,
    at: datetime,
    before: bytes,
    positions: Sequence[int],
    facts: Sequence[Any],
    states: Sequence[bytes],
    event_ids: Sequence[UUID],
) -> list[bytes]:
    """Return the hash of each new event.

    A hash covers the previous hash, the event's envelope and its payload.
    """
    origin = origin_bytes(
        tenant_id=TENANT,
        actor=ORIGIN.actor,
        correlation_id=ORIGIN.correlation_id.bytes,
        causation_id=None,
        recorded_at_us=(at - EPOCH) // MICROSECOND,
    )
    hashes: list[bytes] = []
    for number, fact in enumerate(facts):
        content = fact_bytes(
            originator_id=originator,
            version=version + number + 1,
            name=fact.event_name,
            schema_version=fact.schema_version,
            event_id=event_ids[number].bytes,
            payload=states[number],
        )
        before = link_hash(before, positions[number], origin, content)
        hashes.append(before)
    return hashes


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


def run(percent: int) -> list[Row]:
    """Measure; one row per kind of work."""
    with both_sides() as (log, raw, url):
        results = appends(log, raw, BATCHES, percent)
        write_streams(log, raw, LOADS)
        raw.take("kinelog_app")
        results += load_streams(log, raw, LOADS, percent)
        size = bytes_per_event(url, log.head())
        results += scans(log, raw, part(SCANS, percent))
        proved = verifying(url, part(SCANS, percent))
    return [*results, proved, size]


def verifying(url: str, rounds: int) -> Row:
    """Verify the whole log, as `kinelog audit verify` does."""
    with closing(PostgresHashChain(url)) as chained:
        took = median(seconds(lambda: verify_chains(chained)) for _ in range(rounds))
        events = sum(each.events for each in verify_chains(chained) if each.holds)
    return {"work": "verify", "events": events, "port_events_per_s": round(events / took)}


def scans(log: PostgresEventLog, raw: ByHand, rounds: int) -> list[Row]:
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

    results: list[Row] = []
    for section in SECTIONS:
        times = compare(
            lambda _, section=section: by_port(section),  # type: ignore[misc]
            lambda _, section=section: by_hand(section),  # type: ignore[misc]
            rounds,
        )
        rate = round(head / times.ours_s)
        results.append({**row("scan", section, times), "port_events_per_s": rate})
    return results


def bytes_per_event(url: str, count: int) -> Row:
    with psycopg.connect(url) as connection:
        tables, indexes = connection.execute(SIZE).fetchall()[0]
        payloads = connection.execute("SELECT avg(length(state)) FROM kinelog.events").fetchall()
    return {
        "work": "size",
        "events": count,
        "bytes_per_event": round((tables + indexes) / count),
        "of_that_indexes": round(indexes / count),
        "of_that_payload": round(payloads[0][0]),
    }


if __name__ == "__main__":
    print_report(__doc__, run, percent=100)
