"""Without consent, no frame of a user with an account is accepted, over any transport."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from adapters.clock import new_id, utc_now
from adapters.event_log.memory import MemoryEventLog
from api.app import build_app
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import EventLog, StorageUnavailable
from application.platform import Platform
from application.privacy.consent_cache import CACHE_TTL_S, ConsentCache
from application.privacy.consents import ConsentMissing
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.motion.landmarks import PoseChunk
from domain.users import commands
from domain.users.commands import UserCommand
from domain.users.user import USER
from tests.api.conftest import WEB
from tests.api.data_channel_lines import line_to
from tests.api.live_messages import begun, said
from tests.api.people import Person, Town
from tests.api.pose_messages import START, frames, say
from tests.live.chunks import as_json, command, take
from tests.privacy.consents import takes_back

ADA = UserId("ada")
AT = utc_now()


Ask = Callable[[int], dict[str, Any]]
"""Sends the chunk with this number to a session, and returns the response."""


@contextmanager
def by_post(town: Town, ada: Person, session: str, path: str) -> Iterator[Ask]:
    yield lambda number: dict(ada.post(path, json=as_json(command(session, number))).json())


@contextmanager
def by_socket(town: Town, ada: Person, session: str, path: str) -> Iterator[Ask]:
    with town.client.websocket_connect(path, headers=ada.headers) as line:
        yield lambda number: said(line, command(session, number))


TRANSPORTS = [
    (by_post, "/v1/workouts/streaming"),
    (by_post, "/workouts/streaming"),
    (by_socket, "/ws/live"),
]


def refused(answer: dict[str, Any]) -> bool:
    """Return whether a response names the missing consent, and where it can be given."""
    reported = [answer.get(name) for name in ("status", "code", "purpose", "givenAt")]
    return reported == [403, "consent.missing", "camera_processing", "/v1/me/consents"]


@pytest.mark.parametrize("transport", TRANSPORTS, ids=lambda transport: transport[1])
def test_frames_are_taken_as_long_as_their_athlete_agrees(town: Town, transport: Any) -> None:
    """R-TEN-12: given and withdrawn during a session; accepted frames stay."""
    ada = town.citizen(camera=False)
    session, (opened, path) = begun(town.client, ada), transport
    with opened(town, ada, session, path) as ask:
        assert refused(ask(1))
        ada.agrees("camera_processing")
        assert ask(1)["seqAck"] == 1
        takes_back(ada, "camera_processing")
        assert refused(ask(2))
        ada.agrees("camera_processing")
        assert ask(2)["seqAck"] == 2


def test_a_data_channel_asks_as_well(town: Town) -> None:
    """R-TEN-12"""
    ada = town.citizen(camera=False)
    session = begun(town.client, ada)

    async def theirs() -> None:
        async with line_to(town.client, ada.headers) as line:
            assert refused(await line.chunk(command(session, 1)))
            await asyncio.to_thread(ada.agrees, "camera_processing")
            assert (await line.chunk(command(session, 1)))["seqAck"] == 1

    asyncio.run(theirs())


def test_nothing_is_recorded_without_either(town: Town) -> None:
    """R-TEN-12: neither started, by WebSocket or POST, nor continued."""
    ada = town.citizen(camera=False)
    with town.client.websocket_connect("/ws/pose", headers=ada.headers) as line:
        assert refused(say(line, START)["problem"])
        body = {"name": "Morning", "aspectRatio": 1.5}
        assert refused(ada.post("/v1/recordings", json=body).json())
        ada.agrees("camera_processing")
        assert say(line, START)["problem"]["purpose"] == "movement_recording"
        ada.agrees("movement_recording")
        say(line, START)
        assert say(line, frames(0, 15))["frameCount"] == 15
        takes_back(ada, "camera_processing")
        assert refused(say(line, frames(15, 15))["problem"])
        ada.agrees("camera_processing")
        takes_back(ada, "movement_recording")
        assert say(line, frames(15, 15))["problem"]["purpose"] == "movement_recording"
        assert say(line, {"type": "status"})["frameCount"] == 15


def test_counted_repetitions_stay_counted(town: Town) -> None:
    """R-TEN-12"""
    ada = town.citizen()
    session = begun(town.client, ada)
    with town.client.websocket_connect("/ws/live", headers=ada.headers) as line:
        for chunk in take(session, repetitions=2):
            answer = said(line, chunk)
        takes_back(ada, "camera_processing")
        assert refused(said(line, command(session, answer["sequence"] + 1)))
    kept = json.dumps(ada.get(f"/v1/sessions/{session}").json())
    assert answer["repetitions"] == 2
    assert '"repetitions": 2' in kept


def test_a_set_ends_when_its_athlete_agrees_no_more_but_without_its_last_frames(
    town: Town,
) -> None:
    """R-TEN-12, R-LIV-10: otherwise its session could not be completed."""
    ada, bob = town.citizen(), town.citizen("bob@example.org")
    session = begun(town.client, ada)
    *before, last = take(session, repetitions=2)
    nothing = PoseChunk(last.message.chunk.times_s[:0], last.message.chunk.image[:0])
    end = replace(last, message=replace(last.message, chunk=nothing))
    with town.client.websocket_connect("/ws/live", headers=ada.headers) as line:
        for chunk in before:
            said(line, chunk)
        takes_back(ada, "camera_processing")
        assert refused(said(line, last))
        with town.client.websocket_connect("/ws/live", headers=bob.headers) as other:
            assert said(other, end)["code"] == "session.unknown"
        assert said(line, end)["setOver"]
    assert ada.post(f"/v1/sessions/{session}:complete", json={}).status_code == 200


def test_an_athlete_without_account_needs_no_consent(platform: Platform) -> None:
    """R-TEN-12: one person on their own machine, without sign-in."""
    with TestClient(build_app(platform, web=WEB), raise_server_exceptions=False) as client:
        session = begun(client)
        with client.websocket_connect("/ws/live") as line:
            assert said(line, command(session, 1))["seqAck"] == 1


class ConsentFixture:
    """A log, and a consent cache in another process than the writers of the log."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.log: EventLog = MemoryEventLog(clock=utc_now, new_id=new_id)
        self.cache = ConsentCache(self, lambda: self.now_s)  # type: ignore[arg-type]  # as it reads
        self.reads = 0
        self.is_away = False
        self.say(commands.RegisterUser(at=AT))

    def load(self, *chunk: Any, **more: Any) -> Any:
        self.reads += 1
        if self.is_away:
            raise StorageUnavailable
        return self.log.load(*chunk, **more)

    def say(self, change: UserCommand) -> None:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor=ADA, correlation_id=uuid4())
        CommandHandler(self.log, settled=lambda _: None).execute(
            Request(USER, ADA, [change]), origin=origin, command_id=uuid4()
        )

    def lets(self) -> bool:
        try:
            self.cache.require(DEFAULT_TENANT, ADA, "camera_processing")
        except ConsentMissing:
            return False
        return True


