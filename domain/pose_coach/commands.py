"""Commands of a pose session, and their refusals."""

from datetime import datetime, timedelta
from typing import Final

from domain.ids import UserId
from domain.kernel import Rejected, command, value
from domain.texts import is_blank, is_one_line
from domain.values import InvalidValue, within

MAX_EXERCISE: Final = 100
"""Characters of an exercise: its column is VARCHAR(100)."""

MAX_REPS: Final = 10_000
MAX_DURATION_S: Final = 24 * 3600
MAX_FEEDBACK: Final = 20
MAX_FEEDBACK_POINT: Final = 500
"""Characters of a point of feedback. All points fit in a TEXT column as JSON, 65,535 bytes."""

ACCURACY_DECIMALS: Final = 4
"""A FLOAT column returns as many decimals unchanged."""

EARLIEST_YEAR: Final = 2000
CLOCK_SKEW: Final = timedelta(minutes=5)
"""How far the clock of a device may be ahead of the server's."""


@value
class PoseSummary:
    """The result of a workout: `accuracy` 0..1, `duration_s` in seconds. Raises InvalidValue."""

    exercise: str
    reps: int
    accuracy: float
    ended_at: datetime
    duration_s: int
    feedback: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_text("exercise", self.exercise, MAX_EXERCISE)
        within("reps", self.reps, 0, MAX_REPS)
        within("accuracy", self.accuracy, 0.0, 1.0)
        within("duration", self.duration_s, 0, MAX_DURATION_S)
        within("number of feedback points", len(self.feedback), 0, MAX_FEEDBACK)
        for point in self.feedback:
            _check_text("point of feedback", point, MAX_FEEDBACK_POINT)
        if self.accuracy != round(self.accuracy, ACCURACY_DECIMALS):
            raise InvalidValue(f"The accuracy has more than {ACCURACY_DECIMALS} decimals.")
        if self.ended_at.year < EARLIEST_YEAR or self.ended_at.microsecond % 1000:
            raise InvalidValue(
                f"The timestamp is in whole milliseconds, from the year {EARLIEST_YEAR} on."
            )


def _check_text(name: str, text: str, longest: int) -> None:
    if is_blank(text) or not is_one_line(text):
        raise InvalidValue(f"The {name} is a line of text, without control characters.")
    within(f"length of the {name}", len(text), 1, longest)


@command
class SavePoseSession:
    user_id: UserId
    summary: PoseSummary
    at: datetime

    def __post_init__(self) -> None:
        if self.summary.ended_at > self.at + CLOCK_SKEW:
            raise InvalidValue("The timestamp is in the future.")


@command
class DeletePoseSession:
    at: datetime


PoseSessionCommand = SavePoseSession | DeletePoseSession


class PoseSessionNotFound(Rejected):
    """There is no pose session of yours with this id."""

    code = "pose_session.unknown"
    kind = "not_found"


class PoseSessionDiffers(Rejected):
    """A session with this timestamp was saved with another exercise."""

    code = "pose_session.differs"


class PoseSessionWasDeleted(Rejected):
    """This session was saved before, and then deleted."""

    code = "pose_session.deleted"
