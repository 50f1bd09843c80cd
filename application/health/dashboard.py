"""Health dashboard: trends, a day's summary, training beside recovery, and proposals of goals."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from application.health.daily_figures import ONE_DAY, DailyFigures, figure_of, stamp_parts
from application.kernel.cache import Cache, personal_key
from application.kernel.ports import EventLog
from application.kernel.read_models import PAGE_LIMIT, Between, ReadModels, Window
from domain.health import proposals
from domain.health.choices import HEALTH, HealthChoices
from domain.health.figures import Figure, Origin, counted_records
from domain.health.metrics import metrics
from domain.health.proposals import Proposal, propose
from domain.health.recovery import (
    RECOVERY_METRICS,
    USUAL_DAYS,
    WEEK,
    Load,
    Signal,
    recovery,
    training_load,
)
from domain.health.trends import Point, Step, step_of, trend
from domain.health.zones import Zone, zones
from domain.ids import TenantId, UserId
from domain.values import InvalidValue, within_calendar
from projections.health_activity import HEALTH_ACTIVITY, HealthActivity
from projections.user_profile import USER_PROFILE, zone_of

MAX_TREND_DAYS: Final = 5 * 366
"""Days of a trend; in months, they have at most 61 points."""

MAX_TRAINING_DAYS: Final = 92
"""Days of training beside recovery."""

MAX_ACTIVITIES: Final = 2000
"""Activities that one request reads, the newest ones: over twenty a day."""

HIGHEST_DAYS: Final = 92
"""Days in which the highest heart rate is looked for."""

HEART_RATE: Final = "heart_rate"

MS_PER_MINUTE: Final = 60_000


@dataclass(frozen=True, slots=True)
class Trend:
    """Points of a metric, oldest first, and the origins of all records that count."""

    metric: str
    step: Step
    points: tuple[Point, ...]
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class HealthSummary:
    """The records of a day in figures. `highest`: highest heart rate that was measured."""

    day: date
    figures: tuple[Figure, ...]
    zones: tuple[Zone, ...]
    highest: float | None


@dataclass(frozen=True, slots=True)
class UserStats:
    """Training of the last four weeks up to a day, and how it compares with recovery."""

    sessions: int
    minutes: float
    energy_kcal: float
    training_days: int
    load: Load
    recovery: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class TrainingDay:
    """Training of a local day beside the figures of recovery; None without a record."""

    day: date
    sessions: int
    minutes: float
    energy_kcal: float
    resting_heart_rate: float | None
    heart_rate_variability: float | None
    sleep: float | None


@dataclass(frozen=True)
class HealthDashboard:
    """Queries of callers who are authorized. `read` sees all rows, so each names the person."""

    log: EventLog
    read: ReadModels
    cache: Cache

    @property
    def figures(self) -> DailyFigures:
        """Daily figures, cached by month."""
        return DailyFigures(self.read, self.cache)

    def today(self, tenant_id: TenantId, user_id: UserId, now: datetime) -> date:
        """Return the local day of a person; in UTC without a profile."""
        profile = self.read.get(USER_PROFILE, tenant_id, user_id)
        return now.astimezone(zone_of(profile)).date()

    def trend(
        self, tenant_id: TenantId, user_id: UserId, metric: str, first: date, last: date
    ) -> Trend:
        """Return the trend of a metric in at most MOST_POINTS points. Raises InvalidValue."""
        _check_range(first, last, MAX_TREND_DAYS)
        choices = self._choices(tenant_id, user_id)
        figures = self.figures.of(tenant_id, user_id, [metric], first, last, choices)[metric]
        points = trend(figures, first, last)
        return Trend(metric, step_of(first, last), points, _origins(figures))

    def summary(self, tenant_id: TenantId, user_id: UserId, day: date) -> HealthSummary:
        """Return the figures of a day, and the time in heart-rate zones. Raises InvalidValue."""
        within_calendar(day)
        choices, names = self._choices(tenant_id, user_id), sorted(metrics())
        stamps = self.figures.stamps(tenant_id, user_id, names, day - ONE_DAY, day + ONE_DAY)
        before = self.figures.stamps(
            tenant_id, user_id, [HEART_RATE], day - timedelta(days=HIGHEST_DAYS + 1), day
        )
        orders = [",".join(choices.sources(name)) for name, _ in stamps]
        parts = [*stamp_parts(stamps), "before", *stamp_parts(before), "orders", *orders]
        key = personal_key(tenant_id, user_id, ["health-summary/3", str(day), *parts])
        if cached := self.cache.get(key):
            return _summary_of(day, json.loads(cached))
        recorded = [name for name, at in stamps if at == day]
        figures = self.figures.of(tenant_id, user_id, recorded, day, day, choices)
        spent, highest = self._zones(tenant_id, user_id, day, figures, choices)
        in_order = tuple(figures[name][day] for name in recorded if day in figures[name])
        summary = HealthSummary(day, in_order, spent, highest)
        self.cache.put(key, json.dumps({**asdict(summary), "day": day.isoformat()}).encode())
        return summary

    def _zones(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        day: date,
        figures: Mapping[str, Mapping[date, Figure]],
        choices: HealthChoices,
    ) -> tuple[tuple[Zone, ...], float | None]:
        if day not in figures.get(HEART_RATE, {}):
            return (), None
        first = day - timedelta(days=HIGHEST_DAYS)
        before = self.figures.of(tenant_id, user_id, [HEART_RATE], first, day, choices)[HEART_RATE]
        highest = max(each.high for each in before.values())
        near = [day - ONE_DAY, day, day + ONE_DAY]
        records = self.figures.records(tenant_id, user_id, HEART_RATE, near)
        kept = counted_records(records, day, choices.sources(HEART_RATE))
        return zones(kept, highest), highest

    def stats(self, tenant_id: TenantId, user_id: UserId, today: date) -> UserStats:
        """Return the training of the last weeks, beside recovery. Raises InvalidValue."""
        within_calendar(today)
        choices, names = self._choices(tenant_id, user_id), list(RECOVERY_METRICS)
        first = today - timedelta(days=WEEK + USUAL_DAYS - 1)
        activities = self.activities(tenant_id, user_id, first, today)
        stamps = self.figures.stamps(tenant_id, user_id, names, first - ONE_DAY, today + ONE_DAY)
        sessions = [f"{each.id} {each.duration_ms} {each.energy_kcal}" for each in activities]
        orders = [",".join(choices.sources(name)) for name in names]
        parts = [*stamp_parts(stamps), "activities", *sessions, "orders", *orders]
        key = personal_key(tenant_id, user_id, ["health-stats/4", str(today), *parts])
        if cached := self.cache.get(key):
            return _stats_of(json.loads(cached))
        figures = self.figures.of(tenant_id, user_id, names, first, today, choices)
        stats = _stats(activities, figures, today)
        self.cache.put(key, json.dumps(asdict(stats)).encode())
        return stats

    def training(
        self, tenant_id: TenantId, user_id: UserId, first: date, last: date
    ) -> tuple[TrainingDay, ...]:
        """Return training beside recovery for each day of a range. Raises InvalidValue."""
        _check_range(first, last, MAX_TRAINING_DAYS)
        activities = self.activities(tenant_id, user_id, first, last)
        choices, names = self._choices(tenant_id, user_id), list(RECOVERY_METRICS)
        figures = self.figures.of(tenant_id, user_id, names, first, last, choices)
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return tuple(_training_day(day, activities, figures) for day in days)

    def proposals(self, tenant_id: TenantId, user_id: UserId, today: date) -> tuple[Proposal, ...]:
        """Return proposals of goals for metrics that have none."""
        choices, names = self._choices(tenant_id, user_id), list(proposals.RULES)
        first, last = today - timedelta(days=proposals.DAYS), today - timedelta(days=1)
        figures = self.figures.of(tenant_id, user_id, names, first, last, choices)
        return propose(_values(figures), list(choices.goals))

    def activities(
        self, tenant_id: TenantId, user_id: UserId, first: date, last: date
    ) -> list[HealthActivity]:
        """Return the activities of a range, newest first; at most MAX_ACTIVITIES (R-WKT-07)."""
        activities: list[HealthActivity] = []
        after: str | None = None
        while len(activities) < MAX_ACTIVITIES:
            page = self.read.page(
                HEALTH_ACTIVITY,
                tenant_id,
                window=Window(first=PAGE_LIMIT, after=after),
                where={
                    "athlete_id": user_id,
                    "shown": True,
                    "day": Between(first, last + timedelta(days=1)),
                },
                order_by="started_at",
                descending=True,
            )
            activities.extend(edge.row for edge in page.edges)
            if not page.has_next:
                break
            after = page.edges[-1].cursor
        return activities

    def _choices(self, tenant_id: TenantId, user_id: UserId) -> HealthChoices:
        history = self.log.load(tenant_id, f"{HEALTH.category}-{user_id}")
        return HEALTH.fold(recorded.event for recorded in history)


def _check_range(first: date, last: date, most: int) -> None:
    if not 1 <= (last - first).days + 1 <= most:
        raise InvalidValue(f"Ask for 1 to {most} days.")
    within_calendar(first)
    within_calendar(last)


def _origins(figures: Mapping[date, Figure]) -> tuple[Origin, ...]:
    """Sum up the records of each origin, the one with most records first."""
    records: dict[tuple[Any, str], int] = {}
    for figure in figures.values():
        for each in figure.origins:
            place = each.source, each.device
            records[place] = records.get(place, 0) + each.records
    in_order = sorted(records.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Origin(source, device, count) for (source, device), count in in_order)


def _values(figures: Mapping[str, Mapping[date, Figure]]) -> dict[str, dict[date, float]]:
    return {
        name: {day: each.figure for day, each in days.items()} for name, days in figures.items()
    }


def _stats(
    activities: list[HealthActivity], figures: Mapping[str, Mapping[date, Figure]], today: date
) -> UserStats:
    minutes: dict[date, float] = {}
    for each in activities:
        minutes[each.day] = minutes.get(each.day, 0.0) + each.duration_ms / MS_PER_MINUTE
    recent = [each for each in activities if each.day > today - timedelta(days=USUAL_DAYS)]
    return UserStats(
        sessions=len(recent),
        minutes=round(sum(each.duration_ms for each in recent) / MS_PER_MINUTE, 1),
        energy_kcal=round(sum(each.energy_kcal for each in recent), 1),
        training_days=len({each.day for each in recent}),
        load=training_load(minutes, today),
        recovery=recovery(_values(figures), today),
    )


def _training_day(
    day: date, activities: list[HealthActivity], figures: Mapping[str, Mapping[date, Figure]]
) -> TrainingDay:
    of_day = [each for each in activities if each.day == day]
    recorded = {name: days[day].figure for name, days in figures.items() if day in days}
    return TrainingDay(
        day,
        len(of_day),
        round(sum(each.duration_ms for each in of_day) / MS_PER_MINUTE, 1),
        round(sum(each.energy_kcal for each in of_day), 1),
        recorded.get("resting_heart_rate"),
        recorded.get("heart_rate_variability"),
        recorded.get("sleep"),
    )


def _summary_of(day: date, fields: Mapping[str, Any]) -> HealthSummary:
    return HealthSummary(
        day,
        tuple(figure_of(each) for each in fields["figures"]),
        tuple(Zone(**each) for each in fields["zones"]),
        fields["highest"],
    )


def _stats_of(fields: Mapping[str, Any]) -> UserStats:
    signals = tuple(Signal(**each) for each in fields["recovery"])
    own: dict[str, Any] = {**fields, "load": Load(**fields["load"]), "recovery": signals}
    return UserStats(**own)
