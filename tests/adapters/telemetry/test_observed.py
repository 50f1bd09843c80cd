"""Commands, appends and read models are traced and counted."""

from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import URL

from adapters.clock import new_id, utc_now
from adapters.event_log.memory import MemoryEventLog
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from application.kernel.command_handler import CommandHandler, Request, TooManyConflicts
from application.kernel.ports import AppendResult, EventLog, VersionConflict
from application.kernel.projection_runner import build_missing, catch_up
from application.kernel.tracing import span, span_id_of, trace_context
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from projections.session_summary import SESSION_SUMMARY
from tests.adapters.telemetry.recorded_spans import RecordedSpan, recording


@pytest.fixture
def log() -> MemoryEventLog:
    return MemoryEventLog(clock=utc_now, new_id=new_id)


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database(URL.create("sqlite"))
    yield database
    database.close()


def handler(log: EventLog) -> CommandHandler:
    return CommandHandler(log, settled=lambda _: None)


def origin(**parts: Any) -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor="ada", **{"correlation_id": new_id(), **parts})


def start(key: str = "s1") -> Request:
    return Request(SESSION, key, [commands.StartSession(athlete_id=UserId("ada"), at=utc_now())])


def one(recorded: list[RecordedSpan], name: str) -> RecordedSpan:
    (found,) = (each for each in recorded if each.name == name)
    return found


def sample(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_command_is_traced_with_its_append_and_each_event(log: MemoryEventLog) -> None:
    """R-OPS-01."""
    whose = origin()
    with recording() as recorded, span("request", trace_context(whose.correlation_id)):
        handler(log).execute(start(), origin=whose, command_id=new_id())
    (stored,) = log.scan(after=0, limit=9)
    request, command = one(recorded, "request"), one(recorded, "command session")
    append, event = one(recorded, "log append"), one(recorded, "event session.started")
    assert (command.parent, append.parent, event.parent) == (request.id, command.id, append.id)
    assert {each.trace for each in recorded} == {whose.correlation_id.int}
    assert event.id == span_id_of(stored.event_id)


def test_work_caused_by_an_event_is_traced_beneath_it(log: MemoryEventLog) -> None:
    cause = new_id()
    with recording() as recorded:
        handler(log).execute(start(), origin=origin(causation_id=cause), command_id=new_id())
    assert one(recorded, "command session").parent == span_id_of(cause)


def test_commands_are_counted_by_their_outcome(log: MemoryEventLog) -> None:
    """R-OPS-02."""
    outcomes = ("done", "repeated", commands.SessionAlreadyStarted.code)

    def counts() -> list[float]:
        return [
            *(sample("kinelog_commands_total", category="session", outcome=o) for o in outcomes),
            sample("kinelog_append_seconds_count"),
            sample("kinelog_events_appended_total"),
        ]

    before, command_id = counts(), new_id()
    for _ in range(2):
        handler(log).execute(start(), origin=origin(), command_id=command_id)
    with pytest.raises(commands.SessionAlreadyStarted):
        handler(log).execute(start(), origin=origin(), command_id=new_id())
    assert counts() == [count + 1 for count in before]


def test_a_retried_append_records_the_stored_event_ids() -> None:
    """After a lost connection, an adapter encodes its events again with new ids."""

    class Stumbling(MemoryEventLog):
        def append(self, *args: Any, **kwargs: Any) -> AppendResult:
            new_id()
            return super().append(*args, **kwargs)

    log = Stumbling(clock=utc_now, new_id=new_id)
    with recording() as recorded:
        handler(log).execute(start(), origin=origin(), command_id=new_id())
    (stored,) = log.scan(after=0, limit=9)
    assert one(recorded, "event session.started").id == span_id_of(stored.event_id)


def test_a_lost_race_is_not_counted_as_an_append() -> None:
    class Moved(MemoryEventLog):
        def append(self, *_: Any, **__: Any) -> AppendResult:
            raise VersionConflict

    before = sample("kinelog_append_seconds_count")
    log = Moved(clock=utc_now, new_id=new_id)
    with pytest.raises(TooManyConflicts):
        handler(log).execute(start(), origin=origin(), command_id=new_id())
    assert sample("kinelog_append_seconds_count") == before


def test_each_projected_event_is_traced_in_its_own_trace(
    log: MemoryEventLog, database: Database
) -> None:
    """R-OPS-01: a batch holds events of many traces."""
    tables = SqlProjectionStore(database)
    with recording() as recorded:
        build_missing(log, tables, [SESSION_SUMMARY])
        for number in range(3):
            handler(log).execute(start(f"s{number}"), origin=origin(), command_id=new_id())
        catch_up(log, tables, [SESSION_SUMMARY])
        catch_up(log, tables, [SESSION_SUMMARY])
    taken = [each for each in recorded if each.name == "projections"]
    assert [(each.trace, each.parent) for each in taken] == [
        (each.origin.correlation_id.int, span_id_of(each.event_id))
        for each in log.scan(after=0, limit=9)
    ]
    assert taken[0].attributes["kinelog.read_models"] == "session_summary"
