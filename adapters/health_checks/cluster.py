"""Health checks of a cluster: its processes, and the versions of its stores."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final

import psycopg
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

from adapters.bus.kafka import client
from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.bus import KafkaBus
from adapters.bus.kafka.client import failures
from adapters.bus.kafka.config import Kafka
from adapters.event_log import postgres_checkpoints as relay_position
from adapters.event_log.postgres_errors import place_of, storage_failures
from adapters.migrations import SCHEMA
from adapters.sql import leader_lock
from adapters.telemetry import kafka_gauges
from application.kernel.ports import Clock
from application.kernel.topics import TOPICS, Group
from application.operations.readiness import Check, Degraded
from application.pose_coach.stores import StoreName
from domain.kernel import Rejected

SKEW_S: Final = 2.0
"""Largest accepted clock skew: clocks that are set by the network differ by milliseconds."""
MAX_DELAY_S: Final = 30.0
"""If an event older than this is missing in Kafka, no relay runs."""

RELAY: Final = b"""
SELECT coalesce((SELECT position FROM kinelog.relay_position WHERE bus = 'kafka'), 0),
    EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s
        AND objid::bigint = hashtext('kafka')::bigint & 4294967295 AND granted)
"""
BEHIND: Final = b"""
SELECT count(*), coalesce(extract(epoch FROM now() - min(recorded_at)), 0)
FROM kinelog.events WHERE position > %s
"""
READ_LOG: Final = b"SET ROLE kinelog_reader"
LOG_RIGHTS: Final = b"""
WITH login AS (
    SELECT oid, rolname, rolsuper, rolcreaterole, rolbypassrls FROM pg_roles
    WHERE rolname = session_user
), owned AS (
    SELECT 'the table kinelog.' || relname AS name, relowner AS owner FROM pg_class
    WHERE oid IN ('kinelog.events'::regclass, 'kinelog.command_log'::regclass)
    UNION ALL
    SELECT 'the function kinelog.' || proname, proowner FROM pg_proc
    WHERE oid IN ('kinelog.refuse_change'::regproc, 'kinelog.append'::regproc)
    UNION ALL
    SELECT 'the schema kinelog', nspowner FROM pg_namespace WHERE nspname = 'kinelog'
    UNION ALL
    SELECT 'the database', datdba FROM pg_database WHERE datname = current_database()
)
SELECT rolname, reason FROM login CROSS JOIN LATERAL (
    SELECT 'is a superuser' WHERE rolsuper
    UNION ALL SELECT 'bypasses row-level security' WHERE rolbypassrls AND NOT rolsuper
    UNION ALL SELECT 'may create roles' WHERE rolcreaterole AND NOT rolsuper
    UNION ALL
    SELECT 'owns ' || owned.name FROM owned
    WHERE pg_has_role(login.oid, owned.owner, 'MEMBER') AND NOT rolsuper
    UNION ALL
    SELECT 'may change ' || changed || ' as ' || r.rolname
    FROM unnest(ARRAY['kinelog.events', 'kinelog.command_log']) AS changed
    JOIN pg_roles AS r ON pg_has_role(login.oid, r.oid, 'MEMBER')
    WHERE NOT login.rolsuper
        AND NOT pg_has_role(
            r.oid, (SELECT relowner FROM pg_class WHERE oid = changed::regclass), 'MEMBER'
        )
        AND has_table_privilege(r.oid, changed, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
) AS found (reason)
"""
"""Reasons why the login could change the log: one row each, with its name."""
RUNNER: Final = b"""
SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND classid::bigint = %s::bigint >> 32 AND objid::bigint = %s::bigint & 4294967295)
"""
"""Query for an advisory lock; its 64-bit key fills two columns: PostgreSQL manual, pg_locks."""


class NotUpgraded(Rejected):
    """The database is of another version than this program."""

    code = "storage.not_upgraded"
    kind = "unavailable"


def migrations(url: str) -> Check:
    """Compare the database's revision with the newest of this program."""

    def probe() -> str:
        with _session(url) as session:
            engine = create_engine(
                "postgresql+psycopg://",
                creator=lambda: session,
                poolclass=pool.NullPool,
                hide_parameters=True,
            )
            with engine.connect() as connection:
                options = {"version_table_schema": SCHEMA}
                current = MigrationContext.configure(connection, opts=options).get_current_heads()
        config = Config()
        config.set_main_option("script_location", "adapters:migrations")
        expected = ScriptDirectory.from_config(config).get_heads()
        if set(current) != set(expected):
            has = ", ".join(current) or "none"
            raise NotUpgraded(f"The database has revision {has}, and {', '.join(expected)} is due.")
        return f"The database has revision {', '.join(current)}."

    return Check("migrations", probe)


def topics(bootstrap: Kafka) -> Check:
    """Compare the topics that Kafka has with those that are declared."""

    def probe() -> str:
        results = KafkaTopics(bootstrap).status(TOPICS, with_settings=True)
        other = [_difference(each) for each in results if each.state != "as declared"]
        if other:
            raise Degraded(f"{'; '.join(other)}.")
        return f"All {len(results)} topics are as declared."

    return Check("topics", probe)


