"""Contract of event logs. A new adapter joins the fixture `log`."""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from itertools import pairwise
from threading import Barrier, Event
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest

from adapters.event_log.codec import EventNotStorable, EventUnknown
from application.kernel.ports import AppendResult, Change, EventLog, VersionConflict
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin, Recorded, event
from domain.sessions import events
from domain.tenants.tenant_id import TenantInvalid
from domain.users.events import ProfileChanged
from domain.values import Span
from tests.contracts.conftest import AT, AdjustableClock

ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="user/ada", correlation_id=uuid4())
STARTED = events.SessionStarted(athlete_id=UserId("ada"), workout_id=None, at=AT, time_zone="UTC")
WRITERS = 8


def hold(number: int) -> events.HoldMeasured:
    return events.HoldMeasured(set=1, span=Span(0, number), form=None, faults=())


def holds(first: int, count: int = 1) -> list[Any]:
    return [hold(number) for number in range(first, first + count)]


def append(
    log: EventLog, *changes: Change, origin: Origin = ORIGIN, command_id: UUID | None = None
) -> AppendResult:
    return log.append(changes, origin=origin, command_id=command_id or uuid4())


def facts(recorded: Sequence[Recorded[Any]]) -> list[Any]:
    return [fact.event for fact in recorded]


# Stored events


def test_a_new_log_is_empty(log: EventLog) -> None:
    assert log.head() == 0
    assert list(log.scan(after=0, limit=10)) == []
    assert list(log.load(DEFAULT_TENANT, "session-1")) == []
    assert log.done(DEFAULT_TENANT, uuid4()) is None


def test_an_append_returns_the_ids_of_the_added_events(log: EventLog) -> None:
    command_id = uuid4()
    changes = Change("session-1", 0, holds(1, 2)), Change("session-2", 0, holds(3))
    added = append(log, *changes, command_id=command_id)
    assert added.event_ids == tuple(each.event_id for each in log.scan(after=0, limit=9))
    assert append(log, *changes, command_id=command_id).event_ids == ()


def test_a_fact_is_kept_in_its_envelope(log: EventLog) -> None:
    """R-EVT-14: stored with actor and time."""
    origin = replace(ORIGIN, causation_id=uuid4())
    assert append(log, Change("session-1", 0, [STARTED]), origin=origin) == AppendResult(1)
    (recorded,) = log.load(DEFAULT_TENANT, "session-1")
    expected = Recorded(recorded.event_id, origin, "session-1", 1, 1, AT, STARTED)
    assert recorded == expected
    assert recorded.event_id.version == 7
    assert recorded.recorded_at.tzinfo is UTC


def test_a_stream_is_read_in_order_of_its_versions(log: EventLog) -> None:
    append(log, Change("session-1", 0, holds(1, 3)))
    append(log, Change("session-1", 3, holds(4, 2)))
    history = log.load(DEFAULT_TENANT, "session-1")
    assert facts(history) == holds(1, 5)
    assert [recorded.version for recorded in history] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("after", [0, 2, 3, 9])
def test_a_stream_is_read_on_from_a_version(log: EventLog, after: int) -> None:
    append(log, Change("session-1", 0, holds(1, 3)))
    later = log.load(DEFAULT_TENANT, "session-1", after_version=after)
    assert facts(later) == holds(1, 3)[after:]


def test_several_streams_are_read_at_once(log: EventLog) -> None:
    """Each as if it were read alone, without those of other tenants."""
    append(log, Change("session-1", 0, holds(1, 3)), Change("session-2", 0, holds(4)))
    append(log, Change("session-1", 3, holds(5)), Change("session-3", 0, holds(6)))
    blue = replace(ORIGIN, tenant_id=TenantId("blue"))
    append(log, Change("session-1", 0, holds(7)), origin=blue)
    streams = ("session-2", "session-1", "session-none", "session-1")
    found = log.load_many(DEFAULT_TENANT, streams)
    assert {stream: list(history) for stream, history in found.items()} == {
        stream: list(log.load(DEFAULT_TENANT, stream)) for stream in streams
    }
    assert log.load_many(DEFAULT_TENANT, []) == {}


