"""Analytics worker: each session event is counted once, despite duplicates, errors and outages."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka.errors import KafkaError  # type: ignore[import-untyped]  # without types

from adapters.event_log.codec import EVENTS
from application.analytics.ports import PositionTaken
from application.analytics.rollups import LATENESS, RollupRequest, from_message
from application.analytics.windows import Changes
from application.kernel.bus import Message
from application.kernel.cloud_events import encoded, to_message
from application.kernel.dead_letters import REPLAYED_FOR
from application.kernel.ports import StorageUnavailable
from domain.kernel import Recorded
from streams import analytics_checkpoints, analytics_worker
from streams.analytics_worker import GROUP, AnalyticsWorker
from tests.application.analytics.examples import seen, training, windows
from tests.projections.histories import AT, ListLog, completed, repetition, set_started, started
from tests.streams.analytics_worker import SOURCE, TOPIC, WorkerHarness
from tests.streams.worker_harness import offline_app


@pytest.fixture
def harness(tmp_path: Path) -> WorkerHarness:
    return WorkerHarness(tmp_path)


def sent(recorded: Sequence[Recorded[Any]]) -> list[Message]:
    return [to_message(encoded(each, EVENTS.encode)) for each in recorded]


def aggregate(log: ListLog) -> Changes:
    return windows(map(seen, log.recorded))


def test_the_stream_has_its_literal_name() -> None:
    """R-EVT-08"""
    assert GROUP.name == "real-time-analytics"
    assert TOPIC == "kinelog.events.sessions"


def test_events_of_sessions_fill_windows(harness: WorkerHarness) -> None:
    """R-EVT-08, R-EVT-13, R-PRG-09"""
    log = training(3)
    harness.play(sent(log.recorded))
    assert harness.board.changes == aggregate(log)
    assert harness.board.due == {0: len(log.recorded)}


def test_events_sent_twice_count_once(harness: WorkerHarness) -> None:
    """R-EVT-16: the relay may repeat its last batch."""
    log = training(3)
    messages = sent(log.recorded)
    harness.play([*messages[:9], *messages[4:], *messages[-3:]])
    assert harness.board.changes == aggregate(log)


def test_an_unavailable_store_is_retried(harness: WorkerHarness) -> None:
    """R-OPS-09"""
    log = training(3)
    harness.board.failures = [StorageUnavailable(), StorageUnavailable()]
    harness.play(sent(log.recorded))
    assert harness.board.changes == aggregate(log)


@pytest.mark.parametrize("failure", [PositionTaken(), ValueError("of a kind nobody foresaw")])
def test_events_not_stored_are_read_again(
    harness: WorkerHarness, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-16: it continues at the stored position, which another process may have moved."""
    monkeypatch.setattr(analytics_checkpoints, "RETRY_AFTER_S", 0.0)
    given_up: list[bool] = []

    async def give_up() -> None:
        given_up.append(True)

    harness.worker.checkpoints.give_up = give_up
    harness.board.failures = [failure]
    harness.play(sent(training(3).recorded[:5]))
    assert given_up == [True]
    assert harness.board.due == {}
    assert harness.board.changes == Changes()


def test_invalid_events_are_dead_lettered(harness: WorkerHarness) -> None:
    """R-EVT-19"""
    log = training(3)
    messages = sent(log.recorded)
    harness.play([messages[0], Message(TOPIC, "nobody", b"{}"), *messages[1:]])
    assert harness.board.changes == aggregate(log)
    (letter,) = harness.outbox.letters(GROUP)
    assert letter.message.value == b"{}"
    assert "MessageUnreadable" in letter.reason


def test_an_event_whose_payload_cannot_be_read_is_put_aside_and_its_session_counts_on(
    harness: WorkerHarness,
) -> None:
    """R-EVT-19"""
    log = ListLog()
    log.add("session-s1", started(), set_started(), repetition(1), repetition(2))
    messages = sent(log.recorded)
    messages[2] = replace(messages[2], value=b"[]")
    harness.play(messages)
    assert list(harness.board.changes.minutes.values()) == [1]
    assert [
        letter.message.header("ce_streamversion") for letter in harness.outbox.letters(GROUP)
    ] == ["3"]


def test_messages_replayed_for_another_group_are_skipped(harness: WorkerHarness) -> None:
    """R-EVT-19"""
    log = training(3)
    messages = sent(log.recorded)
    other = replace(messages[0], headers=((REPLAYED_FOR, b"ai-training"), *messages[0].headers))
    harness.play([Message(TOPIC, "x", b"?", ((REPLAYED_FOR, b"ai-training"),)), other, *messages])
    assert harness.board.changes == aggregate(log)
    assert harness.outbox.letters(GROUP) == ()


