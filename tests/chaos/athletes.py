"""Simulated athletes whose clients retry unanswered chunks, and the expected events."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any, Final

import httpx2

from adapters.api_client.live import ClientStatistics, LiveClient, NotDelivered
from adapters.clock import utc_now
from application.live.chunk import IngestChunk, SessionKey
from application.live.chunk_codec import decode, encode
from application.live.detections import to_commands
from application.live.tracker import track
from domain.ids import DEFAULT_TENANT, SessionId
from domain.sessions import events
from tests.chaos.plan import Plan
from tests.live.chunks import take
from tests.live.session_fixture import KEY, SessionFixture
from tests.live.site import InTurn

EXERCISES: Final = ("squat", "push_up", "biceps_curl", "shoulder_press")
PATIENCE_S: Final = 300.0
FORGETFUL_PATIENCE_S: Final = 5.0
Facts = tuple[Any, ...]


@dataclass(frozen=True)
class Act:
    """The set that an athlete performs."""

    exercise: str
    repetitions: int

    @classmethod
    def of(cls, number: int) -> "Act":
        """Return the set of the `number`-th athlete."""
        return cls(EXERCISES[number % len(EXERCISES)], 3 + number // len(EXERCISES) % 3)


@cache
def chunks(act: Act) -> tuple[IngestChunk, ...]:
    """Return the chunks of a set, decoded from the wire format, for a placeholder session."""
    sent = take(KEY.session_id, exercise=act.exercise, repetitions=act.repetitions)
    return tuple(decode(encode(request), DEFAULT_TENANT) for request in sent)


@cache
def truth(act: Act) -> Facts:
    """Return the events of a set without failures, in one process and in memory."""
    fixture, session = SessionFixture(), None
    for request in chunks(act):
        applied = track(session, request.sequence, request.message)
        session = applied.session
        for detection in applied.detections:
            if wanted := list(to_commands(detection)):
                fixture.execute(*wanted)
    return of_frames(fixture.all_events())


def of_frames(facts: Any) -> Facts:
    """Return the events that come from frames alone; others have times and ids of their own."""
    dated = events.SessionStarted | events.ExercisePerformed | events.SessionCompleted
    return tuple(fact for fact in facts if not isinstance(fact, dated))


class Athlete(threading.Thread):
    """Performs a set: `done` of `steps`; `failure` is the reason of an early end."""

    def __init__(self, number: int, plan: Plan, urls: list[str]) -> None:
        super().__init__(name=f"athlete-{number}", daemon=True)
        self.act = Act.of(number)
        self.steps = len(chunks(self.act)) + 1
        self.done = 0
        self.session_id = ""
        self.failure = ""
        self.summary: dict[str, Any] = {}
        self.statistics = ClientStatistics()
        self._plan = plan
        self._urls = urls

    def run(self) -> None:
        try:
            with self._phone(PATIENCE_S) as phone:
                self._train(phone)
        except Exception as failed:  # noqa: BLE001  told in the verdict
            self.failure = f"{self.session_id or self.name}: {failed!r}"

    def _train(self, phone: LiveClient) -> None:
        duration = timedelta(seconds=float(chunks(self.act)[-1].message.chunk.times_s[-1]))
        self.session_id = phone.start(self.name, utc_now() - duration)
        self.statistics = phone.statistics
        key = SessionKey(DEFAULT_TENANT, SessionId(self.session_id))
        began = time.monotonic()
        send = self._forgetful() if self._plan.control == "client" else phone.send
        for request in chunks(self.act):
            self._wait(began, float(request.message.chunk.times_s[-1]))
            send(replace(request, session=key))
            self.done += 1
        if self._plan.control == "client":
            with self._phone(FORGETFUL_PATIENCE_S) as hasty:
                self.summary = hasty.complete(self.session_id)
        else:
            self.summary = phone.complete(self.session_id)
        self.done += 1

    def _wait(self, began: float, time_s: float) -> None:
        if self._plan.speed > 0.0:
            time.sleep(max(0.0, began + time_s / self._plan.speed - time.monotonic()))

    def _forgetful(self) -> Any:
        """Send each chunk once; forget rejected ones, and reuse their number for the next."""
        taken = 0

        def send(request: IngestChunk) -> None:
            nonlocal taken
            with self._phone(0.0) as phone:
                phone.offer(replace(request, message=replace(request.message, sequence=taken + 1)))
                with suppress(NotDelivered):
                    taken = int(phone.deliver()["seqAck"])

        return send

    @contextmanager
    def _phone(self, patience_s: float) -> Generator[LiveClient]:
        way = InTurn(*self._urls)
        with httpx2.Client(transport=way, base_url="http://server", timeout=60) as http:
            yield LiveClient(http, tenant=DEFAULT_TENANT, patience_s=patience_s)
