"""Achievements in GraphQL: a badge or a tier of a trophy, and what comes next."""

import enum
from collections.abc import Sequence
from datetime import datetime

import strawberry

from api.achievements import is_checked
from domain.achievements.training_stats import NextTier
from projections.achievement import Achievement as Row
from projections.achievement_check import AchievementCheck


@strawberry.enum
class AchievementKind(enum.Enum):
    """A rule that is met once, or a tier of a family of rules."""

    BADGE = "badge"
    TROPHY = "trophy"


@strawberry.enum
class Tier(enum.Enum):
    """How high a trophy is."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"


@strawberry.type(description="What an athlete has earned, which stays; and the evidence.")
class Achievement:
    """In the session `figure` was reached of `measure`, and `least` asked for. A badge: no tier."""

    kind: AchievementKind
    name: str
    tier: Tier | None
    measure: str
    least: float
    figure: float
    session_id: strawberry.ID
    earned_at: datetime

    @classmethod
    def of(cls, row: Row) -> "Achievement":
        """Tell a row of the read model."""
        return cls(
            kind=AchievementKind(row.kind),
            name=row.name,
            tier=None if row.tier is None else Tier(row.tier),
            measure=row.measure,
            least=row.least,
            figure=row.figure,
            session_id=strawberry.ID(row.session_id),
            earned_at=row.earned_at,
        )


@strawberry.type(description="A badge that is not earned yet, or the next tier of a trophy.")
class NextAchievement:
    """`figure` is what `measure` has come to so far, of `least`."""

    kind: AchievementKind
    name: str
    tier: Tier | None
    measure: str
    least: float
    figure: float

    @classmethod
    def of(cls, each: NextTier) -> "NextAchievement":
        """Tell what comes next."""
        rule = each.rule
        return cls(
            kind=AchievementKind.BADGE if rule.tier is None else AchievementKind.TROPHY,
            name=rule.name,
            tier=None if rule.tier is None else Tier(rule.tier),
            measure=rule.measure,
            least=rule.least,
            figure=each.figure,
        )


@strawberry.type(description="What a session earned. It is `checked` soon after it is completed.")
class SessionAchievements:
    """Nothing is earned before it is checked, and maybe nothing then."""

    checked: bool
    earned: list[Achievement]

    @classmethod
    def of(cls, checks: Sequence[AchievementCheck], rows: Sequence[Row]) -> "SessionAchievements":
        """Tell rows of the read models."""
        return cls(checked=is_checked(checks), earned=[Achievement.of(row) for row in rows])
