"""Enrollment history read model: one row per user and plan, with all rounds."""

from dataclasses import dataclass
from typing import Any

from domain.enrollments import events
from domain.ids import EnrollmentId
from domain.kernel import Projection, Recorded
from projections.enrollment import ENROLLMENT, Enrollment
from projections.kernel import stream_id


@dataclass(frozen=True)
class EnrollmentHistory:
    """The rounds of an enrollment, from the first: each time that the user chose the plan.

    `version` is the place in the stream of the last event in this row.
    """

    id: EnrollmentId
    version: int
    rounds: tuple[Enrollment, ...]


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by enrollment."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.EnrollmentEvent) else ()


def evolve(row: EnrollmentHistory | None, recorded: Recorded[Any]) -> EnrollmentHistory | None:
    """Apply one event to the latest round, or begin another one. A repeated event does nothing."""
    if not isinstance(recorded.event, events.EnrollmentEvent):
        return row
    if row is not None and recorded.version <= row.version:
        return row
    rounds = () if row is None else row.rounds
    if isinstance(recorded.event, events.EnrollmentCreated):
        earlier, latest = rounds, None
    else:
        earlier, latest = rounds[:-1], rounds[-1] if rounds else None
    changed = ENROLLMENT.evolve(latest, recorded)
    if changed is None:
        return row
    key = EnrollmentId(stream_id(recorded))
    return EnrollmentHistory(key, recorded.version, (*earlier, changed))


ENROLLMENT_HISTORY = Projection(
    name="enrollment_history",
    version=ENROLLMENT.version,
    row=EnrollmentHistory,
    keys=keys,
    evolve=evolve,
)
"""Its version is that of ENROLLMENT, whose rows its rows contain."""
