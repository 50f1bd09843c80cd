"""What an athlete earns. One stream for each athlete; it has the athlete's id."""

from datetime import datetime

from domain.achievements.definitions import Tier
from domain.ids import SessionId
from domain.kernel import event


@event("achievement.badge_earned")
class BadgeEarned:
    """The rule of a badge was met, for the first time, in this session.

    `figure` is what `measure` came to with it, `least` what the rule asked for then. `at` is when
    the session was completed. Measures that are no rule's any more stay readable.
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
    """It was looked at what a completed session earned, which may be nothing."""

    session_id: SessionId
    at: datetime


AchievementEvent = BadgeEarned | TrophyUnlocked | SessionChecked
