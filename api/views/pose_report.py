"""Report of the pose coach: one's own figures beside those of many people."""

from datetime import date
from typing import Any

import structlog
from pydantic import Field

from api.views.base import Body
from api.views.leaderboards import Quartiles
from api.views.pose_coach import WorkoutStats, get_stats
from api.views.supervision import own_id
from application.caller import Caller
from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import Between
from application.pose_coach.report import PopulationMonth, complete_month, month_bounds

logger: Any = structlog.get_logger()


class PoseGroupFigures(Body):
    """Figures of a month of at least twenty people who consented to population insights.

    Each is the mean of five people, rounded to about a fifth: accuracies to 0.05.
    """

    exercise: str | None = Field(description="Null for all exercises together.")
    athletes: int = Field(description="Rounded down to a multiple of five.")
    sessions: Quartiles
    reps: Quartiles
    accuracy: Quartiles = Field(description="Of each person's average, 0 to 1.")
    duration: Quartiles = Field(description="Seconds.")


class PoseCoachReport(Body):
    """Your own figures, and those of everyone who consented.

    Your own figures are there while the others are not available. `overall` is null for fewer than
    twenty people; exercises of fewer are missing.
    """

    own: WorkoutStats
    own_month: WorkoutStats = Field(description="Of your sessions in the same month.")
    month: date = Field(description="Of the figures of others: its first day, in UTC.")
    is_available: bool = Field(
        description="False while the store with the figures of others is down or behind."
    )
    overall: PoseGroupFigures | None
    exercises: tuple[PoseGroupFigures, ...] = Field(description="The first 50, by name.")


def get_report(caller: Caller, month: date | None) -> PoseCoachReport:
    """Return the report. Raises Forbidden and MonthNotOver."""
    user = own_id(caller)
    caller.require("read", "pose_coach_report", user)
    platform = caller.platform
    first = complete_month(month, platform.clock())
    population = PopulationMonth(first, None, ())
    is_available = True
    try:
        population = platform.pose_report.of_month(caller.tenant_id, first, platform.clock())
    except StorageUnavailable as outage:
        is_available = False
        logger.warning("pose_coach.report_incomplete", reason=outage.detail)
    bounds = Between(*month_bounds(first))
    own = platform.pose_coach.get_stats_between(caller.tenant_id, user, bounds)
    overall = population.overall
    return PoseCoachReport(
        own=get_stats(caller),
        own_month=WorkoutStats.model_validate(own),
        month=first,
        is_available=is_available,
        overall=None if overall is None else PoseGroupFigures.model_validate(overall),
        exercises=tuple(map(PoseGroupFigures.model_validate, population.exercises)),
    )
