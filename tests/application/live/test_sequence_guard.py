"""Only a session in progress accepts chunks, in their order."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from threading import enumerate as list_threads
from typing import Any, Final

import pytest

from adapters.event_log.codec import EventUnknown
from application.kernel.ports import StorageUnavailable
from application.live import log_outage
from application.live.chunk import IngestChunk, SensorSample, SessionKey, TimesNotIncreasing
from application.live.replies import StreamProgress
from application.live.sequence_guard import (
    SequenceGap,
    SessionSnapshot,
    SessionSnapshots,
    TimeInFuture,
    check_sequence,
    is_lost,
)
from application.live.tracker import ExerciseChanged
from domain.ids import ExerciseId, SessionId, TenantId, UserId
from domain.kernel import Recorded, Rejected
from domain.sessions import commands
from domain.sessions.commands import SessionNotFound
from domain.sessions.session import Underway
from domain.values import CountedBy
from tests.live.chunks import NOW, command, cut, video
from tests.live.session_fixture import KEY, SessionFixture, clock

OTHER: Final = SessionKey(KEY.tenant_id, SessionId("other"))


def stream_of(key: SessionKey) -> str:
    return f"session-{key.session_id}"


@pytest.fixture
def fixture() -> SessionFixture:
    return SessionFixture()


def standing(
    sequence: int = 1, number: int = 1, *, over: bool = False, seen_to_s: float | None = 0.5
) -> StreamProgress:
    return StreamProgress(number, sequence, "squat", over, seen_to_s)


def verdict(
    fixture: SessionFixture, chunk_command: IngestChunk, stands: StreamProgress | None = None
) -> str:
    return check_sequence(
        SessionSnapshots(fixture.log).get(chunk_command.session), stands, chunk_command, clock
    )


def test_the_first_chunk_begins_the_first_set(fixture: SessionFixture) -> None:
    assert verdict(fixture, command("s", 1)) == "new"


def test_the_next_chunk_goes_on(fixture: SessionFixture) -> None:
    assert verdict(fixture, command("s", 2), standing()) == "new"


def test_an_earlier_chunk_is_a_duplicate(fixture: SessionFixture) -> None:
    """R-EVT-16."""
    for seen_to_s in (2.6, None):
        stands = standing(5, seen_to_s=seen_to_s)
        assert verdict(fixture, command("s", 2), stands) == "duplicate"
    fixture.complete()
    assert verdict(fixture, command("s", 2), standing(5, seen_to_s=2.6)) == "duplicate"


def test_a_chunk_of_later_frames_is_no_duplicate(fixture: SessionFixture) -> None:
    """R-LIV-10: another device has used its number."""
    with pytest.raises(SequenceGap) as gap:
        verdict(fixture, command("s", 2), standing(5))
    assert gap.value.expected == 6


@pytest.mark.parametrize("over", [False, True])
def test_an_end_of_a_set_that_has_not_ended_is_no_duplicate(
    fixture: SessionFixture, *, over: bool
) -> None:
    """R-LIV-10: another device has used its number."""
    end, stands = command("s", 2, last=True), standing(5, over=over, seen_to_s=2.6)
    if over:
        assert verdict(fixture, end, stands) == "duplicate"
        return
    with pytest.raises(SequenceGap) as gap:
        verdict(fixture, end, stands)
    assert gap.value.expected == 6


@pytest.mark.parametrize(
    ("sent", "stands", "lost"),
    [
        (command("s", 2), standing(2, seen_to_s=0.5), True),
        (command("s", 2), standing(2, seen_to_s=2.6), False),
        (command("s", 2, last=True), standing(2, seen_to_s=2.6), True),
        (command("s", 2, last=True), standing(2, over=True, seen_to_s=2.6), False),
        (command("s", 2, number=2), standing(2), False),
        (command("s", 2, last=True), standing(2, 2), False),
    ],
)
def test_a_chunk_is_lost_if_its_set_goes_on_without_it(
    sent: IngestChunk, stands: StreamProgress, *, lost: bool
) -> None:
    """R-LIV-10: workers took it for the chunk of another device."""
    assert is_lost(sent, stands) is lost


def test_the_next_set_can_start_before_the_last_one_was_ended(
    fixture: SessionFixture,
) -> None:
    assert verdict(fixture, command("s", 2, number=2), standing(over=True)) == "new"
    assert verdict(fixture, command("s", 2, number=2), standing()) == "new"


def test_a_started_set_accepts_frames(fixture: SessionFixture) -> None:
    fixture.start_set(1)
    assert verdict(fixture, command("s", 1)) == "new"


def test_a_later_set_is_accepted_while_workers_lag(fixture: SessionFixture) -> None:
    """In the log set 1 is still in progress when set 3 is streamed."""
    fixture.start_set(1)
    assert verdict(fixture, command("s", 9, number=3), standing(8, 2)) == "new"


@pytest.mark.parametrize(
    ("chunk_command", "stands", "refusal"),
    [
        (command("unknown", 1), None, SessionNotFound),
        (command("s", 1, tenant="other"), None, SessionNotFound),
        (command("s", 2), None, SequenceGap),
        (command("s", 3), standing(), SequenceGap),
        (command("s", 1, number=2), standing(), SequenceGap),
        (command("s", 1, number=2), None, commands.SetOutOfOrder),
        (command("s", 2, number=3), standing(), commands.SetOutOfOrder),
        (command("s", 2, number=1), standing(number=2), commands.SetOutOfOrder),
        (command("s", 2), standing(over=True), commands.NoSetUnderway),
        (command("s", 2, exercise="lunge"), standing(), ExerciseChanged),
        (command("s", 2, next(cut(video()))), standing(), TimesNotIncreasing),
        (command("s", 1, next(cut(video(), 661.0))), None, TimeInFuture),
        (
            command("s", 1, sensors=(SensorSample(661.0, heart_rate_bpm=80.0),)),
            None,
            TimeInFuture,
        ),
    ],
)
def test_other_chunks_are_refused(
    fixture: SessionFixture,
    chunk_command: IngestChunk,
    stands: StreamProgress | None,
    refusal: type[Rejected],
) -> None:
    """R-LIV-10, R-TEN-03."""
    with pytest.raises(refusal):
        verdict(fixture, chunk_command, stands)


def test_a_session_in_the_year_9999_accepts_no_frames(fixture: SessionFixture) -> None:
    logged = SessionSnapshots(fixture.log).get(KEY)
    assert isinstance(logged.state, Underway)
    state = replace(logged.state, started_at=datetime.max.replace(tzinfo=UTC))
    with pytest.raises(TimeInFuture):
        check_sequence(replace(logged, state=state), None, command("s", 1), clock)


def test_a_device_clock_an_hour_ahead_changes_nothing(fixture: SessionFixture) -> None:
    """R-LIV-10: the duration of a session is unknown here, except that it is at most a day."""
    begun = commands.StartSession(athlete_id=UserId("ada"), at=NOW + timedelta(hours=1))
    fixture.execute(begun, session="ahead")
    for offset_s in (0.0, 2000.0):
        assert verdict(fixture, command("ahead", 1, next(cut(video(), offset_s)))) == "new"


def test_a_gap_says_what_comes_next(fixture: SessionFixture) -> None:
    with pytest.raises(SequenceGap) as refused:
        verdict(fixture, command("s", 3), standing())
    assert refused.value.expected == 2


def test_a_session_that_is_over_takes_no_frames(fixture: SessionFixture) -> None:
    fixture.complete()
    with pytest.raises(commands.SessionNotUnderway):
        verdict(fixture, command("s", 2), standing())


def test_a_set_of_another_exercise_is_refused(fixture: SessionFixture) -> None:
    fixture.start_set(1, "lunge")
    with pytest.raises(ExerciseChanged):
        verdict(fixture, command("s", 1))


def test_a_set_that_somebody_counts_by_hand_is_ended_before_the_next(
    fixture: SessionFixture,
) -> None:
    fixture.start_set(1)
    with pytest.raises(commands.SetUnderway):
        verdict(fixture, command("s", 1, number=2))


def test_a_set_that_is_counted_by_hand_takes_no_frames(fixture: SessionFixture) -> None:
    """R-LIV-10: each repetition would count twice."""
    by_hand = CountedBy("manual", "hand", 1)
    squat = ExerciseId("squat")
    fixture.execute(commands.StartSet(set=1, exercise_id=squat, counted_by=by_hand))
    with pytest.raises(commands.SetUnderway):
        verdict(fixture, command("s", 1))


@pytest.mark.parametrize("ahead_s", [0.0, 59.0])
def test_clocks_may_differ_by_a_minute(fixture: SessionFixture, ahead_s: float) -> None:
    chunk = next(cut(video(), 600.0 + ahead_s))
    assert clock() == NOW
    assert timedelta(seconds=float(chunk.times_s[-1]) - 600.0) < timedelta(seconds=60)
    assert verdict(fixture, command("s", 1, chunk)) == "new"


def away() -> Callable[..., None]:
    def load(*_: object, **__: object) -> None:
        raise StorageUnavailable

    return load


def test_cached_state_is_kept_while_the_log_is_unavailable(
    fixture: SessionFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-LIV-11."""
    snapshots = SessionSnapshots(fixture.log)
    snapshot = snapshots.get(KEY)
    monkeypatch.setattr(fixture.log, "load_many", away())
    assert snapshots.get(KEY) == snapshot
    with pytest.raises(StorageUnavailable):
        snapshots.get(OTHER)


