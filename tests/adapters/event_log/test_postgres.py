"""The log in PostgreSQL beyond the contract: order, other processes, the library."""

import random
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from adapters.clock import new_id, utc_now
from adapters.event_log.codec import EventNotStorable
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.postgres_recorder import EventRecorder
from application.kernel.ports import AppendResult, Change
from domain.ids import DEFAULT_TENANT, ExerciseId, UserId
from domain.kernel import Origin, Recorded
from domain.sessions.events import ExercisePerformed, PerformedSet
from tests.adapters.event_log.writing import ORIGIN, append, four_write_one_stream
from tests.waiting import wait_until

ROOT = Path(__file__).parents[3]
WRITERS = 8


def opened(url: str) -> PostgresEventLog:
    return PostgresEventLog(url, clock=utc_now, new_id=new_id, connections=2)


# Order


def follow(log: PostgresEventLog, written: Event) -> list[Recorded[Any]]:
    """Read on from the last position, and never before it."""
    seen: list[Recorded[Any]] = []
    while True:
        last_look = written.is_set()
        part = log.scan(after=seen[-1].position if seen else 0, limit=500)
        seen += part
        if last_look and not part:
            return seen


def in_parts(total: int, seed: int) -> list[int]:
    """Return sizes from 1 to 9 that add up to the total."""
    sizes = random.Random(seed)  # noqa: S311  nothing is secret here
    parts: list[int] = []
    while total:
        parts.append(min(total, sizes.randint(1, 9)))
        total -= parts[-1]
    return parts


def test_a_reader_who_follows_eight_writers_misses_none_of_12000_events(
    url: str, postgres_log: PostgresEventLog
) -> None:
    """R-EVT-14, C-44: positions have the order of commits."""
    each = 1500
    written = Event()

    def write(writer: int) -> None:
        log = opened(url)  # own connections, like another process
        version = 0
        for size in in_parts(each, seed=writer):
            append(log, f"session-{writer}", version, size)
            version += size
        log.close()

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        following = pool.submit(follow, postgres_log, written)
        try:
            list(pool.map(write, range(WRITERS)))
        finally:
            written.set()
        seen = following.result()
    assert len(seen) == WRITERS * each == 12_000
    assert all(a.position < b.position for a, b in pairwise(seen))
    assert all(a.recorded_at <= b.recorded_at for a, b in pairwise(seen))
    for writer in range(WRITERS):
        versions = [fact.version for fact in seen if fact.stream == f"session-{writer}"]
        assert versions == list(range(1, each + 1))


def test_writers_of_one_stream_from_several_logs_take_turns(url: str) -> None:
    """C-44: a version is assigned once, by whichever writer."""
    four_write_one_stream(lambda: opened(url))


