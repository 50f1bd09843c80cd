"""Health data of the caller: views of sources, records, daily figures and goals."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from api.views.base import Body
from api.views.supervision import own_id
from application.caller import Caller
from application.health.record_counts import count_records
from application.health.service import GoalProgress
from application.kernel.read_models import Page, Window
from domain.health.choices import DEVICES
from domain.health.events import Source
from domain.health.figures import Figure
from domain.health.metrics import find_metric, metrics
from domain.ids import UserId
from projections.health_integration import HealthIntegration
from projections.health_metric import HealthMetric


class HealthMetricType(Body):
    """A metric: its unit, the units that are taken, and what values are possible."""

    metric: str
    unit: str
    units: list[str]
    low: float
    high: float
    decimals: int
    daily: Literal["sum", "mean", "latest"] = Field(
        description="How the values of a day become one figure."
    )


def metric_types() -> list[HealthMetricType]:
    """Return all metric types in order of name."""
    return [
        HealthMetricType(
            metric=each.name,
            unit=each.unit,
            units=sorted(each.conversions),
            low=each.low,
            high=each.high,
            decimals=each.decimals,
            daily=each.daily,
        )
        for _, each in sorted(metrics().items())
    ]


class HealthSource(Body):
    """A source of health data, and your consent to it."""

    source: Source
    connected: bool
    metrics: list[str] = Field(description="Metrics that you share; of the last consent.")
    connected_at: datetime | None
    last_sync_at: datetime | None
    syncs: int
    records: int = Field(description="Records that are stored, without deleted ones.")
    anchor: str | None = Field(description="Where the device continues to send.")
    upload_token_expires_at: datetime | None = Field(
        description="End of the upload token that a device has; null if there is none."
    )


def health_sources(caller: Caller) -> list[HealthSource]:
    """Return all sources on devices, also those that were never connected."""
    user = reader(caller)
    rows = {row.source: row for row in caller.platform.health.integrations(caller.tenant_id, user)}
    stored = count_records(caller.platform.read, caller.tenant_id, user)
    return [_source(caller, each, rows.get(each), stored.get(each, 0)) for each in DEVICES]


def _source(
    caller: Caller, source: Source, row: HealthIntegration | None, stored: int
) -> HealthSource:
    if row is None:
        return HealthSource(
            source=source,
            connected=False,
            metrics=[],
            connected_at=None,
            last_sync_at=None,
            syncs=0,
            records=stored,
            anchor=None,
            upload_token_expires_at=None,
        )
    return HealthSource(
        source=source,
        connected=row.active,
        metrics=list(row.metrics),
        connected_at=row.connected_at,
        last_sync_at=row.last_sync_at,
        syncs=row.syncs,
        records=stored,
        anchor=row.anchor,
        upload_token_expires_at=caller.platform.upload_tokens.expires_at(caller.tenant_id, row),
    )


class HealthRecord(Body):
    """A record in the unit of its metric, as it was last corrected."""

    record_id: str
    source: Source
    device: str
    metric: str
    value: float
    unit: str
    start: datetime
    end: datetime
    day: date = Field(
        description="The local day on which it starts; of sleep from 18:00 on, the next day."
    )


def record_page(caller: Caller, wanted: Window, metric: str | None) -> Page[HealthMetric]:
    """Return a page of the caller's records, newest first. Raises MetricUnknown."""
    name = None if metric is None else find_metric(metric).name
    return caller.platform.health.records(caller.tenant_id, reader(caller), wanted, name)


def record_of(row: HealthMetric) -> HealthRecord:
    """Convert a row of a record that is not deleted."""
    return HealthRecord.model_validate(
        {
            "record_id": row.record_id,
            "source": row.source,
            "device": row.device,
            "metric": row.metric,
            "value": row.value,
            "unit": metrics()[row.metric or ""].unit,
            "start": row.start,
            "end": row.end,
            "day": row.day,
        }
    )


class FigureOrigin(Body):
    """A device of a source, and how many records of a figure it gave."""

    source: Source
    device: str
    records: int


class HealthFigure(Body):
    """A metric on one day. Records that others count already are duplicates."""

    metric: str
    figure: float
    unit: str
    low: float
    high: float
    records: int
    duplicates: int
    origins: list[FigureOrigin]


class HealthDay(Body):
    """The figures of one local day."""

    day: date
    figures: list[HealthFigure]


def health_days(caller: Caller, first: date, last: date) -> list[HealthDay]:
    """Return the daily figures of the caller, oldest first. Raises InvalidValue."""
    days = caller.platform.health.days(caller.tenant_id, reader(caller), first, last)
    return [
        HealthDay(day=each.day, figures=[figure_view(figure) for figure in each.figures])
        for each in days
    ]


def figure_view(figure: Figure) -> HealthFigure:
    """Return a figure as a view."""
    return HealthFigure(
        metric=figure.metric,
        figure=figure.figure,
        unit=metrics()[figure.metric].unit,
        low=figure.low,
        high=figure.high,
        records=figure.records,
        duplicates=figure.duplicates,
        origins=[FigureOrigin.model_validate(each) for each in figure.origins],
    )


class MetricSources(Body):
    """The sources of a metric, the preferred one first."""

    metric: str
    sources: list[Source]


def metric_sources(caller: Caller) -> list[MetricSources]:
    """Return the order of sources of every metric."""
    choices = caller.platform.health.choices(caller.tenant_id, reader(caller))
    return [
        MetricSources(metric=name, sources=list(choices.sources(name)))
        for name in sorted(metrics())
    ]


class HealthGoal(Body):
    """A goal, and how far you are today."""

    metric: str
    target: float
    unit: str
    direction: Literal["at_least", "at_most"]
    figure: float | None = Field(description="Today's figure; null without a record of today.")
    reached: bool
    streak: int = Field(description="Days in a row, of the last 92; today if it is reached.")


def health_goals(caller: Caller) -> list[HealthGoal]:
    """Return the caller's goals in order of metric."""
    user = reader(caller)
    progress = caller.platform.health.goals(caller.tenant_id, user, today_of(caller, user))
    return [_goal(each) for each in progress]


def today_of(caller: Caller, user: UserId) -> date:
    """Return the local day of a person; in UTC without a profile."""
    platform = caller.platform
    return platform.health_dashboard.today(caller.tenant_id, user, platform.clock())


def _goal(progress: GoalProgress) -> HealthGoal:
    row = progress.goal
    return HealthGoal(
        metric=row.metric,
        target=row.target,
        unit=metrics()[row.metric].unit,
        direction=row.direction,
        figure=progress.figure,
        reached=progress.reached,
        streak=progress.streak,
    )


def reader(caller: Caller) -> UserId:
    """Return the id of the caller, who may read their health data."""
    user = own_id(caller)
    caller.require("read", "health", user)
    return user
