"""Health service: integrations, batches of records, daily figures, choices and goals."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain, islice
from typing import Any, Final
from uuid import UUID, uuid5

from application.health.changed_records import FRESH_WITHIN_S, changed_records, has_batches
from application.health.daily_figures import MAX_RECORDS, ONE_DAY, DailyFigures, StoredRecord
from application.health.places import replaced_ids
from application.health.replacement import replace_rest
from application.kernel.cache import NO_CACHE, Cache
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock, EventLog
from application.kernel.read_models import PAGE_LIMIT, Between, Page, ReadModels, Window
from domain.health.batch import (
    HEALTH_BATCH,
    MAX_BATCH,
    SYNC,
    Measured,
    Refused,
    StoreBatch,
    check_ids,
    check_records,
)
from domain.health.choices import (
    HEALTH,
    HealthChoices,
    HealthCommand,
    OrderSources,
    RemoveGoal,
    SetGoal,
)
from domain.health.events import Goal, MetricsSynced, Records, Source, SourceOrder
from domain.health.figures import Figure, daily_figures, is_reached, streak
from domain.health.integration import (
    HEALTH_INTEGRATION,
    Connect,
    Disconnect,
    Integration,
    NotConnected,
    NoteSync,
    SyncedMeanwhile,
)
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.values import InvalidValue, time_zone, within_calendar
from projections.health_goal import HEALTH_GOAL, HealthGoal
from projections.health_integration import HEALTH_INTEGRATION as INTEGRATIONS
from projections.health_integration import HealthIntegration
from projections.health_metric import (
    HEALTH_METRIC,
    HealthMetric,
    user_day,
)

VERSION: Final = "1"
"""Version of the text that a person agrees to when they connect a source."""

MAX_DAYS: Final = 31
"""Days of one summary."""

STREAK_DAYS: Final = 92
"""Days that a streak is looked for in."""


@dataclass(frozen=True, slots=True)
class SentBatch:
    """What a device sends: records, ids of deleted ones, and where it continues."""

    measured: Sequence[Measured]
    deleted: Collection[str]
    time_zone: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class Synced:
    """Result of a batch: its counts, and each record that was not taken."""

    batch: MetricsSynced
    refused: tuple[Refused, ...]
    position: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The figures of a local day."""

    day: date
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """A goal, today's figure (None without records), and for how many days it was reached."""

    goal: HealthGoal
    figure: float | None
    reached: bool
    streak: int


def integration_id(user_id: UserId, source: Source) -> str:
    """Return the id of the stream of an integration."""
    return f"{source}:{user_id}"


