"""Health dashboard of the signed-in user in GraphQL: trends, summaries, training, proposals."""

from datetime import date

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Info
from api.graphql.derived_types import convert, derived
from api.graphql.health import HealthFigure
from api.graphql.training_history import Activity
from api.views import health_dashboard as views


@derived(views.TrendPoint)
class TrendPoint:
    """The mean of the daily figures from `start` to `end`, of the days that have records."""


@derived(views.HealthTrend)
class HealthTrend:
    """A metric over time, in at most 106 points. Days without records have no point."""


@derived(views.HeartRateZone)
class HeartRateZone:
    """Time in a heart-rate zone, from `low` up to, not including, `high` bpm."""


@derived(views.TrainingLoad)
class TrainingLoad:
    """Minutes of training in the last seven days, beside the mean week of the four before."""


@derived(views.RecoverySignal)
class RecoverySignal:
    """A metric of recovery: mean of the last seven days, beside that of the four weeks before."""


@derived(views.HealthStats)
class HealthStats:
    """Training of the last four weeks, and how load and recovery compare with before."""


@derived(views.HealthSummary)
class HealthSummary:
    """A day: figures with their origins, activities, heart-rate zones, and statistics up to it."""

    figures: list[HealthFigure]
    activities: list[Activity]


@derived(views.TrainingDay)
class HealthTrainingDay:
    """Training of a local day beside figures of recovery; null without a record."""


@derived(views.GoalProposal)
class GoalProposal:
    """A goal a little above what you do anyway."""


@strawberry.type
class HealthDashboardQueries:
    """Queries of the health dashboard."""

    @reading("A day's figures, activities and heart-rate zones, and your statistics up to it.")
    def health_summary(self, info: Info, *, day: date | None = None) -> HealthSummary:
        """Return the summary of a day."""
        if day is None:
            info.context.may_keep = False  # it depends on today's date
        return convert(HealthSummary, views.health_summary(info.context.caller, day))

    @reading("A metric over time, in at most 106 points of days, weeks or months.")
    def health_trend(self, info: Info, *, metric: str, start: date, end: date) -> HealthTrend:
        """Return a trend."""
        trend = views.health_trend(info.context.caller, metric, start, end)
        return convert(HealthTrend, trend)

    @reading("Completed sessions of each day, beside figures that tell of recovery; 92 days.")
    def health_training(self, info: Info, *, start: date, end: date) -> list[HealthTrainingDay]:
        """Return training beside recovery."""
        days = views.training_days(info.context.caller, start, end)
        return [convert(HealthTrainingDay, each) for each in days]

    @reading("Goals a little above what you do anyway, for metrics that have none.")
    def health_goal_proposals(self, info: Info) -> list[GoalProposal]:
        """Return proposals of goals."""
        info.context.may_keep = False  # they depend on today's date
        return [convert(GoalProposal, each) for each in views.goal_proposals(info.context.caller)]