def test_several_streams_are_read_on_from_a_version_of_each(log: EventLog) -> None:
    append(log, Change("session-1", 0, holds(1, 3)), Change("session-2", 0, holds(4, 2)))
    append(log, Change("session-3", 0, holds(6)))
    streams = ("session-1", "session-2", "session-3", "session-none")
    after = {"session-1": 2, "session-2": 2, "session-none": 5, "session-unwanted": 1}
    found = log.load_many(DEFAULT_TENANT, streams, after_versions=after)
    assert {stream: facts(history) for stream, history in found.items()} == {
        "session-1": holds(3),
        "session-2": [],
        "session-3": holds(6),
        "session-none": [],
    }


def test_the_log_is_read_in_order_of_positions(log: EventLog) -> None:
    append(log, Change("session-1", 0, holds(1, 2)), Change("session-2", 0, holds(3)))
    append(log, Change("session-1", 2, holds(4)))
    everything = log.scan(after=0, limit=100)
    assert facts(everything) == holds(1, 4)
    assert [r.stream for r in everything] == ["session-1", "session-1", "session-2", "session-1"]
    assert all(a.position < b.position for a, b in pairwise(everything))
    assert everything[-1].position == log.head()


def test_the_log_is_read_on_from_a_position_in_parts(log: EventLog) -> None:
    append(log, Change("session-1", 0, holds(1, 7)))
    read: list[Recorded[Any]] = []
    while part := log.scan(after=read[-1].position if read else 0, limit=3):
        assert len(part) <= 3
        read += part
    assert facts(read) == holds(1, 7)


def test_every_event_has_an_id_of_its_own(log: EventLog) -> None:
    append(log, Change("session-1", 0, holds(1, 20)))
    assert len({recorded.event_id for recorded in log.scan(after=0, limit=20)}) == 20


def test_any_script_and_sign_is_kept(log: EventLog) -> None:
    seen = events.FaultSeen(set=1, repetition=None, fault="knees_in", cue='"膝" \\ 🦵', at_ms=0)
    append(log, Change("session-ключ/1", 0, [seen]))
    assert facts(log.load(DEFAULT_TENANT, "session-ключ/1")) == [seen]
    assert log.scan(after=0, limit=1)[0].stream == "session-ключ/1"


def test_recorded_time_never_falls_though_the_clock_does(
    log: EventLog, clock: AdjustableClock
) -> None:
    append(log, Change("session-1", 0, holds(1)))
    clock.now = AT - timedelta(hours=1)
    append(log, Change("session-1", 1, holds(2)))
    clock.now = AT + timedelta(microseconds=1)
    append(log, Change("session-2", 0, holds(3)))
    times = [recorded.recorded_at for recorded in log.scan(after=0, limit=3)]
    assert times == [AT, AT, AT + timedelta(microseconds=1)]


# Tenants


def test_tenants_do_not_see_each_other(log: EventLog) -> None:
    """R-TEN-03, C-10: the same stream name in two tenants is two streams."""
    red, blue = (replace(ORIGIN, tenant_id=TenantId(name)) for name in ("red", "blue"))
    append(log, Change("session-1", 0, holds(1)), origin=red)
    append(log, Change("session-1", 0, holds(2)), origin=blue)
    assert facts(log.load(red.tenant_id, "session-1")) == holds(1)
    assert facts(log.load(blue.tenant_id, "session-1")) == holds(2)
    assert [r.origin.tenant_id for r in log.scan(after=0, limit=9)] == ["red", "blue"]


def test_a_command_id_belongs_to_its_tenant(log: EventLog) -> None:
    """R-TEN-03: no tenant gets the result of another tenant's command."""
    red, blue = (replace(ORIGIN, tenant_id=TenantId(name)) for name in ("red", "blue"))
    command_id = uuid4()
    append(log, Change("session-1", 0, holds(1)), origin=red, command_id=command_id)
    assert log.done(blue.tenant_id, command_id) is None
    assert not append(
        log, Change("session-1", 0, holds(2)), origin=blue, command_id=command_id
    ).repeated


