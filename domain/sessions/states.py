"""What a session can be: begun or not, over, or deleted."""

from dataclasses import replace
from datetime import datetime

from domain.ids import UserId, WorkoutId
from domain.kernel import value
from domain.sessions import events
from domain.sessions.healthkit import HealthKit
from domain.sessions.prescription import PrescriptionProgress
from domain.sessions.sets import SetState


@value
class NotStarted:
    """Nobody has begun."""


@value
class Underway:
    """The athlete trains: `performed` are the sets so far, the last of them the current one."""

    athlete_id: UserId
    workout_id: WorkoutId | None
    started_at: datetime
    time_zone: str
    set_is_open: bool = False
    performed: tuple[SetState, ...] = ()
    execution: PrescriptionProgress = PrescriptionProgress()
    tags: tuple[str, ...] = ()

    @property
    def sets(self) -> int:
        """How many have begun."""
        return len(self.performed)

    def with_set(self, number: int, state: SetState) -> "Underway":
        """Give the session with a set as it now stands."""
        before, after = self.performed[: number - 1], self.performed[number:]
        return replace(self, performed=(*before, state, *after))


@value
class Completed:
    """The session is over; its history stays. `trained` is what it counts for."""

    trained: events.Trained | None = None
    healthkit: HealthKit = HealthKit()
    tags: tuple[str, ...] = ()


@value
class Deleted:
    """Nobody is shown it any more, since `at`; it can become again what it was `before`."""

    at: datetime
    before: Underway | Completed


Session = NotStarted | Underway | Completed | Deleted
