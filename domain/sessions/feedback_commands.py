"""Feedback of the athlete on judged faults: its command, and its refusal."""

from datetime import datetime

from domain.kernel import Rejected, command
from domain.sessions.correction_commands import CorrectExercise
from domain.values import FaultFeedback


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


ResultCommand = CorrectExercise | GiveFaultFeedback
"""What athletes say of a result."""


class FaultNotJudged(Rejected):
    """Only a reported fault can be wrong; only one that was judged, and not reported, be missed."""

    code = "session.fault_not_judged"
    kind = "invalid"