def test_an_append_whose_answer_is_lost_is_answered_as_a_repeated_one(
    postgres_log: PostgresEventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-16: repeated over another connection, it is stored once."""
    recorder = postgres_log._app
    send = recorder._rows
    lost: list[bytes] = []

    def lose_the_first_answer(statement: bytes, parameters: tuple[Any, ...]) -> list[Any]:
        rows = send(statement, parameters)
        if lost:
            return rows
        lost.append(statement)
        with recorder.datastore.get_connection() as connection:
            raise psycopg.OperationalError(f"{connection} closed unexpectedly")

    monkeypatch.setattr(recorder, "_rows", lose_the_first_answer)
    assert append(postgres_log, "user-1", 0, 2) == AppendResult(2, repeated=True)
    assert len(postgres_log.scan(after=0, limit=9)) == 2


# Durability


def test_acknowledged_appends_survive_a_kill_completely(
    url: str, postgres_log: PostgresEventLog
) -> None:
    """R-EVT-14: a killed process loses no event and leaves no partial command."""
    source = """
        import sys
        from uuid import uuid4
        from adapters.clock import new_id, utc_now
        from adapters.event_log.postgres import PostgresEventLog
        from application.kernel.ports import Change
        from domain.kernel import Origin
        from domain.users.events import ProfileChanged

        log = PostgresEventLog(sys.argv[1], clock=utc_now, new_id=new_id)
        origin = Origin(tenant_id="default", actor="user/ada", correlation_id=uuid4())
        facts = [ProfileChanged(time_zone="UTC", locale="en")] * 300
        version = 0
        while True:
            halves = [Change("user-1", version, facts), Change("user-2", version, facts)]
            log.append(halves, origin=origin, command_id=uuid4())
            version += 300
            print(version, flush=True)
    """
    arguments = [sys.executable, "-c", textwrap.dedent(source), url]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline()) for _ in range(10)]
        writer.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in writer.stdout]
    wait_until_no_other_writes(url)
    stored = len(postgres_log.load(DEFAULT_TENANT, "user-1"))
    assert stored == len(postgres_log.load(DEFAULT_TENANT, "user-2"))
    assert stored >= acknowledged[-1]
    assert stored % 300 == 0
    with psycopg.connect(url) as connection:
        commands = connection.execute("SELECT count(*) FROM kinelog.command_log").fetchone()
    assert commands == (stored // 300,)


def wait_until_no_other_writes(url: str) -> None:
    """Return when the server has finished the statements of a lost client."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(7595438421)")


# Names and payloads


@pytest.mark.parametrize(
    "stream",
    [
        "'; DROP TABLE kinelog.events; --", "%s %b {} $1", "user-1' OR '1'='1", 'a/b\\c\n\t"',
        "膝" * 600,
    ],
)  # fmt: skip
def test_any_stream_name_is_only_a_name(postgres_log: PostgresEventLog, stream: str) -> None:
    append(postgres_log, "user-1", 0)
    append(postgres_log, stream, 0, 2)
    assert [r.stream for r in postgres_log.load(DEFAULT_TENANT, stream)] == [stream] * 2
    assert len(postgres_log.scan(after=0, limit=9)) == 3


@pytest.mark.parametrize("name", ["user-\x00", "user-\ud800", "u" * 2001])
def test_a_name_that_postgresql_cannot_keep_is_refused(
    postgres_log: PostgresEventLog, name: str
) -> None:
    with pytest.raises(EventNotStorable, match="cannot be stored"):
        append(postgres_log, name, 0)
    with pytest.raises(EventNotStorable, match="cannot be stored"):
        postgres_log.load(DEFAULT_TENANT, name)
    with pytest.raises(EventNotStorable, match="cannot be stored"):
        postgres_log.append([], origin=actor(name), command_id=uuid4())
    assert postgres_log.head() == 0


def actor(name: str) -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor=name, correlation_id=uuid4())


def test_the_longest_name_is_stored(
    postgres_log: PostgresEventLog,
) -> None:
    letters = random.Random(1)  # noqa: S311  nothing is secret here
    stream = "".join(chr(letters.randint(33, 126)) for _ in range(2000))
    append(postgres_log, stream, 0)
    assert len(postgres_log.load(DEFAULT_TENANT, stream)) == 1


def test_a_payload_of_megabytes_is_stored(postgres_log: PostgresEventLog) -> None:
    numbers = random.Random(1)  # noqa: S311  nothing is secret here
    sets = tuple(
        PerformedSet(each, numbers.getrandbits(31), numbers.getrandbits(31), 0.5, numbers.random())
        for each in range(30_000)
    )
    seen = ExercisePerformed(
        athlete_id=UserId("ada"), exercise_id=ExerciseId("squat"), sets=sets, at=utc_now()
    )
    change = Change("session-1", 0, [seen])
    postgres_log.append([change], origin=ORIGIN, command_id=uuid4())
    assert [r.event for r in postgres_log.load(DEFAULT_TENANT, "session-1")] == [seen]


# The library


