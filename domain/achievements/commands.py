"""Commands of achievements. None of them is ever refused."""

from datetime import datetime

from domain.achievements.training_stats import Training
from domain.ids import SessionId
from domain.kernel import command


@command
class CheckSessions:
    """Check what these sessions earned; `trainings` are all of the athlete's, in any order.

    `restored` are those of the sessions that were restored: they are checked again.
    """

    sessions: tuple[SessionId, ...]
    trainings: tuple[Training, ...]
    at: datetime
    restored: frozenset[SessionId] = frozenset()


AchievementCommand = CheckSessions
