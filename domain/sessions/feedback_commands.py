"""Feedback of the athlete on judged faults and on sets: its commands, and its refusal."""

from datetime import datetime

from domain.kernel import Rejected, command
from domain.sessions.correction_commands import CorrectExercise
from domain.values import FaultFeedback, check_rpe


@command
class GiveFaultFeedback:
    """Contradict the judgement of a fault; `feedback` None takes that back.

    `repetition` is its number in the set, None for holds and for cues about no repetition.
    """

    set: int
    repetition: int | None
    fault: str
    feedback: FaultFeedback | None
    at: datetime


@command
class RateSet:
    """Rate how hard a set felt, from 1 to 10 in steps of 0.5; `rpe` None takes that back."""

    set: int
    rpe: float | None
    at: datetime

    def __post_init__(self) -> None:
        check_rpe(self.rpe)


ResultCommand = CorrectExercise | GiveFaultFeedback | RateSet
"""What athletes say of a result."""


class FaultNotJudged(Rejected):
    """Only a reported fault can be wrong; only one that was judged, and not reported, be missed."""

    code = "session.fault_not_judged"
    kind = "invalid"