@dataclass(frozen=True)
class HealthService:
    """Use cases of callers who are authorized. `read` sees all rows, so queries name the person.

    `fresh(position, timeout_s)` waits until `read` has all events up to a position.
    """

    log: EventLog
    commands: CommandHandler
    read: ReadModels
    clock: Clock
    fresh: Callable[[int, float], bool]
    cache: Cache = NO_CACHE

    def connect(
        self,
        user_id: UserId,
        source: Source,
        metrics: Sequence[str],
        *,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Consent to the storage of these metrics. Raises MetricUnknown and InvalidValue."""
        command = Connect(
            user_id=user_id,
            source=source,
            metrics=tuple(metrics),
            version=VERSION,
            at=self.clock(),
        )
        request = Request(HEALTH_INTEGRATION, integration_id(user_id, source), [command])
        return self.commands.execute(request, origin=origin, command_id=command_id)

    def disconnect(
        self, user_id: UserId, source: Source, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Withdraw the consent. Raises NotConnected."""
        command = Disconnect(user_id=user_id, at=self.clock())
        request = Request(HEALTH_INTEGRATION, integration_id(user_id, source), [command])
        return self.commands.execute(request, origin=origin, command_id=command_id)

    def integrations(self, tenant_id: TenantId, user_id: UserId) -> list[HealthIntegration]:
        """Return the person's integrations in order of source, disconnected ones too."""
        rows = self.read.by(INTEGRATIONS, tenant_id, "user_id", [user_id])[user_id]
        return sorted(rows, key=lambda row: row.source)

    def is_connected(self, tenant_id: TenantId, user_id: UserId, source: Source) -> bool:
        """Return whether the person consents to a source, as of the log."""
        return self._integration(tenant_id, user_id, source, None).active

    def push(
        self,
        user_id: UserId,
        source: Source,
        sent: SentBatch,
        *,
        origin: Origin,
        command_id: UUID,
        counts_as_sync: bool = True,
    ) -> Synced:
        """Store the valid records of a batch, once per `command_id`.

        A batch that is a part of something larger does not count as a sync: see `note_sync`.
        Invalid records are returned with their reasons and do not prevent the others. A record that
        is stored with the same content is unchanged and not stored again. The record of a device
        takes the place of that of a file, which is deleted. Raises NotConnected, RecordIdInvalid
        for ids of deleted records, and InvalidValue.
        """
        tenant_id = origin.tenant_id
        batch_id = str(uuid5(command_id, "health-batch"))
        zone, deleted = time_zone(sent.time_zone), check_ids(sent.deleted)
        before = self._batch(tenant_id, batch_id)
        at = self.clock() if before is None else before.at
        until = None if before is None else before.at
        integration = self._integration(tenant_id, user_id, source, until)
        if before is None and not integration.active:
            raise NotConnected
        records, refused = check_records(
            sent.measured,
            deleted=deleted,
            shared=integration.metrics.__contains__,
            time_zone=zone,
            now=at,
        )
        by_cloud = origin.actor == SYNC
        key, syncs = integration_id(user_id, source), integration.syncs
        if not has_batches(self.read, tenant_id, key, syncs):
            self.fresh(self.log.head(), FRESH_WITHIN_S)
        changed = changed_records(self.read, tenant_id, user_id, source, records, by_cloud=by_cloud)
        stored = partial(self.stored, tenant_id, user_id, source)
        replaced = set(islice(replaced_ids(changed, stored), MAX_BATCH))
        store = StoreBatch(
            user_id=user_id,
            source=source,
            records=Records(changed, tuple(sorted(replaced.union(deleted)))),
            unchanged=len(records) - len(changed),
            rejected=len(refused),
            at=at,
        )
        requests: list[Request] = [Request(HEALTH_BATCH, batch_id, [store])]
        if counts_as_sync:
            count = len(changed)
            note = NoteSync(
                user_id=user_id, anchor=sent.anchor, accepted=count, at=at, expected_syncs=syncs
            )
            noted = Request(HEALTH_INTEGRATION, key, [note])
            requests.insert(0, noted)
        try:
            appended = self.commands.execute(*requests, origin=origin, command_id=command_id)
        except SyncedMeanwhile:  # another batch may have some of the records
            return self.push(user_id, source, sent, origin=origin, command_id=command_id)
        batch = self._batch(tenant_id, batch_id)
        if batch is None:  # another command has this id
            raise InvalidValue("This Idempotency-Key belongs to another command.")
        last = replace_rest(self.commands, batch, stored, origin=origin, command_id=command_id)
        return Synced(batch, refused, max(appended.position, last), appended.repeated)

    def note_sync(
        self, user_id: UserId, source: Source, accepted: int, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Note that a source was synced, with the number of new records. Raises NotConnected."""
        note = NoteSync(user_id=user_id, anchor=None, accepted=accepted, at=self.clock())
        request = Request(HEALTH_INTEGRATION, integration_id(user_id, source), [note])
        return self.commands.execute(request, origin=origin, command_id=command_id)

    def _integration(
        self, tenant_id: TenantId, user_id: UserId, source: Source, until: datetime | None
    ) -> Integration:
        """Return an integration as of a time, by which a repeated batch is judged, or of now."""
        stream = f"{HEALTH_INTEGRATION.category}-{integration_id(user_id, source)}"
        facts = (recorded.event for recorded in self.log.load(tenant_id, stream))
        return HEALTH_INTEGRATION.fold(fact for fact in facts if until is None or fact.at <= until)

    def _batch(self, tenant_id: TenantId, batch_id: str) -> MetricsSynced | None:
        history = self.log.load(tenant_id, f"{HEALTH_BATCH.category}-{batch_id}")
        return history[0].event if history else None

    def stored_ids(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        source: Source,
        metrics: Collection[str],
        period: tuple[datetime, datetime],
    ) -> set[str]:
        """Return the ids of a source's records of these metrics that start in a period."""
        rows = chain.from_iterable(
            self.stored(tenant_id, user_id, source, metric, period) for metric in metrics
        )
        return {row.record_id for row in rows}

    def stored(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        source: Source,
        metric: str,
        period: tuple[datetime, datetime],
    ) -> Iterator[HealthMetric]:
        """Yield a source's records of a metric that start in a period, oldest first.

        Deleted ones are left out.
        """
        where: dict[str, Any] = {
            "user_id": user_id,
            "metric": metric,
            "deleted": False,
            "source": source,
            "start": Between(*period),
        }
        cursor: str | None = None
        while True:
            page = self.read.page(
                HEALTH_METRIC,
                tenant_id,
                window=Window(PAGE_LIMIT, cursor),
                where=where,
                order_by="start",
            )
            yield from (edge.row for edge in page.edges)
            if not page.has_next:
                return
            cursor = page.edges[-1].cursor

    def records(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        window: Window,
        metric: str | None = None,
    ) -> Page[HealthMetric]:
        """Return a page of the person's records that are not deleted, newest first."""
        where: dict[str, Any] = {"user_id": user_id, "deleted": False}
        return self.read.page(
            HEALTH_METRIC,
            tenant_id,
            window=window,
            where=where if metric is None else {**where, "metric": metric},
            order_by="start",
            descending=True,
        )

    def days(
        self, tenant_id: TenantId, user_id: UserId, first: date, last: date
    ) -> tuple[Day, ...]:
        """Return the figures of each day from `first` to `last` that has records, oldest first.

        Raises InvalidValue for more than MAX_DAYS or MAX_RECORDS, and if `last` is before `first`.
        """
        length = (last - first).days + 1
        if not 1 <= length <= MAX_DAYS:
            raise InvalidValue(f"Ask for 1 to {MAX_DAYS} days.")
        start = within_calendar(first) - ONE_DAY
        within_calendar(last)
        days = [start + timedelta(days=number) for number in range(length + 2)]
        by_day = {user_day(user_id, day): day for day in days}
        where: dict[str, Any] = {"user_day": tuple(by_day)}
        if self.read.count(HEALTH_METRIC, tenant_id, where=where) > MAX_RECORDS:
            raise InvalidValue(f"These days have over {MAX_RECORDS} records: ask for fewer days.")
        rows = self.read.by(HEALTH_METRIC, tenant_id, "user_day", list(by_day))
        choices = self.choices(tenant_id, user_id)
        records = {day: [*map(StoredRecord.of, rows[name])] for name, day in by_day.items()}
        found = (Day(day, daily_figures(records, day, choices.sources)) for day in days[1:-1])
        return tuple(each for each in found if each.figures)

    def choices(self, tenant_id: TenantId, user_id: UserId) -> HealthChoices:
        """Return the person's choices as of the log."""
        history = self.log.load(tenant_id, f"{HEALTH.category}-{user_id}")
        return HEALTH.fold(recorded.event for recorded in history)

    def order_sources(
        self, user_id: UserId, order: SourceOrder, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Prefer sources of a metric in this order. Raises MetricUnknown and InvalidValue."""
        command = OrderSources(user_id=user_id, order=order, at=self.clock())
        return self._execute(user_id, command, origin, command_id)

    def set_goal(
        self, user_id: UserId, goal: Goal, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Set the goal for a metric. Raises MetricUnknown and InvalidValue."""
        command = SetGoal(user_id=user_id, goal=goal, at=self.clock())
        return self._execute(user_id, command, origin, command_id)

    def remove_goal(
        self, user_id: UserId, metric: str, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Remove the goal for a metric. Raises GoalNotFound."""
        command = RemoveGoal(user_id=user_id, metric=metric, at=self.clock())
        return self._execute(user_id, command, origin, command_id)

    def goals(self, tenant_id: TenantId, user_id: UserId, today: date) -> list[GoalProgress]:
        """Return the person's goals with their progress, in order of metric."""
        goals = self.read.by(HEALTH_GOAL, tenant_id, "user_id", [user_id])[user_id]
        if not goals:
            return []
        figures = self._figures(tenant_id, user_id, [row.metric for row in goals], today)
        return [
            _progress(row, figures[row.metric], today)
            for row in sorted(goals, key=lambda row: row.metric)
        ]

    def _figures(
        self, tenant_id: TenantId, user_id: UserId, names: Sequence[str], today: date
    ) -> dict[str, dict[date, float]]:
        """Return daily figures of some metrics, up to today."""
        first = today - timedelta(days=STREAK_DAYS - 1)
        choices = self.choices(tenant_id, user_id)
        figures = DailyFigures(self.read, self.cache)
        daily = figures.of(tenant_id, user_id, names, first, today, choices)
        return {
            name: {day: each.figure for day, each in days.items()} for name, days in daily.items()
        }

    def _execute(
        self, user_id: UserId, command: HealthCommand, origin: Origin, command_id: UUID
    ) -> AppendResult:
        request = Request(HEALTH, user_id, [command])
        return self.commands.execute(request, origin=origin, command_id=command_id)


def _progress(row: HealthGoal, figures: Mapping[date, float], today: date) -> GoalProgress:
    goal = Goal(row.metric, row.target, row.direction)
    figure = figures.get(today)
    reached = figure is not None and is_reached(goal, figure)
    return GoalProgress(row, figure, reached, streak(goal, figures, today))
