"""What may be asked of somebody's achievements. Nothing of it is refused."""

from datetime import datetime

from domain.achievements.training_stats import Training
from domain.ids import SessionId
from domain.kernel import command


@command
class CheckSessions:
    """Look what these sessions earned; `trainings` are all of the athlete's, in any order."""

    sessions: tuple[SessionId, ...]
    trainings: tuple[Training, ...]
    at: datetime


AchievementCommand = CheckSessions
