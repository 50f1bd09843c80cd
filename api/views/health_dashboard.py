"""Health dashboard of the caller: views of trends, summaries, training and proposals."""

from datetime import date
from typing import Literal

from pydantic import Field

from api.views.base import Body
from api.views.health import FigureOrigin, HealthFigure, figure_view, reader, today_of
from api.views.training_history import Activity
from application.caller import Caller
from domain.health.metrics import find_metric, metrics


class TrendPoint(Body):
    """The mean of the daily figures from `start` to `end`, of the days that have records."""

    start: date
    end: date
    figure: float
    low: float = Field(description="The lowest value of a record.")
    high: float = Field(description="The highest value of a record.")
    days: int
    records: int


class HealthTrend(Body):
    """A metric over time, in at most 106 points. Days without records have no point."""

    metric: str
    unit: str
    step: Literal["day", "week", "month"] = Field(description="What a point stands for.")
    points: list[TrendPoint]
    origins: list[FigureOrigin] = Field(description="Where the records that count are from.")


def health_trend(caller: Caller, metric: str, first: date, last: date) -> HealthTrend:
    """Return a metric of the caller over time. Raises MetricUnknown and InvalidValue."""
    named, dashboard = find_metric(metric), caller.platform.health_dashboard
    trend = dashboard.trend(caller.tenant_id, reader(caller), named.name, first, last)
    return HealthTrend(
        metric=named.name,
        unit=named.unit,
        step=trend.step,
        points=[TrendPoint.model_validate(each) for each in trend.points],
        origins=[FigureOrigin.model_validate(each) for each in trend.origins],
    )


class HeartRateZone(Body):
    """Time in a heart-rate zone, from `low` up to, not including, `high` bpm."""

    zone: int
    low: int
    high: int | None = Field(description="Null for the last zone.")
    minutes: float


class TrainingLoad(Body):
    """Minutes of training in the last seven days, beside the mean week of the four before.

    Only whole weeks since the first training of these four count. With fewer than two, or without
    training in them, nothing is compared.
    """

    minutes: float
    usual_minutes: float | None
    state: Literal["more", "usual", "less", "unknown"]


class RecoverySignal(Body):
    """A metric of recovery: mean of the last seven days, beside that of the four weeks before."""

    metric: str
    unit: str
    week: float | None = Field(description="Null with fewer than three days.")
    usual: float | None = Field(description="Null with fewer than seven days.")
    state: Literal["worse", "usual", "better", "unknown"]


class HealthStats(Body):
    """Training of the last four weeks, and how load and recovery compare with before."""

    sessions: int
    minutes: float
    energy_kcal: float
    training_days: int
    load: TrainingLoad
    recovery: list[RecoverySignal]


class HealthSummary(Body):
    """A day: figures with their origins, activities, heart-rate zones, and statistics up to it."""

    day: date
    figures: list[HealthFigure]
    activities: list[Activity]
    zones: list[HeartRateZone] = Field(description="Empty without heart rates of the day.")
    highest_heart_rate: float | None = Field(
        description="The highest of the last 92 days; the zones assume at least 160 bpm."
    )
    stats: HealthStats


def health_summary(caller: Caller, day: date | None) -> HealthSummary:
    """Return the summary of a day; of today where the caller lives, if it is None."""
    user, dashboard = reader(caller), caller.platform.health_dashboard
    day = day or today_of(caller, user)
    summary = dashboard.summary(caller.tenant_id, user, day)
    stats = dashboard.stats(caller.tenant_id, user, day)
    activities = dashboard.activities(caller.tenant_id, user, day, day)
    return HealthSummary(
        day=day,
        figures=[figure_view(each) for each in summary.figures],
        activities=[Activity.of(each) for each in activities],
        zones=[HeartRateZone.model_validate(each) for each in summary.zones],
        highest_heart_rate=summary.highest,
        stats=HealthStats(
            sessions=stats.sessions,
            minutes=stats.minutes,
            energy_kcal=stats.energy_kcal,
            training_days=stats.training_days,
            load=TrainingLoad.model_validate(stats.load),
            recovery=[
                RecoverySignal(
                    metric=each.metric,
                    unit=metrics()[each.metric].unit,
                    week=each.week,
                    usual=each.usual,
                    state=each.state,
                )
                for each in stats.recovery
            ],
        ),
    )


class TrainingDay(Body):
    """Training of a local day beside figures of recovery; null without a record."""

    day: date
    sessions: int
    minutes: float
    energy_kcal: float
    resting_heart_rate: float | None = Field(description="In bpm.")
    heart_rate_variability: float | None = Field(description="In ms.")
    sleep: float | None = Field(description="In minutes.")


def training_days(caller: Caller, first: date, last: date) -> list[TrainingDay]:
    """Return training beside recovery for each day. Raises InvalidValue."""
    dashboard = caller.platform.health_dashboard
    days = dashboard.training(caller.tenant_id, reader(caller), first, last)
    return [TrainingDay.model_validate(each) for each in days]


class GoalProposal(Body):
    """A goal a little above what you do anyway: the median of `days` of the last 28 days."""

    metric: str
    target: float
    unit: str
    direction: Literal["at_least", "at_most"]
    usual: float
    days: int


def goal_proposals(caller: Caller) -> list[GoalProposal]:
    """Return proposals of goals for metrics without one, in order of metric."""
    user, dashboard = reader(caller), caller.platform.health_dashboard
    proposed = dashboard.proposals(caller.tenant_id, user, today_of(caller, user))
    return [
        GoalProposal(
            metric=each.goal.metric,
            target=each.goal.target,
            unit=metrics()[each.goal.metric].unit,
            direction=each.goal.direction,
            usual=each.usual,
            days=each.days,
        )
        for each in proposed
    ]
