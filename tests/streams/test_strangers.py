"""No message changes another tenant: messages under a foreign key have no effect."""

import ast
import asyncio
import json
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import streams
from adapters.bus.in_process import InProcessBus
from adapters.event_log.codec import EVENTS
from adapters.live import pose_stream_codec
from application.analytics.windows import Changes
from application.kernel.bus import Delivery, Message, MessageMisplaced, check_partition_key
from application.kernel.cloud_events import encoded, to_message
from application.kernel.consumer import consumer_subscription
from application.kernel.dead_letters import list_dead_letters
from application.kernel.topics import GROUPS, Group, Topic, topic_of
from application.live.chunk import SessionKey
from application.live.tracker import TrackerState, track
from domain.ids import SessionId, TenantId
from streams.analytics_worker import GROUP as ANALYTICS
from streams.codecs import encode_detection
from streams.topic_names import Topics
from tests.projections.histories import AT, ListLog, started
from tests.streams.analytics_worker import WorkerHarness as AnalyticsHarness
from tests.streams.exercise_worker import WorkerHarness as ExerciseHarness
from tests.streams.pose_worker import WorkerHarness as PoseHarness
from tests.streams.videos import chunk_message

ROOT = Path(__file__).parents[2]
RED, STRANGER = "gym", "hall"
SESSION = SessionId("s-1")


def event_message() -> Message:
    """Return an event of a session of the tenant `gym`, as the relay sends it."""
    (recorded,) = ListLog().add(f"session-{SESSION}", started(), tenant=RED)
    return to_message(encoded(recorded, EVENTS.encode))


def with_header(sent: Message, name: str, content: str) -> Message:
    others = tuple(header for header in sent.headers if header[0] != name)
    return replace(sent, headers=(*others, (name, content.encode())))


def message(topic: str, key: str, **content: str) -> Message:
    return Message(topic, key, json.dumps({"id": "1", **content}).encode())


def strange(topic: str) -> list[Message]:
    """Return messages for a topic whose key, headers and content disagree."""
    if topic == topic_of(f"session-{SESSION}") or topic.startswith("kinelog.events."):
        sent = replace(event_message(), topic=topic)
        return [
            replace(sent, key=f"{STRANGER}/session-{SESSION}"),
            replace(sent, key=f"{RED}/session-other"),
            with_header(sent, "ce_tenantid", STRANGER),
            with_header(sent, "ce_subject", "session-other"),
        ]
    return [
        message(topic, f"{STRANGER}/{SESSION}", tenant_id=RED),
        message(topic, STRANGER, tenant_id=RED),
        message(topic, f"{RED}/{SESSION}", tenant_id=RED, session_id="another"),
        with_header(message(topic, f"{RED}/{SESSION}"), "ce_tenantid", STRANGER),
    ]


# Queues: every declared one, with or without a handler


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_handlers_receive_no_messages_of_other_tenants(group: Group) -> None:
    """R-TEN-03, R-TEN-05, C-10: it becomes a dead letter without an attempt."""
    kept = timedelta(days=1)
    names = (*group.topics, group.dead_letters)
    bus = InProcessBus([Topic(name, "", kept, partitions=1) for name in names])
    sent = [each for topic in group.topics for each in strange(topic)]
    bus.publish(sent)
    handled: list[Delivery] = []
    consumer_subscription(bus, group, handled.append, draw=lambda: 0.0, clock=lambda: AT).run_once()
    found = list_dead_letters(bus, group)
    assert handled == []
    assert len(found) == len(sent)
    assert all(letter.reason.startswith("MessageMisplaced") for letter in found)


def test_a_message_that_belongs_where_it_lies_is_handled() -> None:
    """R-TEN-05"""
    sent = event_message()
    check_partition_key(sent)
    for belonging in (
        message("nlp.intent", f"{RED}/{SESSION}", tenant_id=RED, session_id=SESSION),
        message("metrics.rollup", RED, tenant_id=RED),
        Message("pose.stream", f"{RED}/{SESSION}", b"\x00binary"),
        Message("nlp.intent", RED, b"{ no JSON"),
        Message("nlp.intent", RED, None),
    ):
        check_partition_key(belonging)
    with pytest.raises(MessageMisplaced):
        check_partition_key(replace(sent, key=""))


