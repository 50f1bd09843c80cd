"""Commands of achievements. None of them is ever refused."""

from datetime import datetime

from domain.achievements.training_stats import Training
from domain.ids import SessionId
from domain.kernel import command


@command
class CheckSessions:
    """Check what these sessions earned; `trainings` are all of the athlete's, in any order."""

    sessions: tuple[SessionId, ...]
    trainings: tuple[Training, ...]
    at: datetime


AchievementCommand = CheckSessions
