"""Commands of a session that performs a prescription, and their refusals."""

from datetime import datetime
from typing import Final, Literal

from domain.ids import ExerciseId
from domain.kernel import Rejected, command
from domain.sessions.moments import Moment, check_moment
from domain.sessions.prescription_events import HealthKitObstacle, PrescribedLine
from domain.sessions.scoring import ExerciseSpecs
from domain.values import CountSource, InvalidValue, check_client_source, within

MAX_REST_S: Final = 3600
"""The same limit as in a prescription."""

MAX_LOAD_KG: Final = 1000.0


@command
class TakePrescription:
    """Perform these lines in their order."""

    lines: tuple[PrescribedLine, ...]


@command
class BeginNextSet:
    """Begin the next set of the prescription, or one of `exercise_id` in its place; ends the rest.

    With a `number` only that set begins: a repeated command changes nothing, and a device that
    missed a set is refused. The client names `source` and `model`; `specs` give the rest.
    """

    exercise_id: ExerciseId | None = None
    number: int | None = None
    load_kg: float | None = None
    source: CountSource
    model: str
    at: Moment
    specs: ExerciseSpecs

    def __post_init__(self) -> None:
        check_moment("at_ms", self.at)
        check_client_source(self.source)
        if self.load_kg is not None:
            within("load_kg", self.load_kg, 0.0, MAX_LOAD_KG)


@command
class SkipSets:
    """Skip the next set of the prescription, or all that are left of its line.

    `line` and `round` name the set that the athlete skips, as `NextSet` does; for an exercise,
    `line` names it. If another one is next, because another device skipped or performed it,
    nothing happens.
    """

    what: Literal["set", "exercise"]
    line: int | None = None
    round: int | None = None

    def names(self, line: int, round_: int) -> bool:
        """Whether this round of this line, both from 1, is skipped."""
        is_round = self.what == "exercise" or self.round in {None, round_}
        return self.line in {None, line} and is_round


@command
class StartRest:
    """Rest after the last set, as prescribed or for `planned_s`; again, to change its length."""

    planned_s: int | None = None
    at: Moment

    def __post_init__(self) -> None:
        if self.planned_s is not None:
            within("planned_s", self.planned_s, 0, MAX_REST_S)
        check_moment("at_ms", self.at)


@command
class EndRest:
    """End the rest; without one nothing happens."""

    at: Moment

    def __post_init__(self) -> None:
        check_moment("at_ms", self.at)


@command
class RequestHealthKit:
    """Ask the athlete's device to write the completed session to HealthKit."""

    at: datetime


@command
class ConfirmHealthKit:
    """Report the result of writing the session to HealthKit; a failure has a `reason`.

    Raises InvalidValue.
    """

    at: datetime
    outcome: Literal["synced", "failed"]
    reason: HealthKitObstacle | None = None

    def __post_init__(self) -> None:
        if (self.outcome == "failed") != (self.reason is not None):
            raise InvalidValue("Give a reason for a failure, and only for a failure.")


PrescriptionCommand = TakePrescription | BeginNextSet | SkipSets | StartRest | EndRest
"""Commands of a session that is under way."""

HealthKitCommand = RequestHealthKit | ConfirmHealthKit
"""Commands of a completed session."""


class PrescriptionAlreadyTaken(Rejected):
    """A session performs one prescription, and takes it before its first set."""

    code = "session.prescription_already_taken"


class NothingPrescribed(Rejected):
    """No set of a prescription is left. Name an exercise to go on."""

    code = "session.nothing_prescribed"


class NothingToRestFrom(Rejected):
    """A rest follows a set. Complete a set first."""

    code = "session.nothing_to_rest_from"


class HealthKitTooEarly(Rejected):
    """A workout is written to HealthKit after it is completed. Complete it first."""

    code = "healthkit.too_early"


class HealthKitNotRequested(Rejected):
    """The session was completed without a HealthKit request."""

    code = "healthkit.not_requested"


class HealthKitAlreadySynced(Rejected):
    """The workout is already in HealthKit."""

    code = "healthkit.already_synced"
