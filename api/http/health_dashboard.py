"""Health dashboard of the signed-in user over REST: trends, summaries, training, proposals."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.caller import Id
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import health_dashboard as views
from api.views.base import Body, IsoDate

router = APIRouter(
    prefix="/v1/me/health", tags=["health data"], responses=problem_responses(403, 404, 422, 503)
)


class TrainingDays(Body):
    """Training beside recovery by day."""

    items: list[views.TrainingDay]


class GoalProposals(Body):
    """Proposed goals."""

    items: list[views.GoalProposal]


@router.get("/summary", operation_id="getHealthSummary", summary="Summarize a day")
def get_summary(
    caller: ReadingCaller,
    day: Annotated[IsoDate | None, Query(description="Today without it.")] = None,
) -> views.HealthSummary:
    """Return a day's figures, activities and heart-rate zones, and statistics of the last weeks."""
    return views.health_summary(caller, day)


@router.get("/trends/{metric}", operation_id="getHealthTrend", summary="Get a metric over time")
def get_trend(
    metric: Id,
    caller: ReadingCaller,
    start: Annotated[IsoDate, Query(description="First day.")],
    end: Annotated[IsoDate, Query(description="Last day; at most five years in all.")],
) -> views.HealthTrend:
    """Return at most 106 points: days, or the means of weeks or months of a longer range."""
    return views.health_trend(caller, metric, start, end)


@router.get("/training", operation_id="listHealthTraining", summary="List training and recovery")
def list_training(
    caller: ReadingCaller,
    start: Annotated[IsoDate, Query(description="First day.")],
    end: Annotated[IsoDate, Query(description="Last day; at most 92 days in all.")],
) -> TrainingDays:
    """Return for each day the completed sessions, and figures that tell of recovery."""
    return TrainingDays(items=views.training_days(caller, start, end))


@router.get("/goal-proposals", operation_id="listGoalProposals", summary="List proposed goals")
def list_goal_proposals(caller: ReadingCaller) -> GoalProposals:
    """Return goals a little above what you do anyway, for metrics that have none."""
    return GoalProposals(items=views.goal_proposals(caller))