ERASE = commands.EraseUser(at=AT)
GIVE = commands.GiveConsent(purpose="camera_processing", version="1", at=AT, source="rest")
WITHDRAW = commands.WithdrawConsent(purpose="camera_processing", at=AT, source="rest")


def test_an_end_shows_in_other_processes_within_a_second() -> None:
    """R-TEN-12: like the end of a sign-in; without a query for every frame."""
    fixture = ConsentFixture()
    assert not fixture.lets()
    fixture.say(GIVE)
    assert fixture.lets()
    reads = fixture.reads
    assert all(fixture.lets() for _ in range(100))
    assert fixture.reads == reads
    fixture.say(WITHDRAW)
    fixture.now_s += 1
    assert not fixture.lets()


def test_a_cached_consent_stays_valid_while_the_log_is_unavailable() -> None:
    """R-TEN-12, C-30"""
    fixture = ConsentFixture()
    fixture.say(GIVE)
    fixture.is_away = True
    with pytest.raises(StorageUnavailable):
        fixture.lets()
    fixture.is_away = False
    assert fixture.lets()
    fixture.is_away = True
    fixture.now_s += 10 * CACHE_TTL_S
    assert fixture.lets()


def test_an_erased_user_has_no_consents() -> None:
    """R-TEN-12, C-24: also if a device continues, and in a process with an empty cache."""
    fixture = ConsentFixture()
    fixture.say(GIVE)
    assert fixture.lets()
    fixture.say(ERASE)
    fixture.now_s += 1
    assert not fixture.lets()
    fixture.cache = ConsentCache(fixture, lambda: fixture.now_s)  # type: ignore[arg-type]  # as it reads
    assert not fixture.lets()