def test_a_batch_in_flight_at_a_rebalance_does_not_advance_the_checkpoint(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-16: the pending batch is dropped, so a later position would skip it."""
    monkeypatch.setattr(analytics_checkpoints, "ROUND_S", 600.0)
    messages = sent(training(3).recorded[:3])

    async def scene(agent: Any) -> None:
        for each in messages[:2]:
            await agent.put(key=each.key.encode(), value=each.value, headers=list(each.headers))
        aside = harness.worker._aside.put_aside

        async def slowly(*args: Any) -> Any:
            await harness.worker.follower.begin([SOURCE])
            return await aside(*args)

        monkeypatch.setattr(harness.worker._aside, "put_aside", slowly)
        await agent.put(key=b"", value=b"{}", headers=[])

    async def main() -> None:
        await harness.worker.follower.begin([SOURCE])
        async with harness.worker.agent.test_context() as agent:
            await scene(agent)
            async with asyncio.timeout(60):
                while not harness.outbox.sent:  # noqa: ASYNC110  no event
                    await asyncio.sleep(0.01)
            await harness.worker.checkpoints.drain()

    asyncio.run(main())
    assert harness.board.due == {}


def requests_of(harness: WorkerHarness) -> list[RollupRequest]:
    return [
        from_message(Message(each.topic, "", each.value))
        for each in harness.outbox.to("metrics.rollup")
    ]


def test_a_roll_up_is_requested_when_a_day_ends(harness: WorkerHarness) -> None:
    """R-EVT-09: by the time of the events, a little after midnight."""
    log = ListLog()
    midnight = AT.replace(hour=0, minute=0) + timedelta(days=1)
    log.add("session-s1", started(), set_started(), completed(), at=AT)
    log.add("session-s2", started(at=midnight), at=midnight + LATENESS - timedelta(seconds=1))
    messages = sent(log.recorded)
    harness.play(messages)
    assert requests_of(harness) == []
    log.add("session-s2", set_started(), at=midnight + LATENESS)
    harness.worker = AnalyticsWorker(
        offline_app(Path(harness.app.conf.datadir), harness.outbox, GROUP.name),
        windows=harness.board,
        decode=EVENTS.decode,
        clock=lambda: AT,
    )
    harness.board.due.clear()
    harness.play([*messages, *sent(log.recorded[-1:])])
    assert requests_of(harness) == [RollupRequest("default", AT.date())]
    (request,) = harness.outbox.to("metrics.rollup")
    assert request.key == b"default"
    assert json.loads(request.value or b"")["day"] == date.isoformat(AT.date())


DAYS_LATER = timedelta(days=10)


async def request_arrives(harness: WorkerHarness) -> None:
    async with asyncio.timeout(60):
        while not harness.board.requested:  # noqa: ASYNC110  no event
            await asyncio.sleep(0.01)


async def train_and_rest(harness: WorkerHarness, agent: Any) -> None:
    """Send the events of a session; then let days pass, until a roll-up is requested."""
    log = ListLog()
    log.add("session-s1", started(), set_started(), completed(), at=AT)
    for each in sent(log.recorded):
        await agent.put(key=each.key.encode(), value=each.value, headers=list(each.headers))
    harness.now = AT + DAYS_LATER
    await request_arrives(harness)


def test_a_roll_up_is_requested_without_another_event(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-09: nobody trains after the end of the day."""
    monkeypatch.setattr(analytics_worker, "CHECK_S", 0.01)

    async def scene(agent: Any) -> None:
        await train_and_rest(harness, agent)

    asyncio.run(harness._worked(scene))
    assert requests_of(harness) == [RollupRequest("default", AT.date())]


def test_roll_ups_that_are_due_are_requested_at_the_start(harness: WorkerHarness) -> None:
    """R-EVT-09: the worker was not running at the end of the day."""
    log = ListLog()
    log.add("session-s1", started(), set_started(), completed(), at=AT)
    harness.play(sent(log.recorded))
    assert requests_of(harness) == []
    harness.now = AT + DAYS_LATER

    async def scene(_agent: Any) -> None:
        await request_arrives(harness)

    asyncio.run(harness._worked(scene))
    assert requests_of(harness) == [RollupRequest("default", AT.date())]


def test_a_request_that_failed_is_repeated_without_another_event(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-09, R-OPS-09: Kafka was unavailable, or the store."""
    monkeypatch.setattr(analytics_worker, "CHECK_S", 0.01)
    failures = [KafkaError(), StorageUnavailable()]
    publish = harness.outbox.publish

    async def publish_later(*args: Any, **options: Any) -> Any:
        if failures:
            raise failures.pop(0)
        return await publish(*args, **options)

    harness.app.publish = publish_later  # type: ignore[method-assign]

    async def scene(agent: Any) -> None:
        await train_and_rest(harness, agent)

    asyncio.run(harness._worked(scene))
    assert requests_of(harness) == [RollupRequest("default", AT.date())]
