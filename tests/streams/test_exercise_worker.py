"""Exercise worker: each detection becomes a session event once."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from application.kernel.command_handler import Request
from application.kernel.encryption import KeyDisabled
from application.live.chunk import SessionKey
from application.live.tracker import TrackerState, track
from domain.ids import SessionId, TenantId
from domain.kernel import Origin
from domain.sessions import commands as session
from domain.sessions import events
from domain.sessions.session import SESSION
from streams.codecs import encode_detection
from tests.streams.exercise_worker import KEY, TOPICS, WorkerHarness
from tests.streams.videos import chunk_message

CHUNKS = 24
NAME = str(KEY).encode()


@pytest.fixture
def harness(tmp_path: Path) -> WorkerHarness:
    return WorkerHarness(tmp_path)


def facts() -> list[bytes]:
    standing: TrackerState | None = None
    written: list[bytes] = []
    for sequence in range(1, CHUNKS + 1):
        message = chunk_message(sequence, last=sequence == CHUNKS)
        standing, detections = track(standing, sequence, message)
        written += [encode_detection(KEY, one) for one in detections]
    return written


def sending(*values: bytes) -> Callable[[Any], Awaitable[None]]:
    async def scene(agent: Any) -> None:
        for value in values:
            await agent.put(key=NAME, value=value, headers=[])

    return scene


def test_detections_become_session_events(harness: WorkerHarness) -> None:
    """R-EVT-13."""
    harness.play(sending(*facts()))
    happened = harness.happened()
    counted = [one.number for one in happened if isinstance(one, events.RepetitionCounted)]
    assert counted == list(range(1, len(counted) + 1))
    assert counted
    assert isinstance(happened[-1], events.SetCompleted)
    assert happened[-1].repetitions == len(counted)
    assert harness.positions.kept == {0: len(facts())}
    assert harness.outbox.sent == []


def test_facts_that_come_again_change_nothing(harness: WorkerHarness) -> None:
    """R-EVT-16."""
    harness.play(sending(*facts()))
    once = harness.happened()
    harness.positions.kept.clear()
    harness.worker = harness.new_worker()
    harness.play(sending(*[fact for fact in facts() for _ in range(2)]))
    assert harness.happened() == once
    assert harness.outbox.sent == []


def test_a_worker_continues_at_the_stored_position(harness: WorkerHarness) -> None:
    all_facts = facts()
    harness.play(sending(*all_facts[:9]))
    harness.worker = harness.new_worker()
    harness.play(sending(*all_facts))
    assert isinstance(harness.happened()[-1], events.SetCompleted)


def test_later_counts_do_not_depend_on_a_lost_one(harness: WorkerHarness) -> None:
    """R-EVT-19: and the lost one counts when it is replayed after the end of the set."""
    lost = next(fact for fact in facts() if b"repetition.counted" in fact)
    harness.play(sending(*[fact for fact in facts() if fact != lost]))
    assert harness.outbox.sent == []
    before = [one for one in harness.happened() if isinstance(one, events.RepetitionCounted)]
    assert before
    harness.positions.kept.clear()
    harness.worker = harness.new_worker()
    harness.play(sending(lost))
    assert harness.outbox.sent == []
    after = [one for one in harness.happened() if isinstance(one, events.RepetitionCounted)]
    assert [one.counter or one.number for one in after] == [2, *range(2, len(before) + 1), 1]


def test_a_replayed_detection_of_a_completed_session_is_recorded(harness: WorkerHarness) -> None:
    """R-EVT-19: it is no dead letter again; the movement is in the log, and does not count."""
    lost = next(fact for fact in facts() if b"repetition.counted" in fact)
    harness.play(sending(*[fact for fact in facts() if fact != lost]))
    complete = session.CompleteSession(at=datetime(2030, 1, 31, 1, tzinfo=UTC), specs={})
    origin = Origin(tenant_id=KEY.tenant_id, actor="ada", correlation_id=uuid4())
    request = Request(SESSION, KEY.session_id, [complete])
    harness.commands.execute(request, origin=origin, command_id=uuid4())
    harness.positions.kept.clear()
    harness.worker = harness.new_worker()
    harness.play(sending(lost))
    assert harness.outbox.sent == []
    recorded = harness.happened()[-1]
    assert isinstance(recorded, events.RepetitionRejected)
    assert recorded.reason == "after_session"


def test_an_event_log_that_is_unavailable_is_waited_for(harness: WorkerHarness) -> None:
    harness.commands.failures = 2
    harness.play(sending(*facts()))
    assert isinstance(harness.happened()[-1], events.SetCompleted)
    assert harness.outbox.sent == []


def test_detections_of_other_tenants_do_not_wait_for_a_disabled_key(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-24, R-TEN-03: those of the tenant whose key is disabled become dead letters."""
    locked, execute = SessionKey(TenantId("locked"), KEY.session_id), harness.commands.execute

    def unless_locked(*requests: Request, origin: Origin, **more: Any) -> Any:
        if origin.tenant_id == locked.tenant_id:
            raise KeyDisabled
        return execute(*requests, origin=origin, **more)

    _, detections = track(None, 0, chunk_message(1, last=True))

    async def scene(agent: Any) -> None:
        await agent.put(key=str(locked).encode(), value=encode_detection(locked, detections[-1]))
        await sending(*facts())(agent)

    monkeypatch.setattr(harness.commands, "execute", unless_locked)
    harness.play(scene)
    assert isinstance(harness.happened()[-1], events.SetCompleted)
    (letter,) = harness.outbox.letters(TOPICS.exercise_worker)
    assert letter.reason.startswith("KeyDisabled: ")


