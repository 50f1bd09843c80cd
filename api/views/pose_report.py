"""Report of the pose coach: the administrator's own figures beside those of everyone."""

from datetime import date

from pydantic import Field

from api.views.base import Body
from api.views.leaderboards import Quartiles
from api.views.pose_coach import WorkoutStats, get_stats
from application.caller import Caller


class PoseGroupFigures(Body):
    """Figures of a month of at least twenty people who consented to population insights.

    Each is rounded: repetitions to 10, accuracies to 0.05, durations to five minutes.
    """

    exercise: str | None = Field(description="Null for all exercises together.")
    athletes: int = Field(description="Rounded down to a multiple of five.")
    sessions: Quartiles
    reps: Quartiles
    accuracy: Quartiles = Field(description="Of each person's average, 0 to 1.")
    duration: Quartiles = Field(description="Seconds.")


class PoseCoachReport(Body):
    """Your own figures, and those of everyone who consented.

    `overall` is null for fewer than twenty people; exercises of fewer are missing.
    """

    own: WorkoutStats
    month: date = Field(description="Of the figures of others: its first day, in UTC.")
    overall: PoseGroupFigures | None
    exercises: tuple[PoseGroupFigures, ...] = Field(description="The first 50, by name.")


def get_report(caller: Caller, month: date | None) -> PoseCoachReport:
    """Return the report. Raises Forbidden and MonthNotOver."""
    caller.require("read", "pose_coach_report", None)
    platform = caller.platform
    population = platform.pose_report.of_month(caller.tenant_id, month, platform.clock())
    overall = population.overall
    return PoseCoachReport(
        own=get_stats(caller),
        month=population.month,
        overall=None if overall is None else PoseGroupFigures.model_validate(overall),
        exercises=tuple(map(PoseGroupFigures.model_validate, population.exercises)),
    )
