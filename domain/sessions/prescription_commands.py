"""What may be asked of a session that performs a prescription, and how it is refused."""

from datetime import datetime
from typing import Final, Literal

from domain.kernel import Rejected, command
from domain.sessions.prescription_events import HealthKitObstacle, PrescribedLine
from domain.values import InvalidValue, within

LONGEST_REST_S: Final = 3600
"""As a prescription may have it."""

LONGEST_MS: Final = 86_400_000
"""A session lasts at most a day."""


@command
class TakePrescription:
    """Perform these lines in their order."""

    lines: tuple[PrescribedLine, ...]


@command
class SkipSets:
    """Leave out the next set of the prescription, or all that are left of its line."""

    what: Literal["set", "exercise"]


@command
class StartRest:
    """Rest after the last set; said again with another length, the rest is to last that long."""

    planned_s: int
    at_ms: int

    def __post_init__(self) -> None:
        within("planned_s", self.planned_s, 0, LONGEST_REST_S)
        within("at_ms", self.at_ms, 0, LONGEST_MS)


@command
class EndRest:
    """The athlete goes on; without a rest nothing happens."""

    at_ms: int

    def __post_init__(self) -> None:
        within("at_ms", self.at_ms, 0, LONGEST_MS)


@command
class RequestHealthKit:
    """Ask the athlete's device to write the session, which is completed, to HealthKit."""

    at: datetime


@command
class ConfirmHealthKit:
    """What became of writing the session to HealthKit; a `reason` where it failed, and only there.

    Raises InvalidValue.
    """

    at: datetime
    outcome: Literal["synced", "failed"]
    reason: HealthKitObstacle | None = None

    def __post_init__(self) -> None:
        if (self.outcome == "failed") != (self.reason is not None):
            raise InvalidValue("A reason belongs to what failed, and to nothing else.")


PrescriptionCommand = TakePrescription | SkipSets | StartRest | EndRest
"""Of a session that is under way."""

HealthKitCommand = RequestHealthKit | ConfirmHealthKit
"""Of a session that is over."""


class PrescriptionAlreadyTaken(Rejected):
    """A session performs one prescription, and takes it before its first set."""

    code = "session.prescription_already_taken"


class NothingPrescribed(Rejected):
    """Nothing is left of the prescription, or there is none; name an exercise to go on."""

    code = "session.nothing_prescribed"


class NothingToRestFrom(Rejected):
    """A rest follows a set."""

    code = "session.nothing_to_rest_from"


class HealthKitTooEarly(Rejected):
    """A workout is written to HealthKit once it is completed, never during it."""

    code = "healthkit.too_early"


class HealthKitNotRequested(Rejected):
    """This workout was not meant for HealthKit when it was completed."""

    code = "healthkit.not_requested"


class HealthKitAlreadySynced(Rejected):
    """The workout is in HealthKit already."""

    code = "healthkit.already_synced"
