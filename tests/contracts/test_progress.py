"""Contract of session feeds, including losses and outages of the channel."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from redis import Redis
from structlog.testing import capture_logs

from adapters.clock import new_id
from adapters.event_log.memory import MemoryEventLog
from adapters.session_feed.memory import MemoryProgress
from adapters.session_feed.redis import RedisProgress
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import EventLog, StorageUnavailable
from application.live.chunk import SessionKey
from application.live.feed import (
    BEGINNING,
    Entry,
    FeedPosition,
    FeedUnavailable,
    PlaceInvalid,
)
from application.live.feed_events import (
    ModeChanged,
    RepetitionCounted,
    SessionCompleted,
)
from domain.ids import DEFAULT_TENANT, SessionId, TenantId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from tests.contracts.feed_fixture import STEP_BACK, TENANT, FeedFixture, Lane, kinds, of_facts
from tests.live.chunks import NOW
from tests.plugins.services import Service
from tools.local_services.redis import LocalRedis


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.live.feed.WAIT_S", 0.05)


@pytest.fixture(params=["memory", "redis"])
def lane(request: pytest.FixtureRequest) -> Iterator[Lane]:
    if request.param == "memory":
        memory = MemoryProgress()
        yield Lane(memory, memory._sessions.clear)
        return
    service: Service = request.getfixturevalue("redis")
    with (
        closing(RedisProgress(service.address)) as channel,
        closing(Redis.from_url(service.address)) as server,
    ):
        yield Lane(channel, server.flushdb, channel.close)


@pytest.fixture
def feed(lane: Lane) -> FeedFixture:
    return FeedFixture(lane)


WHOLE = [
    "session_started", "mode", "set_started", "cue", "cue", "repetition_counted", "form", "cue",
    "mode", "repetition_rejected", "repetition_counted", "form", "mode", "repetitions_revised",
    "cue", "hold_measured", "form", "set_completed", "exercise_performed", "session_completed",
]  # fmt: skip


def test_a_follower_receives_every_entry_in_order_until_the_session_ends(
    feed: FeedFixture,
) -> None:
    """R-EVT-10, C-42, R-LIV-14."""
    feed.train()
    entries = feed.read_all()
    assert kinds(entries) == WHOLE
    assert all(one.id < another.id for one, another in pairwise(entries))
    assert of_facts(entries) == feed.facts()
    assert [entry.what for entry in entries if entry.version is None] == [
        ModeChanged("server"),
        STEP_BACK,
        replace(STEP_BACK, cue="Turn to the side."),
        ModeChanged("degraded"),
        ModeChanged("server"),
    ]


def test_resuming_anywhere_misses_and_repeats_nothing(
    feed: FeedFixture,
) -> None:
    """R-EVT-10, R-LIV-14: after each number of entries."""
    feed.train()
    whole = feed.read_all()
    for cut in range(len(whole) + 1):
        first = feed.read_all(most=cut)
        after = first[-1].id if first else BEGINNING
        assert first + feed.read_all(FeedPosition.parse(str(after))) == whole


def test_a_follower_receives_live_entries(feed: FeedFixture) -> None:
    """R-LIV-14."""
    steps: list[Callable[[], object]] = [
        feed.start_set,
        lambda: feed.publish_transient("server", STEP_BACK),
        lambda: feed.count(1),
        feed.end_set,
        feed.complete,
    ]
    awaited = ["session_started", "set_started", "cue", "form", "set_completed"]
    feed.begin()

    def heard(entries: list[Entry]) -> None:
        if steps and kinds(entries)[-1:] == [awaited[-len(steps)]]:
            steps.pop(0)()

    entries = asyncio.run(feed.follow(heard=heard))
    assert kinds(entries) == [
        "session_started", "set_started", "mode", "cue", "repetition_counted", "form",
        "set_completed", "exercise_performed", "session_completed",
    ]  # fmt: skip
    assert entries == feed.read_all()


def test_two_followers_receive_the_same_entries_with_the_same_ids(feed: FeedFixture) -> None:
    async def both() -> tuple[list[Entry], list[Entry]]:
        first = asyncio.create_task(feed.follow())
        second = asyncio.create_task(feed.follow())
        await asyncio.to_thread(feed.train)
        return await first, await second

    first, second = asyncio.run(both())
    assert first == second == feed.read_all()


def test_followers_receive_nothing_of_other_tenants(lane: Lane) -> None:
    """R-TEN-03: with the same session id in two tenants."""
    ours, theirs = FeedFixture(lane), FeedFixture(lane, tenant=TenantId("other"))
    theirs.key = replace(theirs.key, session_id=ours.key.session_id)
    ours.train()
    theirs.begin()
    theirs.complete()
    assert kinds(theirs.read_all()) == ["session_started", "session_completed"]
    assert kinds(ours.read_all()) == WHOLE


def test_a_repeated_chunk_is_published_once(feed: FeedFixture) -> None:
    """R-LIV-10: over any transport."""
    feed.begin()
    for chunk in (1, 2, 2, 1, 3, 2):
        feed.publish_transient("server", *([STEP_BACK] if chunk == 2 else []), chunk=chunk)
    feed.complete()
    assert kinds(feed.read_all()) == ["session_started", "mode", "cue", "session_completed"]


def test_a_mode_of_an_older_chunk_changes_nothing(feed: FeedFixture) -> None:
    feed.begin()
    for chunk, mode in ((1, "server"), (4, "degraded"), (3, "server"), (4, "server")):
        feed.publish_transient(mode, chunk=chunk)  # type: ignore[arg-type]  # both are modes
    feed.complete()
    modes = [entry.what.mode for entry in feed.read_all() if isinstance(entry.what, ModeChanged)]
    assert modes == ["server", "degraded", "server"]


def test_entries_lost_by_the_channel_come_from_the_log(feed: FeedFixture, lane: Lane) -> None:
    """R-EVT-10: a follower is disconnected and the channel emptied; the events are complete."""
    feed.begin()
    feed.start_set()
    feed.publish_transient("server", STEP_BACK)
    first = feed.read_all(most=4)
    lane.lose()
    feed.count(1)
    feed.end_set()
    feed.complete()
    entries = first + feed.read_all(first[-1].id)
    assert of_facts(entries) == feed.facts()
    assert kinds(entries)[:4] == ["session_started", "set_started", "mode", "cue"]


def test_transient_updates_continue_after_a_loss(feed: FeedFixture, lane: Lane) -> None:
    """R-EVT-10: a follower restores the channel's position and receives the next cue."""
    feed.begin()
    lost = False

    def heard(entries: list[Entry]) -> None:
        nonlocal lost
        if not lost:
            lane.lose()
            lost = True
        if kinds(entries)[-1] == "cue":
            feed.complete()
        else:
            feed.publish_transient("server", STEP_BACK)

    entries = asyncio.run(feed.follow(heard=heard))
    assert kinds(entries)[0] == "session_started"
    assert "mode" in kinds(entries)
    assert kinds(entries)[-1] == "session_completed"


