"""Health goals read model: one row per person and metric."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from domain.health.events import Goal, GoalRemoved, GoalSet
from domain.ids import UserId
from domain.kernel import Projection, Recorded
from domain.personal import Personal


@dataclass(frozen=True)
class HealthGoal:
    """A target for the daily figure of a metric, in its unit."""

    user_id: UserId
    metric: str
    target: float
    direction: Literal["at_least", "at_most"]
    set_at: datetime


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by person and metric; erased goals have none."""
    match recorded.event:
        case GoalSet(goal=Personal(subject=user, value=Goal(metric=metric))):
            return (f"{user}/{metric}",)
        case GoalRemoved(metric=Personal(subject=user, value=str() as metric)):
            return (f"{user}/{metric}",)
        case _:
            return ()


def evolve(row: HealthGoal | None, recorded: Recorded[Any]) -> HealthGoal | None:
    """Apply one event to the goal."""
    match recorded.event:
        case GoalSet(goal=Personal(subject=user, value=Goal() as goal), at=at):
            return HealthGoal(user, goal.metric, goal.target, goal.direction, at)
        case GoalRemoved():
            return None
        case _:
            return row


HEALTH_GOAL = Projection(
    name="health_goal",
    version=1,
    row=HealthGoal,
    keys=keys,
    evolve=evolve,
    indexes=(("user_id",),),
    kind="health",
)