@pytest.mark.parametrize(
    "value",
    [
        b'{"id": "1", "session_id": "another"}',
        b'\r\n\t {"id": "1", "session_id": "another"}',
        b' {"id": "1", "tenant_id": "hall"}',
    ],
)
@pytest.mark.parametrize("headers", [(), (("ce_subject", SESSION.encode()),)])
def test_headers_and_blanks_cannot_hide_the_tenant(
    value: bytes, headers: tuple[tuple[str, bytes], ...]
) -> None:
    """R-TEN-05: handlers ignore both."""
    with pytest.raises(MessageMisplaced):
        check_partition_key(Message("exercise.detect", f"{RED}/{SESSION}", value, headers))


def test_only_consumers_subscribe_to_topics() -> None:
    """R-TEN-03: a new way to subscribe makes this test fail."""
    allowed = {
        "application/kernel/consumer.py",
        "adapters/bus/kafka/consumer.py",
        "adapters/pose_channel/redis.py",  # to the channel of one session of one tenant
    }
    found = {
        str(path.relative_to(ROOT))
        for package in ("application", "adapters", "bootstrap", "streams")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "subscribe"
    }
    assert found <= allowed


# Stream workers


Shown = tuple[Any, int]
"""The state before and after, and the number of dead letters."""


def facts_of(session: SessionKey) -> list[bytes]:
    state: TrackerState | None = None
    facts: list[bytes] = []
    for sequence in range(1, 9):
        applied = track(state, sequence, chunk_message(sequence))
        state = applied.session
        facts += [encode_detection(session, detection) for detection in applied.detections]
    return facts


def poses(folder: Path) -> Shown:
    harness = PoseHarness(folder)

    async def scene(agent: Any) -> None:
        for header in (("ce_tenantid", STRANGER.encode()), ("ce_subject", b"session-other")):
            value = pose_stream_codec.encode(SessionKey(TenantId(RED), SESSION), chunk_message(1))
            await agent.put(key=f"{RED}/{SESSION}".encode(), value=value, headers=[header])
            await asyncio.sleep(0.01)

    harness.play(scene)
    changed: list[Any] = [harness.worker.checkpoints.state(f"{RED}/{SESSION}".encode())]
    changed += harness.outbox.to("exercise.detect") + harness.outbox.to("cue.make")
    group = Topics().pose_worker
    return [each for each in changed if each is not None], len(harness.outbox.letters(group))


def facts(folder: Path) -> Shown:
    harness = ExerciseHarness(folder)
    before = harness.happened()
    ours = facts_of(SessionKey(TenantId(RED), SESSION))[-1]
    theirs = facts_of(SessionKey(TenantId(STRANGER), SESSION))[-1]

    async def scene(agent: Any) -> None:
        for key, value in (
            (f"{STRANGER}/{SESSION}", ours),  # our message under their key
            (f"{RED}/{SESSION}", theirs),  # their message under our key
            (f"{RED}/another", ours),
            (f"{STRANGER}/{SESSION}", theirs),  # they have no such session
        ):
            await agent.put(key=key.encode(), value=value, headers=[("id", str(uuid4()).encode())])

    harness.play(scene)
    assert not harness.log.load(TenantId(STRANGER), f"session-{SESSION}")
    changed = harness.happened()[len(before) :]
    return changed, len(harness.outbox.letters(Topics().exercise_worker)) - 2


def windows(folder: Path) -> Shown:
    harness = AnalyticsHarness(folder)
    harness.play(strange(ANALYTICS.topics[0])[:2])
    nothing = harness.board.changes == Changes() and not harness.board.standings
    changed = [] if nothing else [harness.board.changes]
    return changed, len(harness.outbox.letters(ANALYTICS))


FOLLOWERS: dict[str, Callable[[Path], Shown]] = {
    "pose_worker": poses,
    "exercise_worker": facts,
    "analytics_worker": windows,
}


def test_every_worker_that_follows_a_stream_is_walked() -> None:
    found = {each.name for each in pkgutil.iter_modules(streams.__path__)}
    assert {name for name in found if name.endswith("_worker")} == set(FOLLOWERS)


@pytest.mark.parametrize("worker", FOLLOWERS)
def test_a_message_under_another_key_is_dead_lettered_and_changes_nothing(
    worker: str, tmp_path: Path
) -> None:
    """R-TEN-03, R-TEN-05, C-10"""
    changed, put_aside = FOLLOWERS[worker](tmp_path)
    assert changed == []
    assert put_aside == 2
