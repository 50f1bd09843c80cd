"""Achievements: badges and tiers of trophies, earned or next."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from api.views.base import Body
from domain.achievements.definitions import Tier
from domain.achievements.training_stats import NextTier


class Achievement(Body):
    """An earned badge or trophy tier, with the session that earned it. It is never revoked."""

    kind: Literal["badge", "trophy"]
    name: str = Field(description="Name of the badge, or of the trophy family.")
    tier: Tier | None = Field(description="Tier of a trophy.")
    measure: str
    least: float = Field(description="Required value of `measure`.")
    figure: float = Field(description="Reached value of `measure`.")
    session_id: str
    earned_at: datetime


class NextAchievement(Body):
    """A badge that is not earned yet, or the next tier of a trophy; `figure` of `least`."""

    kind: Literal["badge", "trophy"]
    name: str
    tier: Tier | None
    measure: str
    least: float
    figure: float

    @classmethod
    def of(cls, each: NextTier) -> Self:
        """Return the view of a rule that is not met yet."""
        rule = each.rule
        return cls(
            kind="badge" if rule.tier is None else "trophy",
            name=rule.name,
            tier=rule.tier,
            measure=rule.measure,
            least=rule.least,
            figure=each.figure,
        )
