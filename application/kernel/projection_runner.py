"""Projection runner: catch up, rebuild, swap.

All read models advance over one reading of the log, each batch in one transaction.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import Any, Final

import structlog
from opentelemetry.trace import SpanKind

from application.kernel.outages import LeadershipLost
from application.kernel.ports import LogReader, LogTail
from application.kernel.projection_fold import fold_batch
from application.kernel.projection_store import (
    CheckpointConflict,
    ProjectionStore,
    RowRefused,
    StreamKey,
    Table,
    TableUpdate,
)
from application.kernel.subscription import (
    LOG,
    OUTAGE,
    POLL_S,
    AllOrNothing,
    Checkpoint,
    Draw,
    LeaderLock,
    LogSource,
    NoLock,
    Policy,
    Records,
    Stopped,
    Subscription,
)
from application.kernel.tracing import record_span, trace_context, tracing
from domain.kernel import Projection, Recorded, Rejected

LIVE_BATCH: Final = 500
"""Events per transaction while following the log."""

REBUILD_BATCH: Final = 2000
"""Events per transaction while filling a table that nobody reads yet."""

NOTHING_TO_READ: Final = 2**63 - 1
"""Checkpoint when no table can advance."""

logger: Any = structlog.get_logger()

MayQuarantine = Callable[[Table, StreamKey], bool]


class RebuildSuperseded(LeadershipLost):
    """Another rebuild of the same projection has started; this one gave up."""

    code = "projection.rebuild_superseded"


class RebuildFailed(Rejected):
    """The projection cannot process an event. The previous version stays live."""

    code = "projection.rebuild_failed"
    kind = "unavailable"


class LogBehind(Rejected):
    """The read models contain more events than the log: they were filled from another log."""

    code = "projection.log_behind"


class Pass(AllOrNothing[Recorded[Any]]):
    """Processor that advances tables together, all at the pace of the one furthest behind.

    `find` returns the tables. A table that fails stays behind for the rest of the pass.
    """

    name = "projections"

    def __init__(
        self,
        tables: ProjectionStore,
        find: Callable[[], tuple[Table, ...]],
        may_quarantine: MayQuarantine,
    ) -> None:
        self.tables = tables
        self.now: tuple[Table, ...] = ()
        self._find = find
        self._may_quarantine = may_quarantine
        self._failed: set[str] = set()
        self._refused: dict[str, dict[int, str]] = {}

    def start(self, stop: Event) -> Checkpoint:
        """Find the tables."""
        del stop
        self.now = self._find()
        return self.checkpoint()

    def process(self, batch: Records[Recorded[Any]]) -> Checkpoint:
        """Fold a batch into the tables that do not have it yet; look for tables if there is none.

        If the store refuses a row, the batch is folded event by event, and the stream of the
        refused event is quarantined.
        """
        if not batch.records:
            self.now = self._find()
            return self.checkpoint()
        try:
            self._advance(batch.records)
        except RowRefused:
            for recorded in batch.records:
                if not self._advance_by_one(recorded):
                    break
        return self.checkpoint()

    def checkpoint(self) -> Checkpoint:
        """Return the position of the table that is furthest behind."""
        positions = [table.position for table in self.now if not self._is_failed(table)]
        return {LOG: min(positions, default=NOTHING_TO_READ)}

    def _advance_by_one(self, recorded: Recorded[Any]) -> bool:
        while True:
            try:
                return self._advance([recorded])
            except RowRefused as refused:
                reasons = self._refused.setdefault(refused.projection, {})
                reasons[recorded.position] = refused.detail

    def _advance(self, events: Sequence[Recorded[Any]]) -> bool:
        """Fold events; return False if the tables had to be found again, and may be elsewhere."""
        last = events[-1].position
        behind = [t for t in self.now if t.position < last and not self._is_failed(t)]
        try:
            updates = {table.projection.name: self._fold(table, events) for table in behind}
            began_ns = time.time_ns()
            self.tables.store([update for update in updates.values() if _has_effect(update)])
        except CheckpointConflict:
            self.now = self._find()
            return False
        _record_spans(events, updates.values(), began_ns)
        self._failed |= {name for name, each in updates.items() if each.failure is not None}
        self.now = tuple(_updated(table, updates.get(table.projection.name)) for table in self.now)
        return True

    def _is_failed(self, table: Table) -> bool:
        return table.projection.name in self._failed

    def _fold(self, table: Table, events: Sequence[Recorded[Any]]) -> TableUpdate:
        def may_quarantine(stream: StreamKey) -> bool:
            return self._may_quarantine(table, stream)

        refused = self._refused.get(table.projection.name, {})
        return fold_batch(self.tables, table, events, may_quarantine, refused)


class ProjectionProcessor(Pass):
    """Processor of the live tables: builds what is missing, then follows the log."""

    def __init__(
        self, log: LogReader, tables: ProjectionStore, projections: Sequence[Projection[Any]]
    ) -> None:
        super().__init__(tables, lambda: tables.live(projections), _always)
        self._log = log
        self._projections = projections
        self._quarantined: dict[str, frozenset[StreamKey]] = {}

    def start(self, stop: Event) -> Checkpoint:
        """Build missing tables. Raises LogBehind."""
        log = _StoppableLog(self._log, stop)
        self._report(build_missing(log, self.tables, self._projections))
        return super().start(stop)

    def process(self, batch: Records[Recorded[Any]]) -> Checkpoint:
        """Advance the tables, and log what changed in quarantine."""
        checkpoint = super().process(batch)
        self._report(self.now)
        return checkpoint

    def _report(self, tables: Iterable[Table]) -> None:
        """Log once which tables could not be built, and which streams were quarantined."""
        for table in tables:
            name = table.projection.name
            before = self._quarantined.get(name, frozenset())
            if table.failure is not None:
                position, reason = table.failure.position, table.failure.reason
                logger.error("projection.not_built", projection=name, at=position, reason=reason)
            if table.quarantined != before:
                self._quarantined[name] = table.quarantined
                self._report_streams(table, before)

    def _report_streams(self, table: Table, before: frozenset[StreamKey]) -> None:
        name = table.projection.name
        for tenant, stream in before - table.quarantined:
            logger.info("stream.released", projection=name, tenant=tenant, stream=stream)
        for broken in self.tables.list_quarantined(table):
            if broken.key not in before:
                logger.error(
                    "stream.quarantined",
                    projection=name,
                    tenant=broken.tenant_id,
                    stream=broken.stream,
                    at=broken.position,
                    reason=broken.reason,
                    stack=broken.stack,
                )


@dataclass(frozen=True, slots=True)
class _StoppableLog:
    """A log that raises Stopped on shutdown, between two batches."""

    log: LogReader
    stop: Event

    def scan(self, *, after: int, limit: int) -> Sequence[Recorded[Any]]:
        if self.stop.is_set():
            raise Stopped
        return self.log.scan(after=after, limit=limit)

    def head(self) -> int:
        return self.log.head()


def projection_subscription(
    *,
    log: LogReader,
    tail: LogTail,
    tables: ProjectionStore,
    projections: Sequence[Projection[Any]],
    lock: LeaderLock,
    draw: Draw,
    poll_s: float = POLL_S,
) -> Subscription[Recorded[Any]]:
    """Return the subscription that fills the read models. It raises LogBehind."""
    processor = ProjectionProcessor(log, tables, projections)
    policy = Policy(OUTAGE, batch_size=LIVE_BATCH, poll_s=poll_s)
    return Subscription(LogSource(log, tail), processor, lock, policy, draw=draw)


def build_missing(
    log: LogReader, tables: ProjectionStore, projections: Sequence[Projection[Any]]
) -> tuple[Table, ...]:
    """Build tables for projections that have none in their present version.

    Returns the tables of all projections, in order. A table that could not be built is not live and
    has a failure; the previous version stays live. Raises RebuildSuperseded if another process
    builds the same at the same time, and LogBehind.
    """
    served = {table.projection.name: table for table in tables.live(projections)}
    head = log.head()
    if any(table.position > head for table in served.values()):
        raise LogBehind
    missing = [projection for projection in projections if projection.name not in served]
    built = {table.projection.name: table for table in _build(log, tables, missing, REBUILD_BATCH)}
    now = served | built
    return tuple(now[projection.name] for projection in projections)


def catch_up(
    log: LogReader,
    tables: ProjectionStore,
    projections: Sequence[Projection[Any]],
    *,
    batch: int = LIVE_BATCH,
) -> tuple[Table, ...]:
    """Fold new events into the live tables and return the tables.

    An event on which a projection raises quarantines its stream, with the reason;
    `application.kernel.projection_fold.retry` releases it.
    """
    return _run(log, Pass(tables, lambda: tables.live(projections), _always), batch)


def rebuild(
    log: LogReader,
    tables: ProjectionStore,
    *projections: Projection[Any],
    batch: int = REBUILD_BATCH,
) -> tuple[Table, ...]:
    """Fill fresh tables from the first event and swap each with the live one.

    Several are filled from one reading of the log. Until the swap, queries read the live table; it
    is never replaced by an older state. Streams that the live table has quarantined may be
    quarantined in the fresh one too, if they still fail; any other failure ends the rebuild. Raises
    RebuildFailed after swapping those that could be built, RebuildSuperseded and LogBehind; a first
    table, which replaces none, quarantines whatever fails.
    """
    built = _build(log, tables, projections, batch)
    failures = [
        f"{table.projection.name} failed at position {failure.position}: {failure.reason}"
        for table in built
        if (failure := table.failure) is not None and not table.live
    ]
    if failures:
        raise RebuildFailed("; ".join(failures))
    return built


def _always(_table: Table, _stream: StreamKey) -> bool:
    return True


def _run(log: LogReader, to_the_end: Pass, batch: int) -> tuple[Table, ...]:
    """Run a pass to the end of the log and return its tables."""
    policy = Policy(OUTAGE, batch_size=batch)
    Subscription(LogSource(log), to_the_end, NoLock(), policy, draw=lambda: 1.0).run_once()
    return to_the_end.now


def _build(
    log: LogReader, tables: ProjectionStore, projections: Sequence[Projection[Any]], batch: int
) -> tuple[Table, ...]:
    """Build and swap; a table that failed and would replace another is dropped and returned."""
    may_quarantine = _as_before(tables, projections)
    waiting = tuple(tables.begin(projection) for projection in projections)
    built: dict[str, Table] = {}
    while waiting:
        now = _run(log, Pass(tables, _finder(tables, waiting), may_quarantine), batch)
        placed = [_swap(tables, table) for table in now]
        built |= {table.projection.name: table for table in placed if table is not None}
        ahead = tuple(table for table in now if table.projection.name not in built)
        stalled = {(table.projection.name, table.position) for table in waiting}
        if any((table.projection.name, table.position) in stalled for table in ahead):
            raise LogBehind  # the live table is ahead, and the log has no more events
        waiting = ahead
    return tuple(built[projection.name] for projection in projections)


def _as_before(tables: ProjectionStore, projections: Sequence[Projection[Any]]) -> MayQuarantine:
    """Let fresh tables quarantine what the live ones have, and first tables anything."""
    served = {projection.name: tables.served(projection) for projection in projections}

    def may_quarantine(table: Table, stream: StreamKey) -> bool:
        before = served[table.projection.name]
        return before is None or stream in before.quarantined

    return may_quarantine


def _finder(tables: ProjectionStore, wanted: Sequence[Table]) -> Callable[[], tuple[Table, ...]]:
    """Return a function that finds these tables. It raises RebuildSuperseded if one is gone."""

    def find() -> tuple[Table, ...]:
        present = tuple(now for table in wanted if (now := tables.find(table)) is not None)
        if len(present) < len(wanted):
            raise RebuildSuperseded
        return present

    return find


def _swap(tables: ProjectionStore, table: Table) -> Table | None:
    """Make a table live that has caught up; None if the live one is ahead again."""
    if table.live:
        return table
    if table.failure is not None:
        tables.discard(table)
        return table
    try:
        return replace(table, live=True) if tables.swap(table) else None
    except CheckpointConflict as dropped:
        raise RebuildSuperseded from dropped


def _has_effect(update: TableUpdate) -> bool:
    return update.reached != update.table.position or update.failure != update.table.failure


def _updated(table: Table, update: TableUpdate | None) -> Table:
    if update is None:
        return table
    quarantined = table.quarantined.union(each.key for each in update.quarantined)
    return replace(table, position=update.reached, failure=update.failure, quarantined=quarantined)


def _record_spans(
    events: Sequence[Recorded[Any]], updates: Iterable[TableUpdate], began_ns: int
) -> None:
    """Record a short span for each event: a batch holds events of many traces."""
    for each in events:
        if not tracing.samples(each.origin.correlation_id):
            continue
        tables = [u.table for u in updates if u.table.position < each.position <= u.reached]
        if tables:
            names = ",".join(table.projection.name for table in tables)
            record_span(
                "projections",
                trace_context(each.origin.correlation_id, each.event_id),
                kind=SpanKind.CONSUMER,
                start_ns=began_ns,
                attributes={"kinelog.position": each.position, "kinelog.read_models": names},
            )
