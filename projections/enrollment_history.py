"""Enrollment history read model: one row per user and plan, with its latest rounds."""

from dataclasses import dataclass
from typing import Any, Final

from domain.enrollments import events
from domain.ids import EnrollmentId
from domain.kernel import Projection, Recorded
from projections.enrollment import ENROLLMENT, Enrollment
from projections.kernel import stream_id

MOST_ROUNDS: Final = 500
"""Rounds that are kept: each event writes all of them, and a free plan can be chosen at will."""


@dataclass(frozen=True)
class EnrollmentHistory:
    """The latest rounds of an enrollment, in order: each time that the user chose the plan.

    `version` is the place in the stream of the last event in this row, and `first_round` the number
    of the first round in it, which is 1 until there are more than MOST_ROUNDS.
    """

    id: EnrollmentId
    version: int
    rounds: tuple[Enrollment, ...]
    first_round: int = 1


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
    kept = (*earlier, changed)[-MOST_ROUNDS:]
    first_round = (1 if row is None else row.first_round) + len(earlier) + 1 - len(kept)
    key = EnrollmentId(stream_id(recorded))
    return EnrollmentHistory(key, recorded.version, kept, first_round)


ENROLLMENT_HISTORY = Projection(
    name="enrollment_history",
    version=ENROLLMENT.version + 1,
    row=EnrollmentHistory,
    keys=keys,
    evolve=evolve,
)
"""Its version follows that of ENROLLMENT, whose rows its rows contain."""
