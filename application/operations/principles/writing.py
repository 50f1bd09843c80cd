"""Checks of writing: durable, atomic and idempotent."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID, uuid5

from application.kernel.command_handler import Request
from application.operations.principles.kernel import ACTOR, Broken, Patient
from domain.ids import ExerciseId, UserId
from domain.kernel import Rejected
from domain.recordings import commands as recordings
from domain.recordings.recording import RECORDING
from domain.sessions import commands, events
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span

DEVICE: Final = CountedBy("device", "doctor", 1)
NAMESPACE: Final = UUID("0193b5a0-6f3c-7d11-8e52-3c1d77a0e9f4")
"""UUID namespace of the doctor's command ids."""
ACKNOWLEDGED: Final = 20
"""Acknowledged events after which the writer is killed."""
MORE: Final = 5
"""New events in the second run."""


def duplicates(patient: Patient, stream_twice: Callable[[str], int | None]) -> str:
    """Idempotency: the same command twice, and every chunk of a live set twice.

    `stream_twice` streams a set to a session, each chunk as two deliveries. It returns the
    repetitions performed, or None if no worker counts them.
    """
    session, command_id = patient.session(), patient.new_id()
    for _ in range(2):
        patient.write(patient.begin(session), command_id=command_id)
    if (count := len(patient.facts(session))) != 1:
        raise Broken(f"A command sent twice stored {count} events.")
    performed = stream_twice(session)
    if performed is None:
        return "A command sent twice stored 1 event; without a worker, no live set was streamed."
    facts = (recorded.event for recorded in patient.facts(session))
    counted = sum(isinstance(fact, events.RepetitionCounted) for fact in facts)
    if counted != performed:
        raise Broken(f"{performed} repetitions streamed twice were counted as {counted}.")
    return f"A command sent twice stored 1 event; {performed} repetitions sent twice count once."


class Writer(Protocol):
    """A separate process that writes events one by one until it is killed."""

    def killed_after(self, session: str, facts: int) -> int:
        """Run it on a session, kill it after so many acknowledgements; return how many it got."""
        ...


def lost_process(patient: Patient, writer: Writer, wanted: Callable[[str, int], Request]) -> str:
    """Event sourcing: a process is killed during its work, and another repeats all of it.

    `wanted` builds the command of the n-th event of a session, with a deterministic id.
    """
    session = patient.session()
    acknowledged = writer.killed_after(session, ACKNOWLEDGED)
    kept = [recorded.version for recorded in patient.facts(session)]
    if len(kept) < acknowledged or kept != list(range(1, len(kept) + 1)):
        raise Broken(f"The log has {len(kept)} of {acknowledged} acknowledged events.")
    target = len(kept) + MORE
    for number in range(1, target + 1):
        request, command_id = wanted(session, number), fact_id(session, number)
        patient.write(request, command_id=command_id)
    if (count := len(patient.facts(session))) != target:
        raise Broken(f"{target} commands, {len(kept)} of them repeated, stored {count} events.")
    return f"Killed after {acknowledged} events: none was lost, and none was stored twice."


def failed_step(patient: Patient) -> str:
    """Multi-step transactions: the second step is rejected, and the first leaves nothing.

    Work on several streams is one transaction. Payments, whose steps are compensated, are not
    checked here: that would need a gateway.
    """
    session = patient.session()
    never_begun = Request(
        RECORDING, session, [recordings.CompleteRecording(duration_ms=1, at=patient.clock())]
    )
    try:
        patient.write(patient.begin(session), never_begun)
    except Rejected:
        if facts := patient.facts(session):
            raise Broken(
                f"The second step was refused, but the first stored {len(facts)} events."
            ) from None
        return "The second of two steps was refused, and the first stored nothing."
    raise Broken("A recording that had not begun was completed.")


def fact_id(session: str, number: int) -> UUID:
    """Return the deterministic command id of the n-th event of a session."""
    return uuid5(NAMESPACE, f"{session}/{number}")


def nth_fact(session: str, number: int, at: datetime) -> Request:
    """Build the command of the n-th event: start the session, start its set, then measure holds."""
    command: Any
    match number:
        case 1:
            command = commands.StartSession(athlete_id=UserId(ACTOR), at=at)
        case 2:
            command = commands.StartSet(set=1, exercise_id=ExerciseId("plank"), counted_by=DEVICE)
        case _:
            span = Span(1000 * number, 1000 * number + 900)
            command = commands.MeasureHold(source="server", set=1, span=span, form=None, faults=())
    return Request(SESSION, session, [command])
