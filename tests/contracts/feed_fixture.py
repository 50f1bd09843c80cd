"""A session in progress, published to a channel, and its followers."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

from adapters.clock import new_id
from adapters.event_log.memory import MemoryEventLog
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import EventLog
from application.live.chunk import SessionKey
from application.live.feed import (
    BEGINNING,
    Entry,
    FeedChannel,
    FeedPosition,
    FeedPublisher,
    SessionFeed,
    TransientUpdate,
    entries_of,
)
from application.live.feed_events import NAMES, CueGiven, ProgressMode
from domain.ids import ExerciseId, SessionId, TenantId, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span
from tests.live.chunks import NOW

DEVICE = CountedBy("server", "mannequin", 1)
STEP_BACK = CueGiven(1, None, None, "Step back.", 400)
TENANT = TenantId("gym")


@dataclass
class Lane:
    """A feed channel, and a function that makes it lose all stored entries."""

    channel: FeedChannel
    lose: Callable[[], object]
    sent: Callable[[], object] = lambda: None
    """Waits until everything published so far is in the channel."""


class FeedFixture:
    """A session in progress, and the log that publishes its events."""

    def __init__(self, lane: Lane, log: EventLog | None = None, tenant: TenantId = TENANT) -> None:
        self.lane, channel = lane, lane.channel
        kept = log or MemoryEventLog(clock=lambda: NOW, new_id=new_id)
        self.log = FeedPublisher(kept, channel)
        self.key = SessionKey(tenant, SessionId(f"s{uuid4().hex}"))
        self.progress = SessionFeed(kept, channel)
        self.commands = CommandHandler(self.log, settled=lambda _: None)
        self.chunks = 0

    def write(self, *wanted: commands.SessionCommand) -> None:
        origin = Origin(tenant_id=self.key.tenant_id, actor="test", correlation_id=new_id())
        request = Request(SESSION, self.key.session_id, wanted)
        self.commands.execute(request, origin=origin, command_id=new_id())

    def publish_transient(
        self, mode: ProgressMode = "server", *cues: CueGiven, chunk: int = 0
    ) -> None:
        self.chunks += 1
        self.progress.publish_transient(self.key, TransientUpdate(chunk or self.chunks, mode, cues))

    def begin(self) -> None:
        self.write(commands.StartSession(athlete_id=UserId("ada"), at=NOW))

    def start_set(self, number: int = 1) -> None:
        squat = ExerciseId("squat")
        self.write(commands.StartSet(set=number, exercise_id=squat, counted_by=DEVICE))

    def count(self, number: int, *faults: str) -> None:
        cues = [
            commands.NoteFault(set=1, repetition=number, fault=fault, cue="Chest up", at_ms=number)
            for fault in faults
        ]
        self.write(repetition(number, faults), *cues)

    def end_set(self) -> None:
        self.write(commands.CompleteSet(set=1, span=Span(0, 9000)))

    def complete(self) -> None:
        self.write(commands.CompleteSession(at=NOW + timedelta(minutes=1), specs={}))

    def train(self) -> None:
        """Perform a short session with every kind of entry."""
        self.begin()
        self.publish_transient("server")
        self.start_set()
        self.publish_transient("server", STEP_BACK, replace(STEP_BACK, cue="Turn to the side."))
        self.count(1, "trunk_lean")
        self.publish_transient("degraded")
        self.write(commands.RejectRepetition(set=1, span=Span(0, 9), reason="too_shallow"))
        self.count(2)
        self.publish_transient("server")
        self.write(
            commands.ReconcileRepetitions(set=1, withdrawn=(2,), added=(), counted_by=DEVICE),
            commands.NotePraise(set=1, repetition=1, cue="Good depth.", at_ms=70),
            commands.MeasureHold(source="server", set=1, span=Span(0, 9), form=0.5, faults=()),
        )
        self.end_set()
        self.complete()

    def facts(self) -> list[Entry]:
        stream = f"session-{self.key.session_id}"
        return [
            entry
            for one in self.log.load(self.key.tenant_id, stream)
            for entry in entries_of(one.event, one.position, one.version)
        ]

    def read_all(self, after: FeedPosition = BEGINNING, most: int | None = None) -> list[Entry]:
        """Follow to the end of the session, or until the connection breaks after `most` entries."""
        self.lane.sent()
        return asyncio.run(self.follow(after, most))

    async def follow(
        self,
        after: FeedPosition = BEGINNING,
        most: int | None = None,
        heard: Callable[[list[Entry]], object] = lambda _: None,
    ) -> list[Entry]:
        entries: list[Entry] = []
        async with asyncio.timeout(60):
            async with aclosing(self.progress.follow(self.key, after)) as batches:
                async for batch in batches:
                    for entry in batch:
                        if most is not None and len(entries) >= most:
                            break
                        entries.append(entry)
                    heard(entries)
                    if most is not None and len(entries) >= most:
                        break
        return entries


def repetition(number: int, faults: tuple[str, ...] = ()) -> commands.CountRepetition:
    return commands.CountRepetition(
        source="server",
        set=1,
        number=number,
        span=Span(1000 * number, 1000 * number + 900),
        tempo=None,
        range_of_motion_deg=95.0,
        symmetry=None,
        form=0.875,
        confidence=1.0,
        faults=faults,
    )


def kinds(entries: list[Entry]) -> list[str]:
    return [NAMES[type(entry.what)] for entry in entries]


def of_facts(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.version is not None]
