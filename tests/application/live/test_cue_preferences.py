"""Cue preferences apply, and the cues are the same wherever frames are folded."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from adapters.live import pose_stream_codec
from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import ReadModelUnavailable
from application.live.chunk import FrameChunk, IngestChunk, SensorSample, SessionChunk, SessionKey
from application.live.cue_preferences import OUTAGE_S, CuePreferenceCache
from application.live.local_transport import LocalTransport
from application.live.replies import Cue, LiveReply
from application.live.sequence_guard import SessionSnapshot, SessionSnapshots
from application.live.tracker import TrackerState, track
from application.live.worker_transport import WorkerTransport
from domain.coaching.preferences import CuePreferences
from domain.ids import TenantId, UserId
from streams.codecs import decode_state, encode_state
from streams.json_codec import read, write
from tests.live.chunks import command, take
from tests.live.session_fixture import (
    KEY,
    SessionFixture,
    clock,
    local_transport,
    origin,
)

QUIET = CuePreferences("seldom", praise=False, verbosity="short", muted=("shallow", "hurried"))
EAGER = CuePreferences("often", verbosity="full")
USUAL = CuePreferences()


class Wire:
    """Workers behind Kafka: messages and states are passed as bytes."""

    def __init__(self) -> None:
        self.states: dict[SessionKey, bytes] = {}

    async def start(self, heard: Callable[[LiveReply], None]) -> None:
        self._heard = heard

    async def stop(self) -> None: ...

    async def ready(self, _within_s: float) -> bool:
        return True

    async def refresh(self, _key: SessionKey, _within_s: float) -> None: ...

    async def request(
        self, key: SessionKey, message: FrameChunk, _within_s: float
    ) -> LiveReply | None:
        arrived = pose_stream_codec.decode(pose_stream_codec.encode(KEY, message))
        state = self.states.get(key)
        before = None if state is None else decode_state(state)
        applied = track(before, message.sequence, arrived)
        self.states[key] = encode_state(applied.session)
        reply = read(
            LiveReply,
            write(LiveReply.processed(SessionChunk(session=key, message=arrived), applied)),
        )
        self._heard(reply)
        return reply

    async def publish(self, reply: LiveReply, _within_s: float) -> None:
        self._heard(reply)


class Drawer:
    """Stores no sensor samples, because none arrive."""

    def keep(self, key: SessionKey, sequence: int, sensors: tuple[SensorSample, ...]) -> None:
        raise AssertionError


Driver = LocalTransport | WorkerTransport


def in_one_process(fixture: SessionFixture) -> Driver:
    return local_transport(fixture)


def by_workers(fixture: SessionFixture) -> Driver:
    return WorkerTransport(
        channel=Wire(),
        sensors=Drawer(),
        snapshots=SessionSnapshots(fixture.log),
        preferences=CuePreferenceCache(fixture.cue_preferences),
        clock=clock,
        deadline_s=60.0,
    )


def said(
    make: Callable[[SessionFixture], Driver],
    chunks: list[IngestChunk],
    *wanted: CuePreferences,
    change_at: int = 0,
) -> list[Cue]:
    """Return the cues under the first preferences and, from a chunk on, under the next ones."""

    async def reported() -> list[Cue]:
        fixture = SessionFixture()
        driver = make(fixture)
        await driver.start()
        cues: list[Cue] = []
        for place, requested in enumerate(chunks):
            fixture.preferences = wanted[-1] if place >= change_at else wanted[0]
            cues += (await driver.send(requested, origin())).cues
        await driver.stop()
        return cues

    return asyncio.run(reported())


def two_sets() -> tuple[list[IngestChunk], list[IngestChunk]]:
    first = take("s", repetitions=3)
    return first, take("s", repetitions=3, number=2, after=len(first), offset_s=60.0)


@pytest.mark.parametrize("wanted", [USUAL, QUIET, EAGER], ids=["usual", "quiet", "eager"])
def test_both_compositions_give_the_same_cues(wanted: CuePreferences) -> None:
    """R-POS-03, C-48."""
    first, second = two_sets()
    here = said(in_one_process, first + second, wanted)
    assert here == said(by_workers, first + second, wanted)
    assert bool(here) == (wanted != QUIET)


@pytest.mark.parametrize("make", [in_one_process, by_workers])
def test_changed_preferences_apply_from_the_next_set(
    make: Callable[[SessionFixture], Driver],
) -> None:
    """R-POS-03: a repeated chunk gets the same reply as before."""
    first, second = two_sets()
    usual = said(make, first + second, USUAL)
    changed = said(make, first + second, USUAL, QUIET, change_at=5)
    assert changed == usual[: len(changed)]
    assert changed == said(make, first, USUAL)


def test_a_set_has_default_coaching_while_preferences_are_unavailable() -> None:
    """R-LIV-11. An outage is not asked about with each chunk."""
    logged: SessionSnapshot = SessionSnapshots(SessionFixture().log).get(KEY)
    away, lookups, now_s = True, 0, 0.0

    def preferences(_tenant_id: TenantId, _user_id: UserId) -> CuePreferences:
        nonlocal lookups
        lookups += 1
        if away:
            raise ReadModelUnavailable
        return QUIET

    cache, requested = CuePreferenceCache(preferences, lambda: now_s), command("s", 1)
    for session in "sst":
        assert cache.attach(command(session, 1), logged).preferences == USUAL
    assert lookups == 1
    away, now_s = False, OUTAGE_S
    for _ in range(3):
        assert cache.attach(requested, logged).preferences == QUIET
    assert lookups == 2


def test_a_failure_for_one_set_does_not_affect_others() -> None:
    logged: SessionSnapshot = SessionSnapshots(SessionFixture().log).get(KEY)
    failures = [StorageUnavailable()]

    def preferences(_tenant_id: TenantId, _user_id: UserId) -> CuePreferences:
        if failures:
            raise failures.pop()
        return QUIET

    cache = CuePreferenceCache(preferences, lambda: 0.0)
    assert cache.attach(command("s", 1), logged).preferences == USUAL
    assert cache.attach(command("t", 1), logged).preferences == QUIET


def test_the_first_chunk_settles_how_a_set_is_coached() -> None:
    state: TrackerState | None = None
    for requested in take("s")[:3]:
        wanted = QUIET if state is None else EAGER
        state = track(state, 1, replace(requested.message, preferences=wanted)).session
    assert state is not None
    assert state.preferences == QUIET