@pytest.mark.parametrize("tenant", ["", "red/session-1", "..", "Red", "r" * 65, "red\n"])
def test_a_tenant_cannot_read_the_streams_of_another(log: EventLog, tenant: str) -> None:
    """R-TEN-03"""
    origin = replace(ORIGIN, tenant_id=TenantId(tenant))
    with pytest.raises(TenantInvalid):
        append(log, Change("x", 0, holds(1)), origin=origin)
    with pytest.raises(TenantInvalid):
        log.load(origin.tenant_id, "x")
    with pytest.raises(TenantInvalid):
        log.done(origin.tenant_id, uuid4())


# Version conflicts


@pytest.mark.parametrize("expected", [0, 1, 3])
@pytest.mark.parametrize("happened", [[], holds(9)], ids=["no event", "an event"])
def test_a_version_conflict_is_reported(log: EventLog, expected: int, happened: list[Any]) -> None:
    append(log, Change("session-1", 0, holds(1, 2)))
    with pytest.raises(VersionConflict):
        append(log, Change("session-1", expected, happened))
    assert facts(log.load(DEFAULT_TENANT, "session-1")) == holds(1, 2)
    assert log.head() == 2


def test_all_streams_of_a_command_change_or_none_do(log: EventLog) -> None:
    """R-EVT-17: one transaction."""
    append(log, Change("session-2", 0, holds(1)))
    with pytest.raises(VersionConflict):
        append(log, Change("session-1", 0, holds(2)), Change("session-2", 0, holds(3)))
    assert list(log.load(DEFAULT_TENANT, "session-1")) == []
    append(log, Change("session-1", 0, holds(2)), Change("session-2", 1, holds(3)))
    assert facts(log.scan(after=0, limit=9)) == holds(1, 3)


def test_a_command_may_decide_twice_about_a_stream(log: EventLog) -> None:
    append(log, Change("session-1", 0, holds(1, 2)), Change("session-1", 2, holds(3)))
    assert facts(log.load(DEFAULT_TENANT, "session-1")) == holds(1, 3)
    with pytest.raises(VersionConflict):
        append(log, Change("session-1", 3, holds(4)), Change("session-1", 3, holds(5)))
    assert log.head() == 3


# Idempotent commands


def test_a_command_sent_again_gets_its_first_answer(log: EventLog) -> None:
    """R-EVT-16: safe to retry, although the stream has new events."""
    command_id = uuid4()
    first = append(log, Change("session-1", 0, holds(1, 2)), command_id=command_id)
    append(log, Change("session-1", 2, holds(3)))
    again = append(log, Change("session-1", 0, holds(1, 2)), command_id=command_id)
    assert first == AppendResult(2)
    assert again == AppendResult(2, repeated=True) == log.done(DEFAULT_TENANT, command_id)
    assert log.head() == 3


@pytest.mark.parametrize("changes", [(), (Change("session-1", 0, []),)], ids=["none", "empty"])
def test_a_command_without_events_is_remembered_too(
    log: EventLog, changes: tuple[Change, ...]
) -> None:
    """R-EVT-16: a repeated command without events stays without events, even if it now had some."""
    command_id = uuid4()
    assert append(log, *changes, command_id=command_id) == AppendResult(0)
    again = append(log, Change("session-1", 0, holds(1)), command_id=command_id)
    assert again == AppendResult(0, repeated=True) == log.done(DEFAULT_TENANT, command_id)
    assert log.head() == 0


def test_a_command_that_lost_a_race_may_try_again(log: EventLog) -> None:
    """R-EVT-16: a command that stored nothing is not done."""
    command_id = uuid4()
    append(log, Change("session-1", 0, holds(1)))
    with pytest.raises(VersionConflict):
        append(log, Change("session-1", 0, holds(2)), command_id=command_id)
    assert log.done(DEFAULT_TENANT, command_id) is None
    assert not append(log, Change("session-1", 1, holds(2)), command_id=command_id).repeated


def test_a_command_sent_by_many_at_once_is_carried_out_once(log: EventLog) -> None:
    """R-EVT-16"""
    for number in range(20):
        command_id = uuid4()
        together = Barrier(WRITERS)

        def send(
            stream: str = f"session-{number}",
            command_id: UUID = command_id,
            together: Barrier = together,
        ) -> AppendResult:
            together.wait()
            return append(log, Change(stream, 0, holds(1, 2)), command_id=command_id)

        answers = run_together([send] * WRITERS)
        assert {answer.position for answer in answers} == {2 * number + 2}
        assert sum(not answer.repeated for answer in answers) == 1
    assert log.head() == 40