def test_no_session_waits_for_a_read_during_an_outage(
    fixture: SessionFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-LIV-11: a read that fails takes seconds; a thread probes whether the log is back."""
    monkeypatch.setattr(log_outage, "PAUSE_S", 0.0)
    reads, probed, back = [0], Event(), Event()

    def fail(*_: object, **__: object) -> None:
        reads[0] += 1
        raise StorageUnavailable

    def probe() -> int:
        probed.set()
        assert back.wait(60)
        return 0

    snapshots = SessionSnapshots(fixture.log)
    snapshot = snapshots.get(KEY)
    with monkeypatch.context() as outage:
        outage.setattr(fixture.log, "load_many", fail)
        outage.setattr(fixture.log, "head", probe)
        for _ in range(3):
            found = snapshots.get_all([KEY, OTHER])
            assert found[KEY] == snapshot
            assert isinstance(found[OTHER], StorageUnavailable)
        assert probed.wait(60)
    assert reads == [1]
    fixture.start_set(1)
    assert snapshots.get(KEY) == snapshot
    back.set()
    for thread in list_threads():
        if thread.name == "log-outage":
            thread.join(60)
    assert snapshots.get(KEY).version == snapshot.version + 1


def test_sessions_are_read_together(
    fixture: SessionFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of each tenant in one read, of new events only."""
    read: list[tuple[TenantId, dict[str, int]]] = []
    load_many = fixture.log.load_many

    def count(
        tenant_id: TenantId, streams: Collection[str], *, after_versions: Mapping[str, int]
    ) -> Mapping[str, Sequence[Recorded[Any]]]:
        read.append((tenant_id, {each: after_versions.get(each, 0) for each in streams}))
        return load_many(tenant_id, streams, after_versions=after_versions)

    monkeypatch.setattr(fixture.log, "load_many", count)
    snapshots = SessionSnapshots(fixture.log)
    alone = snapshots.get(KEY)
    elsewhere = SessionKey(TenantId("blue"), KEY.session_id)
    found = snapshots.get_all([KEY, OTHER, elsewhere])
    assert found == {KEY: alone, OTHER: SessionSnapshot(), elsewhere: SessionSnapshot()}
    assert read[1:] == [
        (KEY.tenant_id, {stream_of(KEY): alone.version, stream_of(OTHER): 0}),
        (elsewhere.tenant_id, {stream_of(KEY): 0}),
    ]


@pytest.mark.parametrize("problem", [EventUnknown, KeyError])
def test_a_session_that_cannot_be_read_is_no_obstacle_for_the_others(
    fixture: SessionFixture, monkeypatch: pytest.MonkeyPatch, problem: type[Exception]
) -> None:
    """An event may be from a newer version of the program, or be upcast wrongly."""
    load_many = fixture.log.load_many

    def refuse_other(
        tenant_id: TenantId, streams: Collection[str], **named: Any
    ) -> Mapping[str, Sequence[Recorded[Any]]]:
        if stream_of(OTHER) in streams:
            raise problem
        return load_many(tenant_id, streams, **named)

    monkeypatch.setattr(fixture.log, "load_many", refuse_other)
    snapshots = SessionSnapshots(fixture.log)
    found = snapshots.get_all([KEY, OTHER])
    assert isinstance(found[KEY], SessionSnapshot)
    assert isinstance(found[OTHER], problem)
    with pytest.raises(problem):
        snapshots.get(OTHER)
