"""Log, commands and read models tell what they do, and do it as before."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import URL

from adapters.clock import new_id, utc_now
from adapters.event_log.memory import MemoryEventLog
from adapters.read_models.database import Database
from adapters.telemetry.instrumented_commands import InstrumentedCommands
from adapters.telemetry.instrumented_log import InstrumentedEventLog
from adapters.telemetry.instrumented_projections import TracedFilling, TracedReader, TracedTables
from adapters.telemetry.metrics import PrometheusMetrics
from application.kernel.command_handler import Request
from application.kernel.ports import AppendResult, VersionConflict
from application.kernel.projection_runner import build_missing, catch_up
from application.kernel.telemetry import Telemetry, TraceParent, span_id_of
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from projections.session_summary import SESSION_SUMMARY
from tests.adapters.telemetry.recorded_spans import Told, tracing


@pytest.fixture
def metrics() -> PrometheusMetrics:
    return PrometheusMetrics(process="test", version="0")


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database(URL.create("sqlite"))
    yield database
    database.close()


def origin(**parts: Any) -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor="ada", **{"correlation_id": new_id(), **parts})


def start(key: str = "s1") -> Request:
    return Request(SESSION, key, [commands.StartSession(athlete_id=UserId("ada"), at=utc_now())])


def one(told: list[Told], name: str) -> Told:
    (found,) = (each for each in told if each.name == name)
    return found


def test_a_command_is_traced_with_its_append_and_each_event(metrics: PrometheusMetrics) -> None:
    """R-OPS-01."""
    whose = origin()
    with tracing() as (made, told):
        telemetry = Telemetry(made, metrics)
        log = MemoryEventLog(clock=utc_now, new_id=new_id)
        observed = InstrumentedEventLog(log, telemetry)
        carry = InstrumentedCommands(observed, settled=lambda _: None, telemetry=telemetry)
        with made.span("request", beneath=TraceParent(whose.correlation_id)):
            carry.execute(start(), origin=whose, command_id=new_id())
    (recorded,) = log.scan(after=0, limit=9)
    request, command = one(told, "request"), one(told, "command session")
    append, event = one(told, "log append"), one(told, "event session.started")
    assert (command.parent, append.parent, event.parent) == (request.id, command.id, append.id)
    assert {each.trace for each in told} == {whose.correlation_id.int}
    assert event.id == span_id_of(recorded.event_id)


def test_work_caused_by_an_event_is_traced_beneath_it(metrics: PrometheusMetrics) -> None:
    cause = new_id()
    whose = origin(causation_id=cause)
    with tracing() as (made, told):
        telemetry = Telemetry(made, metrics)
        log = MemoryEventLog(clock=utc_now, new_id=new_id)
        carry = InstrumentedCommands(log, settled=lambda _: None, telemetry=telemetry)
        carry.execute(start(), origin=whose, command_id=new_id())
    assert one(told, "command session").parent == span_id_of(cause)


def test_commands_are_counted_by_their_outcome(metrics: PrometheusMetrics) -> None:
    """R-OPS-02."""
    with tracing(0.0) as (made, _):
        telemetry = Telemetry(made, metrics)
        log = InstrumentedEventLog(MemoryEventLog(clock=utc_now, new_id=new_id), telemetry)
        carry = InstrumentedCommands(log, settled=lambda _: None, telemetry=telemetry)
        command_id = new_id()
        for _ in range(2):
            carry.execute(start(), origin=origin(), command_id=command_id)
        with pytest.raises(commands.SessionAlreadyStarted):
            carry.execute(start(), origin=origin(), command_id=new_id())
    shown = metrics.exposed().decode()
    for outcome in ("done", "repeated", commands.SessionAlreadyStarted.code):
        counted = f'kinelog_commands_total{{category="session",outcome="{outcome}"}} 1.0'
        assert counted in shown
    assert "kinelog_append_seconds_count 1.0" in shown
    assert "kinelog_events_appended_total 1.0" in shown


def test_repeated_ids_of_a_retried_append_are_counted_once(metrics: PrometheusMetrics) -> None:
    """A lost connection makes an adapter encode its events again, under new ids."""

    class Stumbling(MemoryEventLog):
        def append(self, *args: Any, **kwargs: Any) -> AppendResult:
            new_id()
            return super().append(*args, **kwargs)

    with tracing() as (made, told):
        log = Stumbling(clock=utc_now, new_id=new_id)
        telemetry = Telemetry(made, metrics)
        observed = InstrumentedEventLog(log, telemetry)
        carry = InstrumentedCommands(observed, settled=lambda _: None, telemetry=telemetry)
        carry.execute(start(), origin=origin(), command_id=new_id())
    (recorded,) = log.scan(after=0, limit=9)
    assert one(told, "event session.started").id == span_id_of(recorded.event_id)


def test_a_lost_race_is_not_counted_as_an_append(metrics: PrometheusMetrics) -> None:
    class Moved(MemoryEventLog):
        def append(self, *_: Any, **__: Any) -> AppendResult:
            raise VersionConflict

    with tracing(0.0) as (made, _):
        log = InstrumentedEventLog(Moved(clock=utc_now, new_id=new_id), Telemetry(made, metrics))
        with pytest.raises(VersionConflict):
            log.append([], origin=origin(), command_id=new_id())
    assert "kinelog_append_seconds_count 0.0" in metrics.exposed().decode()


def test_each_projected_event_is_traced_in_its_own_trace(
    metrics: PrometheusMetrics, database: Database
) -> None:
    """R-OPS-01: a batch holds events of many traces."""
    log = MemoryEventLog(clock=utc_now, new_id=new_id)
    with tracing() as (made, told):
        filling = TracedFilling(made)
        reader, tables = TracedReader(log, filling), TracedTables(database, filling)
        build_missing(reader, tables, [SESSION_SUMMARY])
        telemetry = Telemetry(made, metrics)
        carry = InstrumentedCommands(log, settled=lambda _: None, telemetry=telemetry)
        for number in range(3):
            carry.execute(start(f"s{number}"), origin=origin(), command_id=new_id())
        catch_up(reader, tables, [SESSION_SUMMARY])
        catch_up(reader, tables, [SESSION_SUMMARY])
    taken = [each for each in told if each.name == "projections"]
    recorded = log.scan(after=0, limit=9)
    assert [(each.trace, each.parent) for each in taken] == [
        (each.origin.correlation_id.int, span_id_of(each.event_id)) for each in recorded
    ]
    assert taken[0].attributes["kinelog.read_models"] == "session_summary"