def test_an_unpublished_event_comes_from_the_log(feed: FeedFixture) -> None:
    """R-EVT-10: the process that stored it died before publishing it."""
    feed.begin()
    silent = CommandHandler(feed.log._log, settled=lambda _: None)
    loud, feed.commands = feed.commands, silent

    def heard(entries: list[Entry]) -> None:
        match kinds(entries):
            case ["session_started"]:
                if len(feed.facts()) == 1:
                    feed.start_set()
            case [*_, "set_started"]:
                if len(feed.facts()) == 2:
                    feed.count(1)  # also unpublished; the next entry reveals the gap
                    feed.commands = loud
                    feed.end_set()
                    feed.complete()
            case _:
                pass

    entries = asyncio.run(feed.follow(heard=heard))
    assert entries == feed.facts()


def test_a_delayed_event_takes_its_place(feed: FeedFixture, lane: Lane) -> None:
    """R-EVT-10: two processes publish; the slower one stored its event first."""
    feed.begin()
    feed.commands = CommandHandler(feed.log._log, settled=lambda _: None)
    feed.start_set()
    feed.count(1)
    facts = feed.facts()
    lane.channel.publish(feed.key, [one for one in facts if one.version == 3])
    lane.channel.publish(feed.key, [one for one in facts if one.version == 2])
    feed.publish_transient("server", STEP_BACK)
    feed.end_set()
    feed.complete()
    entries = feed.read_all()
    assert of_facts(entries) == feed.facts()
    assert kinds(entries)[:6] == [
        "session_started", "set_started", "repetition_counted", "form", "mode", "cue",
    ]  # fmt: skip


def test_nothing_follows_the_end_of_a_session(feed: FeedFixture) -> None:
    feed.train()
    assert feed.read_all(feed.read_all()[-1].id) == []
    assert feed.read_all(FeedPosition(10**15 - 1)) == []


def test_a_transient_update_after_the_end_of_a_session_is_left_out(feed: FeedFixture) -> None:
    """A follower that reads the log may publish the end before the transient update arrives."""
    feed.begin()
    feed.publish_transient("server")
    feed.complete()
    first = feed.read_all()
    feed.publish_transient("degraded", STEP_BACK)
    assert feed.read_all() == first
    assert feed.read_all(first[-1].id) == []
    feed.write(commands.DeleteSession(at=NOW))
    assert kinds(feed.read_all()) == [
        "session_started", "mode", "session_completed", "session_deleted",
    ]  # fmt: skip