def test_positions_that_are_unavailable_are_waited_for(harness: WorkerHarness) -> None:
    harness.positions.failures = 3
    harness.play(sending(*facts()))
    assert harness.positions.kept == {0: len(facts())}


def test_refused_detections_are_dead_lettered(
    harness: WorkerHarness, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = SessionKey(KEY.tenant_id, SessionId("nobody"))
    _, detections = track(None, 0, chunk_message(1, last=True))
    refused = encode_detection(stranger, detections[-1])

    async def scene(agent: Any) -> None:
        await agent.put(key=str(stranger).encode(), value=refused)
        await sending(b"noise", *facts())(agent)

    harness.play(scene)
    refusal, broken = harness.outbox.letters(TOPICS.exercise_worker)
    assert refusal.reason.startswith("SessionNotUnderway: ")
    assert (refusal.message.value, refusal.place) == (refused, "exercise.detect/0/0")
    assert broken.reason.startswith("InvalidDetection: ")
    assert f"'{stranger}' becomes a dead letter of exercise-worker" in caplog.text
    assert isinstance(harness.happened()[-1], events.SetCompleted)


def test_unexpected_failures_are_dead_lettered(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nobody foreseen")

    monkeypatch.setattr(harness.commands, "execute", fail)
    harness.play(sending(facts()[-1]))
    (letter,) = harness.outbox.letters(TOPICS.exercise_worker)
    assert letter.reason == "ZeroDivisionError: by nobody foreseen"


def test_a_fact_is_entered_only_where_its_key_says(harness: WorkerHarness) -> None:
    """R-TEN-05: even if other fields of the message are invalid for some JSON parsers."""
    before = harness.happened()
    unread = b'{"other": ' + b"1" * 5000 + b","  # a number that some JSON parsers reject

    async def scene(agent: Any) -> None:
        await agent.put(key=b"hall/s-9", value=facts()[-1].replace(b"{", unread, 1), headers=[])

    harness.play(scene)
    assert harness.happened() == before
    (letter,) = harness.outbox.letters(TOPICS.exercise_worker)
    assert letter.reason.startswith("MessageMisplaced")