def _difference(each: Any) -> str:
    if each.state == "other settings":
        return f"{each.topic.name} has another {' and '.join(each.other_settings)}"
    return f"{each.topic.name} is {each.state}"


def relay(url: str) -> Check:
    """Check that a relay runs, and measure the lag of Kafka behind the log."""

    def probe() -> str:
        with _session(url) as session:
            position, held = _row(session, RELAY, relay_position.LOCKS)
            session.execute(READ_LOG)
            events, seconds = _row(session, BEHIND, position)
        behind = f"Kafka has the log up to position {position}, {events} events behind."
        if not held:
            raise Degraded(f"No relay is at work. {behind}")
        if float(seconds) > MAX_DELAY_S:
            raise Degraded(f"{behind} The oldest of them waits for {float(seconds):.0f} s.")
        return behind

    return Check("relay", probe, needed=False)


def log_rights(url: str) -> Check:
    """Check that the login of running processes cannot change or delete events."""

    def probe() -> str:
        with _session(url) as session:
            reasons = session.execute(LOG_RIGHTS).fetchall()
        if reasons:
            listed = ", ".join(reason for _, reason in reasons)
            raise Degraded(f"The login {reasons[0][0]} may alter the event log: it {listed}.")
        return "The login may append to the event log, and cannot change it."

    return Check("logRights", probe, needed=False)


def runner(url: str) -> Check:
    """Check that a projection runner runs."""

    def probe() -> str:
        with _session(url) as session:
            (held,) = _row(session, RUNNER, leader_lock.LOCK, leader_lock.LOCK)
        if not held:
            raise Degraded("No runner updates the read models, so they are out of date.")
        return "A runner updates the read models."

    return Check("runner", probe, needed=False)


def pose_coach_worker(url: str, locks: Mapping[StoreName, int]) -> Check:
    """Check that a worker writes to each store of the pose coach, and so has its lock."""

    def probe() -> str:
        with _session(url) as session:
            free = [
                name for name, lock in locks.items() if not _row(session, RUNNER, lock, lock)[0]
            ]
        if free:
            raise Degraded(
                f"No worker writes to these stores of the pose coach: {', '.join(free)}."
            )
        return "A worker writes to both stores of the pose coach."

    return Check("poseCoachWorker", probe, needed=False)


def workers(bootstrap: Kafka, groups: Sequence[Group]) -> Check:
    """Count the members of each required consumer group."""

    def probe() -> str:
        with failures(bootstrap), closing(client.admin(bootstrap)) as admin:
            results = admin.describe_groups([group.name for group in groups])
        members = {name: len(group["members"]) for name, group in results.items()}
        absent = [group.name for group in groups if not members.get(group.name)]
        if absent:
            raise Degraded(f"No worker runs for {', '.join(absent)}.")
        return f"Workers: {', '.join(f'{count} x {name}' for name, count in members.items())}."

    return Check("workers", probe, needed=False)


def dead_letters(bootstrap: Kafka, groups: Sequence[Group]) -> Check:
    """Count the dead letters of workers."""

    def probe() -> str:
        with closing(KafkaBus(bootstrap)) as bus:
            gauges = list(kafka_gauges.dead_letters(bootstrap, bus, groups)())
        return report_dead_letters({each.labels["group"]: int(each.value) for each in gauges})

    return Check("deadLetters", probe, needed=False)


def report_dead_letters(counts: Mapping[str, int]) -> str:
    """Say that no group has dead letters. Raises Degraded, which lists those that have."""
    found = [f"{count} of {name}" for name, count in counts.items() if count]
    if found:
        raise Degraded(f"Dead letters: {', '.join(found)}.")
    return "There are no dead letters."


def clock(url: str, now: Clock) -> Check:
    """Compare this machine's clock with the database's."""

    def probe() -> str:
        with _session(url) as session:
            before = now()
            (database_time,) = _row(session, b"SELECT clock_timestamp()")
            after = now()
        skew_s = max(
            (before - database_time).total_seconds(), (database_time - after).total_seconds(), 0.0
        )
        if skew_s > SKEW_S:
            raise Degraded(f"The clocks here and of the database differ by {skew_s:.1f} s.")
        return "The clocks here and of the database agree."

    return Check("clock", probe, needed=False)


@contextmanager
def _session(url: str) -> Generator[psycopg.Connection[Any]]:
    with (
        storage_failures(place_of(url)),
        psycopg.connect(url, connect_timeout=5, application_name="kinelog doctor") as session,
    ):
        yield session


def _row(session: psycopg.Connection[Any], query: bytes, *parameters: object) -> tuple[Any, ...]:
    row = session.execute(query, parameters).fetchone()
    if row is None:
        raise LookupError(query)
    return tuple(row)