def test_the_readers_of_the_library_see_the_same_facts(postgres_log: PostgresEventLog) -> None:
    """C-44: the store is the library's recorder, and its readers work on it."""
    append(postgres_log, "user-1", 0, 2)
    append(postgres_log, "user-2", 0)
    recorder = postgres_log._reader
    history = recorder.select_events("default/user-1", gt=1)
    assert [(stored.originator_version, stored.topic) for stored in history] == [
        (2, "user.profile_changed")
    ]
    reported = recorder.select_notifications(start=2, limit=9)
    assert [(notice.id, notice.originator_id) for notice in reported] == [
        (2, "default/user-1"),
        (3, "default/user-2"),
    ]
    assert recorder.max_notification_id() == postgres_log.head() == 3


def is_listening(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return bool(
            connection.execute(
                "SELECT FROM pg_stat_activity WHERE datname = current_database()"
                " AND starts_with(query, 'LISTEN') AND state = 'idle'"
            ).fetchall()
        )


def test_a_subscription_of_the_library_is_woken_by_what_is_appended(
    postgres_log: PostgresEventLog, url: str
) -> None:
    append(postgres_log, "user-1", 0)
    with postgres_log._reader.subscribe(gt=0) as subscription:
        assert next(subscription).id == 1
        wait_until(lambda: is_listening(url))  # it listens on a thread of its own
        append(postgres_log, "user-1", 1)
        assert next(subscription).id == 2


@pytest.mark.parametrize("side", ["_app", "_reader"])
def test_the_library_cannot_write_past_the_envelope(
    postgres_log: PostgresEventLog, side: str
) -> None:
    append(postgres_log, "user-1", 0)
    recorder = getattr(postgres_log, side)
    stored: Any = postgres_log._reader.select_events("default/user-1")
    new = [replace(each, originator_version=each.originator_version + 1) for each in stored]
    # When the responses arrive decides whether the library raises the refusal or what it led to.
    with pytest.raises(Exception, match=r"permission denied|not found|pipeline aborted"):
        recorder.insert_events(new)
    assert postgres_log.head() == 1


def test_the_functions_of_the_library_are_not_in_the_database(
    postgres_log: PostgresEventLog, url: str
) -> None:
    """C-44: they drop the lock that keeps a reader from missing events."""
    for recorder in (postgres_log._app, postgres_log._reader):
        assert not recorder.datastore.enable_db_functions
        recorder.create_table()  # creates nothing: migrations do
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT proname FROM pg_proc WHERE starts_with(proname, 'es_')")
        assert found.fetchall() == []


# The network


def test_each_question_is_one_round_trip(url: str, tmp_path: Path) -> None:
    """A second statement per append would wait for the network while others wait for the lock."""
    log = PostgresEventLog(url, clock=utc_now, new_id=new_id, connections=1)
    questions: list[Callable[[int], object]] = [
        lambda version: append(log, "user-1", version, 3),
        lambda _: log.load(DEFAULT_TENANT, "user-1"),
        lambda _: log.done(DEFAULT_TENANT, uuid4()),
        lambda _: log.scan(after=0, limit=9),
        lambda _: log.head(),
    ]
    for question in questions:
        question(0)  # statements are prepared once per connection
    with (tmp_path / "trace").open("w") as trace:
        connections = [held_by(recorder) for recorder in (log._app, log._reader)]
        for connection in connections:
            connection.pgconn.trace(trace.fileno())
        for question in questions:
            question(3)
        for connection in connections:
            connection.pgconn.untrace()
    lines = [line.split("\t") for line in (tmp_path / "trace").read_text().splitlines()]
    sent = [line[3] for line in lines if line[1:2] == ["F"]]
    assert sent == ["Bind", "Describe", "Execute", "Sync"] * len(questions)
    log.close()


def held_by(recorder: EventRecorder) -> psycopg.Connection[Any]:
    """Return the only connection of a log with one connection."""
    with recorder.datastore.get_connection() as connection:
        return connection