def test_a_repeated_command_publishes_nothing(feed: FeedFixture) -> None:
    """R-EVT-16."""
    feed.begin()
    origin = Origin(tenant_id=TENANT, actor="test", correlation_id=new_id())
    request, name = (
        Request(SESSION, feed.key.session_id, [commands.CompleteSession(at=NOW, specs={})]),
        new_id(),
    )
    for _ in range(3):
        feed.commands.execute(request, origin=origin, command_id=name)
    assert kinds(feed.read_all()) == ["session_started", "session_completed"]


def test_places_of_facts_are_positions_of_the_log(lane: Lane, log: EventLog) -> None:
    """R-EVT-10: entries are read as they were published."""
    feed = FeedFixture(lane, log, DEFAULT_TENANT)
    other = FeedFixture(lane, log, DEFAULT_TENANT)
    other.begin()
    feed.train()
    entries: dict[FeedPosition, Entry] = {}

    class Noted(MemoryProgress):
        def publish(self, session: SessionKey, facts: Any, /) -> None:
            entries.update({entry.id: entry for entry in facts})

    again = FeedFixture(Lane(Noted(), lambda: None), log, DEFAULT_TENANT)
    again.train()
    assert list(entries.values()) == again.facts()
    assert feed.read_all()[-1].id.position == feed.facts()[-1].id.position


def test_an_away_log_is_waited_for(lane: Lane) -> None:
    class Away(MemoryEventLog):
        calls = 0

        def load(self, *_: Any, **__: Any) -> Any:
            self.calls += 1
            if self.calls in {2, 3}:
                raise StorageUnavailable
            return super().load(*_, **__)

    feed = FeedFixture(lane, Away(clock=lambda: NOW, new_id=new_id))
    feed.begin()
    with capture_logs() as said:
        asyncio.run(feed.follow(most=1))
    assert [line["event"] for line in said] == ["progress.log_away", "progress.log_away"]


@pytest.mark.parametrize("text", ["", "1-", "-1", "a", "1-2-3", "\u0661", "9" * 16, " 1", "1\n"])
def test_a_malformed_position_is_refused(text: str) -> None:
    with pytest.raises(PlaceInvalid):
        FeedPosition.parse(text)


def test_a_redis_outage_loses_no_event_and_blocks_nothing() -> None:
    """R-EVT-10, R-EVT-20: Redis dies during a subscription, and returns."""
    with (
        LocalRedis() as server,
        closing(RedisProgress(server.url, open_s=0.05)) as channel,
    ):
        feed = FeedFixture(Lane(channel, lambda: None, channel.close))
        feed.begin()
        feed.start_set()
        stage = "up"

        def heard(entries: list[Entry]) -> None:
            nonlocal stage
            counted = [one for one in entries if isinstance(one.what, RepetitionCounted)]
            if stage == "up" and "set_started" in kinds(entries):
                server.kill()
                stage = "down"
                for number in range(1, 11):
                    feed.count(number)
            elif stage == "down" and len(counted) == 10:
                server.start()
                stage = "back"
            elif stage == "back":
                feed.publish_transient("server", STEP_BACK)
                if "cue" in kinds(entries):
                    stage = "over"
                    feed.end_set()
                    feed.complete()

        with capture_logs() as said:
            entries = asyncio.run(feed.follow(heard=heard))
        assert of_facts(entries) == feed.facts()
        assert isinstance(entries[-1].what, SessionCompleted)
        assert {line["event"] for line in said} <= {"progress.left_out"}


def test_an_event_that_redis_does_not_add_is_not_taken_as_sent(redis: Service) -> None:
    """R-LIV-14: the log has it."""
    session = SessionKey(TENANT, SessionId(str(new_id())))
    fact = Entry(FeedPosition(1, 0), 1, ModeChanged("server"))

    async def sent(channel: RedisProgress) -> None:
        async with channel.listen(session) as listener:
            await listener.ensure([fact])

    with (
        closing(RedisProgress(redis.address)) as channel,
        closing(Redis.from_url(redis.address)) as server,
    ):
        server.set(f"kinelog:progress:{{{session}}}", "no stream")
        with pytest.raises(FeedUnavailable):
            asyncio.run(sent(channel))
        server.delete(f"kinelog:progress:{{{session}}}")
        asyncio.run(sent(channel))
        asyncio.run(sent(channel))  # a duplicate is no error


def test_redis_keys_of_a_session_expire(redis: Service) -> None:
    """C-42: one stream per session, with the tenant in its key, for a day."""
    with (
        closing(RedisProgress(redis.address)) as channel,
        closing(Redis.from_url(redis.address)) as server,
    ):
        feed = FeedFixture(Lane(channel, lambda: None, channel.close))
        feed.train()
        feed.read_all()
        name = f"kinelog:progress:{{gym/{feed.key.session_id}}}"
        client: Any = server
        assert client.type(name) == b"stream"
        assert {0 < client.ttl(key) <= 86_400 for key in (name, f"{name}:heard")} == {True}
        assert client.xlen(name) == len(WHOLE)