# Concurrent writers


def run_together(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(len(jobs)) as pool:
        started: list[Future[Any]] = [pool.submit(job) for job in jobs]
        return [future.result() for future in started]


def write_until_stored(log: EventLog, stream: str, number: int) -> None:
    """Append one event as a handler does: load, decide, append, and retry after a conflict."""
    while True:
        version = len(log.load(DEFAULT_TENANT, stream))
        try:
            append(log, Change(stream, version, [hold(number)]))
        except VersionConflict:
            continue
        return


def tail(log: EventLog, written: Event) -> list[Recorded[Any]]:
    """Follow the log as a projection does, until the writers are done."""
    seen: list[Recorded[Any]] = []
    while True:
        last_look = written.is_set()
        seen += log.scan(after=seen[-1].position if seen else 0, limit=50)
        if last_look and len(seen) == log.head():
            return seen


@pytest.mark.parametrize("streams", [1, WRITERS])
def test_racing_writers_lose_nothing_and_a_reader_misses_nothing(
    log: EventLog, streams: int
) -> None:
    """R-EVT-14, C-44: with the position as a key, every reader gets every event once."""
    each = 15
    written = Event()

    def write(writer: int) -> None:
        for number in range(each):
            write_until_stored(log, f"session-{writer % streams}", writer * each + number)

    with ThreadPoolExecutor(1) as pool:
        tailing = pool.submit(tail, log, written)
        try:
            run_together([lambda writer=n: write(writer) for n in range(WRITERS)])  # type: ignore[misc]
        finally:
            written.set()
        seen = tailing.result()
    assert seen == list(log.scan(after=0, limit=1000))
    assert sorted(r.event.span.end_ms for r in seen) == list(range(WRITERS * each))
    assert all(a.position < b.position for a, b in pairwise(seen))
    for stream in range(streams):
        history = log.load(DEFAULT_TENANT, f"session-{stream}")
        assert [r.version for r in history] == list(range(1, WRITERS * each // streams + 1))


# Rejected events


def not_storable() -> Iterator[Any]:
    for form in (math.nan, math.inf):
        yield pytest.param(
            events.HoldMeasured(set=1, span=Span(0, 1), form=form, faults=()), id=str(form)
        )
    nan = events.Performance(math.nan, None, None, None, None)
    yield pytest.param(
        events.SessionCompleted(
            athlete_id=UserId("ada"), workout_id=None, started_at=AT, time_zone="UTC", at=AT,
            duration_ms=1, frames=0, frames_with_pose=0, sets=0, repetitions=0, accuracy=None,
            performance=nan, calories_kcal=0.0,
        ),
        id="NaN inside",
    )  # fmt: skip
    wrong: Any = 1
    yield pytest.param(ProfileChanged(time_zone=wrong, locale="en"), id="another type")
    yield pytest.param(ProfileChanged(time_zone="\ud800", locale="en"), id="half a character")
    of_numpy: Any = np.float32(0.5)
    yield pytest.param(
        events.HoldMeasured(set=1, span=Span(0, 1), form=of_numpy, faults=()), id="a type of numpy"
    )
    for moment in (AT.replace(tzinfo=None), AT.astimezone(timezone(timedelta(hours=2)))):
        yield pytest.param(
            events.SessionStarted(
                athlete_id=UserId("ada"), workout_id=None, at=moment, time_zone="UTC"
            ),
            id=f"a time {moment.utcoffset()} from UTC",
        )


@pytest.mark.parametrize("fact", list(not_storable()))
def test_values_that_do_not_round_trip_are_not_stored(log: EventLog, fact: Any) -> None:
    """R-EVT-14: an event that cannot be read back is not stored."""
    command_id = uuid4()
    with pytest.raises(EventNotStorable):
        append(log, Change("session-1", 0, [STARTED, fact]), command_id=command_id)
    assert log.head() == 0
    assert log.done(DEFAULT_TENANT, command_id) is None


@event("weather.changed")
class WeatherChanged:
    to: str


def test_an_event_of_no_context_is_not_stored(log: EventLog) -> None:
    with pytest.raises(EventUnknown):
        append(log, Change("weather-1", 0, [WeatherChanged(to="rain")]))
