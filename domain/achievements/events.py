"""Events of achievements. Each athlete has one stream, named by the athlete's id."""

from datetime import datetime

from domain.achievements.definitions import Tier
from domain.ids import SessionId
from domain.kernel import event


@event("achievement.badge_earned")
class BadgeEarned:
    """The rule of a badge was met for the first time, in this session.

    `figure` is the value of `measure` after the session, `least` the threshold at that time. `at`
    is when the session was completed. Measures that no rule uses any longer stay readable.
    """

    badge: str
    measure: str
    least: float
    figure: float
    session_id: SessionId
    at: datetime


@event("achievement.trophy_unlocked")
class TrophyUnlocked:
    """A tier of a family was reached in this session; the fields are those of a badge."""

    family: str
    tier: Tier
    measure: str
    least: float
    figure: float
    session_id: SessionId
    at: datetime


@event("achievement.session_checked")
class SessionChecked:
    """A completed session was checked for achievements; it may have earned none."""

    session_id: SessionId
    at: datetime


AchievementEvent = BadgeEarned | TrophyUnlocked | SessionChecked
