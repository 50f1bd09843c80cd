"""Recording a detection reads only the new events of its session."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from adapters.clock import new_id
from adapters.event_log.memory import MemoryEventLog
from adapters.event_log.sqlite import SqliteEventLog
from application.kernel.ports import AppendResult
from application.live.detections import DetectionRecorder
from application.live.tracker import Detection, TrackedSet
from domain.ids import TenantId
from domain.kernel import Recorded
from domain.motion import facts as motion
from domain.sessions import commands, events
from domain.values import Span
from tests.live.session_fixture import KEY, SessionFixture, clock, origin

REPETITIONS = 50


class CountingLog(MemoryEventLog):
    """An event log that counts the events that are loaded."""

    loaded = 0

    def load(
        self,
        tenant_id: TenantId,
        stream: str,
        *,
        after_version: int = 0,
        keep_damaged: bool = False,
    ) -> Sequence[Recorded[Any]]:
        found = super().load(tenant_id, stream, after_version=after_version)
        self.loaded += len(found)
        return found


@pytest.fixture
def session() -> SessionFixture:
    fixture = SessionFixture(CountingLog(clock=clock, new_id=new_id))
    fixture.start_set(1)
    return fixture


def repetition(number: int) -> Detection:
    tracked = TrackedSet(1, "squat", 1, "pose")
    fact = motion.RepetitionCounted(
        number=number,
        started_s=2.0 * number,
        ended_s=2.0 * number + 1.8,
        tempo=None,
        range_of_motion_deg=None,
        symmetry=None,
        form=None,
        confidence=0.9,
        faults=(),
    )
    return Detection(tracked, number, number + 1, fact)


def events_loaded_by_each(session: SessionFixture, *, by_chunk: bool) -> list[int]:
    log = session.log
    assert isinstance(log, CountingLog)
    recorder = DetectionRecorder(session.commands)
    counts: list[int] = []
    for number in range(1, REPETITIONS + 1):
        log.loaded = 0
        found = repetition(number)
        if by_chunk:
            recorder.record_chunk(KEY, [found], origin=origin())
        else:
            recorder.record(KEY, found.id(KEY), found, origin())
        counts.append(log.loaded)
    return counts


@pytest.mark.parametrize("by_chunk", [False, True])
def test_the_events_loaded_do_not_grow_with_the_session(
    session: SessionFixture, *, by_chunk: bool
) -> None:
    """R-EVT-16: only the first detection reads the session, while nobody else changes it."""
    first, *later = events_loaded_by_each(session, by_chunk=by_chunk)
    assert first == 2
    assert set(later) == {0}
    assert len(session.of(events.RepetitionCounted)) == REPETITIONS


def test_events_of_others_are_read_before_a_decision(session: SessionFixture) -> None:
    recorder = DetectionRecorder(session.commands)
    recorder.record_chunk(KEY, [repetition(1)], origin=origin())
    session.execute(commands.CompleteSet(set=1, span=Span(0, 5000)))
    recorder.record_chunk(KEY, [repetition(2)], origin=origin())
    assert len(session.of(events.RepetitionCounted)) == 1
    assert [each.reason for each in session.of(events.RepetitionRejected)] == ["incomplete"]


def test_recorders_at_the_same_time_record_each_detection_once(tmp_path: Path) -> None:
    """R-EVT-16: each decides on its own state, which the others make outdated."""
    with closing(SqliteEventLog(tmp_path / "log.sqlite3", clock=clock, new_id=new_id)) as log:
        session = SessionFixture(log)
        together = Barrier(3)

        def record_all(recorder: DetectionRecorder) -> None:
            together.wait(60)
            for number in range(1, REPETITIONS + 1):
                found = repetition(number)
                recorder.record(KEY, found.id(KEY), found, origin())

        with ThreadPoolExecutor(3) as threads:
            recorders = [DetectionRecorder(session.commands) for _ in range(3)]
            for done in [threads.submit(record_all, each) for each in recorders]:
                done.result()
        counted = [each.number for each in session.of(events.RepetitionCounted)]
        assert counted == list(range(1, REPETITIONS + 1))
        assert len(session.of(events.SetStarted)) == 1


@pytest.mark.parametrize("completed", ["nothing", "set", "session"])
def test_one_process_and_the_bus_record_the_same(completed: str) -> None:
    """R-EVT-19: also where a detection was lost, or comes late."""
    recorded: list[list[events.SessionEvent]] = []
    for by_chunk in (True, False):
        session = SessionFixture()
        recorder = DetectionRecorder(session.commands)
        for each in [repetition(2), repetition(4)]:
            recorder.record(KEY, each.id(KEY), each, origin())
        if completed != "nothing":
            session.execute(commands.CompleteSet(set=1, span=Span(0, 9000)))
        if completed == "session":
            session.complete()
        delayed = [repetition(3), repetition(5)]
        if by_chunk:
            recorder.record_chunk(KEY, delayed, origin=origin())
        else:
            for each in delayed:
                recorder.record(KEY, each.id(KEY), each, origin())
        recorded.append(session.all_events())
    assert recorded[0] == recorded[1]
    counted = [each for each in recorded[0] if isinstance(each, events.RepetitionCounted)]
    rejected = [each for each in recorded[0] if isinstance(each, events.RepetitionRejected)]
    assert len(counted) + len(rejected) == 4
    assert len(counted) == {"nothing": 4, "set": 3, "session": 2}[completed]


def test_a_version_conflict_reads_the_session_again(
    session: SessionFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-16: another process writes between the load and the append."""
    recorder = DetectionRecorder(session.commands)
    recorder.record(KEY, repetition(1).id(KEY), repetition(1), origin())
    append, conflicts = session.log.append, [True]

    def append_later(*changes: Any, **given: Any) -> AppendResult:
        if conflicts:
            conflicts.clear()
            session.execute(
                commands.RejectRepetition(set=1, span=Span(4000, 4100), reason="too_short")
            )
        return append(*changes, **given)

    monkeypatch.setattr(session.log, "append", append_later)
    recorder.record(KEY, repetition(2).id(KEY), repetition(2), origin())
    assert len(session.of(events.RepetitionCounted)) == 2
    assert [recorded.version for recorded in session.recorded()] == [1, 2, 3, 4, 5]


def test_a_detection_that_comes_twice_is_recorded_once(session: SessionFixture) -> None:
    """R-EVT-16."""
    recorder = DetectionRecorder(session.commands)
    for _ in range(2):
        recorder.record(KEY, repetition(1).id(KEY), repetition(1), origin())
    DetectionRecorder(session.commands).record(KEY, repetition(1).id(KEY), repetition(1), origin())
    assert len(session.of(events.RepetitionCounted)) == 1
