"""Types of achievements in GraphQL."""

import enum
from collections.abc import Sequence

import strawberry

from api.graphql.derived_types import convert, derived
from api.views import achievements as views
from application.achievements.queries import is_checked
from domain.achievements.training_stats import NextTier
from projections.achievement import Achievement as Row
from projections.achievement_check import AchievementCheck


@strawberry.enum
class AchievementKind(enum.Enum):
    """Badge: met once. Trophy: a family of rules with tiers."""

    BADGE = "badge"
    TROPHY = "trophy"


@strawberry.enum
class Tier(enum.Enum):
    """Tier of a trophy."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"


@derived(views.Achievement)
class Achievement:
    """An earned achievement, with its evidence. It is never revoked.

    The session reached `figure` of `measure`; `least` was required. Badges have no tier.
    """

    kind: AchievementKind
    tier: Tier | None

    @classmethod
    def of(cls, row: Row) -> "Achievement":
        """Return the view of a row."""
        return convert(cls, row)


@derived(views.NextAchievement)
class NextAchievement:
    """A badge that is not earned yet, or the next tier of a trophy; `figure` of `least`."""

    kind: AchievementKind
    tier: Tier | None

    @classmethod
    def of(cls, each: NextTier) -> "NextAchievement":
        """Return the view of a rule that is not met yet."""
        return convert(cls, views.NextAchievement.of(each))


@strawberry.type(description="Achievements of a session; `checked` soon after its completion.")
class SessionAchievements:
    """Empty until the session is checked."""

    checked: bool
    earned: list[Achievement]

    @classmethod
    def of(cls, checks: Sequence[AchievementCheck], rows: Sequence[Row]) -> "SessionAchievements":
        """Return the view of rows."""
        return cls(checked=is_checked(checks), earned=[Achievement.of(row) for row in rows])
