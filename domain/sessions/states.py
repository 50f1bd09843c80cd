"""States of a session: not started, under way, completed, deleted."""

from datetime import datetime

from domain.ids import SessionId, UserId, WorkoutId
from domain.kernel import value
from domain.sessions import events
from domain.sessions.healthkit import HealthKit
from domain.sessions.prescription import PrescriptionProgress
from domain.sessions.prescription_events import PrescribedLine
from domain.sessions.set_state import SetState


@value
class NotStarted:
    """The session has not started."""


@value
class Underway:
    """The session is under way: `performed` are its sets, the last of them the current one."""

    athlete_id: UserId
    workout_id: WorkoutId | None
    started_at: datetime
    time_zone: str
    set_is_open: bool = False
    performed: tuple[SetState, ...] = ()
    prescription: PrescriptionProgress = PrescriptionProgress()
    tags: tuple[str, ...] = ()

    @property
    def sets(self) -> int:
        """Number of sets that have begun."""
        return len(self.performed)

    def is_set_completed(self, number: int) -> bool:
        """Return whether a set has been completed."""
        return number < self.sets or (number == self.sets and not self.set_is_open)


@value
class Completed:
    """The session is over. `trained` is what it adds to the athlete's totals.

    `replacement` is the session that counts it as another exercise; None if it was not corrected.
    `lines` are those of its prescription.
    """

    trained: events.Trained | None = None
    healthkit: HealthKit = HealthKit()
    tags: tuple[str, ...] = ()
    replacement: SessionId | None = None
    performed: tuple[SetState, ...] = ()
    lines: tuple[PrescribedLine, ...] = ()


@value
class Deleted:
    """The session is hidden since `at`; restoring it brings back the state `before`."""

    at: datetime
    before: Underway | Completed


Session = NotStarted | Underway | Completed | Deleted
