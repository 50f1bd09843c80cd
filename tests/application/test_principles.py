"""The principles of `kinelog doctor` hold, and a component that violates one is reported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from adapters.bus.in_process import InProcessBus
from adapters.clock import new_id
from adapters.event_log.memory import MemoryEventLog
from application.kernel.bus import Delivery
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.consumer import consumer_subscription
from application.kernel.ports import AppendResult, Change, EventLog
from application.kernel.subscription import Backoff
from application.kernel.topics import Group, Topic
from application.operations.principles import reading, writing
from application.operations.principles.kernel import (
    Broken,
    NotHere,
    Patient,
    Principle,
    Shown,
    show_all,
)
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span, Tempo
from tests.live.chunks import NOW
from tests.live.session_fixture import clock

SOON_S = 0.2
GROUP = Group("doctor", ("doctor",))
TEMPO = Tempo(1.0, 0.0, 1.0, 0.0)


def patient(log: EventLog | None = None, *, kind: type[CommandHandler] = CommandHandler) -> Patient:
    log = MemoryEventLog(clock=clock, new_id=new_id) if log is None else log
    return Patient(log, kind(log, settled=lambda _: None), clock, new_id)


class Forgetful(MemoryEventLog):
    """A log that does not recognize repeated commands."""

    def done(self, *_: object) -> AppendResult | None:
        return None

    def append(
        self, changes: Sequence[Change], *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        del command_id
        return super().append(changes, origin=origin, command_id=new_id())


class OneByOne(CommandHandler):
    """Executes each request in its own transaction."""

    def execute(self, *requests: Request, origin: Origin, command_id: UUID) -> AppendResult:
        del command_id
        return [
            super(OneByOne, self).execute(request, origin=origin, command_id=new_id())
            for request in requests
        ][-1]


def counting(found: Patient, times: int) -> Callable[[str], int]:
    """Return a function that streams a set of three repetitions, of which `times` are counted."""

    def stream(session: str) -> int:
        counted = CountedBy("device", "test", 1)
        start = commands.StartSet(set=1, exercise_id="squat", counted_by=counted)  # type: ignore[arg-type]  # an id is a string
        repetitions = [
            commands.CountRepetition(
                source="server",
                set=1,
                number=number,
                span=Span(1000 * number, 1000 * number + 900),
                tempo=TEMPO,
                range_of_motion_deg=90.0,
                symmetry=None,
                form=None,
                confidence=0.9,
                faults=(),
            )
            for number in range(1, times + 1)
        ]
        found.write(Request(SESSION, session, [start, *repetitions]))
        return 3

    return stream


def test_a_repeated_message_is_processed_once() -> None:
    """R-EVT-16"""
    well = patient()
    assert "1 event; 3 repetitions" in writing.duplicates(well, counting(well, 3))
    assert "without a worker" in writing.duplicates(well, lambda _: None)


def test_the_check_detects_a_repetition_counted_twice() -> None:
    ill = patient()
    with pytest.raises(Broken, match="3 repetitions streamed twice were counted as 4"):
        writing.duplicates(ill, counting(ill, 4))


def test_the_check_detects_a_log_that_forgets_commands() -> None:
    ill = patient(Forgetful(clock=clock, new_id=new_id))
    (found,) = show_all(
        [Principle("idempotency", lambda: writing.duplicates(ill, counting(ill, 3)))],
        lambda _: None,
    )
    assert found.state == "broken"


@dataclass
class Writes:
    """A writer that reports `too_many` more events than it stored."""

    patient: Patient
    too_many: int = 0

    def killed_after(self, session: str, facts: int) -> int:
        for number in range(1, facts + 1):
            wanted = writing.nth_fact(session, number, NOW)
            self.patient.write(wanted, command_id=writing.fact_id(session, number))
        return facts + self.too_many


def nth(session: str, number: int) -> Request:
    return writing.nth_fact(session, number, NOW)


def test_after_a_kill_acknowledged_work_exists_once() -> None:
    """R-EVT-14"""
    well = patient()
    assert "none was stored twice" in writing.lost_process(well, Writes(well), nth)


def test_the_check_detects_a_log_that_loses_events() -> None:
    ill = patient()
    with pytest.raises(Broken, match="The log has 20 of 21 acknowledged events"):
        writing.lost_process(ill, Writes(ill, too_many=1), nth)


def test_a_refused_step_undoes_the_step_before_it() -> None:
    """R-EVT-17"""
    assert "the first stored nothing" in writing.failed_step(patient())


def test_the_check_detects_steps_that_are_not_atomic() -> None:
    with pytest.raises(Broken, match="the first stored 1 events"):
        writing.failed_step(patient(kind=OneByOne))


def sessions_of(found: Patient) -> Callable[[], set[str]]:
    def listed() -> set[str]:
        every = found.log.scan(after=0, limit=1000)
        return {recorded.stream.removeprefix("session-") for recorded in every}

    return listed


def test_the_check_passes_for_a_cache_that_follows_events() -> None:
    """R-DAT-08"""
    well = patient()
    assert "Three responses" in reading.stale_cache(well, sessions_of(well), lambda _: True)


def test_the_check_detects_a_stale_answer() -> None:
    with pytest.raises(Broken, match="Response 1 is older"):
        reading.stale_cache(patient(), set, lambda _: True)


def test_without_a_projection_runner_read_models_are_unavailable() -> None:
    with pytest.raises(NotHere):
        reading.stale_cache(patient(), set, lambda _: False)


def bench(change: Callable[[Any], Any] = lambda work: work) -> reading.Bench:
    """Return a group on an in-memory bus; `change` wraps its handlers."""
    kept = Topic("", "", NOW - NOW).kept
    bus = InProcessBus([Topic(name, "", kept, partitions=1) for name in ("doctor", "doctor.dlq")])
    return reading.Bench(
        bus=bus,
        group=GROUP,
        consumer=lambda work: consumer_subscription(
            bus, GROUP, change(work), draw=lambda: 0.0, clock=clock, retry=Backoff(attempts=2)
        ),
        new_id=new_id,
    )


def test_a_poison_message_blocks_no_other() -> None:
    """R-EVT-19"""
    assert "became a dead letter" in reading.poison_message(bench())


def test_the_check_detects_a_lost_poison_message() -> None:
    def careless(work: Callable[[Delivery], None]) -> Callable[[Delivery], None]:
        def handle(delivered: Delivery) -> None:
            if not (delivered.message.value or b"").endswith(b"poison"):
                work(delivered)

        return handle

    with pytest.raises(Broken, match="no dead letter"):
        reading.poison_message(bench(careless))


def test_the_check_detects_a_message_lost_beside_a_poison_message() -> None:
    def blocked(work: Callable[[Delivery], None]) -> Callable[[Delivery], None]:
        def handle(delivered: Delivery) -> None:
            if (delivered.message.value or b"").endswith(b"-2"):
                raise reading.Poisoned
            work(delivered)

        return handle

    with pytest.raises(Broken, match=r"[01] of 2 messages were processed"):  # none if it began late
        reading.poison_message(bench(blocked), within_s=SOON_S)


def test_missing_frames_are_not_counted_as_shown() -> None:
    def elsewhere() -> str:
        raise NotHere("Not here.")

    reported: list[Shown] = []
    found = show_all([Principle("a", elsewhere), Principle("b", lambda: "Well.")], reported.append)
    assert [each.state for each in found] == ["not applicable", "holds"]
    assert tuple(reported) == found
